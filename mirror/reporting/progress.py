"""What a crawl says of itself while it runs: a live display on a terminal, else a line a minute."""

from __future__ import annotations

import logging
import sys
import time
from collections import deque
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call
from scrapy.utils.log import get_scrapy_root_handler

from mirror.config.options import Options
from mirror.crawl.workers import WorkerPool
from mirror.engine.crawl_run import run_of
from mirror.engine.role import role_of
from mirror.reporting.history import harmless
from mirror.reporting.summary import STATS, Figures, articles, counts_of, line, others_of
from mirror.spiders.base import MirrorSpider

if TYPE_CHECKING:
    from mirror.reporting.display import Display

logger = logging.getLogger(__name__)

_REFRESH_SECONDS = 0.5  # between two looks of the display
_RATE_SECONDS = 30  # over which the rate is taken, and without a listing page when all are read
_COUNT_PAUSE_FACTOR = 100  # times as long as counting what is due takes, it is not counted again


class Progress:
    """Knows the figures of the whole crawl, its other processes among them, at any moment."""

    def __init__(self, crawler: Crawler, interval: float):
        self.crawler = crawler
        self.started = time.time()
        self.looks = deque([(self.started, 0)])  # (time, articles dealt with)
        self.discovered = (self.started, 0)  # the same of listing pages, when the last one came
        self.left: int | None = None
        self.count_again = 0.0
        self.display: Display | None = None
        self.handler: logging.StreamHandler | None = None
        self.calls = [(create_looping_call(self.log), interval)] if interval else []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Progress:
        options = Options.from_settings(crawler.settings)
        if role_of(crawler).worker:
            raise NotConfigured
        progress = cls(crawler, crawler.settings.getfloat("LOGSTATS_INTERVAL"))
        if is_live(options):
            crawler.signals.connect(progress.show_live, signals.spider_opened)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    @property
    def spider(self) -> MirrorSpider:
        """The spider of the crawl; Bystander keeps this extension from others."""
        assert isinstance(self.crawler.spider, MirrorSpider)
        return self.crawler.spider

    def show_live(self) -> None:
        """Take the foot of the terminal; the log goes above it."""
        from mirror.reporting.display import Display

        spider = self.spider
        given = " ".join(f"{name}={value}" for name, value in harmless(spider.given).items())
        self.display = Display(f"{spider.name} {given}")
        self.display.start()
        self.handler = _handler()
        self.handler.setStream(sys.stderr)  # by now the display's
        self.calls.append((create_looping_call(self.show), _REFRESH_SECONDS))

    def spider_opened(self) -> None:
        for call, interval in self.calls:
            call.start(interval, now=False)

    def show(self) -> None:
        doing = "fetching" if self.crawler.crawling else "stopping, once more to force it"
        if self.display:
            self.display.show(self.now(), doing)

    def log(self) -> None:
        of = f"{self.spider.site.name}: " if len(run_of(self.crawler).crawlers) > 1 else ""
        logger.info("%(of)s%(figures)s", {"of": of, "figures": line(self.now())})

    def spider_closed(self) -> None:
        """Show what follows: the other extensions finish the pages, and nothing else runs."""
        for call, _ in self.calls:
            call.stop()
        if self.display:
            self.display.show(self.now(), "finishing pages and indexes")

    def stop(self) -> None:
        """Leave the terminal as it was."""
        if self.display:
            self.display.stop()
        if self.handler:
            self.handler.setStream(sys.stderr)

    def now(self) -> Figures:
        """Return the figures of this moment, with the rate of the last half minute."""
        moment, counts = time.time(), counts_of(self._stats())
        self.looks.append((moment, articles(counts)))
        while len(self.looks) > 2 and self.looks[0][0] < moment - _RATE_SECONDS:
            self.looks.popleft()
        since, done = self.looks[0]
        rate = (articles(counts) - done) / max(moment - since, _REFRESH_SECONDS)
        if counts["listing_pages"] > self.discovered[1]:
            self.discovered = (moment, counts["listing_pages"])
        is_discovering = moment - self.discovered[0] < _RATE_SECONDS
        left, seconds = self._due(articles(counts)), moment - self.started
        ahead = self.spider.articles_ahead() if is_discovering else None
        if ahead is None or left is None:
            return Figures(counts, {}, seconds, rate, left, is_discovering)
        pages, more = ahead
        return Figures(
            counts,
            {},
            seconds,
            rate,
            self._within_limit(left + more, articles(counts)),
            pages=pages,
        )

    def at_end(self) -> Figures:
        """Return the figures of a crawl that has ended, with its rate from start to end."""
        stats, seconds = self._stats(), time.time() - self.started
        counts = counts_of(stats)
        return Figures(counts, others_of(stats), seconds, articles(counts) / seconds)

    def _stats(self) -> dict[str, int]:
        """Return the stats of this process, with the counts of those that run beside it."""
        stats = dict(self.crawler.stats.get_stats())
        workers = self.crawler.get_extension(WorkerPool)
        for counts in workers.counts() if workers else ():
            for name in STATS.values():
                stats[name] = stats.get(name, 0) + counts.get(name, 0)
        return stats

    def _due(self, done: int) -> int | None:
        """Return how many articles this crawl has yet to fetch, as far as it is known by now."""
        spider, start = self.spider, time.monotonic()
        if start >= self.count_again:
            self.left = spider.count_due(self.started)
            took = time.monotonic() - start
            self.count_again = start + max(_REFRESH_SECONDS, _COUNT_PAUSE_FACTOR * took)
        return None if self.left is None else self._within_limit(self.left, done)

    def _within_limit(self, left: int, done: int) -> int:
        limit = self.spider.limit
        return left if limit is None else min(left, max(limit - done, 0))


def _handler() -> logging.StreamHandler:
    """Return the handler that logs to the terminal: Scrapy's own, or if that logs to a file, one
    more for the warnings."""
    handler = get_scrapy_root_handler()
    if type(handler) is not logging.StreamHandler:
        handler, format = logging.StreamHandler(), handler.formatter
        handler.setFormatter(format)
        handler.setLevel(logging.WARNING)
        logging.root.addHandler(handler)
    return handler


def is_live(options: Options) -> bool:
    """Whether a crawl shows itself at the foot of the terminal."""
    return options.display == "live" or (not options.display and sys.stderr.isatty())
