"""What a run saw of each field, remembered for the next one: runs of five articles are judged, too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Column, Table, delete, select

from mirror.quality.coverage import Tally
from mirror.store.schema import Text, make_tables, metadata, write_alone

if TYPE_CHECKING:
    from mirror.quality.coverage import Observer
    from mirror.store.database import Database

tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),  # a section, or one of those below
    Column("counts", Text, nullable=False),  # JSON
)

_WINDOW, _PAST = "*", "**"  # the second with a number behind it, the oldest first


def recall(database: Database, observer: Observer) -> None:
    """Have an observer go on where that of the last run stopped."""
    make_tables(database.engine)
    with database.engine.connect() as connection:
        for row in connection.execute(select(tallies).order_by(tallies.c.name)):
            tally = Tally(**json.loads(row.counts))
            if row.name == _WINDOW:
                observer.window = tally
            elif row.name.startswith(_PAST):
                observer.past.append(tally)
            else:
                observer.sections[row.name] = tally


def remember(database: Database, observer: Observer) -> None:
    """Note what an observer has seen and nobody has judged."""
    past = {f"{_PAST}{number:03}": tally for number, tally in enumerate(observer.past)}
    seen = {**observer.sections, **past, _WINDOW: observer.window}
    with database.engine.begin() as connection:
        write_alone(connection)  # workers of a cluster end at the same time
        connection.execute(delete(tallies))
        rows = [{"name": name, "counts": json.dumps(vars(tally))} for name, tally in seen.items()]
        connection.execute(tallies.insert(), rows)


def forget(database: Database) -> None:
    """Begin anew: what was seen before is no measure of what comes."""
    make_tables(database.engine)
    with database.engine.begin() as connection:
        connection.execute(delete(tallies))
