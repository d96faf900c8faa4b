"""What a run saw of each field, remembered for the next one: runs of five articles are judged, too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Column, Table, delete, select

from mirror.quality.coverage import Tally
from mirror.store.schema import Text, make_tables, metadata, write_alone

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mirror.quality.coverage import Observer
    from mirror.sites import Site
    from mirror.store.database import Database

tallies = Table(
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),  # a section, or one of those below
    Column("counts", Text, nullable=False),  # JSON
)

_WINDOW, _PAST = "*", "**"  # behind a site's name; the second with a number, the oldest first


def recall(database: Database, observer: Observer, site: Site) -> None:
    """Have an observer go on where that of the last run stopped at a site."""
    make_tables(database.engine)
    with database.engine.connect() as connection:
        for row in connection.execute(select(tallies).order_by(tallies.c.name)):
            tally = Tally(**json.loads(row.counts))
            if row.name == f"{site.name}{_WINDOW}":
                observer.window = tally
            elif row.name.startswith(f"{site.name}{_PAST}"):
                observer.past.append(tally)
            elif _is_section(row.name, site):
                observer.sections[row.name] = tally


def remember(database: Database, observer: Observer, site: Site) -> None:
    """Note what an observer has seen at a site and nobody has judged."""
    past = {f"{site.name}{_PAST}{number:03}": tally for number, tally in enumerate(observer.past)}
    seen = {**observer.sections, **past, f"{site.name}{_WINDOW}": observer.window}
    rows = [{"name": name, "counts": json.dumps(vars(tally))} for name, tally in seen.items()]
    with database.engine.begin() as connection:
        write_alone(connection)  # workers of a cluster end at the same time
        _delete(connection, site)
        connection.execute(tallies.insert(), rows)


def forget(database: Database, site: Site) -> None:
    """Begin again: what was seen before at a site is no measure of what comes."""
    make_tables(database.engine)
    with database.engine.begin() as connection:
        _delete(connection, site)


def _delete(connection: Connection, site: Site) -> None:
    names = connection.scalars(select(tallies.c.name)).all()
    marks = (f"{site.name}{_WINDOW}", _WINDOW)  # the latter of versions that knew one site
    own = [name for name in names if name.startswith(marks) or _is_section(name, site)]
    connection.execute(delete(tallies).where(tallies.c.name.in_(own)))


def _is_section(name: str, site: Site) -> bool:
    return site.is_section(name) or name == site.unsectioned
