"""More processes beside the crawl: each fetches and publishes what it takes from the frontier.

The crawl itself discovers, does its share, and ends when all is done. A process that dies is
replaced; what it had taken is given back. If the crawl dies, so do they.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from threading import Thread
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.utils.asyncio import create_looping_call

from mirror.database import open_database
from mirror.extensions import Feeder, close
from mirror.frontier import Frontier
from mirror.options import Options

logger = logging.getLogger(__name__)

_ENOUGH = 200  # articles fetched here before it pays to start more processes
_OWN_SHARE = 8  # articles fetched here at once when there are more: discovery goes before
_EACH = 0.1  # seconds between two looks
_DONE = b"done\n"


class Workers:
    """Starts the processes once there is much to do, and outlives them."""

    def __init__(self, crawler: Crawler, frontier: Frontier, count: int):
        self.crawler = crawler
        self.frontier = frontier
        self.count = count
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        self.started = 0
        self.is_ending = False
        self.looking = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Workers:
        options = Options.from_settings(crawler.settings)
        if options.workers < 2 or options.worker or not _may_share(crawler):
            raise NotConfigured
        frontier = Frontier(open_database(options.database_url))
        workers = cls(crawler, frontier, options.workers - 1)
        crawler.signals.connect(workers.spider_opened, signals.spider_opened)
        crawler.signals.connect(workers.spider_idle, signals.spider_idle)
        crawler.signals.connect(workers.spider_closed, signals.spider_closed)
        return workers

    def spider_opened(self) -> None:
        self.looking.start(_EACH, now=False)

    def look(self) -> None:
        """Start what is missing, replace what died, and end when nothing is left to do."""
        for number, process in list(self.running.items()):
            if process.poll() is not None:
                self._collect(number, process)
        feeder = self.crawler.get_extension(Feeder)
        if feeder.fed >= _ENOUGH and not self.is_ending and len(self.running) < self.count:
            feeder.count = _OWN_SHARE
            self._start()
        is_over = self.is_ending and not self.running and self.crawler.engine.spider_is_idle()
        if is_over and not feeder.feed():
            close(self.crawler, "finished")

    def spider_idle(self) -> None:
        """Nothing is left here: let the others finish."""
        if not self.running:
            return
        self.is_ending = True
        for process in self.running.values():
            _tell(process, _DONE)
        raise DontCloseSpider

    def spider_closed(self) -> None:
        """Wait for what still runs, if the crawl was stopped."""
        self.looking.stop()
        for number, process in list(self.running.items()):
            process.terminate()
            self._collect(number, process)

    def _start(self) -> None:
        self.started += 1
        command = [*_command(self.crawler), "-s", f"MIRROR_WORKER={self.started}"]
        # In an egg only this process knows where the code is.
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.running[self.started] = process

    def _collect(self, number: int, process: subprocess.Popen[bytes]) -> None:
        """Take over the stats of a process that ended, and what it left undone."""
        del self.running[number]
        out, _ = process.communicate()
        if process.returncode:
            logger.error(
                "Worker process %(number)d died (status %(status)d); its articles are done again",
                {"number": number, "status": process.returncode},
            )
            self.crawler.stats.inc_value("mirror/workers_died")
        self.frontier.release(number)
        for name, value in (json.loads(out) if out.strip() else {}).items():
            self.crawler.stats.inc_value(name, value)


class Worker:
    """In a process that was started: keeps it going until the crawl says that all is discovered."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.is_done = False
        self.looking = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Worker:
        if not Options.from_settings(crawler.settings).worker:
            raise NotConfigured
        worker = cls(crawler)
        crawler.signals.connect(worker.spider_opened, signals.spider_opened)
        crawler.signals.connect(worker.spider_idle, signals.spider_idle)
        crawler.signals.connect(worker.spider_closed, signals.spider_closed)
        return worker

    def spider_opened(self) -> None:
        Thread(target=self._listen, daemon=True).start()
        self.looking.start(_EACH, now=False)

    def look(self) -> None:
        """Fetch what was discovered meanwhile; end when all is."""
        is_last_look = self.is_done
        if not self.crawler.engine.spider_is_idle():
            return
        if not self.crawler.get_extension(Feeder).feed() and is_last_look:
            close(self.crawler, "finished")

    def spider_idle(self) -> None:
        raise DontCloseSpider

    def spider_closed(self) -> None:
        """Hand over the stats, as JSON on the standard output."""
        self.looking.stop()
        stats = self.crawler.stats.get_stats()
        counts = {name: value for name, value in stats.items() if _is_count(name, value)}
        sys.stdout.write(json.dumps(counts))

    def _listen(self) -> None:
        if sys.stdin.buffer.readline() != _DONE:
            os._exit(1)  # the crawl died; what was taken here is taken again
        self.is_done = True


def _may_share(crawler: Crawler) -> bool:
    """Whether several processes keep what was asked for: a pace, or one file for all items."""
    settings = crawler.settings
    return not (
        settings.getfloat("DOWNLOAD_DELAY")
        or settings.getbool("AUTOTHROTTLE_ENABLED")
        or settings.getdict("FEEDS")
    )


def _command(crawler: Crawler) -> list[str]:
    """Return the command of this crawl, with the settings that were given to it by hand."""
    by_hand = SETTINGS_PRIORITIES["cmdline"]
    settings = crawler.settings
    given = {k: v for k, v in settings.items() if settings.getpriority(k) == by_hand}
    spider = crawler.spider
    arguments = [f"{name}={value}" for name, value in spider.given.items()]
    return [
        sys.executable, "-m", "scrapy", "crawl", spider.name,
        *(part for argument in arguments for part in ("-a", argument)),
        *(part for name, value in given.items() for part in ("-s", f"{name}={value}")),
    ]  # fmt: skip


def _is_count(name: str, value: Any) -> bool:
    counted = ("mirror/", "downloader/", "item_", "response_", "retry/", "httpcompression/")
    return isinstance(value, int) and name.startswith((*counted, "spider_exceptions/"))


def _tell(process: subprocess.Popen[bytes], message: bytes) -> None:
    try:
        process.stdin.write(message)
        process.stdin.flush()
    except (BrokenPipeError, ValueError):  # it ended, or was told before
        return
