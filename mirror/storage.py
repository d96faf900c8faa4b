"""When the disk or the database takes nothing any more: the crawl ends, in order."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError

from mirror.drops import NotStored

logger = logging.getLogger(__name__)
_closing: set[asyncio.Future[None]] = set()  # the event loop alone would let go of them


class StorageGuard:
    """Ends the crawl, in order and with one clear line, when nothing can be stored any more."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorageGuard:
        guard = cls(crawler)
        crawler.signals.connect(guard.item_dropped, signals.item_dropped)
        crawler.signals.connect(guard.spider_error, signals.spider_error)
        return guard

    def item_dropped(self, exception: Exception) -> None:
        if isinstance(exception, NotStored):
            end_for_storage(self.crawler, exception.__cause__ or exception)

    def spider_error(self, failure: Any) -> None:
        if isinstance(failure.value, OSError | DBAPIError):
            end_for_storage(self.crawler, failure.value)


def end_for_storage(crawler: Crawler, error: Exception) -> None:
    """Close the spider because of an error of the disk or the database; said once."""
    stats = crawler.stats
    stats.inc_value("mirror/storage_errors")
    if stats.get_value("mirror/storage_errors") == 1:
        logger.critical(
            "Cannot store: %(error)s. The crawl ends here; when there is room again, run it again "
            "and it goes on.", {"error": error},
        )  # fmt: skip
        close(crawler, "storage")


def close(crawler: Crawler, reason: str) -> None:
    """End a crawl in order, from where nothing can wait for the end."""
    task = asyncio.ensure_future(crawler.engine.close_spider_async(reason=reason))
    _closing.add(task)
    task.add_done_callback(_closing.discard)
