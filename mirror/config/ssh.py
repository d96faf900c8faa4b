"""By which key homes are reached over ssh: one of the mirror's own, and the host keys pinned beside it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mirror.config.paths import check_place
from mirror.errors import ArgumentError

NAME = "MIRROR_SSH_FOLDER"
KEY = "id_ed25519"
KNOWN_HOSTS = "known_hosts"


def ssh_folder(settings: Mapping[str, Any]) -> Path | None:
    """Return the folder that is set; None: ssh goes by the operator's own keys."""
    return Path(settings[NAME]) if settings[NAME] else None


def check_ssh(folder: Path) -> None:
    """Raise ArgumentError unless there is a key that can be used."""
    check_place(NAME, folder, folder, "/srv/mirror/ssh")
    if not os.access(folder / KEY, os.R_OK):
        raise ArgumentError(NAME, folder, f"there is no key {KEY} in it that can be read")


def ssh_command(folder: Path) -> str:
    """Return the command by which Git reaches a home with the key in a folder, whatever other keys an
    agent holds."""
    key, known = (_in_ssh_config(folder.absolute() / name) for name in (KEY, KNOWN_HOSTS))
    options = (f"IdentityFile={key}", "IdentitiesOnly=yes", f"UserKnownHostsFile={known}")
    return shlex.join(["ssh", *(part for option in options for part in ("-o", option))])


def _in_ssh_config(file: Path) -> str:
    """Return a path as ssh_config(5) reads it: in quotes, and without fields that start with %."""
    escaped = str(file).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
