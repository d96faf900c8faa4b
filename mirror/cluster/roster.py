"""Which crawls and workers there are, and which of the workers are alive.

A worker shows a sign of life every few seconds. One that shows none for a lease counts as dead, and
sooner if it has no connection any more, as after kill -9. All times are the database's, in seconds
since 1970.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Index,
    Integer,
    Row,
    ScalarSelect,
    Select,
    Table,
    and_,
    cast,
    column,
    exists,
    func,
    inspect,
    or_,
    select,
    table,
)

from mirror.store.schema import Text, metadata

crawls = Table(  # by what was asked for; a run begins when none is under way
    "crawls",
    metadata,
    Column("crawl", Text, primary_key=True),
    Column("asked", Text, nullable=False),  # the spider and its arguments
    Column("run", Integer, nullable=False),  # its number
    Column("started", Integer),
    Column("finished", Integer),  # null: under way
    Column("walker", Integer),  # the worker that walks the listings
    Column("begun", Boolean),  # an earlier walker has done what is done once, at the start
    Column("discovered", Boolean),  # the listings are walked
)

workers = Table(
    "workers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),  # host and process; for the operator alone
    Column("crawl", Text, nullable=False),
    Column("run", Integer, nullable=False),
    Column("started", Integer, nullable=False),
    Column("seen", Integer, nullable=False),  # its last sign of life
    Column("ended", Integer),
    Column("answers", Integer, nullable=False, default=0),  # that it has got of the site
    Column("rate", Float, nullable=False, default=0.0),  # requests a second, lately
    Index("members", "crawl", "run"),
)

NOW = cast(func.extract("epoch", func.statement_timestamp()), Integer)
UP_SINCE = cast(func.extract("epoch", func.pg_postmaster_start_time()), Integer)

_SILENT_SECONDS = 6  # , three signs of life, after which one without a connection is dead
_PRESENCE_LOCK_CLASS = (
    0x6D6972  # the class of the locks of PostgreSQL's that workers hold while connected
)
_LOCKS = table("pg_locks", *map(column, ("locktype", "database", "classid", "objid")))
_HERE: ScalarSelect[int] = (
    select(column("oid", Integer))
    .select_from(table("pg_database"))
    .where(column("datname") == func.current_database())
    .scalar_subquery()
)


class Seen(NamedTuple):
    """What the operator is shown of a worker."""

    name: str
    asked: str  # of its crawl
    state: str  # working, ended or dead
    seen: int  # its last sign of life, in seconds ago
    answers: int  # that it has got of the site
    rate: float  # requests a second, lately


def living(lease: int) -> Select:
    """Select the ids of the workers that count as alive with a lease of some seconds. While the
    database was away none could show it."""
    latest = func.greatest(workers.c.seen, UP_SINCE)
    connected = (
        exists()
        .where(
            _LOCKS.c.locktype == "advisory",
            _LOCKS.c.database == _HERE,
            cast(_LOCKS.c.classid, Integer) == _PRESENCE_LOCK_CLASS,
            cast(_LOCKS.c.objid, Integer) == workers.c.id,
        )
        .correlate(workers)
    )
    recent = or_(latest > NOW - _SILENT_SECONDS, and_(latest > NOW - lease, connected))
    return select(workers.c.id).where(workers.c.ended.is_(None), recent)


def presence(worker: int) -> ColumnElement[bool]:
    """Return what takes the lock that shows, as long as its connection lasts, that a worker is
    there."""
    return func.pg_try_advisory_lock(cast(_PRESENCE_LOCK_CLASS, Integer), cast(worker, Integer))


def seen_workers(connection: Connection, lease: int) -> list[Seen]:
    """Return the workers of the latest run of each crawl, the latest sign of life first.

    `lease` in seconds. Without PostgreSQL there are none.
    """
    if connection.dialect.name != "postgresql" or not inspect(connection).has_table("workers"):
        return []
    ago = (NOW - workers.c.seen).label("ago")
    query = (
        select(workers, crawls.c.asked, ago, workers.c.id.in_(living(lease)).label("lives"))
        .join(crawls, and_(crawls.c.crawl == workers.c.crawl, crawls.c.run == workers.c.run))
        .order_by(ago, workers.c.id)
    )
    rows = connection.execute(query)
    return [Seen(row.name, row.asked, _state(row), row.ago, row.answers, row.rate) for row in rows]


def _state(row: Row) -> str:
    if row.ended is not None:
        return "ended"
    return "working" if row.lives else "dead"
