"""One run at a time on one tree and one database."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from mirror.config.options import Options
from mirror.errors import ArgumentError, LockedError
from mirror.store.files import make_private

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.2  # between two tries


@contextmanager
def only_run(options: Options, what: str) -> Iterator[bool]:
    """Hold the tree and the database; gives whether the last run was cut off.

    The kernel lets go of the locks of a process that dies. A run that is refused was not cut off:
    an ArgumentError leaves all as it was. Raises LockedError, with the name of the
    run that holds them, if they are not free within MIRROR_LOCK_WAIT; `what` is the name of this
    run.
    """
    note = _note(options)
    deadline = time.monotonic() + options.lock_wait
    with ExitStack() as held:
        for path in (options.output, note.with_suffix(".lock")):
            _hold(held, path, note, deadline)
        make_private(options)
        was_cut_off = note.exists()
        started = datetime.now(timezone.utc).isoformat(timespec="seconds")
        note.touch(0o600)
        run = {"run": what, "pid": os.getpid(), "started": started, "born": _born(os.getpid())}
        note.write_text(json.dumps(run))
        try:
            yield was_cut_off
        except ArgumentError:
            if not was_cut_off:
                note.unlink()
            raise
        note.unlink()


def check_free(options: Options) -> None:
    """Raise LockedError if a run is at work on the tree or the database, and does not end within
    MIRROR_LOCK_WAIT. Makes no file."""
    note = _note(options)
    deadline = time.monotonic() + options.lock_wait
    with ExitStack() as held:
        for path in (options.output, note.with_suffix(".lock")):
            if path.exists():
                _hold(held, path, note, deadline)


def at_work(options: Options) -> dict[str, Any] | None:
    """Return the `run`, `pid` and start (`started`) of who is at work, without touching the locks;
    None if nobody is, or if the last run was cut off."""
    try:
        run: dict[str, Any] = json.loads(_note(options).read_text())
        born = run.pop("born", "")
        with suppress(PermissionError):  # it is somebody else's
            os.kill(run["pid"], 0)  # raises, if there is no such process on this machine
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return run if born in ("", _born(run["pid"])) else None


def _born(process: int) -> str:
    """Return what tells a process from another one that gets its number later, as the first of a
    container does each time; "" if the system does not say. See proc(5)."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
    return f"{boot} {ticks}"


def _note(options: Options) -> Path:
    """Return the file that says who is at work; beside an SQLite database, else beside the tree."""
    url = make_url(options.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(f"{url.database}.run")
    return options.output.resolve().with_name(f".{options.output.name}.run")


def _hold(held: ExitStack, path: Path, note: Path, deadline: float) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o600)
    held.callback(os.close, handle)
    try:
        if _is_ours(handle):
            return
    except OSError as error:
        if not path.is_dir():
            raise OSError(
                error.errno,
                f"cannot be locked ({error.strerror}); NFS needs its lock service",
                str(path),
            ) from None
        # NFS locks files that are open for writing alone, see flock(2).
        _hold(held, _lock_beside(path), note, deadline)
        return
    in_use = f"{path} is in use by {_holder(note)}"
    if deadline > time.monotonic():
        logger.warning("%(in_use)s; waiting for it to end", {"in_use": in_use})
    while deadline > time.monotonic():
        time.sleep(_POLL_SECONDS)
        if _is_ours(handle):
            return
    raise LockedError(f"{in_use}; try again when it has ended")


def _lock_beside(folder: Path) -> Path:
    """Return a lock file for a folder: beside it, or in it where nothing can be written beside."""
    beside = folder.resolve().with_name(f".{folder.name}.lock")
    is_writable = os.access(beside.parent, os.W_OK)
    return beside if is_writable or beside.exists() else folder / ".mirror.lock"


def _is_ours(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(note: Path) -> str:
    try:
        run = json.loads(note.read_text())
        return f"{run['run']} (process {run['pid']}, since {run['started']})"
    except (OSError, ValueError, KeyError):
        return "another run"
