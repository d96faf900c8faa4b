"""One pace towards the site, kept by all workers together."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from mirror.cluster.cluster_worker import ClusterWorker, shared_queue
from mirror.cluster.redis_circuit import PAUSE_SECONDS, Away, link
from mirror.engine.components import extension_of

# Takes the next free moment for a request and says how far off it is, in milliseconds. Redis's own
# clock counts, as those of the machines may differ. Nothing is known after Redis was emptied, so the
# first request waits, too.
_NEXT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local pause = tonumber(ARGV[1])
local free = tonumber(redis.call('GET', KEYS[1]) or '')
if not free or free > now + 100 * pause then free = now + pause end
local moment = math.max(now, free)
redis.call('SET', KEYS[1], string.format('%.0f', moment + pause), 'PX', 3600000)
return moment - now
"""

_POLL_SECONDS = 0.01  # between two looks
_ALONE_SECONDS = 2 * PAUSE_SECONDS  # by then each worker has asked Redis again


class SharedPace:
    """Lets a request go when its turn has come among those of all workers.

    The pause between two is the one that holds in this worker: Scrapy's DOWNLOAD_DELAY, or what
    AutoThrottle makes of it. Without one there is no pace to keep. While Redis is away each worker
    keeps a pace slower by the number of workers, and for some seconds more: others may not know yet
    that it is back.
    """

    def __init__(self, crawler: Crawler):
        self.crawler = crawler
        self.turn = asyncio.Lock()  # so that a worker that dies has taken but one moment
        self.free = 0.0  # when the next request may go by this worker's own pace
        self.alone_until = time.monotonic() + _ALONE_SECONDS  # as long it keeps that, too

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SharedPace:
        if crawler.get_extension(ClusterWorker) is None:
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for this request's turn."""
        async with self.turn:
            host = self.crawler.engine.downloader.get_slot_key(request)
            if not self._pause(host):
                return
            while self._is_held_up(host):
                await asyncio.sleep(_POLL_SECONDS)
            await asyncio.sleep(self._wait(host, self._pause(host)))

    def _is_held_up(self, host: str) -> bool:
        """Whether Scrapy keeps a request back whose moment has come: more of them would go at once
        when it lets go."""
        slot = self.crawler.engine.downloader.slots.get(host)
        return bool(slot and slot.queue)

    def _pause(self, host: str) -> float:
        """Return the seconds between two requests."""
        slot = self.crawler.engine.downloader.slots.get(host)
        return slot.delay if slot else self.crawler.settings.getfloat("DOWNLOAD_DELAY")

    def _wait(self, host: str, pause: float) -> float:
        """Return the seconds until the next free moment, and take it."""
        redis = shared_queue(self.crawler).server
        call = partial(redis.eval, _NEXT, 1, f"mirror:pace:{host}", round(pause * 1000))
        now, wait = time.monotonic(), 0.0
        try:
            wait = link(call) / 1000
        except Away:
            self.alone_until = now + _ALONE_SECONDS
        if now < self.alone_until:
            wait = max(wait, self.free - now)
            pause *= extension_of(self.crawler, ClusterWorker).workers
        self.free = now + wait + pause
        return wait
