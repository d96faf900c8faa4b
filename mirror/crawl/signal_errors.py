"""Errors of parts that hear of a crawl's events, an operator's own among them."""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler

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
        if getattr(record, "spider", None) in (None, self.crawler.spider):
            self.crawler.stats.inc_value(ERRORS)

    def stop(self) -> None:
        """Count no more."""
        _SCRAPYS.removeHandler(self)
