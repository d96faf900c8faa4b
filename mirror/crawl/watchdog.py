"""Ends a crawl in which nothing happens any more, and says what it was waiting for."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterable, Iterator
from itertools import islice

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from mirror.config.options import Options
from mirror.crawl.repeating import Repeated
from mirror.crawl.workers import WorkerPool
from mirror.engine.ending import halt
from mirror.fetching.middlewares import PauseMiddleware, ProxyMiddleware
from mirror.quantities import duration

logger = logging.getLogger(__name__)

_POLLS_PER_LIMIT = 10  # in the time without progress
_MAX_POLL_SECONDS = 30.0
_MAX_END_SECONDS = 60.0  # for an end in order, before the crawl is cut off
_MAX_EXAMPLES = 3
_MAX_DELAYS = 4  # between requests, in which a slow crawl makes progress
_PROGRESS = ("mirror/", "item_", "robotstxt/")  # stats; requests alone may go in a circle


class Watchdog:
    """Knows when a crawl last made progress: an article dealt with, a listing page read.

    Pauses that the site or its proxies brought are no standstill, they have an end.
    """

    def __init__(self, crawler: Crawler, seconds: float):
        self.crawler = crawler
        self.seconds = seconds
        self.seen: dict[str, int] = {}
        self.since = time.monotonic()
        self.is_ending = False
        poll = min(seconds / _POLLS_PER_LIMIT, _MAX_POLL_SECONDS)
        self.looking = Repeated(crawler, self.look, poll)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Watchdog:
        options = Options.from_settings(crawler.settings)
        if not options.stall_timeout:
            raise NotConfigured
        slowest = _MAX_DELAYS * crawler.settings.getfloat("DOWNLOAD_DELAY")
        watchdog = cls(crawler, max(options.stall_timeout, slowest))
        crawler.signals.connect(watchdog.looking.start, signals.spider_opened)
        crawler.signals.connect(watchdog.looking.stop, signals.spider_closed)
        return watchdog

    def look(self) -> None:
        """End the crawl if there was no progress for so long, in order if that can be done."""
        now, progress = time.monotonic(), self._progress()
        if progress != self.seen or self._is_pausing(now):
            self.seen, self.since = progress, now
        elif self.is_ending and now - self.since > min(self.seconds, _MAX_END_SECONDS):
            logger.critical("It does not end in order: it is cut off")
            self.looking.stop()
            for _ in range(2):  # as an operator would who presses Ctrl-C twice
                signal.raise_signal(signal.SIGINT)
        elif now - self.since > self.seconds:
            self.since, self.is_ending = now, True
            halt(
                self.crawler,
                "stalled",
                f"Nothing has happened for {duration(self.seconds)} (MIRROR_STALL_TIMEOUT), it was "
                f"waiting for {self.waited_for()}.",
            )

    def _progress(self) -> dict[str, int]:
        pool = self.crawler.get_extension(WorkerPool)
        counted = [self.crawler.stats.get_stats(), *(pool.counts() if pool else ())]
        return {
            f"{process} {name}": value
            for process, counts in enumerate(counted)
            for name, value in counts.items()
            if name.startswith(_PROGRESS)
        }

    def _is_pausing(self, now: float) -> bool:
        pauses = self.crawler.get_downloader_middleware(PauseMiddleware)
        proxies = self.crawler.get_downloader_middleware(ProxyMiddleware)
        return bool(pauses and pauses.is_pausing(now)) or bool(proxies and proxies.is_pausing(now))

    def waited_for(self) -> str:
        """Return in words what the crawl has under way."""
        return "; ".join(self._under_way()) or "nothing that it knows of"

    def _under_way(self) -> Iterator[str]:
        engine, slot = self.crawler.engine, self.crawler.engine.scraper.slot
        if engine.downloader.active:
            asked = _examples(request.url for request in engine.downloader.active)
            yield f"answers to {len(engine.downloader.active)} requests ({asked})"
        if slot and not slot.is_idle():
            pages = _examples(request.url for request in slot.active)
            yield f"the stages of {len(slot.active)} pages ({pages})"
        if engine.scheduler and engine.scheduler.has_pending_requests():
            yield "its turn to send requests"
        pool = self.crawler.get_extension(WorkerPool)
        if pool and pool.running:
            yield f"worker processes ({_examples(map(str, pool.running))})"


def _examples(found: Iterable[str]) -> str:
    some = list(islice(found, _MAX_EXAMPLES + 1))
    return ", ".join(some[:_MAX_EXAMPLES]) + (", ..." if len(some) > _MAX_EXAMPLES else "")
