"""More processes beside the crawl: each fetches and publishes what it takes from the frontier.

The crawl itself discovers, does its share, and ends when all is done. A process that dies is
replaced; what it had taken is given back. If the crawl dies, so do they.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object

from mirror.config.components import COMPONENTS
from mirror.config.options import Options
from mirror.crawl.addons import Profile, Unused
from mirror.crawl.allowance import share_allowance, shared_allowance
from mirror.crawl.extensions import Feeder
from mirror.crawl.fork_server import NOT_STARTED, Child, ForkServer
from mirror.crawl.repeating import Repeated
from mirror.crawl.worker_output import WorkerOutput
from mirror.engine.components import extension_of
from mirror.engine.ending import close
from mirror.engine.role import role_of
from mirror.quality.watch import Watch, is_concluded
from mirror.store.database import open_database
from mirror.store.frontier import Frontier

logger = logging.getLogger(__name__)

_MIN_FED_ARTICLES = 50  # articles fetched here before it pays to start more processes
_OWN_CONCURRENCY = 16  # articles fetched here at once when there are more: discovery goes before
_POLL_SECONDS = 0.05
_REPORT_SECONDS = 1
_DONE_MESSAGE, _STOP_MESSAGE = b"done\n", b"stop\n"  # of the same length
_MAX_STILLBORN = 3  # processes in a row that died before they had done anything
_STOP_SECONDS = 120  # for what a process has under way when the crawl is stopped
_ALONE = "No more processes can be started (%(reason)s); the crawl goes on without"
_LOADED_EARLY = ("mirror.", "scrapy.")  # an operator's own modules may need what is opened later

_fork_servers: list[ForkServer] = []  # of this process: one, if it may start others


def prepare(settings: BaseSettings, work: Callable[[int], int]) -> None:
    """Make ready for more processes, each of which will call `work` with its number, if a crawl with
    these settings may have any. To be called before anything is opened."""
    settings = settings.copy()
    for addon in (Profile(), Unused()):
        addon.update_settings(settings)
    if _count(Options.from_settings(settings)) > 1 and _may_share(settings):
        for component in _components(settings):
            load_object(component)
        try:
            share_allowance()
            _fork_servers.append(ForkServer(work))
        except OSError as error:  # no more processes, or no memory
            logger.warning(_ALONE, {"reason": error})


class WorkerPool:
    """Starts the processes once there is much to do, and outlives them."""

    def __init__(self, crawler: Crawler, frontier: Frontier, fork_server: ForkServer, count: int):
        self.crawler = crawler
        self.frontier = frontier
        self.fork_server = fork_server
        self.count = count
        self.running: dict[int, Child] = {}
        self.reports: dict[int, WorkerOutput] = {}
        self.started = 0
        self.stillborn = 0  # of the last ones that died, as many in a row
        self.is_ending = False
        self.looking = Repeated(crawler, self.look, _POLL_SECONDS)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WorkerPool:
        options = Options.from_settings(crawler.settings)
        if not _fork_servers or role_of(crawler).worker:
            raise NotConfigured
        frontier = Frontier(open_database(options.database_url))
        workers = cls(crawler, frontier, _fork_servers.pop(), _count(options) - 1)
        crawler.signals.connect(workers.looking.start, signals.spider_opened)
        crawler.signals.connect(workers.spider_idle, signals.spider_idle)
        crawler.signals.connect(workers.spider_closed, signals.spider_closed)
        return workers

    def look(self) -> None:
        """Start what is missing, replace what died, and end when nothing is left to do."""
        self._collect_ended()
        if self.crawler.stats.get_value("mirror/hollow"):
            self.looking.stop()
            close(self.crawler, "hollow")
            return
        feeder = extension_of(self.crawler, Feeder)
        if (
            feeder.fed >= _MIN_FED_ARTICLES
            and not self.is_ending
            and len(self.running) < self.count
        ):
            feeder.count = _OWN_CONCURRENCY
            self._start()
        is_over = self.is_ending and not self.running and self.crawler.engine.spider_is_idle()
        if is_over and not feeder.feed() and is_concluded(self.crawler):
            close(self.crawler, "finished")

    def spider_idle(self) -> None:
        """Nothing is left here: let the others finish."""
        if not self.running:
            return
        self.is_ending = True
        self._send(_DONE_MESSAGE)
        raise DontCloseSpider

    def spider_closed(self) -> None:
        """Wait for what still runs, if the crawl was stopped."""
        self.looking.stop()
        self._send(_STOP_MESSAGE)
        give_up = time.monotonic() + _STOP_SECONDS
        while self.running:
            self._collect_ended()
            if time.monotonic() > give_up:
                for number in self.running:
                    self.fork_server.kill(number)
            time.sleep(_POLL_SECONDS)
        self.fork_server.close()

    def _start(self) -> None:
        self.started += 1
        try:
            process = self.fork_server.start(self.started)
            self.reports[self.started] = WorkerOutput(process.stdout)
        except OSError as error:
            self._go_on_without(error)
        else:
            self.running[self.started] = process
            self._count_partners()

    def _count_partners(self) -> None:
        if watch := self.crawler.get_extension(Watch):
            watch.partners = len(self.running)

    def _go_on_without(self, reason: object) -> None:
        logger.warning(_ALONE, {"reason": reason})
        self.count = len(self.running)

    def _collect_ended(self) -> None:
        for number in list(self.running):
            if (status := self.fork_server.status(number)) is not None:
                self._collect(number, status)
            else:
                self.reports[number].read()

    def _send(self, message: bytes) -> None:
        for process in self.running.values():
            with suppress(BrokenPipeError):  # it ended
                process.stdin.write(message)

    def _collect(self, number: int, status: int) -> None:
        """Take over the stats of a process that ended, and what it left undone."""
        self.running.pop(number).stdin.close()  # ends it, should it still run
        self._count_partners()
        counts = self.reports.pop(number).last()
        if status == NOT_STARTED:
            self._go_on_without("the machine has none left")
        elif status:
            logger.error(
                "Worker process %(number)d died (status %(status)d); its articles are done again",
                {"number": number, "status": status},
            )
            self.crawler.stats.inc_value("mirror/workers_died")
            self.stillborn = 0 if counts else self.stillborn + 1
            if self.stillborn == _MAX_STILLBORN:
                self._go_on_without(f"{_MAX_STILLBORN} died before they had done anything")
        given_back = self.frontier.release(number)
        if allowance := shared_allowance():
            allowance.give_back(given_back)
        for name, value in counts.items():
            self.crawler.stats.inc_value(name, value)
        if self.crawler.stats.get_value("mirror/hollow"):
            self.crawler.stats.set_value("mirror/hollow", 1)  # it is no number to add up

    def counts(self) -> list[dict[str, int]]:
        """Return the stats of each process that runs, of a second ago at most."""
        return [report.counts for report in self.reports.values()]


class WorkerProcess:
    """In a process that was started: keeps it going until the crawl says that all is discovered."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.is_done = self.is_stopped = False
        self.looking = Repeated(crawler, self.look, _POLL_SECONDS)
        self.reporting = Repeated(crawler, self.report, _REPORT_SECONDS)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WorkerProcess:
        if not role_of(crawler).worker:
            raise NotConfigured
        worker = cls(crawler)
        crawler.signals.connect(worker.spider_opened, signals.spider_opened)
        crawler.signals.connect(worker.spider_idle, signals.spider_idle)
        crawler.signals.connect(worker.spider_closed, signals.spider_closed)
        return worker

    def spider_opened(self) -> None:
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), self._listen)
        self.looking.start()
        self.reporting.start()

    def look(self) -> None:
        """Fetch what was discovered meanwhile; end when all is."""
        if self.is_stopped:
            self.looking.stop()
            close(self.crawler, "shutdown")
            return
        is_last_look = self.is_done
        if not self.crawler.engine.spider_is_idle():
            return
        if not extension_of(self.crawler, Feeder).feed() and is_last_look:
            close(self.crawler, "finished")

    def spider_idle(self) -> None:
        raise DontCloseSpider

    def spider_closed(self) -> None:
        self.looking.stop()
        self.reporting.stop()
        self.report()

    def report(self) -> None:
        """Hand over the stats so far, as a line of JSON on the standard output."""
        stats = self.crawler.stats.get_stats()
        counts = {name: value for name, value in stats.items() if _is_count(name, value)}
        with suppress(BrokenPipeError):  # the crawl died; so will this process
            print(json.dumps(counts), flush=True)

    def _listen(self) -> None:
        """Take notice of a message of the crawl, or of its end."""
        received = os.read(sys.stdin.fileno(), len(_DONE_MESSAGE))
        if not received:
            os._exit(1)  # the crawl died; what was taken here is taken again
        self.is_done |= received == _DONE_MESSAGE
        self.is_stopped |= received == _STOP_MESSAGE


def _components(settings: BaseSettings) -> list[str]:
    """Return the paths of the parts that each process will load, without an operator's own."""
    both = ({**(settings[f"{name}_BASE"] or {}), **settings[name]} for name in COMPONENTS)
    parts = [part for parts in both for part, place in parts.items() if place is not None]
    return [part for part in parts if str(part).startswith(_LOADED_EARLY)]


def _count(options: Options) -> int:
    return options.workers or os.cpu_count() or 1


def _may_share(settings: BaseSettings) -> bool:
    """Whether several processes keep what was asked for: a pace, or one file for all items."""
    return not (
        settings.getfloat("DOWNLOAD_DELAY")
        or settings.getbool("AUTOTHROTTLE_ENABLED")
        or settings.getdict("FEEDS")
    )


def _is_count(name: str, value: Any) -> bool:
    counted = ("mirror/", "downloader/", "item_", "response_", "retry/", "httpcompression/")
    return isinstance(value, int) and name.startswith((*counted, "spider_exceptions/"))
