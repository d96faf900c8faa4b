"""The run that a crawl belongs to: one crawl for each source, each with a pace, robots.txt, pauses and a
judgement of its own."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

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


def error_of(crawl: asyncio.Task[None]) -> BaseException | None:
    """Return what ended a crawl that could not be made, None if it could."""
    return crawl.exception() if crawl.done() and not crawl.cancelled() else None


def in_words(error: BaseException) -> str:
    """Return in words what went wrong when the parts of a crawl were made, and where."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}"
    return f"a part of the crawl cannot be made: {what} ({place.filename}, line {place.lineno})"
