"""Connections to SQLite and PostgreSQL, set up for what the project needs of them."""

from __future__ import annotations

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection

from mirror.errors import ArgumentError
from mirror.store.retrying import reach, retried


def make_engine(url: str) -> Engine:
    """Return the engine for an SQLAlchemy URL. Raises ArgumentError if PostgreSQL there cannot store
    every character, and sqlalchemy.exc.OperationalError if it is not there."""
    engine = create_engine(url, connect_args=_connect_args(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    else:
        reach(engine)
        _check_encoding(engine)
    return engine


def _connect_args(url: str) -> dict[str, str | int]:
    """Return what PostgreSQL's client is told, in seconds: a machine at the other end that is gone
    without a word is noticed within a minute, at both ends. See "Connection Settings" and "Client
    Connection Defaults" in PostgreSQL's documentation."""
    if make_url(url).get_backend_name() != "postgresql":
        return {}
    alive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    server: dict[str, str | int] = {f"tcp_{name}": value for name, value in alive.items()}
    server["idle_in_transaction_session_timeout"] = "60s"
    server["jit"] = "off"  # it takes small tables for large ones, and much longer than the query
    options = " ".join(f"-c {name}={value}" for name, value in server.items())
    return {"connect_timeout": 10, "client_encoding": "utf8", **alive, "options": options}


@retried
def _check_encoding(engine: Engine) -> None:
    """Raise ArgumentError if PostgreSQL cannot store every character."""
    with engine.connect() as connection:
        encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise ArgumentError(
            "MIRROR_DATABASE_URL",
            engine.url,
            f"its encoding is {encoding}, it must be UTF8: createdb --encoding UTF8 --template template0",
        )


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    """Write-ahead log: readers do not wait, and what is committed survives a killed process."""
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
