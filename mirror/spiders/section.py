"""scrapy crawl section -a id=nsc418: from a section's listing pages to its articles."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from mirror.errors import ArgumentError
from mirror.items import Link
from mirror.quality.responses import damage, hindrance, page_of
from mirror.quality.watch import Watch
from mirror.sites.sections import section_ids
from mirror.spiders.base import MirrorSpider, by_section, describe, past_day, positive
from mirror.store.walks import Walk, WalkBounds, Walks


class SectionSpider(MirrorSpider):
    """Walks listings from the newest page on, one section after the other.

    The order of the sections decides where an article goes that stands in several of them, so it
    does not depend on which answer comes first.
    """

    name = "section"
    from_settings = {"id": "MIRROR_SECTIONS", "since": "MIRROR_SINCE"}
    arguments = ("id", "pages", "limit", "since", "via", "refresh")

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
        self.found = 0
        self.bounds = WalkBounds(self.since, self.pages)
        self.waiting = iter(self.sections)

    @classmethod
    def by_source(cls, arguments: Mapping[str, str]) -> list[dict[str, str]]:
        return by_section(arguments)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: str, **kwargs: str) -> SectionSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.walks = Walks(spider.database)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Make due what is to be looked at again, then discover."""
        if self.refresh is not None and not self.is_worker:
            age, now = self.refresh, datetime.now(self.site.timezone)
            due = self.frontier.refresh(self.sections, now - age if age else None)
            self.logger.info("%(due)d articles to be looked at again", {"due": due})
        async for request in super().start():
            yield request

    def discover(self) -> Iterator[Request]:
        """Yield the first request of the next section, if one is left."""
        for section in self.waiting:
            walk = self.walks.begin(section, self.bounds, self.frontier.knows(section))
            address = self.site.feed_url if self.via == "feed" else self.site.section_url
            yield self._listing(address(section), walk)
            return

    def _listing(self, url: str, walk: Walk) -> Request:
        callback = self.parse_feed if self.via == "feed" else self.parse_listing
        walk.pages.add(url)
        return self.request(
            url,
            callback=callback,
            errback=self.listing_failed,
            cb_kwargs={"walk": walk},
            priority=1,
        )

    def parse_feed(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Record the articles of a section's feed."""
        page = page_of(response)
        links = self.site.feed_links(page) if page is not None else []
        if trouble := self._trouble(response, links):
            yield from self._leave(walk, response.url, trouble)
            return
        if self._is_wrong(response, walk, links, response.url):
            return
        new = self._record(walk, links, response.url)
        if links and new == len(links) and walk.joins:
            self.logger.warning(
                "All of the feed is new, so articles may be missing before it: %(url)s. "
                "Crawl the section without via=feed.",
                {"url": response.url},
            )
        yield from self.discover()

    def parse_listing(self, response: Response, walk: Walk) -> Iterator[Request]:
        """Record the articles of a listing page and go on to the next page, or to the next section."""
        page = page_of(response)
        links = self.site.article_links(page) if page is not None else []
        following = self.site.next_page(page) if page is not None else None
        if trouble := self._trouble(response, links):
            yield from self._leave(walk, response.url, trouble)
            return
        if self._is_wrong(response, walk, links, following):
            return
        had_passed = walk.has_passed
        if had_passed and links:
            self.walks.reach(walk, links)
        new = self._record(walk, links, response.url)
        is_at_day = self._is_at_day(walk, links)
        walk.look(links)
        is_last = following is None or following in walk.pages
        if not links or (self.limit and self.found >= self.limit):
            pass  # cut short: the next run takes this walk up
        elif is_last and not self.since:
            self.walks.end_of_listing(walk)
        elif had_passed and not new and not any(map(self._is_too_old, links)):
            self.walks.end(walk)
        elif not (is_last or is_at_day or self._is_at_limit(walk)):
            yield self._listing(following, walk)
            return
        elif self.since or not walk.joins:  # else it may have stopped short of what is known
            self.walks.end_at(walk, links, self.bounds)
        yield from self.discover()

    def _trouble(self, response: Response, links: Sequence[Link]) -> str:
        """Return why a listing page is not to be trusted this time; empty if it is."""
        return damage(response, self.site.endings) or ("" if links else hindrance(response))

    def _is_wrong(
        self, response: Response, walk: Walk, links: Sequence[Link], following: str | None
    ) -> bool:
        """Whether a section's first page is no listing, so that the run is over; says so."""
        watch = self.crawler.get_extension(Watch)
        if watch is None or len(walk.pages) > 1:
            return False
        return watch.distrusts(walk.section, len(links), following, response.body)

    def _is_at_day(self, walk: Walk, links: Sequence[Link]) -> bool:
        """Whether only articles older than `since` can follow."""
        return self.since is not None and (
            all(map(self._is_too_old, links)) or self.frontier.states(walk.previous) == {"skipped"}
        )

    def _is_at_limit(self, walk: Walk) -> bool:
        return self.pages is not None and len(walk.pages) >= self.pages

    def _is_too_old(self, link: Link) -> bool:
        return bool(self.since and link.published and link.published < self.since)

    def _record(self, walk: Walk, links: Sequence[Link], url: str) -> int:
        wanted = [link for link in links if not self._is_too_old(link)]
        new = self.frontier.record(walk.section, wanted, self.since)
        self.found += new
        self.crawler.stats.inc_value("mirror/listing_pages")
        if not links:
            self.logger.warning("No articles on the listing page %(url)s", {"url": url})
            self.crawler.stats.inc_value("mirror/listing_pages_empty")
        else:
            self.logger.info(
                "%(new)d of %(all)d articles new on %(url)s",
                {"new": new, "all": len(links), "url": url},
            )
        return new

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        """Leave the walk to the next run and go on with the next section."""
        walk = failure.request.cb_kwargs["walk"]
        reason = describe(failure)
        if reason == "HTTP 404" and len(walk.pages) == 1:
            self.logger.error("The site has no section %(section)s", {"section": walk.section})
            self.crawler.stats.inc_value("mirror/sections_missing")
            yield from self.discover()
        else:
            yield from self._leave(walk, failure.request.url, reason)

    def _leave(self, walk: Walk, url: str, reason: str) -> Iterator[Request]:
        self.logger.error(
            "Listing page failed, %(url)s: %(reason)s; the next run takes it up",
            {"url": url, "reason": reason},
        )
        self.crawler.stats.inc_value("mirror/listing_pages_failed")
        yield from self.discover()


def _age(name: str, value: str | None) -> timedelta | None:
    """Return how old articles may be that are looked at again; zero: any age. None: none are."""
    found = re.fullmatch(r"all|([1-9]\d{0,4})([dh])", value or "")
    if value is None:
        return None
    if not found:
        raise ArgumentError(name, value, "must be all, or an age such as 7d or 12h")
    number = int(found[1] or 0)
    return timedelta(hours=number) if found[2] == "h" else timedelta(days=number)
