"""scrapy-redis's scheduler, with Redis as what hands articles round and nothing more."""

from __future__ import annotations

import logging
import warnings
from collections import deque
from contextlib import suppress
from functools import partial
from itertools import takewhile

from redis.exceptions import RedisError
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy_redis import scheduler
from scrapy_redis.dupefilter import RFPDupeFilter

from mirror.cluster.claims import Claims
from mirror.cluster.cluster_worker import ClusterWorker, is_listing
from mirror.cluster.redis_circuit import Away, link
from mirror.engine.components import extension_of

logger = logging.getLogger(__name__)

_BATCH_SIZE = 64  # articles put into Redis at once
_EXPIRY_SECONDS = 24 * 3600  # for which Redis keeps what nobody asks for


class Scheduler(scheduler.Scheduler):
    """Articles go from the frontier through Redis to whichever worker asks. What a worker has got,
    and the retries, redirects and listing pages that follow from it, stay with the worker."""

    claims: Claims
    here: deque[Request]

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Scheduler:
        made = super().from_crawler(crawler)
        made.claims = extension_of(crawler, ClusterWorker).claims
        made.here = deque()
        made.is_walking = True
        made.foreign = 0
        return made

    def open(self, spider: Spider) -> None:
        """Join the crawl and use keys of its own, another run's or crawl's being none of ours."""
        self.claims.join()
        key = f"mirror:{self.claims.job.key}:{self.claims.run}"
        self.queue_key = f"{key}:requests"
        self.df = RFPDupeFilter(self.server, f"{key}:dupefilter")
        with suppress(RedisError), warnings.catch_warnings():
            warnings.simplefilter("ignore", ScrapyDeprecationWarning)  # it logs in an old way
            super().open(spider)

    def enqueue_request(self, request: Request) -> bool:
        """Keep a request of this worker's; listing pages go first."""
        if is_listing(request) and not self.is_walking:
            return False
        if not request.dont_filter and self._was_seen(request):
            return False
        if request.priority > 0:
            self.here.appendleft(request)
        else:
            self.here.append(request)
        return True

    def next_request(self) -> Request | None:
        """Return a request of this worker's."""
        return self.here.popleft() if self.here else None

    def has_pending_requests(self) -> bool:
        """Whether this worker has requests; what others have is for them."""
        return bool(self.here)

    def stop_walking(self) -> None:
        """Drop the listing pages: another worker walks."""
        self.is_walking = False
        self.here = deque(request for request in self.here if not is_listing(request))

    def collect(self, count: int) -> list[str]:
        """Return the ids of up to `count` articles out of Redis, which is filled from the frontier
        if it has too few. Raises Away."""
        found = self._pop(count)
        if len(found) < count:
            self._fill()
            found += self._pop(count - len(found))
        return found

    def _pop(self, count: int) -> list[str]:
        popped = (link(self._pop_one) for _ in range(count))
        return [article for article in takewhile(lambda a: a is not None, popped) if article]

    def _pop_one(self) -> str | None:
        """Return the id of an article, None if there is none, "" for what is nobody's request."""
        try:
            request = self.queue.pop()
            return None if request is None else str(request.cb_kwargs["article"])
        except RedisError:
            raise
        except Exception as error:  # whatever a foreign value does to who reads it
            self.foreign += 1
            if self.foreign == 1:
                reason = f"{type(error).__name__}: {error}"
                logger.warning(
                    "Redis holds what no worker put there: %(reason)s", {"reason": reason}
                )
            return ""

    def _fill(self) -> None:
        if not link(self.queue.__len__):
            self.claims.lose_queue()
        for row in self.claims.queue(_BATCH_SIZE):
            link(partial(self.queue.push, self.spider.article_request(row)))
        link(partial(self.server.expire, self.queue_key, _EXPIRY_SECONDS))

    def clear(self) -> None:
        """Remove from Redis what is left of a run that is complete."""
        with suppress(Away):
            link(self.flush)

    def _was_seen(self, request: Request) -> bool:
        try:
            return link(partial(self.df.request_seen, request))
        except Away:
            return False
