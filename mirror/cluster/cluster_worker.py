"""A worker among others: it joins a crawl, takes its share, walks the listings if nobody does, and
ends when the database says that all is done."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Protocol, cast

from redis import Redis
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.utils.asyncio import create_looping_call
from sqlalchemy import Row
from sqlalchemy.exc import DBAPIError

from mirror.cluster.claims import Claims
from mirror.cluster.job import Job
from mirror.cluster.redis_circuit import Away
from mirror.config.options import Options
from mirror.crawl.extensions import Bookkeeper
from mirror.engine.components import extension_of, spider_of, stage_of
from mirror.engine.ending import close, end_for_storage
from mirror.engine.private import requests_under_way
from mirror.pipelines import WritePipeline
from mirror.quality.watch import Watch, is_concluded
from mirror.spiders.base import MirrorSpider
from mirror.store.database import open_database

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5  # between two looks for work
_HEARTBEAT_SECONDS = 2.0  # between two signs of life
_STOCK_SIZE = (
    8  # articles held beyond those that are being fetched, so that not each one is asked for
)


class SharedQueue(Protocol):
    """What the scheduler of a cluster does for its worker, see mirror.cluster.scheduler."""

    here: deque[Request]  # requests that are this worker's
    server: Redis

    def collect(self, count: int) -> list[str]: ...
    def stop_walking(self) -> None: ...
    def clear(self) -> None: ...


def shared_queue(crawler: Crawler) -> SharedQueue:
    """Return the scheduler of a worker."""
    return cast("SharedQueue", crawler.engine.scheduler if crawler.engine else None)


class ClusterWorker:
    """Keeps a worker going until its crawl is complete."""

    def __init__(self, crawler: Crawler, claims: Claims):
        self.crawler = crawler
        self.claims = claims
        self.workers = 1  # of this crawl, alive
        self.has_walked = self.is_walking = self.is_ending = self.is_discovered = False
        self.beaten, self.requests = time.monotonic(), 0
        self.next = 0.0  # when to ask again for work, after there was none
        self.looking = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ClusterWorker:
        options = Options.from_settings(crawler.settings)
        spider = spider_of(crawler, MirrorSpider)
        asked = _asked(spider.name, spider.given, options.source_url)
        job = Job(asked, spider.sections, spider.only, spider.limit)
        name = f"{socket.gethostname()}:{os.getpid()}"
        member = cls(crawler, Claims(open_database(options.database_url), job, options.lease, name))
        crawler.signals.connect(member.spider_opened, signals.spider_opened)
        crawler.signals.connect(member.feed, signals.scheduler_empty)
        crawler.signals.connect(member.spider_idle, signals.spider_idle)
        crawler.signals.connect(member.spider_closed, signals.spider_closed)
        return member

    def spider_opened(self) -> None:
        what = {"worker": self.claims.worker, "run": self.claims.run, "crawl": self.claims.job.key}
        logger.info("Worker %(worker)d, in run %(run)d of crawl %(crawl)s", what)
        self.workers = max(1, self.claims.beat(0, 0.0).workers)
        if watch := self.crawler.get_extension(Watch):
            watch.partners = 1  # others may still be at work when this one has nothing to do
        self.looking.start(_POLL_SECONDS, now=False)

    def spider_idle(self) -> None:
        raise DontCloseSpider  # there may be work later

    def spider_closed(self) -> None:
        self.is_ending = True
        self.looking.stop()
        self.claims.leave()

    # ---- discovery

    async def discover(self) -> AsyncIterator[Any]:
        """Let the spider discover, if and when it is up to this worker to walk."""
        while not (self.is_ending or self.is_discovered):
            if crawl := self.claims.walk():
                logger.info("Walking the listings")
                self.is_walking = True
                spider = spider_of(self.crawler, MirrorSpider)
                if not crawl.begun:  # else by a worker that died
                    spider.begin()
                    self.claims.note_begun()
                await spider.discover()
                self.has_walked = True
                return
            await asyncio.sleep(_POLL_SECONDS)
        requests: tuple[Request, ...] = ()
        for request in requests:  # the frontier feeds the crawl
            yield request

    def _look_at_walk(self) -> None:
        under_way = (*shared_queue(self.crawler).here, *requests_under_way(self.crawler.engine))
        if self.has_walked and not any(map(is_listing, under_way)):
            self.claims.note_discovered()
            self.is_walking, self.is_discovered = False, True

    # ---- articles

    def feed(self) -> None:
        """Schedule articles if this worker has none left."""
        engine = self.crawler.engine
        room = self.crawler.settings.getint("CONCURRENT_REQUESTS") - len(engine.downloader.active)
        if (
            self.is_ending
            or room < 1
            or shared_queue(self.crawler).here
            or time.monotonic() < self.next
        ):
            return
        rows = self._share(room + _STOCK_SIZE)
        for row in rows:
            engine.crawl(spider_of(self.crawler, MirrorSpider).article_request(row))
        if not rows:
            self.next = time.monotonic() + _POLL_SECONDS / 2

    def _share(self, count: int) -> list[Row]:
        try:
            return self.claims.claim(shared_queue(self.crawler).collect(count))
        except Away:
            return self.claims.take(count)

    # ---- signs of life, and the end

    def look(self) -> None:
        """Do what is to be done from time to time."""
        try:
            if not self.is_ending:
                self._look()
        except (OSError, DBAPIError) as error:
            self.is_ending = True
            end_for_storage(self.crawler, error)

    def _look(self) -> None:
        if time.monotonic() - self.beaten > _HEARTBEAT_SECONDS:
            self._beat()
        if self.is_walking:
            self._look_at_walk()
        self.feed()
        if self._is_idle():
            self._settle()

    def _is_idle(self) -> bool:
        return not (shared_queue(self.crawler).here or requests_under_way(self.crawler.engine))

    def _beat(self) -> None:
        self._flush()
        stats, now = self.crawler.stats, time.monotonic()
        requests = stats.get_value("downloader/request_count", 0)
        rate = (requests - self.requests) / (now - self.beaten)
        self.requests, self.beaten = requests, now
        state = self.claims.beat(stats.get_value("response_received_count", 0), round(rate, 2))
        self.workers = max(1, state.workers)
        self.is_discovered = state.is_discovered
        if state.is_over:
            self._end()
        elif self.is_walking and not state.is_walker:
            logger.warning("Another worker walks the listings now")
            self.is_walking = False
            shared_queue(self.crawler).stop_walking()

    def _flush(self) -> None:
        """Write down what is done, for others to see."""
        stage_of(self.crawler, WritePipeline).ledger.flush()
        if books := self.crawler.get_extension(Bookkeeper):
            books.ledger.flush()
        if watch := self.crawler.get_extension(Watch):
            watch.flush()  # what waits is no error

    def _settle(self) -> None:
        """With nothing left to do here, see whether that is so everywhere."""
        self._flush()
        if left := self.claims.leave_rest():
            logger.error("%(left)d articles were not dealt with because of errors", {"left": left})
        if self.claims.is_complete() and is_concluded(self.crawler):
            self.claims.finish()
            shared_queue(self.crawler).clear()
            self._end()

    def _end(self) -> None:
        logger.info("The crawl is complete")
        self.is_ending = True
        close(self.crawler, "finished")


def is_listing(request: Request) -> bool:
    """Whether a request is a step of the walk through the listings."""
    return "article" not in request.cb_kwargs


def _asked(spider: str, arguments: dict[str, str], source_url: str) -> str:
    """Return in one line what a crawl was asked to do; scrapyd's number of the job aside."""
    given = {name: value for name, value in sorted(arguments.items()) if name != "_job"}
    return f"{spider} {json.dumps(given, ensure_ascii=False)} {source_url}"


class Walker:
    """Lets the spider begin only where it is this worker's turn to walk the listings."""

    def __init__(self, crawler: Crawler):
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Walker:
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Yield what the spider begins with, now, later or never."""
        async for request in extension_of(self.crawler, ClusterWorker).discover():
            yield request
