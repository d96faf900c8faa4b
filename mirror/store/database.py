"""What is known of every article, and which published files are out of date because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    select,
    update,
)

from mirror.config.page_paths import public_address
from mirror.items import ArticleItem
from mirror.store.clock import Clock
from mirror.store.engines import make_engine
from mirror.store.lookups import Lookup
from mirror.store.read_only import stand_in
from mirror.store.reader import Reader
from mirror.store.retrying import retries
from mirror.store.rows import STORED, item_of
from mirror.store.schema import (
    adopted,
    articles,
    elsewhere,
    listings,
    make_tables,
    mark_outdated,
    outdated,
    portions,
    write_alone,
)

SHOWN = ("id", "title", "path", "published", "section", "reporter", "lead_image")  # in indexes


class Place(NamedTuple):
    """Where a stored article is published, and which version of it."""

    path: str
    section: str
    fingerprint: str
    title: str
    published: str  # ISO 8601
    removed: bool
    home: str | None  # None for a page in this tree, else as in `elsewhere`


_PLACE = Lookup(
    select(*(articles.c[name] for name in Place._fields[:-1]), elsewhere.c.home)
    .select_from(articles.outerjoin(elsewhere, elsewhere.c.article == articles.c.id))
    .where(articles.c.id == bindparam("article")),
    Place,
)
_ITEMS = select(*(articles.c[name] for name in STORED), adopted.c.markdown).select_from(
    articles.outerjoin(adopted, adopted.c.article == articles.c.id)
)
_AFTER_ALL = "~"  # sorts after every time
_NEXT_SECTION = select(func.min(listings.c.section)).where(listings.c.section > bindparam("last"))
_NEWEST_BEFORE = select(func.max(listings.c.published)).where(
    listings.c.section == bindparam("section"), listings.c.published < bindparam("time")
)
_HERE = ~exists().where(elsewhere.c.article == articles.c.id)


# Says in a transaction which of some articles this process may still write, where others may have taken
# them over meanwhile.
Ownership: TypeAlias = Callable[[Connection, Sequence[str]], set[str]]

_opened: list[Database] = []


@cache
def open_database(url: str) -> Database:
    """Return the database at an SQLAlchemy URL, one for a process; its tables are made if missing."""
    _opened.append(Database(stand_in(url)))
    return _opened[-1]


def close_databases() -> None:
    """Close the databases that this process has opened. To be called when nothing uses them."""
    for database in _opened:
        database.close()
    _opened.clear()
    open_database.cache_clear()


@retries
class Database:
    """The articles and what follows from them; every method is one transaction."""

    def __init__(self, url: str):
        self.engine = make_engine(url)
        make_tables(self.engine)
        self.clock = Clock(self.engine)
        self.own: Ownership | None = None
        self.reading = Reader(self.engine)

    def close(self) -> None:
        """Let go of the database: SQLite's is one file then, unless another process has it open."""
        self.reading.close()
        self.engine.dispose()

    def reopen(self) -> None:
        """Connect again, in a process that was forked: what was open stays to the one that opened it."""
        self.reading.reopen()

    def place(self, article: str) -> Place | None:
        """Return where a stored article is published."""
        return _PLACE.first(self.reading, article=article)

    def path(self, article: str) -> str | None:
        """Return the path of an article's page, its address if that is at an older home, None if
        it has none."""
        place = self.place(article)
        if place is None or place.home == "":
            return None
        return public_address(place.home, place.path) if place.home else place.path

    def article(self, article: str) -> ArticleItem | None:
        """Return an article as stored, whether it has a page here or not."""
        row = self.reading.execute(_ITEMS.where(articles.c.id == article)).first()
        return item_of(row) if row else None

    def items(self, ids: Sequence[str]) -> list[ArticleItem]:
        """Return some articles as stored, a hundred or so, whether they have pages here or not."""
        query = _ITEMS.where(articles.c.id.in_(ids))
        return [item_of(row) for row in self.reading.execute(query)]

    def stored(self, ids: Sequence[str]) -> list[ArticleItem]:
        """Return those of some articles, a hundred or so, that have a page here, in the order of their
        ids."""
        query = _ITEMS.where(_HERE, articles.c.id.in_(ids)).order_by(articles.c.id)
        return [item_of(row) for row in self.reading.execute(query)]

    def ids(self, count: int) -> Iterator[list[str]]:
        """Yield the ids of the articles with a page here in order, so many at a time."""
        following = select(articles.c.id).where(_HERE, articles.c.id > bindparam("last"))
        portion, query = [""], following.order_by(articles.c.id).limit(count)
        while portion := self.reading.scalars(query, {"last": portion[-1]}):
            yield portion

    def mark_removed(self, connection: Connection, article: str) -> None:
        """Note in a transaction that the site has an article no more; its page, if there is one, is to
        say so."""
        here = (articles.c.id == article) & articles.c.removed.is_(False)
        if connection.execute(update(articles).where(here).values(removed=True)).rowcount:
            mark_outdated(connection, self.engine, [("page", article)])

    def is_stored(self, connection: Connection, article: str) -> bool:
        """Whether an article is stored, so has a page here or at an older home."""
        query = select(articles.c.id).where(articles.c.id == article)
        return connection.scalar(query) is not None

    def unlisted(self) -> list[str]:
        """Return the ids of the stored articles that the index of their section would leave out."""
        listed = exists().where(
            listings.c.article == articles.c.id,
            listings.c.section == articles.c.section,
            listings.c.published == articles.c.published,
        )
        with self.engine.connect() as connection:
            query = select(articles.c.id).where(~listed, articles.c.path != "", _HERE)
            return list(connection.scalars(query.order_by(articles.c.id)))

    # ---- for the indexes

    def outdated(self, kind: str) -> list[str]:
        """Return the keys of the published files of a kind that are out of date, sorted."""
        with self.engine.connect() as connection:
            query = select(outdated.c.key).where(outdated.c.kind == kind).order_by(outdated.c.key)
            return list(connection.scalars(query))

    def mark_all_outdated(self) -> None:
        """Mark every index as out of date."""
        with self.engine.begin() as connection:
            months = connection.execute(_months().add_columns(listings.c.section).distinct())
            outputs = {("month", f"{section}/{month}") for month, section in months}
            outputs |= {("section", key.split("/")[0]) for _, key in outputs}
            mark_outdated(connection, self.engine, sorted(outputs))

    @contextmanager
    def remaking(self, kind: str, keys: Sequence[str]) -> Iterator[None]:
        """Forget that published files are out of date, unless making them anew fails.

        What another process is storing is waited for, and shown; what comes after waits, and marks them
        again.
        """
        with self.engine.begin() as connection:
            write_alone(connection)
            connection.execute(
                delete(outdated).where(outdated.c.kind == kind, outdated.c.key.in_(keys))
            )
            yield

    def sections(self) -> list[str]:
        """Return the ids of the sections with published articles, sorted.

        Each is found by itself in the index: to read it through takes longer the more is known.
        """
        found, last = [], ""
        with self.engine.connect() as connection:
            while section := connection.scalar(_NEXT_SECTION, {"last": last}):
                if connection.scalar(_NEWEST_BEFORE, {"section": section, "time": _AFTER_ALL}):
                    found.append(section)
                last = section
        return found

    def newest(self, section: str, count: int) -> list[Row[Any]]:
        """Return a section's newest articles by publication time, with the fields that indexes show."""
        with self.engine.connect() as connection:
            return list(connection.execute(_listed(section).limit(count)))

    def newest_ids(self, section: str, count: int) -> list[str]:
        """Return the ids of a section's newest articles by publication time; of all if none is named."""
        sections = [section] if section else self.sections()
        found = {row for name in sections for row in self._newest(name, count)}
        return [article for _, article in sorted(found, reverse=True)[:count]]

    def _newest(self, section: str, count: int) -> list[tuple[str, str]]:
        """Return time of publication and id of a section's newest articles."""
        query = _newest_first(select(listings.c.published, listings.c.article), section)
        with self.engine.connect() as connection:
            return [(row.published, row.article) for row in connection.execute(query.limit(count))]

    def mark_sections_outdated(self, ids: Sequence[str]) -> None:
        """Mark the sections that show some articles as out of date."""
        with self.engine.begin() as connection:
            for some in portions(ids):
                mine = listings.c.article.in_(some), listings.c.published.is_not(None)
                sections = connection.scalars(select(listings.c.section).where(*mine).distinct())
                mark_outdated(connection, self.engine, [("section", name) for name in sections])

    def newest_titles(self, paths: Sequence[str], count: int) -> list[str]:
        """Return the titles of the newest of the articles whose pages have some paths, newest first."""
        found: list[tuple[str, str]] = []
        with self.engine.connect() as connection:
            for some in portions(paths):
                query = select(articles.c.published, articles.c.title).where(
                    articles.c.path.in_(some)
                )
                found += [(row.published, row.title) for row in connection.execute(query)]
        return [title for _, title in sorted(found, reverse=True)[:count]]

    def month(self, section: str, month: str) -> list[Row[Any]]:
        """Return a section's articles of a month such as 2021-12 in the same way, newest first."""
        with self.engine.connect() as connection:
            return list(connection.execute(_listed(section).where(_within(month))))

    def month_size(self, section: str, month: str) -> int:
        """Return how many articles a section has of a month."""
        counted = select(func.count()).where(listings.c.section == section, _within(month))
        with self.engine.connect() as connection:
            return connection.scalar(counted) or 0

    def months(self, section: str, digits: int = len("2021-12")) -> list[str]:
        """Return the months in which a section has articles, newest first; with 4 digits the years."""
        found, month = [], _AFTER_ALL
        with self.engine.connect() as connection:
            while time := connection.scalar(_NEWEST_BEFORE, {"section": section, "time": month}):
                month = time[:digits]
                found.append(month)
        return found


def _listed(section: str) -> Select[Any]:
    shown = select(*(articles.c[name] for name in SHOWN))
    return _newest_first(shown.join(listings, listings.c.article == articles.c.id), section)


def _newest_first(query: Select[Any], section: str) -> Select[Any]:
    mine = listings.c.section == section, listings.c.published.is_not(None)
    return query.where(*mine).order_by(listings.c.published.desc(), listings.c.article.desc())


def _within(month: str) -> ColumnElement[bool]:
    times = listings.c.published
    return (times >= month) & (times <= f"{month}~")  # "~" sorts after "-"


def _months() -> Select[Any]:
    return select(func.substr(listings.c.published, 1, 7)).where(listings.c.published.is_not(None))
