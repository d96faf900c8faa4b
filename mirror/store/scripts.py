"""The scripts of Chinese that the published files show: their own, and that of their other form."""

from __future__ import annotations

from sqlalchemy import Column, Table, delete, select

from mirror.store.database import Database
from mirror.store.retrying import retried
from mirror.store.schema import Text, make_tables, metadata, write_alone

present = Table(  # one row; none where files are as their source gave them, and nowhere else
    "present_scripts",
    metadata,
    Column("scripts", Text, primary_key=True),  # see mirror.config.homes.Publishing.scripts
)


def present_scripts(database: Database) -> str:
    """Return what all published files show of scripts, "" if they are as their source gave them."""
    make_tables(database.engine)
    return database.reading.scalar(select(present.c.scripts)) or ""


@retried
def note_scripts(database: Database, scripts: str) -> None:
    """Note what all published files show of scripts."""
    if scripts == present_scripts(database):
        return
    with database.engine.begin() as connection:
        write_alone(connection)
        connection.execute(delete(present))
        if scripts:
            connection.execute(present.insert(), {"scripts": scripts})
