"""The key by which homes are reached over ssh."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from mirror import settings
from mirror.config.options import Options
from mirror.config.ssh import ssh_command
from mirror.errors import ArgumentError


@pytest.mark.skipif(not shutil.which("ssh"), reason="ssh is not installed")
@pytest.mark.parametrize("name", ["keys", "my keys 100%", "%h", 'a"b'])
def test_ssh_takes_the_key_of_the_mirror_alone_and_its_host_keys(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    line = f"{ssh_command(folder)} -G git@a.example"
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True)
    shown = [line.partition(" ")[::2] for line in done.stdout.splitlines()]
    keys = [value.replace("%%", "%") for name, value in shown if name == "identityfile"]
    assert keys == [f"{folder}/id_ed25519"]
    assert ("identitiesonly", "yes") in shown
    assert ("userknownhostsfile", f"{folder}/known_hosts") in shown


@pytest.mark.parametrize(
    ("folder", "reason"),
    [("nothing", "there is no key id_ed25519 in it"), ("out/ssh", "which is published")],
)
def test_folder_without_a_key_or_that_would_be_published_is_refused(
    tmp_path: Path, folder: str, reason: str
) -> None:
    key = tmp_path / "out/ssh/id_ed25519"
    key.parent.mkdir(parents=True)
    key.touch()
    given = {
        "MIRROR_OUTPUT": tmp_path / "out",
        "MIRROR_DATABASE_URL": f"sqlite:///{tmp_path}/state/mirror.db",
        "MIRROR_SSH_FOLDER": tmp_path / folder,
    }
    with pytest.raises(ArgumentError, match=reason):
        Options.from_settings({**vars(settings), **given}).check_values()
