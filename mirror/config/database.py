"""Where the database is, and the Redis of a cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError as BadDatabaseUrl

from mirror.config.paths import check_place
from mirror.errors import ArgumentError

_NAME = "MIRROR_DATABASE_URL"
_SHARED = "postgresql+psycopg"
_NO_FILES = (None, "", ":memory:")
_REDIS_SCHEMES = ("redis", "rediss", "unix")


def database_url(settings: Mapping[str, Any]) -> str:
    """Return the URL that is set, with the driver that is used for PostgreSQL where none is named."""
    return re.sub(r"^postgres(?:ql)?://", f"{_SHARED}://", str(settings[_NAME]))


def database_file(url: str) -> Path | None:
    """Return the file that a database is in; None: it is in none of this machine's."""
    parts = make_url(url)
    is_file = _is_sqlite(parts) and parts.database not in _NO_FILES
    return Path(str(parts.database)) if is_file else None


def check_database(value: str) -> None:
    """Raise ArgumentError for the URL of a database that no run can work with."""
    try:
        url = make_url(value)
    except (BadDatabaseUrl, ValueError):
        url = None
    if url is None or url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ArgumentError(_NAME, value, "must be like sqlite:///state/mirror.db")
    if not _is_sqlite(url):
        return
    if url.database in _NO_FILES or str(url.database).startswith("file:"):
        allowed = "must name a file, as it has to outlive a run: sqlite:///state/mirror.db"
        raise ArgumentError(_NAME, value, allowed)
    file = Path(str(url.database))
    check_place(_NAME, value, file, "sqlite:////srv/mirror/state/mirror.db")
    if file.is_dir():
        raise ArgumentError(_NAME, value, "must name a file, there is a folder")


def check_shared(value: str) -> None:
    """Raise ArgumentError for the URL of a database that several machines cannot share."""
    if make_url(value).drivername != _SHARED:
        allowed = f"must be like {_SHARED}://user@host/mirror where several machines share it"
        raise ArgumentError(_NAME, value, allowed)


def redis_url(settings: Mapping[str, Any]) -> str:
    """Return the address of a cluster's Redis, "" if there is no cluster. Raises ArgumentError for one
    that is set and no address."""
    for name in ("MIRROR_REDIS_URL", "REDIS_URL"):
        value = str(settings.get(name) or "")
        if value and value.partition("://")[0] not in _REDIS_SCHEMES:
            raise ArgumentError(name, value, "must be like redis://host:6379/0")
    return str(settings.get("REDIS_URL") or "")


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"
