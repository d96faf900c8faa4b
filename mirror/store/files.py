"""The files of an SQLite database: only their owner reads them, and between runs it is one."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url

from mirror.config.database import database_file
from mirror.errors import ArgumentError
from mirror.store.read_only import address_to_read

if TYPE_CHECKING:
    from mirror.config.options import Options

_BESIDE = ("", "-wal", "-shm", ".run", ".lock")
_HEADER = b"SQLite format 3\0"


def make_private(options: Options) -> None:
    """Let nobody but their owner read the database and what lies beside it. A folder with anything
    else of the operator's in it, such as the tree, stays as it is."""
    file = database_file(options.database_url)
    if file is None:
        return
    file.touch(0o600)
    for suffix in _BESIDE:
        with suppress(FileNotFoundError):
            file.with_name(f"{file.name}{suffix}").chmod(0o600)
    folder = file.resolve().parent
    others = (Path.cwd(), Path.home(), options.output.resolve())
    if not any(other.is_relative_to(folder) for other in others):
        folder.chmod(0o700)


def back_up(url: str, target: Path) -> int:
    """Copy a database into a file, whole and as it is at one moment, also while a crawl writes to it;
    return its size in bytes. Raises ArgumentError, OSError, sqlite3.Error."""
    file = database_file(url)
    if file is None:
        raise ArgumentError(
            "MIRROR_DATABASE_URL", make_url(url), "PostgreSQL has its own: pg_dump --format=custom"
        )
    if not file.is_file():
        raise ArgumentError("MIRROR_DATABASE_URL", url, "nothing is there yet")
    _check_target(target, file)
    half = target.with_name(f"{target.name}.{os.getpid()}.half")
    try:
        os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(_opened(file)) as source, closing(sqlite3.connect(half)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            (found,) = copy.execute("PRAGMA quick_check").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(f"{file} is malformed: {found}")
        _sync(half)
        half.replace(target)
        _sync(target.parent)
    finally:
        half.unlink(missing_ok=True)
    return target.stat().st_size


def _opened(file: Path) -> sqlite3.Connection:
    """Open a database to copy it, also where nothing can be written beside it: on a disk that has become
    read-only, say."""
    source = sqlite3.connect(file)
    try:
        source.execute("PRAGMA busy_timeout=30000")
        source.execute("PRAGMA schema_version")
    except sqlite3.OperationalError:
        source.close()
        return sqlite3.connect(address_to_read(file), uri=True)
    return source


def _check_target(target: Path, file: Path) -> None:
    if target.is_dir() or not target.parent.is_dir():
        raise ArgumentError("file", target, "must be a file in a folder that is there")
    if target.exists():
        if target.samefile(file):
            raise ArgumentError("file", target, "is the database itself")
        with target.open("rb") as there:
            if there.read(len(_HEADER)) not in (_HEADER, b""):
                raise ArgumentError("file", target, "is there and is no copy of a database")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
