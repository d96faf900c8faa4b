"""What a killed git leaves behind, and a git that still runs."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mirror.errors import GitError
from mirror.publishing.leftovers import clear

pytestmark = [
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are not shown"),
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "out")], check=True)
    return tmp_path / "out" / ".git"


@contextmanager
def running_git(place: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A git that waits for its input, in the folder of a repository."""
    command = ["git", "hash-object", "--stdin"]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=place.parent,
        env=os.environ | environment,
        start_new_session=True,
    )
    try:
        while not Path(f"/proc/{process.pid}/environ").read_bytes():
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    "name",
    [
        "index.lock",
        "HEAD.lock",
        "config.lock",
        "packed-refs.lock",
        "shallow.lock",
        "gc.pid",
        "refs/heads/main.lock",
        "refs/homes/a/b.lock",
        "objects/maintenance.lock",
        "objects/info/commit-graphs/commit-graph-chain.lock",
        "objects/pack/multi-pack-index.lock",
        "fast_import_crash_1234",
        "objects/pack/tmp_pack_AbCdEf",
        "objects/tmp_objdir-bulk-fsync-AbCdEf/12/345",
    ],
)
def test_what_a_killed_git_left_is_removed(place: Path, name: str) -> None:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_bytes(b"")
    (said,) = clear(place)
    assert not (place / name).exists()
    assert name.split("/")[-1].split("_")[0] in said or "unfinished" in said
    assert clear(place) == []


def test_lock_is_left_to_somebody_who_is_at_work(place: Path) -> None:
    lock = place / "index.lock"
    lock.touch()
    with running_git(place) as git, pytest.raises(GitError, match=f"git, process {git.pid};"):
        clear(place)
    assert lock.exists()
    assert clear(place)


def test_git_that_outlived_its_run_is_ended(place: Path) -> None:
    with running_git(place, GIT_DIR=str(place)) as git:
        (said,) = clear(place)
        assert str(git.pid) in said
        assert git.wait(5) == -signal.SIGTERM


def test_git_at_work_elsewhere_is_nobodys_concern(place: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (place / "index.lock").touch()
    with running_git(tmp_path / "other" / ".git") as git:
        assert len(clear(place)) == 1
        assert git.poll() is None


def test_programs_beside_git_are_left_alone(place: Path) -> None:
    wait = [sys.executable, "-c", "import time; time.sleep(60)"]
    process = subprocess.Popen(wait, cwd=place.parent, env=os.environ | {"GIT_DIR": str(place)})
    try:
        assert clear(place) == []
        assert process.poll() is None
    finally:
        process.kill()
        process.wait()
