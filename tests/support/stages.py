"""Stages and extensions that go wrong, for crawls to end all the same."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider

from mirror.crawl.repeating import Repeated
from mirror.engine.role import role_of


class NeverDone:
    """A stage that waits for what never comes."""

    async def process_item(self, item: Any) -> Any:
        """Wait."""
        await asyncio.Future()
        return item


class Stillborn:
    """An extension that ends each process that helps a crawl as soon as it is made."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Stillborn:
        if role_of(crawler).worker:
            with Path(os.environ["DEATHS_FILE"]).open("a") as deaths:
                deaths.write("one more\n")
            os._exit(7)
        return cls()


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


class Clumsy:
    """An extension that does something wrong when the crawl ends."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Clumsy:
        clumsy = cls()
        crawler.signals.connect(clumsy.fail, signals.spider_closed)
        return clumsy

    def fail(self) -> None:
        """Fail."""
        raise ZeroDivisionError("a mistake")


class Counted:
    """A part of any kind that says that it is there."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Counted:
        crawler.stats.inc_value("test/counted")
        return cls()

    def process_item(self, item: Any) -> Any:
        """Return the item."""
        return item


class CountedAddon:
    """An add-on that says that it is there."""

    def update_settings(self, settings: Any) -> None:
        """Set what shows in the log."""
        settings.set("BOT_NAME", "counted", "cmdline")


class Broken(Counted):
    """A part that cannot be made."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Counted:
        raise ZeroDivisionError("a mistake")
