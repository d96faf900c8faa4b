"""What a killed git leaves in a repository: lock files, crash reports, halves of files, and itself.

To be called by who holds the lock of the tree (mirror.store.locking): no other run is at work on it.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from mirror.errors import GitError

_PROCESSES = Path("/proc")
_GRACE_SECONDS = 2.0  # between asking a process to end and killing it
_POLL_SECONDS = 0.05
_STALE_SECONDS = 600  # the age of a lock that nobody holds any more, where processes cannot be seen
_LOCKS = (
    "*.lock",
    "refs/**/*.lock",
    "objects/*.lock",
    "objects/info/**/*.lock",
    "objects/pack/*.lock",
    "gc.pid",
)
_HALVES = (  # of files that git had not given their names yet
    "fast_import_crash_*",
    "objects/tmp_objdir-*/**/*",
    "objects/??/tmp_obj_*",
    "objects/pack/tmp_*",
    "objects/pack/.tmp-*",
)


class _Process(NamedTuple):
    """A git that works on the repository."""

    id: int
    is_ours: bool  # a run of this project has started it, and is gone


def clear(place: Path) -> list[str]:
    """Remove what killed gits have left in a repository; return in words what was done. Raises
    GitError if somebody else's git is at work there."""
    done = [
        f"ended git, process {process}, which a killed run had started" for process in _end(place)
    ]
    locks = [file for pattern in _LOCKS for file in place.glob(pattern)]
    if locks and (others := [process.id for process in _at_work(place)]):
        raise GitError(
            f"{locks[0]} is held by git, process {others[0]}; try again when it has ended"
        )
    for lock in locks:
        if _PROCESSES.is_dir() or time.time() - lock.stat().st_mtime > _STALE_SECONDS:
            lock.unlink(missing_ok=True)
            done.append(f"removed {lock.relative_to(place)}, which a killed git had left")
    halves = [file for pattern in _HALVES for file in place.glob(pattern) if file.is_file()]
    for file in halves:
        file.unlink(missing_ok=True)
    if halves:
        done.append(f"removed {len(halves)} unfinished files of a killed git")
    return done


def _end(place: Path) -> Iterator[int]:
    """End the gits that killed runs have left running; yield their process ids."""
    for process in [process for process in _at_work(place) if process.is_ours]:
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(os.getpgid(process.id), number)
            if _has_ended(process.id):
                break
        yield process.id


def _has_ended(process: int) -> bool:
    deadline = time.monotonic() + _GRACE_SECONDS
    while (_PROCESSES / str(process) / "cwd").exists() and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
    return not (_PROCESSES / str(process) / "cwd").exists()


def _at_work(place: Path) -> Iterator[_Process]:
    """Yield the gits that work on a repository, as far as this system shows them."""
    ours = f"GIT_DIR={place}".encode()  # who types git by hand seldom sets it
    for process in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if not (process / "comm").read_bytes().startswith(b"git"):
                continue
            if ours in (process / "environ").read_bytes().split(b"\0"):
                yield _Process(int(process.name), True)
            elif (process / "cwd").readlink().is_relative_to(place.parent):
                yield _Process(int(process.name), False)
