"""What readers found at each home, when `scrapy homes` was run last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, inspect, select

from mirror.store.database import Database
from mirror.store.retrying import retried
from mirror.store.schema import Text, make_tables, metadata

reachability = Table(
    "reachability",
    metadata,
    Column("home", Text, primary_key=True),
    Column("public_url", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("asked", Text, nullable=False),  # ISO 8601, UTC
)


@retried
def note_reachability(database: Database, rows: Iterable[Mapping[str, str]]) -> None:
    """Remember what was found at each home, and forget what was found before."""
    make_tables(database.engine)
    with database.engine.begin() as connection:
        connection.execute(delete(reachability))
        connection.execute(reachability.insert(), list(rows))


def read_reachability(connection: Connection) -> list[dict[str, Any]]:
    """Return what was found last at each home, none if nobody has asked yet."""
    if not inspect(connection).has_table(reachability.name):
        return []
    rows = connection.execute(select(reachability).order_by(reachability.c.home))
    return [dict(row._mapping) for row in rows]
