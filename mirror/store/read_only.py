"""Databases that are read and cannot be written to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

from mirror.errors import ArgumentError

_stand_ins: dict[str, str] = {}  # URL -> that of the database that is opened in its place


@contextmanager
def in_place_of(url: str, other: str) -> Iterator[None]:
    """Have another database opened where that of a URL is asked for, unless that is open already."""
    _stand_ins[url] = other
    try:
        yield
    finally:
        del _stand_ins[url]


def stand_in(url: str) -> str:
    """Return the URL of the database to open for a URL."""
    return _stand_ins.get(url, url)


def read_only(url: str) -> str:
    """Return the URL of a database with which SQLite opens it for reading alone; that of another kind
    of database as it is. Raises ArgumentError if there is no file.
    """
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        return url
    file = Path(parts.database or "").absolute()
    if not file.is_file():
        raise ArgumentError("MIRROR_DATABASE_URL", url, "nothing is there yet")
    query = {**_without_traces(file), "uri": "true"}
    parts = parts.set(database=f"file:{quote(str(file))}", query=query)
    return parts.render_as_string(hide_password=False)


def exists(url: str) -> bool:
    """Whether there is a database; not asked of one that is no file."""
    parts = make_url(url)
    return parts.get_backend_name() != "sqlite" or Path(parts.database or "").is_file()


def copy_database(url: str, copy: Path) -> None:
    """Copy an SQLite database into a file, if there is one. Raises ArgumentError for another kind."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        allowed = "a rehearsal of this command needs a database of SQLite"
        raise ArgumentError("MIRROR_DATABASE_URL", url, allowed)
    file = Path(parts.database or "").absolute()
    if file.is_file():
        with (
            closing(sqlite3.connect(address_to_read(file), uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)


def address_to_read(file: Path) -> str:
    """Return the address with which SQLite opens a file for reading alone."""
    ((name, value),) = _without_traces(file).items()
    return f"file:{quote(str(file.absolute()))}?{name}={value}"


def _without_traces(file: Path) -> dict[str, str]:
    """Return how SQLite opens a file for reading and leaves no other one beside it: where no
    write-ahead log is, nobody writes, and mode=ro would make an empty one."""
    is_quiet = not file.with_name(f"{file.name}-wal").exists()
    return {"immutable": "1"} if is_quiet else {"mode": "ro"}
