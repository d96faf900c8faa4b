"""What happens round a crawl: feeding it from the frontier, keeping its books, finishing its pages."""

from __future__ import annotations

import logging
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.http import Response

from mirror.database import open_database
from mirror.frontier import Frontier
from mirror.indexing import update_indexes
from mirror.items import ArticleItem
from mirror.options import Options
from mirror.pipelines import Unchanged, page_stages, render
from mirror.spiders.base import MirrorSpider
from mirror.tree import Tree

logger = logging.getLogger(__name__)


class Feeder:
    """Gives the crawl what is due in the frontier, a few requests at a time."""

    def __init__(self, crawler: Crawler, frontier: Frontier, count: int):
        self.crawler = crawler
        self.frontier = frontier
        self.count = count
        self.fed = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Feeder:
        if not issubclass(crawler.spidercls, MirrorSpider):
            raise NotConfigured
        database = open_database(Options.from_settings(crawler.settings).database_url)
        feeder = cls(crawler, Frontier(database), crawler.settings.getint("CONCURRENT_REQUESTS"))
        crawler.signals.connect(feeder.spider_opened, signals.spider_opened)
        crawler.signals.connect(feeder.feed, signals.scheduler_empty)
        crawler.signals.connect(feeder.spider_idle, signals.spider_idle)
        return feeder

    def spider_opened(self) -> None:
        self.frontier.release()

    def feed(self) -> int:
        spider = self.crawler.spider
        count = self.count if spider.limit is None else min(self.count, spider.limit - self.fed)
        addresses = self.frontier.take(count, spider.sections, spider.only) if count > 0 else []
        self.fed += len(addresses)
        for address in addresses:
            self.crawler.engine.crawl(spider.article_request(address))
        return len(addresses)

    def spider_idle(self) -> None:
        if self.feed():
            raise DontCloseSpider


class Bookkeeper:
    """Notes in the frontier and in the stats what became of each article."""

    def __init__(self, crawler: Crawler, frontier: Frontier):
        self.stats = crawler.stats
        self.frontier = frontier

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Bookkeeper:
        database = open_database(Options.from_settings(crawler.settings).database_url)
        bookkeeper = cls(crawler, Frontier(database))
        crawler.signals.connect(bookkeeper.item_scraped, signals.item_scraped)
        crawler.signals.connect(bookkeeper.item_dropped, signals.item_dropped)
        crawler.signals.connect(bookkeeper.item_error, signals.item_error)
        return bookkeeper

    def item_scraped(self, item: ArticleItem) -> None:
        self.frontier.settle(item.id, "published")
        self.stats.inc_value("mirror/published")

    def item_dropped(self, item: ArticleItem, exception: Exception) -> None:
        state = "unchanged" if isinstance(exception, Unchanged) else "refused"
        self.frontier.settle(item.id, state, str(exception) if state == "refused" else "")
        self.stats.inc_value(f"mirror/{state}")

    def item_error(self, item: ArticleItem, failure: Any, response: Response | None) -> None:
        logger.error("Failed %(url)s: %(reason)s", {"url": item.url, "reason": failure.value})
        self.frontier.fail(item.id, f"{failure.type.__name__}: {failure.value}")
        self.stats.inc_value("mirror/failed")


class Finisher:
    """Makes anew, at the end of a crawl, the published files that its articles made out of date."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Finisher:
        finisher = cls(crawler)
        crawler.signals.connect(finisher.spider_closed, signals.spider_closed)
        return finisher

    def spider_closed(self) -> None:
        options = Options.from_settings(self.crawler.settings)
        database, renderer = open_database(options.database_url), options.renderer()
        stages = page_stages(self.crawler)
        for article in database.stale("page"):
            for item in database.stored([article]):
                render(item, stages)
            database.mark_fresh("page", article)
            self.crawler.stats.inc_value("mirror/relinked")
        written = update_indexes(database, renderer, Tree(options.output))
        self.crawler.stats.inc_value("mirror/indexes", written)
