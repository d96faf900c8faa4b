"""Comparing what is published with the database, and mending what differs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mirror.pages.advance import advance
from mirror.pages.indexing import all_indexes
from mirror.pages.ledger import relist
from mirror.pages.signposts import signpost_files
from mirror.pages.tree import TEMPORARY, Tree, page_files
from mirror.store.closed_homes import count_here
from mirror.store.frontier import Frontier

if TYPE_CHECKING:
    from mirror.pages.feeds import Feeds
    from mirror.pages.page_maker import PageMaker
    from mirror.store.database import Database

_LINK_RE = re.compile(r"\]\(([^():\s]+\.md)\)")
_ID_RE = re.compile(r"(?<![A-Za-z0-9])[a-z]+\d+(?!\d)")  # of an article, in the name of its page


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be; `content` is what a file should hold, if it can be
    said, and `mend` what else to do about it."""

    kind: str  # missing, altered, dead link, half-written, unlisted, lost or foreign
    path: str
    content: bytes | None = None
    mend: Callable[[], None] | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.path}"


class Verifier:
    """Goes through the database, then through the tree; holds some articles at a time."""

    def __init__(
        self,
        database: Database,
        tree: Tree,
        maker: PageMaker,
        feeds: Feeds,
    ):
        self.database = database
        self.frontier = Frontier(database)
        self.tree = tree
        self.maker = maker
        self.feeds = feeds

    def differences(self) -> Iterator[Difference]:
        """Yield what differs between database and tree."""
        for article in self.database.unlisted():
            yield Difference("unlisted", article, mend=partial(relist, self.database, article))
        done, total = 0, count_here(self.database)
        for count, found in self.maker.for_all(self._of_pages):
            done += count
            advance("pages", done, total)
            yield from found
        known = set()
        for path, content in all_indexes(self.database, self.maker.renderer, self.feeds):
            known.add(path)
            yield from self._compare(path, content)
        posts = dict(signpost_files(self.database))
        for path, content in posts.items():
            yield from self._compare(path, content)
        for path in self.tree.files():
            if path not in posts and path not in known:
                yield from self._unexpected(path)

    def _of_pages(self, ids: list[str]) -> tuple[int, list[Difference]]:
        """Return how many articles they are, and what differs in their pages."""
        made = self.maker.make_all(self.database.stored(ids))
        files = (file for page in made for file in page_files(page))
        return len(ids), [found for file in files for found in self._compare(*file)]

    def repair(self, difference: Difference) -> bool:
        """Mend a difference; tell whether that was possible. Raises OSError."""
        if difference.mend:
            difference.mend()
        elif difference.content is not None:
            self.tree.write(difference.path, difference.content)
        return bool(difference.mend) or difference.content is not None

    def _compare(self, path: str, content: bytes) -> Iterator[Difference]:
        there = self.tree.read(path)
        if there is None:
            yield Difference("missing", path, content)
        elif there != content:
            yield Difference("altered", path, content)
            if path.endswith(".md"):
                yield from self._dead_links(path, there.decode("utf-8", "replace"))

    def _dead_links(self, path: str, text: str) -> Iterator[Difference]:
        for link in dict.fromkeys(_LINK_RE.findall(text)):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
            if self.tree.read(target) is None:
                yield Difference("dead link", f"{path} -> {target}", mend=_with_its_page)

    def _unexpected(self, path: str) -> Iterator[Difference]:
        """Tell of a file that is in the tree and in nobody's book. Pages are never removed here:
        they may be all that is left of an article (see `scrapy adopt`)."""
        ids, page = _ID_RE.findall(posixpath.basename(path)), path.removesuffix(".png")
        if path.endswith(TEMPORARY):
            yield Difference("half-written", path, mend=(self.tree.folder / path).unlink)
        elif "/" not in path:
            return  # licences and the like are the operator's
        elif not any(self.database.path(article) == page for article in ids):
            lost = [a for a in ids if self.frontier.has(a) and self.database.place(a) is None]
            mend = (lambda: self.frontier.renew(lost[0])) if lost else None
            yield Difference("lost" if lost else "foreign", path, mend=mend)


def _with_its_page() -> None:
    """A dead link is mended with the altered page that it stands in."""
