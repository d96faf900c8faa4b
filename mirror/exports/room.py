"""Room on the disk, looked for beforehand where a library cannot bear that there is none."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def check_room(folder: Path, needed: int) -> None:
    """Raise OSError if so many bytes are not free where a folder is."""
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def size_of(folder: Path) -> int:
    """Return how many bytes the files right in a folder take, 0 if it is not there."""
    return sum(file.stat().st_size for file in folder.glob("*"))
