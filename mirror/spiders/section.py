"""scrapy crawl section -a id=nsc418: from a section's listing pages to its articles."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mirror.archive.listing_pages import ListingPage
from mirror.archive.records import SectionRecords
from mirror.archive.share import Share
from mirror.archive.walking import Walk
from mirror.config.options import Options
from mirror.engine.ending import is_ending
from mirror.errors import ArgumentError, ListingError, ListingPageError
from mirror.quality.watch import Watch
from mirror.sites.sections import section_ids
from mirror.spiders.base import by_section, past_day, positive
from mirror.spiders.listings import (
    GONE_STATUSES,
    ListingSpider,
    SectionPages,
    shown_by_feed,
)
from mirror.store.gaps import SKIPPED, Gap, Gaps, WalkBounds

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from typing_extensions import Self


class SectionSpider(ListingSpider):
    """Walks listings from the newest page on, one section after the other.

    The order of the sections decides where an article goes that stands in several of them, so it
    does not depend on which answer comes first.
    """

    name = "section"
    from_settings = {"id": "MIRROR_SECTIONS", "since": "MIRROR_SINCE"}
    arguments = ("id", "pages", "limit", "since", "via", "refresh", "edition")

    gaps: Gaps
    backlog: float  # listing pages that a run reads beyond the newest; math.inf: all

    def __init__(
        self,
        id: str = "",
        pages: str | None = None,
        limit: str | None = None,
        since: str | None = None,
        via: str = "listing",
        refresh: str | None = None,
        **others: str,
    ):
        """See docs/run.md for the arguments. Raises ArgumentError."""
        super().__init__(**others)
        self.sections = section_ids(id, self.site)
        if via not in ("listing", "feed"):
            raise ArgumentError("via", via, "must be listing or feed")
        if via == "feed" and not all(map(self.site.feed_url, self.sections)):
            raise ArgumentError(
                "via", via, f"no feed of {self.site.name} is known; must be listing"
            )
        self.via = via
        self.pages = positive("pages", pages)
        self.limit = positive("limit", limit)
        self.since = past_day("since", since, self.site)
        self.refresh = _age("refresh", refresh)
        self.bounds = WalkBounds(self.since, self.pages)
        self.found = 0  # new articles on the listing pages, and those that waited before
        self.walks: list[Walk] = []
        self.begun: list[Walk] = []  # those and the one under way
        self.share = Share(0, self._is_enough)
        self.recorded = (0, 0)  # listing pages with new articles, and how many these are
        self.decorated: set[str] = set()  # sections whose titles are others each time

    @classmethod
    def by_source(cls, arguments: Mapping[str, str]) -> list[dict[str, str]]:
        return by_section(arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.gaps = Gaps(spider.database)
        backlog = Options.from_settings(crawler.settings).backlog
        spider.backlog = math.inf if spider.pages or backlog is None else backlog
        return spider

    def begin(self) -> None:
        """Make due what is to be looked at again, and what an earlier run left out as too old."""
        self.frontier.reopen(self.sections, self.since)
        if self.refresh is not None:
            age, now = self.refresh, datetime.now(self.site.timezone)
            due = self.frontier.refresh(self.sections, now - age if age else None)
            self.logger.info("%(due)d articles to be looked at again", {"due": due})

    async def discover(self) -> None:
        """Read the sections' feeds; or their newest pages, and then what earlier runs left."""
        if self.limit:
            self.found = self.frontier.count_new(self._now, self.sections)
        try:
            await (self._read_feeds() if self.via == "feed" else self._read_listings())
        except ListingError as error:
            self.logger.debug("The listings are not read on: %(error)s", {"error": error})
        for walk in self.walks:
            self._report_gaps(walk)

    def articles_ahead(self) -> tuple[int, int] | None:
        """Return what is ahead as the pagers show it; not known with `since`, and as long as a section
        has not begun."""
        pages = [walk.pages_ahead() for walk in self.begun]
        if self.since or len(pages) < len(self.sections) or None in pages or not self.recorded[0]:
            return None
        ahead = int(min(sum(filter(None, pages)), self.share.left))
        return ahead, ahead * self.recorded[1] // self.recorded[0]

    @property
    def _now(self) -> int:
        return self.database.clock.due_until

    def _is_enough(self) -> bool:
        return self.limit is not None and self.found >= self.limit

    # ---- listings

    async def _read_listings(self) -> None:
        """Read the sections one after the other, then go on in turns as far as this run may."""
        share = self.share = Share(self.backlog, self._is_enough)
        for place, section in enumerate(self.sections):
            share.begin_turn(len(self.sections) - place)
            if walk := await self._begin_walk(section, share):
                self.walks.append(walk)
        while pending := [walk for walk in self.walks if walk.has_more(self._now)]:
            for walk in pending:
                share.begin_turn(len(pending))
                await walk.read_gaps(self._now)
            if self._is_enough() or not share.left:
                break

    async def _begin_walk(self, section: str, share: Share) -> Walk | None:
        """Read a section's newest pages, and on behind its gaps; return the walk if it could begin."""
        try:
            first, response = await self.listing_page(section, 1)
        except ListingPageError as error:
            self.page_failed(section, 1, str(error))
            return None
        if first is None:
            self._report_missing(section, response)
            return None
        following = response.url if first.has_next else None
        if self._is_wrong(section, len(first.links), following, response.body):
            return None
        records = SectionRecords(self.frontier, section, self.since, self)
        walk = Walk(section, SectionPages(self, section), records, self.gaps, self.bounds, share)
        self.begun.append(walk)
        if first.links:
            await walk.read_newest(first)
            await walk.read_gaps(self._now)
        else:
            self._note_empty(section)
        return walk

    def _report_missing(self, section: str, response: Response) -> None:
        """Report a section without a first page: it may be none, or be back another day."""
        if self.frontier.knows(section):
            self.page_failed(section, 1, f"HTTP {response.status}")
            return
        self.logger.error("The site has no section %(section)s", {"section": section})
        self.crawler.stats.inc_value("mirror/sections_missing")

    def _is_wrong(self, section: str, links: int, following: str | None, page: bytes) -> bool:
        """Whether a section's first page is no listing, so that the run is over; says so."""
        watch = self.crawler.get_extension(Watch)
        return watch is not None and watch.distrusts(section, links, following, page)

    def _note_empty(self, section: str) -> None:
        url = self._address(section, 1)
        self.logger.warning("No articles on the listing page %(url)s", {"url": url})
        self.crawler.stats.inc_value("mirror/listing_pages_empty")

    def _address(self, section: str, number: int) -> str:
        """Return the address of a listing page, or of the feed, at the source."""
        url = self.site.feed_url(section) if self.via == "feed" else None
        return self.request(url or self.site.page_url(section, number)).url

    # ---- feeds

    async def _read_feeds(self) -> None:
        for section in self.sections:
            try:
                await self._read_feed(section)
            except ListingPageError as error:
                self.page_failed(section, 1, str(error))

    async def _read_feed(self, section: str) -> None:
        """Record the articles of a section's feed. Raises ListingPageError, ListingError."""
        response = await self.ask(self.site.feed_url(section))
        if response.status in GONE_STATUSES:
            self._report_missing(section, response)
            return
        links, sections = shown_by_feed(response, self.site)
        self.check_feed(section, [link.id for link in links], sections)
        if self._is_wrong(section, len(links), response.url, response.body):
            return
        records = SectionRecords(self.frontier, section, self.since, self)
        page = ListingPage(1, tuple(links), 1, has_next=False)
        is_known = self.frontier.knows(section)
        if is_known and links and len(records.news(links)) == len(links):
            self.gaps.put(Gap(section, page.ids))
            self.logger.warning(
                "All of the feed is new, so articles may be missing before it: %(url)s. "
                "Crawl the section without via=feed.",
                {"url": response.url},
            )
        records.record(page)

    # ---- what is reported of them

    def page_recorded(self, section: str, page: ListingPage, new: int) -> None:
        """Report a page that was recorded."""
        self.found += new
        if new:
            self.recorded = (self.recorded[0] + 1, self.recorded[1] + new)
        self.crawler.stats.inc_value("mirror/listing_pages")
        self.logger.info(
            "%(new)d of %(all)d articles new on %(url)s",
            {"new": new, "all": len(page.links), "url": self._address(section, page.number)},
        )

    def page_failed(self, section: str, number: int, reason: str) -> None:
        """Report a page that could not be read, or does not join the one before it."""
        if is_ending(self.crawler):
            return
        self.logger.error(
            "Listing page failed, %(url)s: %(reason)s; the next run takes it up",
            {"url": self._address(section, number), "reason": reason},
        )
        self.crawler.stats.inc_value("mirror/listing_pages_failed")

    def titles_differ(self, section: str, count: int) -> None:
        """Report that so many titles differ on a page that nothing is made of it, once."""
        if section not in self.decorated:
            self.decorated.add(section)
            self.logger.info(
                "%(section)s: %(count)d titles on one listing page are others than before; that says "
                "nothing of the articles, so they are not fetched for it",
                {"section": section, "count": count},
            )

    def _report_gaps(self, walk: Walk) -> None:
        """Say what is left to later runs."""
        for gap in walk.gaps.left():
            if gap.kind == SKIPPED:
                self.logger.warning(
                    "%(section)s: what stands behind page %(page)d%(days)s is not known (%(reason)s); "
                    "later runs ask for it again",
                    {
                        "section": gap.section,
                        "page": gap.page or 1,
                        "days": _days(gap),
                        "reason": gap.reason,
                    },
                )
        if pages := walk.pages_left():
            self.crawler.stats.inc_value("mirror/listing_pages_left", pages)
            self.logger.info(
                "%(section)s: about %(pages)s listing pages are left to later runs, %(share)s a run "
                "(MIRROR_BACKLOG)",
                {
                    "section": walk.section,
                    "pages": f"{pages:,}",
                    "share": "all" if math.isinf(self.backlog) else f"{self.backlog:,.0f}",
                },
            )


def _days(gap: Gap) -> str:
    """Return the days of a gap's articles in words, as far as they are known."""
    if gap.oldest and gap.newest:
        return f", of {gap.oldest} to {gap.newest},"
    return f", of {gap.newest} or before," if gap.newest else ""


def _age(name: str, value: str | None) -> timedelta | None:
    """Return how old articles may be that are looked at again; zero: any age. None: none are."""
    found = re.fullmatch(r"all|([1-9]\d{0,4})([dh])", value or "")
    if value is None:
        return None
    if not found:
        raise ArgumentError(name, value, "must be all, or an age such as 7d or 12h")
    number = int(found[1] or 0)
    return timedelta(hours=number) if found[2] == "h" else timedelta(days=number)
