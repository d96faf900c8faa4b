"""The run that a crawl belongs to: one crawl for each source, each with a pace, robots.txt, pauses and a
judgement of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_ATTRIBUTE = "mirror_run"  # of a crawler


class CrawlRun:
    """The crawls of one run."""

    def __init__(self) -> None:
        self.crawlers: list[Crawler] = []
        self.is_begun = False

    def join(self, crawler: Crawler) -> None:
        """Add a crawl, before its components are made."""
        self.crawlers.append(crawler)
        setattr(crawler, _ATTRIBUTE, self)

    def begin(self) -> bool:
        """Return whether nothing of the run has begun, and note that it has."""
        is_first, self.is_begun = not self.is_begun, True
        return is_first


def run_of(crawler: Crawler) -> CrawlRun:
    """Return the run of a crawl, which is alone in it if nobody has said otherwise."""
    if not hasattr(crawler, _ATTRIBUTE):
        CrawlRun().join(crawler)
    run: CrawlRun = getattr(crawler, _ATTRIBUTE)
    return run
