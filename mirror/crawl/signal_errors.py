"""Errors of parts that hear of a crawl's events, an operator's own among them."""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError

from mirror.drops import NotStored
from mirror.engine.ending import ERRORS

_SCRAPYS = logging.getLogger("scrapy.utils.signal")


class SignalErrors(logging.Handler):
    """Counts them, as Scrapy logs them and goes on: a crawl with one is not complete."""

    def __init__(self, crawler: Crawler):
        super().__init__(logging.ERROR)
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SignalErrors:
        errors = cls(crawler)
        _SCRAPYS.addHandler(errors)
        crawler.signals.connect(errors.stop, signals.engine_stopped)
        return errors

    def emit(self, record: logging.LogRecord) -> None:
        """Count an error, if it is of this crawl."""
        if getattr(record, "spider", None) not in (None, self.crawler.spider):
            return
        _, error, _ = record.exc_info or (None, None, None)
        is_storage = isinstance(error, NotStored | DBAPIError)
        self.crawler.stats.inc_value("mirror/storage_errors" if is_storage else ERRORS)

    def stop(self) -> None:
        """Count no more."""
        _SCRAPYS.removeHandler(self)
