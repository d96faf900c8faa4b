"""The public address that the published files show, and moves to another one that are under way.

A move is written down before its first file and crossed out after its last, so that no command takes a
half moved tree for a whole one: see mirror.publishing.moving.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from sqlalchemy import Boolean, Column, Connection, Table, delete, inspect, select

from mirror.store.database import Database
from mirror.store.retrying import retried
from mirror.store.schema import Text, make_tables, metadata, write_alone

present = Table(  # one row
    "present",
    metadata,
    Column("url", Text, primary_key=True),  # the public address that the files of the tree show
    Column("whole", Boolean, nullable=False),  # False: some of them only, a move is under way
)
moves = Table(  # one row as long as a move is under way
    "moves",
    metadata,
    Column("new", Text, primary_key=True),  # the public address that the files are to show
    Column("old", Text, nullable=False),  # the one that they showed before; "": not known
    Column("output", Text, nullable=False),  # the folder of a new home; "": the same tree moves
)


class Move(NamedTuple):
    """A move from one public address to another; `output` is the folder of a home that begins there."""

    old: str
    new: str
    output: str = ""

    @property
    def is_rollover(self) -> bool:
        """Whether another home begins, and the pages stay where they are."""
        return bool(self.output)


def present_address(database: Database) -> str | None:
    """Return the public address that the published files show or are moving to, None if no run has
    noted it yet."""
    address: str | None = database.reading.scalar(select(present.c.url))
    return address


@retried
def move_under_way(database: Database) -> Move | None:
    """Return the move that was begun and has not ended."""
    make_tables(database.engine)
    with database.engine.connect() as connection:
        return read_move(connection)


def read_move(connection: Connection) -> Move | None:
    """Return the move that was begun and has not ended; of a database of an earlier version, too."""
    tables = inspect(connection).get_table_names()
    if moves.name in tables:
        row = connection.execute(select(moves.c.old, moves.c.new, moves.c.output)).first()
        if row:
            return Move(*row)
    if present.name not in tables:
        return None
    url = connection.scalar(select(present.c.url).where(present.c.whole.is_(False)))
    return Move("", url) if url else None  # an earlier version did not note where from


@retried
def begin_move(database: Database, url: str) -> None:
    """Note that the published files are being moved to a public address. A move that is under way
    already gets another goal."""
    under_way = move_under_way(database)
    old = under_way.old if under_way else present_address(database) or url
    with database.engine.begin() as connection:
        write_alone(connection)
        note_move(connection, Move(old, url))
    os.sync()  # SQLite leaves to chance when it is on the disk


def note_move(connection: Connection, move: Move) -> None:
    """Write down a move, within a transaction."""
    for table in (present, moves):
        connection.execute(delete(table))
    connection.execute(present.insert(), {"url": move.new, "whole": False})
    connection.execute(moves.insert(), move._asdict())


@retried
def note_address(database: Database, url: str) -> None:
    """Note that all published files show a public address: no move is under way."""
    with database.engine.begin() as connection:
        write_alone(connection)
        for table in (present, moves):
            connection.execute(delete(table))
        connection.execute(present.insert(), {"url": url, "whole": True})
