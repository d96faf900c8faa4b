"""A second look, before a run is called hollow again for what the run before was called hollow for.

Articles that are stored and have the field are fetched once more. Where they still have it, and the pages
that lack it are marked up as theirs are, the site gives what it gave before: what is missing is missing
in these articles, not in what is read of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from scrapy import Request
from scrapy.http import TextResponse
from sqlalchemy import select

from mirror.errors import NotAnArticleError, RetryLaterError
from mirror.quality.features import GIVEN, LENGTH, features, kept
from mirror.quality.observer import ALL
from mirror.quality.reading import article_in
from mirror.store.schema import articles

if TYPE_CHECKING:
    from collections.abc import Collection

    from scrapy.crawler import Crawler

    from mirror.items import ArticleItem
    from mirror.quality.observer import Finding
    from mirror.sites import Site
    from mirror.store.database import Database

_MAX_CONTROLS = 8  # articles looked at again
_MIN_CONTROLS = 4  # of those that could be fetched
_MAX_CANDIDATES = 60  # of the newest articles of a section
_MARK_RE = re.compile(r"""\b(?:class|id|itemprop|rel|property)=["']?([^"'>]+)""", re.IGNORECASE)
_NUMBER_RE = re.compile(r"\d+")


class Suspect(NamedTuple):
    """A page that lacks something, and what is the article in it; "" if none was found."""

    article: str
    page: bytes
    body: str


class Asking(Protocol):
    """What is needed of a spider."""

    site: Site

    def request(self, url: str) -> Request:
        """Return a request for an address of the site."""


class Reexamination:
    """Looks at articles again whose fields are known."""

    def __init__(self, crawler: Crawler, database: Database):
        self.crawler = crawler
        self.database = database

    @property
    def _spider(self) -> Asking:
        return cast(Asking, self.crawler.spider)

    async def is_as_before(
        self, finding: Finding, suspects: Collection[Suspect], apart: Collection[str]
    ) -> bool:
        """Whether the site gives what it gave before: the stored articles that have a field still have
        it, and the pages that lack it are marked up alike. Those seen in this run stay apart."""
        marks: set[str] = set()
        seen = 0
        for former in self._controls(finding, apart):
            response = await self._fetch(former)
            if response is None:
                continue
            item = self._read(response, former)
            if item is None or not _has(item, former, finding.field):
                return False
            marks |= _marks(response.text, item.body)
            seen += 1
        return seen >= _MIN_CONTROLS and _are_alike(suspects, marks)

    def _controls(self, finding: Finding, apart: Collection[str]) -> Iterator[ArticleItem]:
        """Yield the newest stored articles that have the field."""
        query = select(articles.c.id).where(articles.c.removed.is_(False))
        if finding.section != ALL:
            query = query.where(articles.c.section == finding.section)
        query = query.order_by(articles.c.published.desc()).limit(_MAX_CANDIDATES)
        ids = [id for id in self.database.reading.scalars(query) if id not in apart]
        known = (item for item in self.database.stored(ids) if not item.adopted)
        newest = sorted(known, key=lambda item: item.published, reverse=True)
        having = (item for item in newest if _has(item, item, finding.field))
        yield from [item for item, _ in zip(having, range(_MAX_CONTROLS), strict=False)]

    async def _fetch(self, article: ArticleItem) -> TextResponse | None:
        """Return an article's page as it is now, None if it cannot be had."""
        try:
            request = self._spider.request(article.url)
            response = await self.crawler.engine.download_async(request)
        except Exception:  # whatever it is, it says nothing of the markup
            return None
        is_there = response.status == 200
        return response if is_there and isinstance(response, TextResponse) else None

    def _read(self, response: TextResponse, former: ArticleItem) -> ArticleItem | None:
        try:
            return article_in(response, self._spider.site, former.id, former.url)
        except (NotAnArticleError, RetryLaterError):
            return None


def _has(item: ArticleItem, former: ArticleItem, field: str) -> bool:
    if field in GIVEN:
        return bool(features(item)[field])
    return field != LENGTH or kept(item, former)[LENGTH].is_there


def _are_alike(suspects: Iterable[Suspect], marks: set[str]) -> bool:
    """Whether most of some pages have no marks but these."""
    strange = [
        bool(_marks(one.page.decode(errors="replace"), one.body) - marks) for one in suspects
    ]
    return 2 * sum(strange) < len(strange)


def _marks(page: str, body: str) -> set[str]:
    """Return the names by which a page marks its parts, those within the article left out."""
    return _names(page) - _names(body)


def _names(html: str) -> set[str]:
    found = (_NUMBER_RE.sub("0", value) for value in _MARK_RE.findall(html))
    return {name for value in found for name in value.split()}
