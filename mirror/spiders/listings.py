"""What the spiders share that read listings: asking for a page and waiting for its answer."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from parsel import Selector
from scrapy import signals
from scrapy.http import TextResponse

from mirror.archive.belonging import Belonging
from mirror.archive.listing_pages import Copy, ListingPage
from mirror.archive.placing import Placing
from mirror.content.selecting import selector_of
from mirror.engine.components import request_of
from mirror.engine.ending import is_ending
from mirror.errors import ArgumentError, ListingError, ListingPageError, PostponedError
from mirror.quality.responses import damage, hindrance
from mirror.sites import Site, get_site
from mirror.spiders.base import MirrorSpider, describe

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response
    from twisted.python.failure import Failure
    from typing_extensions import Self

    from mirror.items import Link

GONE_STATUSES = (404, 410)
NO_CACHE_HEADERS = {"Cache-Control": "no-cache"}  # pages of different ages would not join

_ANSWERS = [304, *GONE_STATUSES]  # beside 200 and what redirects
_BLANKS = "\ufeff \t\r\n"
_BEGINNING_CHARACTERS = 20_000
_FEED_RE = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_MARKUP_RE = re.compile(r"<(?:!doctype html|html|head|body|div|ul|table)\b", re.IGNORECASE)


class ListingSpider(MirrorSpider):
    """Reads listing pages, one after the other or side by side, while articles are fetched."""

    belonging: Belonging

    def __init__(self, edition: str | None = None, **others: str):
        """`edition` is that of the site whose listings are read. Raises ArgumentError."""
        super().__init__(**others)
        if edition is not None:
            self.site = _in_edition(self.site, edition)
        self.placing = Placing(self.site)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.belonging = Belonging(spider.database)
        crawler.signals.connect(spider.request_dropped, signals.request_dropped)
        return spider

    async def ask(
        self, url: str, headers: Mapping[str, str] | None = None, **meta: Any
    ) -> Response:
        """Return the answer to a request: 200, 304 or that it is gone.

        Raises ListingPageError for any other answer, ListingError if the crawl is being ended.
        """
        if is_ending(self.crawler):
            raise ListingError("the crawl is being ended")
        answer = asyncio.get_running_loop().create_future()
        request = self.request(
            url,
            callback=self.answered,
            errback=self.not_answered,
            cb_kwargs={"answer": answer},
            headers=headers,
            priority=1,
            meta={"handle_httpstatus_list": _ANSWERS, **meta},
        )
        self.crawler.engine.crawl(request)
        return await answer

    def answered(self, response: Response, answer: asyncio.Future[Response]) -> None:
        """Hand an answer to what waits for it."""
        if not answer.done():
            answer.set_result(response)

    def not_answered(self, failure: Failure) -> None:
        """Say to what waits for an answer why there is none."""
        kind = ListingError if failure.check(PostponedError) else ListingPageError
        self._reject(request_of(failure), kind(describe(failure)))

    def request_dropped(self, request: Request) -> None:
        """Say to what waits for an answer that the scheduler does not take the request."""
        self._reject(request, ListingError("another worker reads the listings"))

    def _reject(self, request: Request, error: ListingError) -> None:
        answer = request.cb_kwargs.get("answer")
        if answer is not None and not answer.done():
            answer.set_exception(error)

    async def listing_page(
        self, section: str, number: int, headers: Mapping[str, str] | None = None
    ) -> tuple[ListingPage | None, Response]:
        """Return a listing page, None if there is none of that number, and the answer it is made of.

        Raises ListingPageError if it is not what it should be, ListingError if the crawl is being
        ended.
        """
        url = self.site.page_url(section, number)
        response = await self.ask(url, headers)
        is_other = number > 1 and urlsplit(response.url).path != urlsplit(url).path
        if response.status in GONE_STATUSES or is_other:
            return None, response
        page = self._shown(response, section, number)
        if number == 1:
            await self._check_section(section, page, headers)
        return (page if page.links or number == 1 else None), response

    def check_feed(self, section: str, ids: Sequence[str], sections: frozenset[str]) -> None:
        """Raise ListingPageError if a feed, by its articles and what it says, is another section's."""
        if doubt := self.belonging.doubt(section, ids, sections):
            self._believe_or_raise(section, doubt)
        else:
            self.belonging.confirm(section)

    async def _check_section(
        self, section: str, page: ListingPage, headers: Mapping[str, str] | None
    ) -> None:
        """Raise ListingPageError if a first page is another section's. A section that nothing is known
        of may show another one's pages: then the second one says the same."""
        doubt = self.belonging.doubt(section, page.ids, page.sections)
        if not doubt:
            self.belonging.confirm(section)
        elif self.frontier.knows(section) or not page.has_next:
            self._believe_or_raise(section, doubt)
        else:
            second, _ = await self.listing_page(section, 2, headers)
            if second is None or second.sections != page.sections or second.ids == page.ids:
                self._believe_or_raise(section, doubt)

    def _believe_or_raise(self, section: str, doubt: str) -> None:
        """Raise ListingPageError, unless the doubt is so old that it is none."""
        if self.is_plan or not self.belonging.believe(section):
            raise ListingPageError(doubt)

    async def listing_page_again(
        self, section: str, page: ListingPage, headers: Mapping[str, str]
    ) -> ListingPage | None:
        """Return a page that was read before as it is now, with headers that may name its version."""
        response = await self.ask(self.site.page_url(section, page.number), headers)
        if response.status == 304 and "If-None-Match" in headers:
            return page
        if response.status in GONE_STATUSES:
            return None
        again = self._shown(response, section, page.number)
        return again if again.links else None

    def _shown(self, response: Response, section: str, number: int) -> ListingPage:
        if trouble := wrong_kind(response, "listing") or damage(response, self.site.endings):
            raise ListingPageError(trouble)
        assert isinstance(response, TextResponse)
        try:
            selector = selector_of(response.text)
            page = ListingPage.shown(self.site, selector, number, copy_of(response.headers))
            mistake = self.placing.mistake(section, page, self.site.next_page(selector))
        except Exception as error:  # whatever a page does to the parser, it is that page's trouble
            raise ListingPageError(f"unreadable, {type(error).__name__}: {error}") from error
        if not page.links and (trouble := hindrance(response)):
            raise ListingPageError(trouble)
        if mistake:
            raise ListingPageError(mistake)
        return page


