"""scrapy crawl archive: back-fill by day of publication, or from files of addresses."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mirror.archive.addresses import RawFile
from mirror.archive.filling import Archive
from mirror.archive.intake import Intake, refusal
from mirror.archive.joining import ListingReader, PageRun
from mirror.archive.listing_pages import ListingPage
from mirror.archive.locating import Listing
from mirror.archive.plans import Part, Plan, measure, polite_rate
from mirror.archive.ranges import Places, Span
from mirror.config.options import Options
from mirror.errors import (
    ArgumentError,
    ListingError,
    ListingPageError,
    NotAnArticleError,
    RetryLaterError,
)
from mirror.items import Link
from mirror.pages.tree import Tree
from mirror.quality.reading import article_in
from mirror.sites.sections import section_ids
from mirror.spiders.base import DEFAULT_SITE, by_section, day, past_day, positive
from mirror.spiders.listings import GONE_STATUSES, NO_CACHE_HEADERS, ListingSpider

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from typing_extensions import Self

_MAX_FILE_BYTES = 64 * 1024 * 1024  # of a file of addresses; sitemaps.org allows 50 MB


class ArchiveSpider(ListingSpider):
    """Brings addresses into the frontier and fetches them, those alone.

    One section is read after the other: as with `section`, their order decides where an article goes
    that stands in several of them.
    """

    name = "archive"
    arguments = ("id", "since", "until", "urls", "limit", "dry_run", "edition")

    archive: Archive
    span: Span  # the days that were asked for, all with `urls` alone

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
        self.span = Span(self.since or date.min, self.until or date.max)
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
        if not _is_address(self.urls):
            with Path(self.urls).open("rb", buffering=0) as file:
                if reason := refusal(file, self.site):
                    raise ArgumentError("urls", self.urls, reason)

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
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.archive = Archive(spider.database)
        return spider

    async def discover(self) -> None:
        """Bring addresses; the frontier feeds the crawl with them meanwhile."""
        parts = await (self._read_files() if self.urls else self._read_listings())
        if self.is_plan:
            self._show(parts)

    def take(self, count: int, before: float, worker: int) -> list[Any]:
        if self.urls:
            return self.archive.batches.take(count, before, self.urls, worker)
        return self.archive.take(count, before, self.sections, self.span, worker)

    def count_due(self, before: float) -> int:
        batches = self.archive.batches
        if self.urls:
            return batches.waiting(self.urls)
        return sum(batches.waiting(s) + batches.waiting_within(s, self.span) for s in self.sections)

    def _is_outside(self, day: date) -> bool:
        """What an earlier run was asked for stays asked for."""
        return super()._is_outside(day) and not self.archive.has(self.sections, day)

    # ---- listings

    async def _read_listings(self) -> Sequence[Part]:
        parts = []
        for section in self.sections:
            places = Places(self.database, section)
            note = (lambda day, number: None) if self.is_plan else places.note
            listing = Listing(partial(self._page, section), self._published, places.near, note)
            try:
                if self.is_plan:
                    parts.append(await self.archive.estimate(section, listing, self.span))
                else:
                    await self._fill(section, listing)
            except ListingError as error:
                self._fail(f"{section}: {error}")
        return parts

    async def _fill(self, section: str, listing: Listing) -> None:
        left = self.archive.left(section, self.span)
        if not left:
            self.logger.info("%(section)s: these days are complete", {"section": section})
        for part in left:
            reader = ListingReader(listing)
            async for page_run in reader.read(part):
                self._record(section, part, page_run)
                if self.limit and self.found >= self.limit:
                    return
            for number, reason in reader.skipped.items():
                self._fail(
                    f"{section}: page {number} is left out, and its days stay open: {reason}"
                )
            rest = self.archive.left(section, part)
            if not reader.skipped and part.since in (span.since for span in rest):
                self.logger.info(
                    "%(section)s: the listing does not reach %(day)s; what is older can be given "
                    "with urls=",
                    {"section": section, "day": part.since},
                )

    def _record(self, section: str, part: Span, page_run: PageRun) -> None:
        new = self.archive.record(section, part, page_run, self.today)
        self.found += new
        numbers = [page.number for page in page_run.pages]
        self.logger.info(
            "%(section)s: %(new)d articles new on pages %(first)d to %(last)d",
            {"section": section, "new": new, "first": numbers[0], "last": numbers[-1]},
        )

    async def _page(self, section: str, number: int) -> ListingPage | None:
        """Return a listing page as it is now, None if there is none of that number."""
        try:
            page, response = await self.listing_page(section, number, NO_CACHE_HEADERS)
        except ListingPageError as error:
            raise ListingPageError(f"{self.site.page_url(section, number)}: {error}") from None
        self.crawler.stats.inc_value("mirror/listing_pages")
        if number > 1 or (page and page.links):
            return page
        if response.status in GONE_STATUSES:
            self.crawler.stats.inc_value("mirror/sections_missing")
        raise ListingError(f"nothing is listed at {response.url} (HTTP {response.status})")

    async def _published(self, link: Link) -> date | None:
        """Return the day of an article that is listed without one."""
        if known := self.archive.batches.published(link.id):
            return known
        try:
            item = article_in(await self.ask(link.url), self.site, link.id, link.url)
        except (ListingPageError, NotAnArticleError, RetryLaterError):
            return None
        self.crawler.stats.inc_value("mirror/probes")
        return item.published.date()

    # ---- files

    async def _read_files(self) -> Sequence[Part]:
        batches = self.archive.batches
        accept = batches.count if self.is_plan else partial(batches.accept, self.urls)
        intake = Intake(self.site, accept, self._fail)
        await intake.read(self.urls, self._opened)
        found, *left_out = intake.lines()
        self.logger.info(found)
        for line in left_out:
            self.logger.warning(line)
        self.crawler.stats.inc_value("mirror/addresses", intake.articles)
        self.crawler.stats.inc_value("mirror/addresses_bad", intake.others)
        return [Part(self.urls, intake.accepted.new + intake.accepted.waiting)]

    async def _opened(self, where: str) -> RawFile:
        if not _is_address(where):
            return Path(where).open("rb", buffering=0)
        response = await self.ask(where, NO_CACHE_HEADERS, download_maxsize=_MAX_FILE_BYTES)
        if response.status != 200:
            raise ListingError(f"HTTP {response.status}")
        return BytesIO(response.body)

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
