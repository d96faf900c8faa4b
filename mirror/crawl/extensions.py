"""What happens round a crawl: feeding it from the frontier, keeping its books, finishing its pages."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from sqlalchemy.exc import DBAPIError
from twisted.python.failure import Failure

from mirror.config.options import Options
from mirror.crawl.allowance import shared_allowance
from mirror.drops import KeptBack, NotStored, Unchanged
from mirror.engine.components import spider_of
from mirror.engine.crawl_run import run_of
from mirror.engine.ending import end_for_storage
from mirror.engine.role import role_of
from mirror.errors import in_words
from mirror.items import ArticleItem
from mirror.pages.ledger import Ledger
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish
from mirror.pages.tree import Tree
from mirror.quality.watch import Watch
from mirror.spiders.base import MirrorSpider
from mirror.store.database import Database, open_database
from mirror.store.frontier import Frontier

logger = logging.getLogger(__name__)

_IDLE_SECONDS = 0.05  # between two looks for what is due, when nothing was
_MAX_REASON_CHARACTERS = 300  # of an error, which may quote an article


class Feeder:
    """Gives the crawl what is due in the frontier, a few requests at a time."""

    def __init__(self, crawler: Crawler, frontier: Frontier, count: int, worker: int):
        self.crawler = crawler
        self.frontier = frontier
        self.count = count
        self.worker = worker
        self.waiting: deque[Any] = deque()  # taken from the frontier, not scheduled yet
        self.fed = 0
        self.allowance = shared_allowance()  # None: no other process fetches for this crawl
        self.rest_until = 0.0  # by the monotonic clock

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Feeder:
        options = Options.from_settings(crawler.settings)
        frontier = Frontier(open_database(options.database_url))
        count = crawler.settings.getint("CONCURRENT_REQUESTS")
        worker = role_of(crawler).worker
        feeder = cls(crawler, frontier, count, worker)
        if not worker:
            crawler.signals.connect(feeder.spider_opened, signals.spider_opened)
        crawler.signals.connect(feeder.refill, signals.scheduler_empty)
        crawler.signals.connect(feeder.spider_idle, signals.spider_idle)
        return feeder

    def spider_opened(self) -> None:
        if run_of(self.crawler).begin():
            self.frontier.release()
        limit = spider_of(self.crawler, MirrorSpider).limit
        if self.allowance and limit is not None:
            self.allowance.set(limit)

    def refill(self) -> None:
        """Feed the crawl, unless nothing was due a moment ago: Scrapy asks at every turn."""
        if time.monotonic() >= self.rest_until:
            self.feed()

    def feed(self) -> int:
        """Schedule what is due and return how many requests that is."""
        spider = spider_of(self.crawler, MirrorSpider)
        count = self.count - len(self.crawler.engine.downloader.active)
        if count < 1:
            return 0
        if not self.waiting:
            self.waiting.extend(self._take(spider))
            self.rest_until = 0.0 if self.waiting else time.monotonic() + _IDLE_SECONDS
        addresses = [self.waiting.popleft() for _ in range(min(count, len(self.waiting)))]
        self.fed += len(addresses)
        for address in addresses:
            self.crawler.engine.crawl(spider.article_request(address))
        return len(addresses)

    def _take(self, spider: MirrorSpider) -> list[Any]:
        count = self._allowed(spider)
        taken: list[Any] = []
        try:
            if count > 0:
                taken = spider.take(count, self.frontier.clock.due_until, self.worker)
        except DBAPIError as error:
            end_for_storage(self.crawler, error)
        if self.allowance and spider.limit is not None:
            self.allowance.give_back(count - len(taken))
        return taken

    def _allowed(self, spider: MirrorSpider) -> int:
        """Return how many articles may be taken now; all processes of a crawl share its limit."""
        if spider.limit is None:
            return self.count
        if self.allowance:
            return self.allowance.take(self.count)
        return min(self.count, spider.limit - self.fed)

    def spider_idle(self) -> None:
        if self.feed():
            raise DontCloseSpider


class Bookkeeper:
    """Notes in the frontier and in the stats what became of each article that was not written."""

    def __init__(self, crawler: Crawler, database: Database, tree: Tree):
        self.crawler = crawler
        self.stats = crawler.stats
        self.frontier = Frontier(database)
        self.ledger = Ledger(database, tree)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Bookkeeper:
        options = Options.from_settings(crawler.settings)
        bookkeeper = cls(crawler, open_database(options.database_url), Tree(options.output))
        crawler.signals.connect(bookkeeper.spider_opened, signals.spider_opened)
        crawler.signals.connect(bookkeeper.item_scraped, signals.item_scraped)
        crawler.signals.connect(bookkeeper.item_dropped, signals.item_dropped)
        crawler.signals.connect(bookkeeper.item_error, signals.item_error)
        crawler.signals.connect(bookkeeper.spider_closed, signals.spider_closed)
        return bookkeeper

    def spider_opened(self) -> None:
        self.ledger.companion = self.crawler.get_extension(Watch)

    def item_scraped(self, item: ArticleItem) -> None:
        self.stats.inc_value("mirror/updated" if item.is_update else "mirror/new")
        self.stats.inc_value("mirror/published")

    def item_dropped(self, item: ArticleItem, exception: Exception) -> None:
        if isinstance(exception, Unchanged):
            self.ledger.unchanged(item)
            self.stats.inc_value("mirror/unchanged")
        elif not isinstance(exception, NotStored | KeptBack):
            self.frontier.settle(item.id, "refused", str(exception))
            self.stats.inc_value("mirror/refused")

    def item_error(self, item: ArticleItem, failure: Failure) -> None:
        error = failure.value or Exception()
        reason = f"{type(error).__name__}: {in_words(error)}"[:_MAX_REASON_CHARACTERS]
        logger.error("Failed %(url)s: %(reason)s", {"url": item.url, "reason": reason})
        self.frontier.fail(item.id, reason)
        self.stats.inc_value("mirror/failed")

    def spider_closed(self) -> None:
        self.ledger.flush()


class Finisher:
    """Makes again, at the end of a crawl, the published files that its articles made out of date."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Finisher:
        if role_of(crawler).worker:
            raise NotConfigured
        finisher = cls(crawler)
        crawler.signals.connect(finisher.spider_closed, signals.spider_closed)
        return finisher

    def spider_closed(self) -> None:
        if spider_of(self.crawler, MirrorSpider).is_plan:
            return
        if self.crawler.stats.get_value("mirror/hollow"):
            return  # the next crawl that is not finishes what this one left
        try:
            self.finish()
        except (NotStored, OSError, DBAPIError) as error:
            end_for_storage(self.crawler, error)

    def finish(self) -> None:
        options = Options.from_settings(self.crawler.settings)
        done = finish(options, PageMaker.from_options(options))
        for name, count in done._asdict().items():
            self.crawler.stats.inc_value(f"mirror/{name}", count)


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
