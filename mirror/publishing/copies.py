"""The tree as it is at another home: the same pages, with links, indexes and QR codes of that home.

A copy is made inside of Git, from the database, of the files that changed in the tree since it was
made last; no second folder is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import select

from mirror.config.page_paths import HOME
from mirror.pages.advance import advance
from mirror.pages.feeds import HOME_FEED, Feeds
from mirror.pages.home import home_page
from mirror.pages.index_paths import index_at, is_index
from mirror.pages.indexing import month_pages, section_page
from mirror.pages.qr import qr_png
from mirror.publishing.removals import ARTICLE_RE, article_of
from mirror.store.frontier_table import frontier

if TYPE_CHECKING:
    from mirror.pages.page_maker import PageMaker
    from mirror.pages.rendering import Renderer
    from mirror.publishing.repository import Change, Repository
    from mirror.store.database import Database

REFERENCES = "refs/copies"


class Copier:
    """Brings copies up to date."""

    def __init__(
        self, repository: Repository, database: Database, feeds: int = 0, script: str = ""
    ):
        """`feeds` is how many articles a feed holds, `script` that of the tree."""
        self.repository = repository
        self.database = database
        self.feeds, self.script = feeds, script
        self.unsettled: set[str] = set()

    def copy(self, head: str, maker: PageMaker) -> str:
        """Return the tree of the copy of a commit, with pages as `maker` makes them."""
        reference = self.reference(maker.renderer.public_url, maker.renderer.script)
        kept, seen = f"{reference}/tree", f"{reference}/seen"
        tree, before = self.repository.find(kept), self.repository.find(seen)
        changes = self.repository.changes(before, head)
        if not changes:
            return tree
        waiting: list[Change] = []
        self.unsettled = self._unsettled()
        tree = self.repository.import_tree(tree, self._files(maker, changes, waiting))
        self.repository.update({kept: tree, seen: self._without(head, waiting)})
        return tree

    def reference(self, public_url: str, script: str) -> str:
        """Return where the references of the copy for a public address in a script are."""
        other = f"\n{script}" if script != self.script else ""
        return f"{REFERENCES}/{sha256(f'{public_url}{other}'.encode()).hexdigest()[:16]}"

    def has_copy(self, public_url: str, script: str) -> bool:
        """Whether a copy for a public address in a script was made before."""
        return bool(self.repository.references(self.reference(public_url, script)))

    def forget(self, wanted: tuple[str, ...]) -> None:
        """Drop the copies that have other references than these."""
        found = self.repository.references(REFERENCES)
        self.repository.update({name: "" for name in found if not name.startswith(wanted)})

    def _files(
        self, maker: PageMaker, changes: list[Change], waiting: list[Change]
    ) -> Iterator[tuple[str, str, bytes | None]]:
        for done, change in enumerate(changes):
            advance(f"copy for {maker.renderer.public_url}", done, len(changes))
            path = change.path
            if change.kind == "D":
                yield path, "", None
            elif not self.unsettled.isdisjoint(ARTICLE_RE.findall(path)):
                waiting.append(change)
            elif content := self._content(maker, path):
                yield path, "", content
            else:
                yield path, change.blob, None  # not of the mirror's making: as it is

    def _content(self, maker: PageMaker, path: str) -> bytes | None:
        """Return what a file holds at the maker's home, None if it is the same everywhere."""
        renderer = maker.renderer
        page = path.removesuffix(".png")
        if page == HOME:
            return dict(home_page(self.database, renderer))[path]
        if path.startswith("feeds/"):
            return self._feed(maker, path)
        if path.startswith("indexes/"):
            return self._index(renderer, page, path)
        article = article_of(self.database, page)
        if not article:
            return None
        if path != page:
            return qr_png(renderer.address(page))
        pages = maker.make_all(self.database.stored([article]))
        return next((item.page.encode() for item in pages), None)

    def _index(self, renderer: Renderer, page: str, path: str) -> bytes | None:
        """Return what is at a path: an index page, or its QR code."""
        found = index_at(page)
        if found is None or not is_index(self.database, page):
            return None
        if found.month:
            files = month_pages(self.database, renderer, found.section, found.month)
        else:
            files = section_page(self.database, renderer, found.section)
        return dict(files).get(path)

    def _feed(self, maker: PageMaker, path: str) -> bytes | None:
        name = path.removeprefix("feeds/").rpartition(".")[0]
        section = HOME_FEED if name == "home" else name
        return dict(Feeds(maker, self.feeds).files(section)).get(path)

    def _unsettled(self) -> set[str]:
        """Return the articles whose page a killed run may have written without writing down the
        article, so that the database does not know it yet, or an older version."""
        query = select(frontier.c.article).where(frontier.c.taken.is_not(None))
        return set(self.database.reading.scalars(query))

    def _without(self, head: str, waiting: list[Change]) -> str:
        """Return what a copy has seen: a commit, or its tree without the changes that wait."""
        if not waiting:
            return head
        before = ((c.path, c.was if c.kind == "M" else "", None) for c in waiting)
        return self.repository.import_tree(self.repository.tree(head), before)
