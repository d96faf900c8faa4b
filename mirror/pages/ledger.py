"""Writing down what was published, some articles at a time: their files, then the database.

Having a file on the disk and a transaction each cost more than an article. What is not yet written
down when a run dies is still due in the frontier, and fetched again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Column, Connection, Select, bindparam, delete, select, text

from mirror.config.page_paths import page_path
from mirror.drops import Unchanged
from mirror.items import ArticleItem, replace
from mirror.pages.below import Below
from mirror.pages.rendering import Renderer
from mirror.pages.tree import Tree, page_files
from mirror.store.absences import forget_absences
from mirror.store.database import Database, open_database
from mirror.store.lookups import Lookup
from mirror.store.near_duplicates import note_near_duplicates
from mirror.store.neighbours import Beside, showing_neighbours
from mirror.store.retrying import retries
from mirror.store.rows import fingerprint, whole_row
from mirror.store.schedule import pause_before_check
from mirror.store.schema import (
    articles,
    do_many,
    elsewhere,
    insert_new,
    links,
    listings,
    mark_outdated,
    put,
    upsert,
    write_alone,
)

if TYPE_CHECKING:
    from mirror.config.options import Options

_Found = TypeVar("_Found")

_MAX_BATCH_ARTICLES = 32
_MAX_BATCH_SECONDS = 5

_SETTLE = text(
    "UPDATE frontier SET taken = :holder, reason = '', attempts = 0, batch = '', state = :now,"
    " due = :next, etag = :version, modified = :date,"
    " section = CASE WHEN section = '' OR :page = '' THEN section ELSE :page END WHERE article = :id"
)
_FORGET_ADOPTED = text("DELETE FROM adopted WHERE article = :article")
_FORGET_LINKS = text("DELETE FROM links WHERE source = :source")
_PLACE = text("UPDATE listings SET published = :time WHERE article = :id")


class _Known(NamedTuple):
    """What is known of an article that is stored."""

    id: str
    title: str
    published: str


class _Listed(NamedTuple):
    """An article in a section."""

    section: str
    article: str


def _among(query: Select[Any], column: Column[Any], found: Callable[..., _Found]) -> Lookup[_Found]:
    """Return a query for what has one of some `ids` in a column."""
    return Lookup(query.where(column.in_(bindparam("ids", expanding=True))).distinct(), found)


_KNOWN = _among(select(*(articles.c[name] for name in _Known._fields)), articles.c.id, _Known)
_ELSEWHERE = _among(select(elsewhere.c.article), elsewhere.c.article, str)
_SHOWING = _among(select(listings.c.section), listings.c.article, str)
_PLACES = _among(select(listings.c.section, listings.c.article), listings.c.article, _Listed)
_TO_STORED = select(links.c.source).join(articles, articles.c.id == links.c.target)
_FROM_STORED = select(links.c.source).join(articles, articles.c.id == links.c.source)
_LINKED = _among(_TO_STORED, links.c.source, str)  # link to stored ones, which another process may
# have stored after their pages were made
_LINKING = _among(_FROM_STORED, links.c.target, str)  # are stored and link to some


class Companion(Protocol):
    """Writes what belongs to a batch of articles together with them, or not at all."""

    def write(self, connection: Connection, articles: Collection[str]) -> None:
        """Write in the transaction that stores these articles; again if it comes to nothing."""

    def written(self) -> None:
        """Take notice of the end of that transaction."""


@retries
class Ledger:
    """Collects what became of articles; `flush` writes it down."""

    def __init__(self, database: Database, tree: Tree, below: Below | None = None):
        """`below` makes the lines that lead from page to page; without it they are made when all else
        is done."""
        self.database = database
        self.engine = database.engine
        self.tree = tree
        self.below = below
        self.published: dict[str, ArticleItem] = {}
        self.seen: list[dict[str, Any]] = []
        self.since = time.monotonic()
        self.companion: Companion | None = None  # what is written with the articles

    @classmethod
    def from_options(cls, options: Options) -> Ledger:
        """Return the ledger of the tree and the database that the operator has set."""
        database = open_database(options.database_url)
        below = Below(database, Renderer.from_options(options))
        return cls(database, Tree(options.output), below)

    def publish(self, item: ArticleItem) -> None:
        """Note an article whose page is made. Raises OSError, sqlalchemy.exc.DBAPIError."""
        self.published[item.id] = item
        self._see(item, "published")

    def unchanged(self, item: ArticleItem) -> None:
        """Note that an article was fetched and is published as it is."""
        self._see(item, "unchanged")

    def flush(self) -> None:
        """Write down all that was noted. Raises OSError, sqlalchemy.exc.DBAPIError; then what was
        noted is forgotten, and stays due."""
        published, seen = list(self.published.values()), self.seen
        self.published, self.seen, self.since = {}, [], time.monotonic()
        published, shown = self.below.led_on(published) if self.below else (published, {})
        self.tree.write_all(file for item in published for file in page_files(item))
        if seen:
            self.write_down(published, seen, shown)

    def write_down(
        self,
        published: list[ArticleItem],
        seen: list[dict[str, Any]],
        shown: Mapping[str, Beside] = {},
    ) -> None:
        """Store articles whose pages are on disk, as far as known with the neighbours that these have
        `shown`, and what became of all that were fetched."""
        with self.engine.begin() as connection:
            write_alone(connection)
            if self.database.own:
                mine = self.database.own(connection, [row["id"] for row in seen])
                published = [item for item in published if item.id in mine]
                seen = [row for row in seen if row["id"] in mine]
            if published:
                store(connection, self.database, published, shown)
            if seen:
                do_many(connection, _SETTLE, seen)
                forget_absences(connection, [row["id"] for row in seen])
            if self.companion:
                self.companion.write(connection, [row["id"] for row in seen])
        if self.companion:
            self.companion.written()

    def _see(self, item: ArticleItem, state: str) -> None:
        clock = self.database.clock
        pause = pause_before_check(item.published, item.title, clock.time)
        self.seen.append(
            {
                "id": item.id,
                "now": state,
                "next": None if pause is None else clock.after(pause),
                "holder": None if pause is None else clock.done,
                "version": item.etag or None,
                "date": item.modified or None,
                "page": item.section if state == "published" else "",
            }
        )
        if (
            len(self.seen) >= _MAX_BATCH_ARTICLES
            or time.monotonic() - self.since > _MAX_BATCH_SECONDS
        ):
            self.flush()


def placed(item: ArticleItem, database: Database, pattern: str) -> ArticleItem:
    """Return an article with the path of its page, for good. Raises Unchanged for one that is
    published as it is."""
    known = database.place(item.id)
    if known is None:
        return replace(item, path=page_path(pattern, item.section, item.id, item.published))
    if known.home or (known.fingerprint == fingerprint(item) and not known.removed):
        raise Unchanged(item)  # pages at an older home stay as they are
    return replace(item, path=known.path, section=known.section, is_update=True)


def store(
    connection: Connection,
    database: Database,
    items: list[ArticleItem],
    shown: Mapping[str, Beside] = {},
) -> None:
    """Store articles and mark what shows them or links to them as out of date; `shown` are the
    neighbours that their pages lead to, as far as known."""
    ids = [item.id for item in items]
    rows = {item.id: whole_row(item) for item in items}
    returned = _return(connection, ids)
    known = {row.id: row for row in _KNOWN.all(connection, ids=ids) if row.id not in returned}
    fresh = [{"article": item.id} for item in items if not item.adopted]
    do_many(connection, _FORGET_ADOPTED, fresh)
    put(connection, upsert(database.engine, articles), list(rows.values()))
    listed = [
        {"section": i.section, "article": i.id, "title": i.title, "published": None} for i in items
    ]
    put(connection, insert_new(database.engine, listings), listed)
    _link(connection, items)
    new = set(ids) - known.keys()
    stories = note_near_duplicates(connection, items)
    linking = {*_LINKING.all(connection, ids=sorted(new)), *_LINKED.all(connection, ids=ids)}
    linking |= stories
    times = {id: [row["published"]] for id, row in rows.items()}
    for row in known.values():
        times[row.id].append(row.published)
    retitled = {row.id for row in known.values() if row.title != rows[row.id]["title"]}
    retimed = {id for id in ids if id in new or len({*times[id]}) > 1}
    indexes = place(connection, {id: times[id] for id in retimed | retitled})
    pages = [("page", article) for article in sorted(linking)]
    mine = {id: shown[id] for id in retimed & shown.keys()}
    beside = showing_neighbours(connection, {id: times[id] for id in retimed}, mine)
    pages += [("below", article) for article in sorted({*beside})]
    texts = _sections(connection, known.keys() - retimed - retitled)  # feeds hold them
    mark_outdated(connection, database.engine, [*pages, *texts, *indexes])


def _sections(connection: Connection, ids: Collection[str]) -> list[tuple[str, str]]:
    """Return the sections that show some articles, as outputs."""
    return [("section", name) for name in _SHOWING.all(connection, ids=list(ids))]


def _return(connection: Connection, ids: list[str]) -> set[str]:
    """Note that articles have a page in the tree; return those that had none, though known."""
    returned = set(_ELSEWHERE.all(connection, ids=ids))
    if returned:
        connection.execute(delete(elsewhere).where(elsewhere.c.article.in_(ids)))
    return returned


def place(connection: Connection, moved: dict[str, list[str]]) -> Iterable[tuple[str, str]]:
    """Give articles their places in the indexes: id -> [publication time, former ones].

    Returns the indexes that are out of date by that.
    """
    if not moved:
        return set()
    do_many(connection, _PLACE, [{"id": i, "time": times[0]} for i, times in moved.items()])
    listed = _PLACES.all(connection, ids=list(moved))
    months = {("month", f"{section}/{t[:7]}") for section, id in listed for t in moved[id]}
    return sorted(months | {("section", section) for section, _ in listed})


def relist(database: Database, article: str) -> None:
    """Give a stored article the places in the indexes that it has lost."""
    known = database.place(article)
    if known is None:
        return
    row = {"section": known.section, "article": article, "title": known.title, "published": None}
    with database.engine.begin() as connection:
        write_alone(connection)
        connection.execute(insert_new(database.engine, listings), row)
        times = {article: [known.published]}
        outputs = place(connection, times)
        pages = [("below", id) for id in showing_neighbours(connection, times)]
        mark_outdated(connection, database.engine, [*outputs, *pages])


def _link(connection: Connection, items: list[ArticleItem]) -> None:
    do_many(connection, _FORGET_LINKS, [{"source": item.id} for item in items])
    rows = [{"source": item.id, "target": target} for item in items for target in item.links]
    if rows:
        connection.execute(links.insert(), rows)
