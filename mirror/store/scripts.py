"""The script of Chinese that the published files are written in."""

from __future__ import annotations

from sqlalchemy import Column, Table, delete, select

from mirror.store.database import Database
from mirror.store.retrying import retried
from mirror.store.schema import Text, make_tables, metadata, write_alone

present = Table(  # one row; none where they are as their source gave them
    "present_script",
    metadata,
    Column("script", Text, primary_key=True),  # hans or hant
)


@retried
def present_script(database: Database) -> str:
    """Return hans or hant, "" if the published files are as their source gave them."""
    make_tables(database.engine)
    return database.reading.scalar(select(present.c.script)) or ""


@retried
def note_script(database: Database, script: str) -> None:
    """Note the script that all published files have, "" for that of their source."""
    if script == present_script(database):
        return
    with database.engine.begin() as connection:
        write_alone(connection)
        connection.execute(delete(present))
        if script:
            connection.execute(present.insert(), {"script": script})
