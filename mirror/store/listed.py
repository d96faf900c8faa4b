"""What a listing page shows, recorded within a transaction: the articles that are new to its section, and
what of those that are known is to be fetched for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, Engine, bindparam, case, select, update

from mirror.items import Link
from mirror.store.absences import asked_lately
from mirror.store.clock import Clock
from mirror.store.database import Database
from mirror.store.frontier_table import (
    Address,
    change,
    day_in_batch,
    frontier,
    insert_links,
    known_of,
)
from mirror.store.lookups import Lookup
from mirror.store.neighbours import showing_neighbours
from mirror.store.schema import (
    articles,
    elsewhere,
    listings,
    mark_outdated,
    portions,
    put,
    upsert,
)

_TITLES = Lookup(
    select(listings.c.article, listings.c.title).where(
        listings.c.section == bindparam("section"),
        listings.c.article.in_(bindparam("ids", expanding=True)),
    ),
    lambda article, title: (article, title),
)
_MAX_RENAMED = 4  # articles of one listing page, beyond which most must be as they were


class Shown(NamedTuple):
    """What is new on a listing page: articles that the section did not show, and titles."""

    unlisted: list[Link]
    reopened: list[Link]  # an earlier run skipped them as too old, and they are not any more
    renamed: list[Link]
    known: int  # articles that the section showed before

    @property
    def are_titles_decorated(self) -> bool:
        """Whether so many titles differ that it says nothing of the articles: a count of comments in
        each, or a headline chosen at random."""
        return len(self.renamed) > _MAX_RENAMED and 2 * len(self.renamed) > self.known


def record(
    connection: Connection,
    database: Database,
    section: str,
    links: Sequence[Link],
    since: date | None,
    batch: str,
) -> int:
    """Record a listing page's articles and return how many are new to the section, see
    Frontier.record."""
    engine, known = database.engine, known_of(connection, links)
    shown = compare(connection, section, links, since, known)
    new = [link for link in links if link.id not in known]
    found = [(link, known[link.id]) for link in links if link.id in known]
    insert_links(connection, engine, section, new, batch)
    waiting = [link for link, row in found if _is_waiting(row) and row.batch != batch]
    _leave(connection, section, [*waiting, *shown.reopened], batch)
    moved = [(link, row) for link, row in found if _is_elsewhere(link, row)]
    _correct(connection, [link for link, row in moved if not _is_in_vain(row)])
    _turn_to(connection, [link for link, row in moved if _is_in_vain(row)])
    _ask_again(connection, [link.id for link, row in found if _is_given_up(row)], database.clock)
    change(connection, shown.reopened, state="discovered", due=0, attempts=0)
    if not shown.are_titles_decorated:
        change(connection, shown.renamed, due=0, attempts=0)
    _list(connection, engine, section, [*shown.unlisted, *shown.renamed])
    return len({link.id for link in (*shown.unlisted, *shown.reopened)})


def compare(
    connection: Connection,
    section: str,
    links: Sequence[Link],
    since: date | None,
    known: dict[str, Address],
) -> Shown:
    """Return what a listing page shows that is not recorded of a section; `known` is what is
    noted of its articles."""
    listed = titles_of(connection, section, links)
    skipped = {id: row for id, row in known.items() if row.state == "skipped"}
    return Shown(
        unlisted=[link for link in links if link.id not in listed],
        reopened=[x for x in links if x.id in skipped and not _is_older(skipped[x.id].day, since)],
        renamed=[x for x in links if x.id in listed and listed[x.id] != x.title],
        known=len(listed),
    )


def titles_of(connection: Connection, section: str, links: Sequence[Link]) -> dict[str, str]:
    """Return the titles by which a section is known to show some articles, by their ids."""
    found: dict[str, str] = {}
    for ids in portions([link.id for link in links]):
        found |= _TITLES.all(connection, section=section, ids=list(ids))
    return found


def _leave(connection: Connection, section: str, links: Sequence[Link], batch: str) -> None:
    """Leave to a batch some articles that were not fetched yet."""
    here = case((frontier.c.section == "", section), else_=frontier.c.section)
    for link in links:
        values = {"batch": batch, "day": day_in_batch(link, batch), "section": here}
        mine = frontier.c.article == link.id  # a process that took it keeps it
        connection.execute(update(frontier).where(mine).values(**values))


def _correct(connection: Connection, links: Sequence[Link]) -> None:
    """Remember the addresses at which a listing shows articles that are known at others."""
    for link in links:
        change(connection, [link], other_url=link.url, taken=frontier.c.taken)


def _turn_to(connection: Connection, links: Sequence[Link]) -> None:
    """Ask for articles that were asked for in vain at the addresses at which a listing shows them."""
    for link in links:
        values = {"url": link.url, "other_url": None, "etag": None, "modified": None}
        change(connection, [link], due=0, attempts=0, **values)


def _ask_again(connection: Connection, ids: Sequence[str], clock: Clock) -> None:
    """Make due what was given up, though a listing still shows it; not too often."""
    if ids:
        lately = asked_lately(connection, ids, clock.time)
        again = [article for article in ids if article not in lately]
        change(connection, again, due=0, attempts=0)


def _list(connection: Connection, engine: Engine, section: str, links: Sequence[Link]) -> None:
    """Record that a section shows articles; those with a page take their places in its index."""
    published: dict[str, str] = {}
    for ids in portions([link.id for link in links]):
        here = articles.c.id.in_(ids), articles.c.id.not_in(select(elsewhere.c.article))
        query = select(articles.c.id, articles.c.published).where(*here)
        published |= {row.id: row.published for row in connection.execute(query)}
    rows = [
        {
            "section": section,
            "article": link.id,
            "title": link.title,
            "published": published.get(link.id),
        }
        for link in links
    ]
    if rows:
        put(connection, upsert(engine, listings), rows)
    outputs = {("month", f"{section}/{time[:7]}") for time in published.values()}
    if published:
        outputs.add(("section", section))
        beside = showing_neighbours(connection, {id: [time] for id, time in published.items()})
        outputs |= {("below", article) for article in beside}
    mark_outdated(connection, engine, sorted(outputs))


def _is_waiting(row: Address) -> bool:
    return row.state in ("discovered", "failed")


def _is_in_vain(row: Address) -> bool:
    """Whether an article was asked for where it was, and was not there."""
    return row.state in ("failed", "refused", "gone")


def _is_elsewhere(link: Link, row: Address) -> bool:
    """Whether a listing shows an article at an address that is not known of it."""
    return link.url not in (row.url, row.other_url)


def _is_given_up(row: Address) -> bool:
    return row.due is None and row.state in ("failed", "refused", "gone")


def _is_older(day: str | None, since: date | None) -> bool:
    return bool(day and since and day < since.isoformat())
