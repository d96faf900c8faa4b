"""Old places of pages that were moved within the tree, where a short page leads on for some time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Boolean, Column, Connection, Table, delete, or_, select, update

from mirror.store.database import Database
from mirror.store.schema import (
    Text,
    articles,
    elsewhere,
    make_tables,
    metadata,
    portions,
    put,
    upsert,
)

signposts = Table(
    "signposts",
    metadata,
    Column("path", Text, primary_key=True),  # where the page was
    Column("article", Text, nullable=False),
    Column("until", Text, nullable=False),  # the first day on which nothing is there; ISO 8601
    Column("standing", Boolean, nullable=False),  # False: it was taken away, the page was here once
)


class Signpost(NamedTuple):
    """An old place; `target` is the path of the page now."""

    path: str
    target: str


def standing(database: Database) -> list[Signpost]:
    """Return the old places that lead on, sorted by path."""
    make_tables(database.engine)
    query = (
        select(signposts.c.path, articles.c.path.label("target"))
        .join(articles, articles.c.id == signposts.c.article)
        .where(signposts.c.standing, signposts.c.article.not_in(select(elsewhere.c.article)))
        .order_by(signposts.c.path)
    )
    with database.engine.connect() as connection:
        return [Signpost(*row) for row in connection.execute(query)]


def expired(database: Database, today: str) -> list[str]:
    """Return the old places that shall lead on no longer: their time is over, or the page is gone."""
    make_tables(database.engine)
    here = select(articles.c.id).where(articles.c.id.not_in(select(elsewhere.c.article)))
    over = or_(signposts.c.until <= today, signposts.c.article.not_in(here))
    query = select(signposts.c.path).where(signposts.c.standing, over)
    with database.engine.connect() as connection:
        return list(connection.scalars(query.order_by(signposts.c.path)))


def of_articles(connection: Connection, ids: list[str]) -> list[str]:
    """Return the old places of articles, those that lead on no longer among them."""
    query = select(signposts.c.path).where(signposts.c.article.in_(ids))
    return list(connection.scalars(query))


def was_here(database: Database, path: str) -> bool:
    """Whether a page was moved away from a place."""
    query = select(signposts.c.path).where(signposts.c.path == path)
    return database.reading.scalar(query) is not None


def note_moved(connection: Connection, moved: Iterable[tuple[str, str, str]], until: str) -> None:
    """Note that pages move, within a transaction: articles, with their old and new paths."""
    rows = list(moved)
    for portion in portions([new for _, _, new in rows]):
        connection.execute(delete(signposts).where(signposts.c.path.in_(portion)))
    for article, _, new in rows:
        connection.execute(update(articles).where(articles.c.id == article).values(path=new))
    left = [
        {"path": old, "article": article, "until": until, "standing": True}
        for article, old, _ in rows
    ]
    if left:
        put(connection, upsert(connection.engine, signposts), left)


def take_away(database: Database, paths: Iterable[str]) -> None:
    """Note that old places lead on no longer."""
    with database.engine.begin() as connection:
        for portion in portions(list(paths)):
            gone = signposts.c.path.in_(portion)
            connection.execute(update(signposts).where(gone).values(standing=False))


def paths_here(connection: Connection) -> Iterator[tuple[str, str, str, str]]:
    """Yield each article with a page in this tree, or one that was purged: id, section, time of
    publication, path."""
    closed = select(elsewhere.c.article).where(elsewhere.c.home != "")
    query = select(articles.c.id, articles.c.section, articles.c.published, articles.c.path)
    for row in connection.execute(
        query.where(articles.c.id.not_in(closed)).order_by(articles.c.id)
    ):
        yield row.id, row.section, row.published, row.path
