"""Databases that are read and cannot be written to."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

from mirror.errors import ArgumentError


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
    # Where no write-ahead log is, nobody writes; mode=ro would make an empty one, and leave it.
    is_quiet = not file.with_name(f"{file.name}-wal").exists()
    how = {"immutable": "1"} if is_quiet else {"mode": "ro"}
    parts = parts.set(database=f"file:{quote(str(file))}", query={**how, "uri": "true"})
    return parts.render_as_string(hide_password=False)


def copy_database(url: str, copy: Path) -> None:
    """Copy an SQLite database into a file, if there is one. Raises ArgumentError for another kind."""
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        allowed = "a rehearsal of this command needs a database of SQLite"
        raise ArgumentError("MIRROR_DATABASE_URL", url, allowed)
    file = Path(parts.database or "").absolute()
    if file.is_file():
        address = f"file:{quote(str(file))}?mode=ro"
        with (
            closing(sqlite3.connect(address, uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
