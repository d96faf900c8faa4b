"""The table of the frontier: every article address ever discovered, and what has become of it.

discovered -> published <-> unchanged    a page is here
           -> refused                    no article there, with the reason
           -> failed                     tried without success, with the last reason
           -> skipped                    older or newer than the run asked for
           -> gone                       404 or 410; its page, if there is one, stays
           -> withdrawn                  taken out by the operator: never due again
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    DDL,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Table,
    bindparam,
    event,
    literal_column,
    select,
    update,
)
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from mirror.items import Link
from mirror.store.lookups import Lookup
from mirror.store.schema import Text, insert_new, metadata, portions, put

if TYPE_CHECKING:
    from mirror.store.database import Database

UNFETCHED = ("discovered", "failed", "skipped")
WITHDRAWN = "withdrawn"
FETCHED = ("published", "unchanged", "refused", "gone")

frontier = Table(
    "frontier",
    metadata,
    Column("seq", Integer, primary_key=True),  # in the order of discovery
    Column("article", Text, unique=True, nullable=False),
    Column("url", Text, nullable=False),
    Column("section", Text, nullable=False),  # where its page goes; "" as long as unknown
    Column("state", Text, nullable=False, default="discovered"),
    Column("reason", Text, nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due", Integer, default=0),  # when to fetch it, seconds since 1970; null: never
    Column("taken", Integer),  # the process of a running crawl that took it; null: none has
    Column("day", Text),  # of publication, where a run skipped it for that or a batch goes by it
    Column("etag", Text),  # of the page that was last seen, as the site gave it
    Column("modified", Text),  # its Last-Modified
    # Whose it is alone, see mirror.archive.batches.
    Column("batch", Text, nullable=False, default="", server_default=""),
    Column("other_url", Text),  # at which a listing shows it now; asked when the other one fails
)
_NEW = {
    column.name: column.default.arg
    for column in frontier.columns
    if isinstance(column.default, ScalarElementColumnDefault)
}
for _name, _columns, _rows in (  # in SQLite's words and PostgreSQL's
    ("waiting", "batch, due, seq", "due IS NOT NULL"),
    ("taken_by", "taken", "taken IS NOT NULL"),
    ("waiting_by_day", "batch, day, due, seq", "due IS NOT NULL"),
    ("skipped", "section, day", "state = 'skipped'"),
):
    _made = f"CREATE INDEX {_name} ON frontier ({_columns}) WHERE {_rows}"
    event.listen(frontier, "after_create", DDL(_made))  # type: ignore[no-untyped-call]
IS_SKIPPED = frontier.c.state == literal_column("'skipped'")  # as the index has it


class Address(NamedTuple):
    """A row of the frontier."""

    seq: int
    article: str
    url: str
    section: str
    state: str
    reason: str
    attempts: int
    due: int | None
    taken: int | None
    day: str | None
    etag: str | None
    modified: str | None
    batch: str
    other_url: str | None


FIRST_DUE = (frontier.c.due, frontier.c.seq)
_COLUMNS = tuple(frontier.c[name] for name in Address._fields)
_KNOWN = Lookup(
    select(*_COLUMNS).where(frontier.c.article.in_(bindparam("ids", expanding=True))), Address
)


def insert_links(
    connection: Connection, engine: Engine, section: str, links: Sequence[Link], batch: str = ""
) -> None:
    """Record articles that may be known already, due and left to a batch if one is given."""
    rows = [
        {
            **_NEW,
            "article": link.id,
            "url": link.url,
            "section": section,
            "batch": batch,
            "day": day_in_batch(link, batch),
        }
        for link in links
    ]
    if rows:
        put(connection, insert_new(engine, frontier), rows)


def take(
    database: Database,
    count: int,
    before: float,
    mine: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    worker: int,
) -> list[Address]:
    """Take up to `count` of some rows that were due at a time, the first ones in an order. `mine` and
    `order` are to be the same objects for the same rows: what is asked many times a second, mostly in
    vain, is made of them once."""
    first, taking = _taking(mine, tuple(order))
    if first.first(database.reading, before=int(before)) is None:
        return []
    with database.engine.begin() as connection:
        rows = taking.all(connection, before=int(before), count=count, worker=worker)
    return sorted(rows, key=lambda row: (row.due, row.seq))


@lru_cache(maxsize=8)
def _taking(
    mine: ColumnElement[bool], order: tuple[ColumnElement[Any], ...]
) -> tuple[Lookup[int], Lookup[Address]]:
    """Return what looks for due rows and what takes them."""
    due = (
        select(frontier.c.seq)
        .where(frontier.c.due <= bindparam("before"), frontier.c.taken.is_(None), mine)
        .order_by(*order)
    )
    chosen = frontier.c.seq.in_(due.limit(bindparam("count")))
    taking = update(frontier).where(chosen).values(taken=bindparam("worker"))
    return Lookup(due.limit(1), int), Lookup(taking.returning(*_COLUMNS), Address)


def known_of(connection: Connection, links: Sequence[Link]) -> dict[str, Address]:
    """Return what is noted of some articles, by their ids."""
    found: dict[str, Address] = {}
    for ids in portions([link.id for link in links]):
        found |= {row.article: row for row in _KNOWN.all(connection, ids=list(ids))}
    return found


def asked_for(sections: Iterable[str], only: Iterable[str]) -> ColumnElement[bool]:
    """Return what holds for the addresses of some sections, or of some ids if there are any."""
    return _asked_for(tuple(sections), tuple(only))


@lru_cache(maxsize=8)
def _asked_for(sections: tuple[str, ...], ids: tuple[str, ...]) -> ColumnElement[bool]:
    if ids:
        return frontier.c.article.in_(ids)
    return frontier.c.section.in_(sections) & (frontier.c.batch == "")


def day_in_batch(link: Link, batch: str) -> str | None:
    """Return the day of publication as the frontier keeps it for a batch."""
    return link.published.isoformat() if batch and link.published else None


def change(connection: Connection, which: Sequence[Link | str], **values: object) -> None:
    """Change what is noted of some addresses, none of which a process holds from then on; those that
    were withdrawn stay as they are."""
    for ids in portions([link.id if isinstance(link, Link) else link for link in which]):
        mine = frontier.c.article.in_(ids) & (frontier.c.state != WITHDRAWN)
        connection.execute(update(frontier).where(mine).values(**{"taken": None, **values}))