class SectionPages:
    """A section's listing pages, as a walk reads them."""

    def __init__(self, spider: ListingSpider, section: str):
        self.spider = spider
        self.section = section

    async def read(self, number: int) -> ListingPage | None:
        """Return a page as it is now, past any cache; None if there is none of that number."""
        page, _ = await self.spider.listing_page(self.section, number, NO_CACHE_HEADERS)
        return page

    async def read_again(self, page: ListingPage) -> ListingPage | None:
        """Return a page that was read before as it is now."""
        etag = page.copy.etag
        known = {"If-None-Match": etag} if etag else {}
        return await self.spider.listing_page_again(
            self.section, page, {**NO_CACHE_HEADERS, **known}
        )


def _in_edition(site: Site, edition: str) -> Site:
    """Return a site with the listings of one of its editions. Raises ArgumentError."""
    if edition not in site.editions:
        allowed = f"must be one of {', '.join(site.editions)}" if site.editions else "has none"
        raise ArgumentError("edition", edition, f"{site.name}: {allowed}")
    return get_site(site.name, "", edition)


def wrong_kind(response: Response, wanted: str) -> str:
    """Return what a response is in place of a listing or a feed, by what it holds and whatever type
    it claims; empty if it may be one."""
    if response.status == 304:
        return "HTTP 304 to a request without a condition"
    if not isinstance(response, TextResponse):
        return f"not a text where a {wanted} should be"
    beginning = response.text.lstrip(_BLANKS)[:_BEGINNING_CHARACTERS]
    if beginning[:1] in ("{", "["):
        return f"JSON where a {wanted} should be"
    is_feed, is_page = _FEED_RE.search(beginning), _MARKUP_RE.search(beginning)
    if wanted == "feed" and beginning and not is_feed:
        return hindrance(response) or "no feed where a feed should be"
    if wanted == "listing" and beginning and not is_page:
        what = "XML" if beginning.startswith("<?xml") or is_feed else "no page"
        return f"{what} where a listing should be"
    return ""


def shown_by_feed(response: Response, site: Site) -> tuple[list[Link], frozenset[str]]:
    """Return the articles of a feed, whatever type the response claims, and the sections that it may be
    of by what it says. Raises ListingPageError."""
    if trouble := wrong_kind(response, "feed") or damage(response, site.endings):
        raise ListingPageError(trouble)
    assert isinstance(response, TextResponse)
    try:
        feed = Selector(response.text.lstrip(_BLANKS), type="xml")
        return site.feed_links(feed), site.sections_of(feed)
    except Exception as error:  # whatever a feed does to the parser, it is that feed's trouble
        raise ListingPageError(f"unreadable, {type(error).__name__}: {error}") from error


def copy_of(headers: Headers) -> Copy:
    """Return which copy of a page an answer is (RFC 9111, 5.1: Age)."""
    age = (headers.get("Age") or b"").decode("latin-1").strip()
    etag = (headers.get("ETag") or b"").decode("latin-1")
    seconds = float(age) if age.isascii() and age.isdigit() else 0.0
    return Copy(time.monotonic() - seconds, _dated(headers), etag)


def _dated(headers: Headers) -> float:
    try:
        return parsedate_to_datetime((headers.get("Date") or b"").decode("latin-1")).timestamp()
    except (ValueError, TypeError, OverflowError):
        return 0.0
