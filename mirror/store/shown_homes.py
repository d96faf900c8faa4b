"""The homes that the pages of articles name. They stay those of the last time that all pages were written:
a home that is added changes no page that is there."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, Integer, Table, delete, select

from mirror.store.database import Database
from mirror.store.retrying import retried
from mirror.store.schema import Text, make_tables, metadata, write_alone

shown = Table(
    "shown_homes",
    metadata,
    Column("address", Text, primary_key=True),  # of the home page
    Column("name", Text, nullable=False),
    Column("place", Integer, nullable=False),  # among the others, from 0
)


def shown_homes(database: Database) -> dict[str, str]:
    """Return the address of each home that pages name, and its name, in their order."""
    make_tables(database.engine)
    query = select(shown.c.address, shown.c.name).order_by(shown.c.place)
    return {row.address: row.name for row in database.reading.execute(query)}


@retried
def note_homes(database: Database, homes: Mapping[str, str]) -> None:
    """Note which homes all pages name from now on."""
    if list(homes.items()) == list(shown_homes(database).items()):
        return
    rows = [{"address": a, "name": n, "place": place} for place, (a, n) in enumerate(homes.items())]
    with database.engine.begin() as connection:
        write_alone(connection)
        connection.execute(delete(shown))
        if rows:
            connection.execute(shown.insert(), rows)
