"""Single articles taken out of a mirror for good: a right of reply, a mistake, a danger to somebody.

Page, QR code, picture, lines in indexes and all that is stored of them go; links to them become text. The
frontier remembers them, so no crawl brings them back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from mirror.errors import ArgumentError
from mirror.items import Link
from mirror.pages.retention import mark_around
from mirror.pages.tree import Tree
from mirror.pictures.picture_book import names_only_of
from mirror.pictures.shelf import Shelf
from mirror.store.database import Database
from mirror.store.frontier_table import WITHDRAWN, frontier, insert_links
from mirror.store.near_duplicates import forget_near_duplicates
from mirror.store.schema import (
    articles,
    elsewhere,
    links,
    listings,
    make_tables,
    mark_outdated,
    metadata,
    outdated,
    write_alone,
)
from mirror.store.signposts import of_articles

_LEFT = "left"  # the kind of outdated files that are to be removed, by their paths
_KEPT = (frontier, listings)  # what the site shows, known all the same: else it would be new again


class Withdrawal(NamedTuple):
    """What is there of an article that is to be withdrawn."""

    article: str
    path: str  # of its page; "" if nothing of it is stored, or its page was purged
    home: str  # the closed home where its page stays, "" if it is not at one
    linking: list[str]  # the paths of the pages that link to it
    url: str  # by which it is remembered if nothing is known of it yet, "" if something is


def withdrawals(database: Database, addresses: Mapping[str, str]) -> list[Withdrawal]:
    """Return what is there of some articles, given by id with the address of each, "" if only the id was
    given. Raises ArgumentError for an id that nothing is known of."""
    make_tables(database.engine)
    with database.engine.connect() as connection:
        return [_withdrawal(connection, *article) for article in addresses.items()]


def withdraw(
    database: Database, tree: Tree, shelf: Shelf, found: Sequence[Withdrawal], today: date
) -> None:
    """Withdraw articles, and mark what shows or links to them as out of date.

    Nothing is known of them before a file of theirs is gone, so no command that comes after a kill makes
    their pages again. Raises OSError and sqlalchemy.exc.DBAPIError.
    """
    ids = [withdrawal.article for withdrawal in found]
    unknown = [Link(w.article, w.url, "") for w in found if w.url]
    note = {"state": WITHDRAWN, "reason": f"withdrawn on {today}", "due": None, "taken": None}
    for name in names_only_of(database, ids):
        shelf.remove(name)
    pages = [withdrawal.path for withdrawal in found if withdrawal.path and not withdrawal.home]
    with database.engine.begin() as connection:
        write_alone(connection)
        insert_links(connection, database.engine, "", unknown)
        connection.execute(
            update(frontier)
            .where(frontier.c.article.in_(ids))
            .values(**note, batch="", etag=None, modified=None)
        )
        mark_around(connection, database, ids)
        left = [(_LEFT, path) for path in [*pages, *of_articles(connection, ids)]]
        mark_outdated(connection, database.engine, left)
        _forget(connection, ids)
    remove_left(database, tree)


def remove_left(database: Database, tree: Tree) -> None:
    """Remove the files of withdrawn articles that are still there. Raises OSError."""
    if not (paths := database.outdated(_LEFT)):
        return
    taken = select(articles.c.path).where(
        articles.c.path.in_(paths)
    )  # by an article that came back
    gone = sorted({*paths} - {*database.reading.scalars(taken)})
    with database.remaking(_LEFT, paths):
        for path in gone:
            tree.remove(f"{path}.png")
            tree.remove(path)


def check_withdrawn(database: Database, ids: Sequence[str]) -> None:
    """Raise ArgumentError for an article that was not withdrawn."""
    mine = (frontier.c.state == WITHDRAWN) & frontier.c.article.in_(ids)
    with database.engine.connect() as connection:
        withdrawn = set(connection.scalars(select(frontier.c.article).where(mine)))
    for article in ids:
        if article not in withdrawn:
            raise ArgumentError("article", article, "was not withdrawn")


def bring_back(database: Database, ids: Sequence[str]) -> None:
    """Let the next crawl fetch withdrawn articles again. Raises ArgumentError for one that is not."""
    withdrawn = frontier.c.state == WITHDRAWN
    with database.engine.begin() as connection:
        for article in ids:
            mine = withdrawn & (frontier.c.article == article)
            values = {"state": "discovered", "reason": "", "attempts": 0, "due": 0}
            if not connection.execute(update(frontier).where(mine).values(**values)).rowcount:
                raise ArgumentError("article", article, "was not withdrawn")
        # Withdrawn before a listing showed it: found like any other from now on.
        unlisted = frontier.c.article.in_(ids) & (frontier.c.section == "")
        connection.execute(delete(frontier).where(unlisted))


def _withdrawal(connection: Connection, article: str, url: str) -> Withdrawal:
    place = connection.execute(
        select(articles.c.path, elsewhere.c.home)
        .select_from(articles.outerjoin(elsewhere, elsewhere.c.article == articles.c.id))
        .where(articles.c.id == article)
    ).first()
    known = select(frontier.c.seq).where(frontier.c.article == article)
    if place is None and connection.scalar(known) is None:
        if not url:
            raise ArgumentError("article", article, "nothing is known of it; its address would do")
        return Withdrawal(article, "", "", [], url)
    pages = select(articles.c.path).join(links, links.c.source == articles.c.id)
    here = articles.c.id.not_in(select(elsewhere.c.article))
    linking = connection.scalars(
        pages.where(links.c.target == article, here).order_by(articles.c.path)
    )
    is_purged = place is not None and place.home == ""
    path, home = (place.path, place.home or "") if place and not is_purged else ("", "")
    return Withdrawal(article, path, home, list(linking), "")


def _forget(connection: Connection, ids: list[str]) -> None:
    """Delete all that is stored of articles, in whatever table it is."""
    connection.execute(
        update(listings).where(listings.c.article.in_(ids)).values(title="", published=None)
    )
    forget_near_duplicates(connection, ids)
    for table in metadata.sorted_tables:
        if "article" in table.c and table not in _KEPT:
            connection.execute(delete(table).where(table.c.article.in_(ids)))
    connection.execute(delete(articles).where(articles.c.id.in_(ids)))
    connection.execute(delete(links).where(links.c.source.in_(ids)))
    pages = outdated.c.kind.in_(("page", "below")) & outdated.c.key.in_(ids)
    connection.execute(delete(outdated).where(pages))
