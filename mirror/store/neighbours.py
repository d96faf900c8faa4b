"""The articles next to one in its section, by the time of their publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, bindparam, literal_column, select, tuple_

from mirror.store.lookups import Lookup
from mirror.store.retrying import retried
from mirror.store.schema import articles, elsewhere, listings

if TYPE_CHECKING:
    from mirror.items import ArticleItem
    from mirror.store.database import Database


class Placed(NamedTuple):
    """An article that has its place; `section` is the one whose page it has."""

    id: str
    path: str
    section: str
    published: str  # ISO 8601


_PLACED = [articles.c[name] for name in Placed._fields]
_KEY = tuple_(listings.c.published, listings.c.article)
_AT = tuple_(bindparam("time"), bindparam("article"))
_LISTED = (
    select(*_PLACED)
    .join(listings, listings.c.article == articles.c.id)
    .where(listings.c.section == bindparam("section"))
    .limit(literal_column("1"))
)
_OLDER = Lookup(
    _LISTED.where(_KEY < _AT).order_by(listings.c.published.desc(), listings.c.article.desc()),
    Placed,
)
_NEWER = Lookup(
    _LISTED.where(_KEY > _AT).order_by(listings.c.published, listings.c.article), Placed
)


@retried
def neighbours(database: Database, article: Placed) -> tuple[Placed | None, Placed | None]:
    """Return the next older and the next newer article with a page here of an article's section."""
    return _beside(database.reading, article.section, article.published, article.id)


def placed(item: ArticleItem) -> Placed:
    """Return where an article has its place."""
    return Placed(item.id, item.path, item.section, item.published.isoformat())


@retried
def places(database: Database, ids: Sequence[str]) -> list[Placed]:
    """Return where some articles have their places, those that have a page here."""
    here = articles.c.id.in_(ids), articles.c.id.not_in(select(elsewhere.c.article))
    rows = database.reading.execute(select(*_PLACED).where(*here).order_by(articles.c.id))
    return [Placed(*row) for row in rows]


def showing_neighbours(connection: Connection, times: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the articles whose pages lead to some that are given by id, each with the times at which it
    is or was published, and those of these that have neighbours; to be called while they are listed."""
    query = select(listings.c.section, listings.c.article, articles.c.section.label("own")).join(
        articles, articles.c.id == listings.c.article
    )
    for row in connection.execute(query.where(listings.c.article.in_(list(times)))).all():
        for time in times[row.article]:
            found = [n for n in _beside(connection, row.section, time, row.article) if n]
            yield from (one.id for one in found if one.section == row.section)
            if found and row.section == row.own:
                yield row.article


def _beside(
    connection: Connection, section: str, time: str, article: str
) -> tuple[Placed | None, Placed | None]:
    values = {"section": section, "time": time, "article": article}
    return _OLDER.first(connection, **values), _NEWER.first(connection, **values)
