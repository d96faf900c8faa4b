"""scrapy crawl archive: back-fill by day of publication, or from files of addresses."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from sqlalchemy import Row

from mirror.archive.filling import Archive
from mirror.archive.intake import Intake
from mirror.archive.joining import ListingReader
from mirror.archive.locating import Listing, ListingPage
from mirror.archive.plans import Part, Plan, measure, polite_rate
from mirror.archive.ranges import Places, Span
from mirror.config.options import Options
from mirror.ending import is_ending
from mirror.errors import ArgumentError, ListingError, NotAnArticleError, RetryLaterError
from mirror.items import Link
from mirror.pages.tree import Tree
from mirror.quality.reading import article_in
from mirror.quality.responses import damage, hindrance, page_of
from mirror.sites.sections import section_ids
from mirror.spiders.base import DEFAULT_SITE, MirrorSpider, by_section, day, past_day, positive

_GONE_STATUSES = (404, 410)
_MAX_FILE_BYTES = 64 * 1024 * 1024  # of a file of addresses; sitemaps.org allows 50 MB
_NO_CACHE_HEADERS = {"Cache-Control": "no-cache"}  # pages of different ages would not join


class ArchiveSpider(MirrorSpider):
    """Brings addresses into the frontier and fetches them, those alone.

    One section is read after the other: as with `section`, their order decides where an article goes
    that stands in several of them.
    """

    name = "archive"
    arguments = ("id", "since", "until", "urls", "limit", "dry_run")

    def __init__(
        self,
        id: str = "",
        since: str | None = None,
        until: str | None = None,
        urls: str = "",
        limit: str | None = None,
        dry_run: str | None = None,
        **others: str,
    ):
        """See docs/archive.md for the arguments. Raises ArgumentError."""
        super().__init__(**others)
        self.today = datetime.now(self.site.timezone).date()
        self.since, self.until = past_day("since", since, self.site), day("until", until)
        self.limit, self.urls = positive("limit", limit), urls
        if urls:
            self._check_file(id)
        else:
            self._check_days(id)
        if dry_run not in (None, "1"):
            raise ArgumentError("dry_run", dry_run, "must be 1, or not be given")
        if dry_run:
            self.is_plan, self.limit = True, 0
        self.found = 0

    def _check_file(self, id: str) -> None:
        if id:
            raise ArgumentError("id", id, "give either id or urls")
        is_there = Path(self.urls).is_file() and os.access(self.urls, os.R_OK)
        if not (self.site.is_own(self.urls) if _is_address(self.urls) else is_there):
            allowed = f"must be a file that can be read, or the address of one at {self.site.url}"
            raise ArgumentError("urls", self.urls, allowed)

    def _check_days(self, id: str) -> None:
        self.sections = section_ids(id, self.site)
        if self.since is None or self.since > self.today:
            raise ArgumentError("since", self.since or "", "must be a past day such as 2018-01-01")
        self.until = min(self.until or self.today, self.today)
        if self.until < self.since:
            raise ArgumentError("until", self.until, f"must be a day from {self.since} on")

    @classmethod
    def by_source(cls, arguments: Mapping[str, str]) -> list[dict[str, str]]:
        if "id" in arguments and "urls" not in arguments:
            return by_section(arguments)
        names = arguments.get("site", DEFAULT_SITE).split(",")
        if len(names) == 1:
            return [dict(arguments)]
        return [{**arguments, "site": name.strip()} for name in names]

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: str, **kwargs: str) -> ArchiveSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.archive = Archive(spider.database)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Bring addresses; the frontier feeds the crawl with them meanwhile."""
        if not self.is_worker:
            parts = await (self._read_files() if self.urls else self._read_listings())
            if self.is_plan:
                self._show(parts)
        for request in ():
            yield request

    def take(self, count: int, before: float, worker: int) -> list[Row]:
        if self.urls:
            return self.archive.batches.take(count, before, self.urls, worker)
        span = Span(self.since, self.until)
        return self.archive.take(count, before, self.sections, span, worker)

    def count_due(self, before: float) -> int:
        batches, span = self.archive.batches, Span(self.since or date.min, self.until or date.max)
        if self.urls:
            return batches.waiting(self.urls)
        return sum(batches.waiting(s) + batches.waiting_within(s, span) for s in self.sections)

    def _is_outside(self, day: date) -> bool:
        """What an earlier run was asked for stays asked for."""
        return super()._is_outside(day) and not self.archive.has(self.sections, day)

    # ---- listings

    async def _read_listings(self) -> Sequence[Part]:
        parts, span = [], Span(self.since, self.until)
        for section in self.sections:
            places = Places(self.database, section)
            note = (lambda day, number: None) if self.is_plan else places.note
            listing = Listing(partial(self._page, section), self._published, places.near, note)
            try:
                if self.is_plan:
                    parts.append(await self.archive.estimate(section, listing, span))
                else:
                    await self._fill(section, listing, span)
            except ListingError as error:
                self._fail(f"{section}: {error}")
        return parts

    async def _fill(self, section: str, listing: Listing, span: Span) -> None:
        left = self.archive.left(section, span)
        if not left:
            self.logger.info("%(section)s: these days are complete", {"section": section})
        for part in left:
            async for page_run in ListingReader(listing).read(part):
                new = self.archive.record(section, part, page_run, self.today)
                self.found += new
                numbers = [page.number for page in page_run.pages]
                self.logger.info(
                    "%(section)s: %(new)d articles new on pages %(first)d to %(last)d",
                    {"section": section, "new": new, "first": numbers[0], "last": numbers[-1]},
                )
                if self.limit and self.found >= self.limit:
                    return
            if part.since in (rest.since for rest in self.archive.left(section, part)):
                self.logger.info(
                    "%(section)s: the listing does not reach %(day)s; what is older can be given "
                    "with urls=",
                    {"section": section, "day": part.since},
                )

    async def _page(self, section: str, number: int) -> ListingPage | None:
        """Return a listing page as it is now, None if there is none of that number."""
        url = self.site.page_url(section, number)
        response = await self._fetch(url)
        self.crawler.stats.inc_value("mirror/listing_pages")
        is_there = response.status == 200 and urlsplit(response.url).path == urlsplit(url).path
        if is_there and (trouble := damage(response, self.site.endings)):
            raise ListingError(f"{response.url}: {trouble}")
        page = page_of(response) if is_there else None
        shown = ListingPage.shown(self.site, page, number) if page is not None else None
        if shown and shown.links:
            return shown
        if is_there and (trouble := hindrance(response)):
            raise ListingError(f"{response.url}: {trouble}")
        if number > 1:
            return None
        if response.status in _GONE_STATUSES:
            self.crawler.stats.inc_value("mirror/sections_missing")
        raise ListingError(f"nothing is listed at {response.url} (HTTP {response.status})")

    async def _published(self, link: Link) -> date | None:
        """Return the day of an article that is listed without one."""
        if known := self.archive.batches.published(link.id):
            return known
        try:
            item = article_in(await self._fetch(link.url), self.site, link.id, link.url)
        except (ListingError, NotAnArticleError, RetryLaterError):
            return None
        self.crawler.stats.inc_value("mirror/probes")
        return item.published.date()

    # ---- files

    async def _read_files(self) -> Sequence[Part]:
        batches = self.archive.batches
        accept = batches.count if self.is_plan else partial(batches.accept, self.urls)
        intake = Intake(self.site, accept, self._fail)
        await intake.read(self.urls, self._opened)
        for line in intake.lines():
            self.logger.info(line)
        self.crawler.stats.inc_value("mirror/addresses", intake.articles)
        self.crawler.stats.inc_value("mirror/addresses_bad", intake.others)
        return [Part(self.urls, intake.accepted.new + intake.accepted.waiting)]

    async def _opened(self, where: str) -> IO[bytes]:
        if not _is_address(where):
            return Path(where).open("rb", buffering=0)
        response = await self._fetch(where, download_maxsize=_MAX_FILE_BYTES)
        if response.status != 200:
            raise ListingError(f"HTTP {response.status}")
        return BytesIO(response.body)

    async def _fetch(self, url: str, **meta: Any) -> Response:
        """Return the answer to a request, 200 or gone. Raises ListingError."""
        if is_ending(self.crawler):
            raise ListingError("the crawl is being ended")
        request = self.request(url, headers=_NO_CACHE_HEADERS, meta=meta)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # whatever it is, the next run tries again
            reason = " ".join(str(error).split()) or type(error).__name__
            raise ListingError(f"{request.url}: {reason}") from error
        if response.status not in (200, *_GONE_STATUSES):
            raise ListingError(f"{request.url}: HTTP {response.status}")
        return response

    def _fail(self, reason: str) -> None:
        self.logger.error(
            "Not all was found, %(reason)s; run it again and it goes on", {"reason": reason}
        )
        self.crawler.stats.inc_value("mirror/listing_pages_failed")

    def _show(self, parts: Sequence[Part]) -> None:
        options = Options.from_settings(self.crawler.settings)
        home, size = measure(Tree(options.output), options.page_path)
        rate = polite_rate(self.crawler.settings.getfloat("DOWNLOAD_DELAY"))
        for line in Plan(parts, home, rate, size).lines():
            print(line)


def _is_address(where: str) -> bool:
    return where.startswith(("http://", "https://"))
