"""The articles next to one in its section, by the time of their publication."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, literal_column, select, tuple_

from mirror.store.lookups import Lookup
from mirror.store.reader import Reader
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


Beside: TypeAlias = tuple[Placed | None, Placed | None]  # the next older one, and the next newer

_NOBODY: Beside = (None, None)
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

_PLACES = Lookup(
    select(listings.c.section, listings.c.article, articles.c.section)
    .join(articles, articles.c.id == listings.c.article)
    .where(listings.c.article.in_(bindparam("ids", expanding=True))),
    lambda section, article, own: (section, article, own),
)


def neighbours(database: Database, article: Placed) -> Beside:
    """Return the next older and the next newer article with a page here of an article's section."""
    return _beside(database.reading, article.section, article.published, article.id)


def neighbours_to_be(database: Database, coming: Iterable[Placed]) -> dict[str, Beside]:
    """Return the same of some articles by id, as it will be when all of them are stored, unless others
    come between or an article comes to several sections."""
    ordered = sorted(coming, key=lambda one: (one.section, *_time(one)))
    found = {}
    for before, one, behind in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False):
        older, newer = neighbours(database, one)
        older, newer = _nearer(one, older, before, max), _nearer(one, newer, behind, min)
        found[one.id] = (older, newer)
    return found


def placed(item: ArticleItem) -> Placed:
    """Return where an article has its place."""
    return Placed(item.id, item.path, item.section, item.published.isoformat())


def places(database: Database, ids: Sequence[str]) -> list[Placed]:
    """Return where some articles have their places, those that have a page here."""
    here = articles.c.id.in_(ids), articles.c.id.not_in(select(elsewhere.c.article))
    rows = database.reading.execute(select(*_PLACED).where(*here).order_by(articles.c.id))
    return [Placed(*row) for row in rows]


def showing_neighbours(
    connection: Connection,
    times: Mapping[str, Sequence[str]],
    shown: Mapping[str, Beside] = {},
) -> Iterator[str]:
    """Yield the articles whose pages lead to some that are given by id, each with the times at which it
    is or was published, and those of these that have other neighbours than what their pages have `shown`,
    none if that is not known; to be called while they are listed."""
    for section, article, own in _PLACES.all(connection, ids=list(times)):
        for time in times[article]:
            beside = _beside(connection, section, time, article)
            found = (one for one in beside if one and one.section == section)
            yield from (one.id for one in found if one.id not in shown)
            if section == own and beside != shown.get(article, _NOBODY):
                yield article


def _beside(source: Connection | Reader, section: str, time: str, article: str) -> Beside:
    values = {"section": section, "time": time, "article": article}
    return _OLDER.first(source, **values), _NEWER.first(source, **values)


def _time(article: Placed) -> tuple[str, str]:
    return article.published, article.id


def _nearer(
    article: Placed, known: Placed | None, coming: Placed | None, nearest: Callable[..., Placed]
) -> Placed | None:
    """Return which of two articles is next to one, or the other where one is missing."""
    if coming is None or coming.section != article.section:
        return known
    return nearest(known or coming, coming, key=_time)
