"""Rebuilding the database from a published tree, as far as its pages and indexes tell."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sqlalchemy import Connection, Table, select, update

from mirror.config.page_paths import HOME, ID_PATTERN
from mirror.content.article_links import articles_linked, unlinked
from mirror.errors import UnreadableError
from mirror.items import Link
from mirror.pages.index_paths import index_at
from mirror.pages.signposts import is_signpost
from mirror.pages.tree import Tree
from mirror.recovery.dating import publication_times
from mirror.recovery.reading import Origin, PageReader, origin
from mirror.store.closed_homes import old_addresses
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import WITHDRAWN, frontier
from mirror.store.near_duplicates import note_near_duplicates
from mirror.store.rows import whole_row
from mirror.store.schema import adopted, articles, insert_new, links, listings

if TYPE_CHECKING:
    from mirror.items import ArticleItem

# What is not named like a page need not be one.
_PAGE_RE = re.compile(rf"(?:.*[^A-Za-z0-9])?{ID_PATTERN}(?:\D[^/]*)?\.md")
_SECTION = "other"  # of a page that neither its path nor an index gives one
_LINK_RE = re.compile(r"""(?:\]\(|href=["'])([^()"'\s]+)""")


@dataclass(frozen=True, slots=True)
class Page:
    """Where an article's page is and when it was published, as far as the page tells."""

    path: str
    published: datetime
    is_known: bool  # to the database


@dataclass(slots=True)
class Adoption:
    """What came of adopting a tree."""

    adopted: int = 0
    known: int = 0
    copies: int = 0  # further pages of an article, as the predecessor made them
    unreadable: int = 0


@dataclass(slots=True)
class _Survey:
    """What a tree holds, in the order of its files."""

    pages: dict[str, Page] = field(default_factory=dict)  # by article
    sections: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ids: dict[str, str] = field(default_factory=dict)  # by path, copies included
    lost: dict[str, Origin] = field(default_factory=dict)  # articles of unreadable pages


class Adopter:
    """Goes through the tree twice: to see what there is, then to store it; holds one page at a
    time. Articles that the database knows stay as they are."""

    def __init__(self, database: Database, tree: Tree, reader: PageReader):
        self.database = database
        self.tree = tree
        self.reader = reader
        self.done = Adoption()
        self.old_ids = old_addresses(database)
        self.frontier = Frontier(database)

    def adopt(self, warn: Callable[[str, str], None]) -> Adoption:
        """Store what the tree holds, in one transaction; call `warn` with the path of each page
        that cannot be read, and why."""
        survey = self._survey(warn)
        hints = {article: page.published for article, page in survey.pages.items()}
        times = publication_times(hints, self._months(survey))
        with self.database.engine.begin() as connection:
            for article in sorted(times, key=lambda article: (times[article], article)):
                if survey.pages[article].is_known:
                    self._list_known(connection, article, survey.sections[article])
                else:
                    item = self._item(survey, article, times[article])
                    self._store(connection, item, survey.sections[article])
            for article, lost in survey.lost.items():
                if article not in survey.pages:
                    self._insert(connection, frontier, lost._asdict())
                    self._list(connection, article, "", survey.sections[article])
        return self.done

    # ---- what there is

    def _survey(self, warn: Callable[[str, str], None]) -> _Survey:
        survey = _Survey()
        for path in self.tree.files():
            if not path.endswith(".md") or path == HOME or path.startswith("indexes/"):
                continue
            try:
                content = self.tree.read(path) or b""
                self._note(survey, self.reader.read(path, content))
            except UnreadableError as error:
                if _PAGE_RE.fullmatch(path) and not is_signpost(content):
                    self.done.unreadable += 1
                    warn(path, str(error))
                    self._note_lost(survey, path, content)
        return survey

    def _note(self, survey: _Survey, item: ArticleItem) -> None:
        if self.frontier.states([Link(item.id, item.url, "")]) == {WITHDRAWN}:
            raise UnreadableError("its article was withdrawn by the operator: remove this file")
        survey.ids[item.path] = item.id
        survey.sections[item.id].append(item.section)
        if item.id in survey.pages:
            self.done.copies += 1
            return
        known = self.database.place(item.id)
        published = datetime.fromisoformat(known.published) if known else item.published
        survey.pages[item.id] = Page(item.path, published, known is not None)
        self.done.known += known is not None

    def _note_lost(self, survey: _Survey, path: str, content: bytes) -> None:
        if (lost := origin(path, content)) and self.database.place(lost.article) is None:
            survey.lost[lost.article] = lost
            survey.ids[path] = lost.article
            survey.sections[lost.article].append(lost.section)

    def _months(self, survey: _Survey) -> Iterator[tuple[str, list[str]]]:
        """Yield what each month's index lists, the oldest article first; note the sections."""
        found = filter(None, map(index_at, self.tree.files()))
        pages = sorted((i for i in found if i.month), key=lambda i: (*i[:2], i.number or inf))
        for (section, month), indexes in groupby(pages, key=lambda index: index[:2]):
            oldest_first = [id for i in indexes for id in self._listed(i.path, survey)[::-1]]
            listed = list(dict.fromkeys(oldest_first))
            for article in listed:
                survey.sections[article].append(section)
            yield month, [article for article in listed if article in survey.pages]

    def _listed(self, index: str, survey: _Survey) -> list[str]:
        text = (self.tree.read(index) or b"").decode("utf-8", "replace")
        targets = (_resolved(index, link) for link in _LINK_RE.findall(text))
        return list(dict.fromkeys(survey.ids[t] for t in targets if t in survey.ids))

    # ---- storing it

    def _item(self, survey: _Survey, article: str, published: datetime) -> ArticleItem:
        page = survey.pages[article]
        item = self.reader.read(page.path, self.tree.read(page.path) or b"")
        markdown = unlinked(
            item.markdown,
            lambda link: (
                survey.ids.get(_resolved(page.path, link)) or self.old_ids.get(unquote(link))
            ),
        )
        section = next(filter(None, survey.sections[article]), _SECTION)
        return replace(item, section=section, published=published, adopted=markdown)

    def _store(self, connection: Connection, item: ArticleItem, sections: list[str]) -> None:
        """Store an article as published and not to be fetched; its page and indexes are there."""
        state = "gone" if item.removed else "published"
        row = {"article": item.id, "url": item.url, "section": item.section}
        self._insert(connection, frontier, row | {"state": state, "due": None})
        self._insert(connection, articles, whole_row(item))
        if not item.body:
            self._insert(connection, adopted, {"article": item.id, "markdown": item.adopted})
        for target in articles_linked(item.adopted):
            self._insert(connection, links, {"source": item.id, "target": target})
        note_near_duplicates(connection, [item])
        self._list(connection, item.id, item.title, [item.section, *sections])
        own = listings.c.article == item.id
        connection.execute(update(listings).where(own).values(published=item.published.isoformat()))
        self.done.adopted += 1

    def _list_known(self, connection: Connection, article: str, sections: list[str]) -> None:
        """List a known article in the sections whose indexes have it, which the database may not know: it was
        put back from a backup, say."""
        own = listings.c.article == article
        rows = connection.execute(select(listings).where(own)).mappings().all()
        missing = {*filter(None, sections)} - {row["section"] for row in rows}
        for section in sorted(missing) if rows else ():
            self._insert(connection, listings, {**rows[0], "section": section})

    def _list(
        self, connection: Connection, article: str, title: str, sections: Iterable[str]
    ) -> None:
        for section in filter(None, sections):
            row = {"section": section, "article": article, "title": title}
            self._insert(connection, listings, row)

    def _insert(self, connection: Connection, table: Table, row: Mapping[str, object]) -> None:
        connection.execute(insert_new(self.database.engine, table), row)


def _resolved(page: str, link: str) -> str:
    """Return the path that a relative link on a page leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(link)))
