"""Stages and extensions that go wrong, for crawls to end all the same."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from mirror.crawl.repeating import Repeated


class NeverDone:
    """A stage that waits for what never comes."""

    async def process_item(self, item: Any) -> Any:
        """Wait."""
        await asyncio.Future()
        return item


class Faulty:
    """An extension that does something wrong after a moment, beside a spider that waits for it."""

    call: Repeated

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Faulty:
        faulty = cls()
        faulty.call = Repeated(crawler, faulty.fail, 0.1)
        crawler.signals.connect(faulty.call.start, signals.spider_opened)
        crawler.signals.connect(faulty.wait, signals.spider_idle)
        return faulty

    def fail(self) -> None:
        """Fail."""
        raise ZeroDivisionError("a mistake")

    def wait(self) -> None:
        """Keep the spider open."""
        raise DontCloseSpider
