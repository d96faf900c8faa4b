"""The articles next to one in its section, by the time of their publication."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, bindparam, literal_column, select, tuple_

from mirror.store.lookups import Lookup
from mirror.store.retrying import retried
from mirror.store.schema import articles, listings

if TYPE_CHECKING:
    from mirror.items import ArticleItem
    from mirror.store.database import Database


class Neighbour(NamedTuple):
    """An article next to another one; `section` is the one whose page it has."""

    id: str
    path: str
    section: str


_KEY = tuple_(listings.c.published, listings.c.article)
_AT = tuple_(bindparam("time"), bindparam("article"))
_LISTED = (
    select(*(articles.c[name] for name in Neighbour._fields))
    .join(listings, listings.c.article == articles.c.id)
    .where(listings.c.section == bindparam("section"))
    .limit(literal_column("1"))
)
_OLDER = Lookup(
    _LISTED.where(_KEY < _AT).order_by(listings.c.published.desc(), listings.c.article.desc()),
    Neighbour,
)
_NEWER = Lookup(
    _LISTED.where(_KEY > _AT).order_by(listings.c.published, listings.c.article), Neighbour
)


@retried
def neighbours(database: Database, item: ArticleItem) -> tuple[Neighbour | None, Neighbour | None]:
    """Return the next older and the next newer article with a page here of an article's section."""
    time = item.published.isoformat()
    return _beside(database.reading, item.section, time, item.id)


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
) -> tuple[Neighbour | None, Neighbour | None]:
    values = {"section": section, "time": time, "article": article}
    return _OLDER.first(connection, **values), _NEWER.first(connection, **values)
