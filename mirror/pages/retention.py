"""Pages beyond the operator's limits: taken out of the tree, and put back when the limits allow it.

The database knows their articles all the same, so no crawl takes them for new ones.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    delete,
    func,
    literal,
    select,
    text,
    true,
    tuple_,
    update,
)

from mirror.config.limits import Fullness, Limits
from mirror.pages.advance import advance
from mirror.pages.tree import Tree
from mirror.store.closed_homes import leave, old_homes
from mirror.store.database import Database
from mirror.store.near_duplicates import showing
from mirror.store.neighbours import showing_neighbours
from mirror.store.schema import (
    articles,
    elsewhere,
    links,
    listings,
    make_tables,
    mark_outdated,
    metadata,
    write_alone,
)

logger = logging.getLogger(__name__)

_BATCH_SIZE = 500  # ids in one statement
_PURGED = ""  # the home of what has no page anywhere
_HERE = listings.c.published.is_not(None)
_KEY = tuple_(listings.c.published, listings.c.article)

applied = Table(  # one row: the limits that the tree is within
    "applied_limits",
    metadata,
    Column("pages", Integer, nullable=False),
    Column("days", Integer, nullable=False),
)


class Trimmed(NamedTuple):
    """How many pages were taken out of the tree, and how many are to come back."""

    purged: int
    restored: int


def keep_within(limits: Limits, database: Database, tree: Tree, today: date) -> Trimmed:
    """Remove the pages beyond the limits, and mark as outdated what shows or links to them; mark as
    outdated, too, the pages that come back. An article stays as long as one of its sections keeps it.

    A run that is cut off here leaves files missing that the next one takes for purged. Nothing is done
    for the age of pages if the time is in doubt.
    """
    if is_in_doubt(limits, database):
        doubt = {"doubt": database.clock.doubt()}
        logger.warning("No page is removed for its age, or put back: %(doubt)s", doubt)
        return Trimmed(0, 0)
    make_tables(database.engine)
    purged, restored = trimming(limits, database, today)
    for done, ids in enumerate(_portions(purged)):
        advance("pages to remove", done * _BATCH_SIZE, len(purged))
        _remove(tree, database, ids)
        with database.engine.begin() as connection:
            write_alone(connection)
            mark_around(connection, database, ids)
            leave(connection, ids, _PURGED)
    for ids in _portions(restored):
        with database.engine.begin() as connection:
            write_alone(connection)
            _come_back(connection, ids)
            mark_around(connection, database, ids)
            mark_outdated(connection, database.engine, (("page", article) for article in ids))
    if _applied(database) != limits:
        _note_applied(database, limits)
    return Trimmed(len(purged), len(restored))


def is_in_doubt(limits: Limits, database: Database) -> bool:
    """Whether the age of pages counts and the time is not believed."""
    return bool(limits.days) and not database.clock.witnesses.is_believed


def trimming(
    limits: Limits, database: Database, today: date, without: Collection[str] = ()
) -> tuple[list[str], list[str]]:
    """Return the articles whose pages are to be taken out of the tree, and those whose come back, as if
    some articles were not there."""
    if is_in_doubt(limits, database):
        return [], []
    is_known = _applied(database) == limits  # else what was purged may be kept by now
    purged = beyond(limits, database, today, without)
    restored = [] if is_known else within(limits, database, today, without)
    return purged, restored


def _applied(database: Database) -> Limits | None:
    """Return the limits within which the tree is since the last run, None if no run has noted it."""
    row = database.reading.execute(select(applied.c.pages, applied.c.days)).first()
    return Limits(*row) if row else None


def _note_applied(database: Database, limits: Limits) -> None:
    with database.engine.begin() as connection:
        connection.execute(delete(applied))
        connection.execute(applied.insert(), asdict(limits))


def paths_of(database: Database, ids: list[str]) -> list[str]:
    """Return the paths of the pages of articles, sorted by id."""
    found: list[str] = []
    with database.engine.connect() as connection:
        for portion in _portions(ids):
            query = select(articles.c.path).where(articles.c.id.in_(portion))
            found.extend(connection.scalars(query.order_by(articles.c.id)))
    return found


def _remove(tree: Tree, database: Database, ids: list[str]) -> None:
    for path in paths_of(database, ids):
        tree.remove(f"{path}.png")
        tree.remove(path)


def _come_back(connection: Connection, ids: list[str]) -> None:
    connection.execute(delete(elsewhere).where(elsewhere.c.article.in_(ids)))
    published = (
        select(articles.c.published).where(articles.c.id == listings.c.article).scalar_subquery()
    )
    connection.execute(
        update(listings).where(listings.c.article.in_(ids)).values(published=published)
    )


def mark_around(connection: Connection, database: Database, ids: list[str]) -> None:
    """Mark the indexes that show articles, and the pages that lead to them, as out of date."""
    mark_outdated(connection, database.engine, around(connection, ids))


def around(connection: Connection, ids: list[str]) -> list[tuple[str, str]]:
    """Return the indexes that show articles, and the pages that lead to them, by kind and key."""
    shown = select(listings.c.section, func.substr(articles.c.published, 1, 7)).join(
        articles, articles.c.id == listings.c.article
    )
    rows = connection.execute(shown.where(articles.c.id.in_(ids)).distinct()).all()
    linking = connection.scalars(select(links.c.source).where(links.c.target.in_(ids)).distinct())
    times = connection.execute(
        select(articles.c.id, articles.c.published).where(articles.c.id.in_(ids))
    )
    beside = showing_neighbours(connection, {row.id: [row.published] for row in times})
    outputs = [("page", source) for source in {*linking, *showing(connection, ids)}]
    outputs += [("below", article) for article in {*beside}]
    outputs += [("section", section) for section in {section for section, _ in rows}]
    return outputs + [("month", f"{section}/{month}") for section, month in rows]


def beyond(
    limits: Limits, database: Database, today: date, without: Collection[str] = ()
) -> list[str]:
    """Return the articles with a page here that no section of theirs keeps, sorted; as if some articles
    were not there.

    What is read of a section are its newest pages, as many as the limit, and those beyond it.
    """
    if limits == Limits():
        return []
    with database.engine.connect() as connection:
        oldest = {s: _oldest_kept(database, limits, s, today, without) for s in database.sections()}
        old: set[str] = set()
        for section, key in oldest.items():
            older = (listings.c.section == section) & (
                tuple_(literal(key[0]), literal(key[1])) > _KEY
            )
            old |= set(connection.scalars(select(listings.c.article).where(older, _HERE)))
        kept: set[str] = set()
        for ids in _portions(sorted(old)):
            query = select(listings).where(listings.c.article.in_(ids), _HERE)
            rows = connection.execute(query)
            kept |= {r.article for r in rows if (r.published, r.article) >= oldest[r.section]}
    return sorted(old - kept - {*without})


def within(
    limits: Limits, database: Database, today: date, without: Collection[str] = ()
) -> list[str]:
    """Return the purged articles that a section keeps by now, sorted; as if some articles were not there."""
    purged = select(elsewhere.c.article).where(elsewhere.c.home == _PURGED)
    with database.engine.connect() as connection:
        if connection.scalar(purged.limit(1)) is None:
            return []
        if limits != Limits():
            purged = purged.where(elsewhere.c.article.in_(_kept(limits, today, without)))
        return sorted({*connection.scalars(purged)} - {*without})


def _oldest_kept(
    database: Database, limits: Limits, section: str, today: date, without: Collection[str]
) -> tuple[str, str]:
    """Return time of publication and id from which on a section keeps its articles."""
    oldest = (today - timedelta(days=limits.days)).isoformat() if limits.days else ""
    if not limits.pages:
        return oldest, ""
    here = (listings.c.section == section) & _HERE & listings.c.article.not_in(without)
    pages: Select[Any] | CompoundSelect[Any]
    pages = select(listings.c.published, listings.c.article).where(here)
    if old_homes(database, section):
        there = (elsewhere.c.home != _PURGED) & (listings.c.section == section)
        pages = pages.union_all(
            select(articles.c.published, articles.c.id)
            .join(elsewhere, elsewhere.c.article == articles.c.id)
            .join(listings, listings.c.article == articles.c.id)
            .where(there, articles.c.id.not_in(without))
        )
    newest_first = pages.order_by(text("1 DESC"), text("2 DESC"))
    last = database.reading.execute(newest_first.limit(1).offset(limits.pages - 1)).first()
    return max((oldest, ""), (last[0], last[1]) if last else ("", ""))


def _kept(limits: Limits, today: date, without: Collection[str]) -> Select[tuple[str]]:
    """Select the articles that a section keeps: its newest by (time of publication, id), those at
    older homes among them."""
    newest_first = (articles.c.published.desc(), articles.c.id.desc())
    place = func.row_number().over(partition_by=listings.c.section, order_by=newest_first)
    ranked = (
        select(articles.c.id, articles.c.published, place.label("place"))
        .join(listings, listings.c.article == articles.c.id)
        .where(articles.c.id.not_in(without))
        .subquery()
    )
    oldest = (today - timedelta(days=limits.days)).isoformat()
    return select(ranked.c.id).where(
        and_(
            ranked.c.place <= limits.pages if limits.pages else true(),
            ranked.c.published >= oldest if limits.days else true(),
        )
    )


def _portions(ids: list[str]) -> Iterator[list[str]]:
    rest: Iterable[str] = iter(ids)
    while portion := list(islice(rest, _BATCH_SIZE)):
        yield portion


def excess(full: Fullness, tree: Tree) -> str:
    """Return in words which limit a tree exceeds; empty if none."""
    if full == Fullness():
        return ""
    pages, size = tree.size()
    if full.pages and pages > full.pages:
        return f"{pages} pages, more than MIRROR_FULL_PAGES={full.pages}"
    if full.bytes and size > full.bytes:
        return f"{size} bytes, more than MIRROR_FULL_BYTES={full.bytes}"
    return ""
