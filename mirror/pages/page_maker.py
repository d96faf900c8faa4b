"""The one way a page is made: from an article as its site gave it to Markdown, QR code and page.

What a step needs is loaded with its first article: most runs of a day find none or few.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from mirror.errors import MirrorError, RefusedError
from mirror.items import ArticleItem, replace
from mirror.pages.below import Below
from mirror.pages.page_links import PageLinks
from mirror.pages.qr import qr_png
from mirror.pages.rendering import Entry, Renderer, section_name
from mirror.pages.tree import page_files
from mirror.sites import get_site
from mirror.store.database import open_database
from mirror.store.near_duplicates import near_duplicates_of
from mirror.store.neighbours import neighbours, placed

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.pages.tree import Tree
    from mirror.store.database import Database

logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_PORTION_ARTICLES = 200  # that one of several processes takes at a time
_TOGETHER = 32  # articles that pass the steps together
_MAX_PAGE_CHARACTERS = 650_000  # of up to 3 bytes each, and GitHub shows Markdown up to 2 MB


class PageMaker:
    """Makes pages with one theme, for one public address; each step adds its part to the article."""

    def __init__(self, database: Database, renderer: Renderer, processes: int = 1):
        """`processes` may share what is to be done for all articles."""
        self.database = database
        self.renderer = renderer
        self.processes = processes
        self.below = Below(database, renderer)

    @classmethod
    def from_options(cls, options: Options) -> PageMaker:
        """Return the maker of the pages that the operator has set."""
        processes = options.workers or os.cpu_count() or 1
        return cls(open_database(options.database_url), Renderer.from_options(options), processes)

    def make(self, item: ArticleItem) -> ArticleItem:
        """Return a stored article with its page. Raises RefusedError."""
        for step in self._steps:
            item = step(item)
        return item

    def make_all(self, items: Iterable[ArticleItem]) -> Iterator[ArticleItem]:
        """Yield stored articles with their pages; one that is refused by now is reported and left out.

        Some pass a step before the first of them passes the next, see mirror.crawl.item_processor.
        """
        rest = iter(items)
        while made := list(islice(rest, _TOGETHER)):
            for step in self._steps:
                made = list(_passed(step, made))
            yield from made

    @property
    def _steps(self) -> tuple[Callable[[ArticleItem], ArticleItem], ...]:
        return self.clean, self.markdown, self.qr, self._render_stored

    def for_all(
        self, work: Callable[[list[str]], _Result], portions: Iterable[list[str]] | None = None
    ) -> Iterator[_Result]:
        """Yield what comes of some work on the ids of articles, some at a time and in order: of all that
        have a page here, or of the portions given. Several processes share it."""
        from mirror.pages.parallel import in_order  # a crawl does without

        portions = self.database.ids(_PORTION_ARTICLES) if portions is None else portions
        return in_order(work, portions, self.processes, self.database.reopen)

    def write(self, tree: Tree, ids: list[str]) -> int:
        """Make the pages of stored articles and write them; return how many. Raises OSError."""
        made = list(self.make_all(self.database.stored(ids)))
        tree.write_all(file for item in made for file in page_files(item))
        return len(made)

    def clean(self, item: ArticleItem) -> ArticleItem:
        """Reduce the body to the article: safe HTML, links decided. Raises RefusedError."""
        site = get_site(item.site)
        links = PageLinks(site, item.url, item.path, self.database.path)
        if item.adopted:
            from mirror.content.article_links import linked

            markdown = linked(item.adopted, links.page)
            return replace(item, markdown=markdown, links=tuple(links.targets))
        from mirror.content.cleaning import clean

        try:
            html = clean(item.body, item.url, site.junk, links, item.title)
        except MirrorError as error:
            raise RefusedError(str(error)) from None
        if not html and not item.lead_image:
            raise RefusedError("empty body")
        return replace(item, html=html, links=tuple(links.targets))

    def markdown(self, item: ArticleItem) -> ArticleItem:
        """Turn the body into Markdown."""
        from mirror.content.markdown import to_markdown

        return item if item.adopted else replace(item, markdown=to_markdown(item.html))

    def qr(self, item: ArticleItem) -> ArticleItem:
        """Make the QR code of the page's own public address."""
        return replace(item, qr=qr_png(self.renderer.address(item.path)))

    def render(self, item: ArticleItem) -> ArticleItem:
        """Render the whole page with the theme, but for the links to its neighbours: these are put in when
        it is stored, see Below.led_on. Raises RefusedError."""
        return self._rendered(item, self.below.line(placed(item)))

    def _render_stored(self, item: ArticleItem) -> ArticleItem:
        """Render the whole page, which leads to the neighbours that there are."""
        place = placed(item)
        return self._rendered(item, self.below.line(place, neighbours(self.database, place)))

    def _rendered(self, item: ArticleItem, below: str) -> ArticleItem:
        page = self.renderer.article(item, self.renderer.also(self._others(item)), below)
        if len(page) > _MAX_PAGE_CHARACTERS:
            raise RefusedError("too long for GitHub to show")
        return replace(item, page=page)

    def _others(self, item: ArticleItem) -> list[Entry]:
        """Return those with a page of the articles that tell the same story."""
        others = near_duplicates_of(self.database, item.id)
        if not others:  # most have none, and each page asks
            return []
        links = PageLinks(get_site(item.site), item.url, item.path, self.database.path)
        found = ((row, links.page(row.id)) for row in others)
        return [
            Entry(row.title, link, datetime.fromisoformat(row.published), section_name(row.section))
            for row, link in found
            if link
        ]


def _passed(
    step: Callable[[ArticleItem], ArticleItem], items: Iterable[ArticleItem]
) -> Iterator[ArticleItem]:
    """Yield what a step makes of some articles; one that it refuses is reported and left out."""
    for item in items:
        try:
            yield step(item)
        except RefusedError as error:
            logger.error("No page of %(url)s: %(reason)s", {"url": item.url, "reason": error})
