"""Databases of earlier versions, brought up to the present one step by step; nothing is fetched again.

A step is added at the end and never changed: databases out there have gone through it. New tables need
none, `make_tables` makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Integer, MetaData, Table, inspect, select, text, update

if TYPE_CHECKING:
    from sqlalchemy import Engine

_version = Table("schema_version", MetaData(), Column("number", Integer, nullable=False))  # one row


def _add_batch(connection: Connection) -> None:
    """Let addresses belong to one crawl alone; a database of the first days lacks that."""
    if "batch" in (column["name"] for column in inspect(connection).get_columns("frontier")):
        return
    connection.execute(text("ALTER TABLE frontier ADD COLUMN batch TEXT NOT NULL DEFAULT ''"))
    connection.execute(text("DROP INDEX IF EXISTS due"))
    rest = "ON frontier (batch, {}due, seq) WHERE due IS NOT NULL"
    connection.execute(text("CREATE INDEX waiting " + rest.format("")))
    connection.execute(text("CREATE INDEX waiting_by_day " + rest.format("day, ")))


def _rename_away_and_stale(connection: Connection) -> None:
    """Call the articles without a page here, and the files to be made again, what they are."""
    for old, new in (("away", "elsewhere"), ("stale", "outdated")):
        if old in inspect(connection).get_table_names():
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_add_batch, _rename_away_and_stale)


def migrate(connection: Connection) -> None:
    """Take the steps that a database lacks, in the transaction of a connection that writes alone.

    A database without articles' tables is new: it has nothing to be taken over.
    """
    names = set(inspect(connection).get_table_names())
    is_new = "frontier" not in names and "articles" not in names
    if _version.name not in names:
        _version.create(connection)
        connection.execute(_version.insert(), {"number": len(MIGRATIONS) if is_new else 0})
    number = connection.scalar(select(_version.c.number)) or 0
    for step in MIGRATIONS[number:]:
        step(connection)
    connection.execute(update(_version).values(number=len(MIGRATIONS)))


def is_current(engine: Engine) -> bool:
    """Whether a database has gone through all steps."""
    if not inspect(engine).has_table(_version.name):
        return False
    with engine.connect() as connection:
        return connection.scalar(select(_version.c.number)) == len(MIGRATIONS)
