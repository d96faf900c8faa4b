"""Pages beyond the operator's limits: taken out of the tree, and put back when the limits allow it.

The database knows their articles all the same, so no crawl takes them for new ones.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, Select, and_, delete, func, select, true, update

from mirror.config.limits import Fullness, Limits
from mirror.pages.tree import Tree
from mirror.store.closed_homes import leave
from mirror.store.database import Database
from mirror.store.schema import articles, elsewhere, links, listings, mark_outdated

logger = logging.getLogger(__name__)

_AT_ONCE = 500  # ids in one statement
_PURGED = ""  # the home of what has no page anywhere


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
    if limits.days and not database.clock.witnesses.is_believed:
        doubt = {"doubt": database.clock.doubt()}
        logger.warning("No page is removed for its age, or put back: %(doubt)s", doubt)
        return Trimmed(0, 0)
    purged, restored = beyond(limits, database, today), within(limits, database, today)
    for ids in _portions(purged):
        _remove(tree, database, ids)
        with database.engine.begin() as connection:
            mark_around(connection, database, ids)
            leave(connection, ids, _PURGED)
    for ids in _portions(restored):
        with database.engine.begin() as connection:
            _come_back(connection, ids)
            mark_around(connection, database, ids)
            mark_outdated(connection, database.engine, (("page", article) for article in ids))
    return Trimmed(len(purged), len(restored))


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
    """Mark the indexes that show articles, and the pages that link to them, as out of date."""
    shown = select(listings.c.section, func.substr(articles.c.published, 1, 7)).join(
        articles, articles.c.id == listings.c.article
    )
    rows = connection.execute(shown.where(articles.c.id.in_(ids)).distinct()).all()
    linking = connection.scalars(select(links.c.source).where(links.c.target.in_(ids)).distinct())
    outputs = [("page", source) for source in linking]
    outputs += [("section", section) for section in {section for section, _ in rows}]
    outputs += [("month", f"{section}/{month}") for section, month in rows]
    mark_outdated(connection, database.engine, outputs)


def beyond(limits: Limits, database: Database, today: date) -> list[str]:
    """Return the articles with a page here that no section of theirs keeps, sorted."""
    kept = _kept(limits, today)
    here = listings.c.published.is_not(None)
    query = select(listings.c.article).where(here, listings.c.article.not_in(kept))
    return _sorted(database, query.distinct()) if limits != Limits() else []


def within(limits: Limits, database: Database, today: date) -> list[str]:
    """Return the purged articles that a section keeps by now, sorted."""
    purged = select(elsewhere.c.article).where(elsewhere.c.home == _PURGED)
    return _sorted(database, purged.where(elsewhere.c.article.in_(_kept(limits, today))))


def _sorted(database: Database, query: Select[tuple[str]]) -> list[str]:
    with database.engine.connect() as connection:
        return sorted(connection.scalars(query))


def _kept(limits: Limits, today: date) -> Select[tuple[str]]:
    """Select the articles that a section keeps: its newest by (time of publication, id), those at
    older homes among them."""
    newest_first = (articles.c.published.desc(), articles.c.id.desc())
    place = func.row_number().over(partition_by=listings.c.section, order_by=newest_first)
    ranked = (
        select(articles.c.id, articles.c.published, place.label("place"))
        .join(listings, listings.c.article == articles.c.id)
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
    while portion := list(islice(rest, _AT_ONCE)):
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
