"""Taking what waited through the rest of its way, when it was found to be right."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mirror.engine.ending import is_ending
from mirror.engine.private import process_item, wake
from mirror.items import replace
from mirror.quality.kept_back import Waiting

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from mirror.quality.failures import Failures
    from mirror.quality.judge import Judge
    from mirror.quality.quarantine import Quarantine

logger = logging.getLogger(__name__)


class Releaser:
    """Deals with what waited, one thing after the other, while the crawl goes on."""

    def __init__(self, crawler: Crawler, judge: Judge, quarantine: Quarantine, failures: Failures):
        self.crawler = crawler
        self.judge = judge
        self.quarantine = quarantine
        self.failures = failures
        self.queue: deque[Waiting] = deque()
        self.task: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether something is left to deal with."""
        return self.task is not None

    def release(self, waiting: Iterable[Waiting]) -> None:
        """Begin to deal with what waited."""
        self.queue.extend(waiting)
        if self.queue and self.task is None:
            self.task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        try:
            while self.queue and not is_ending(self.crawler):
                await self._settle(self.queue.popleft())
        finally:
            self.task = None
            wake(self.crawler.engine)

    async def _settle(self, one: Waiting) -> None:
        if one.item is None:
            self.failures.settle(one.fate, one.article, one.url, one.reason)
            self.judge.settle(one.article)
        elif one.losses:
            self._hold(one)
            self.judge.settle(one.article)
        else:
            self.quarantine.forget(one.article)
            await process_item(self.crawler.engine, replace(one.item, is_judged=True))

    def _hold(self, one: Waiting) -> None:
        item = one.item
        assert item is not None
        logger.warning(
            "Held %(url)s: the update would lose %(losses)s. It is published when a later day "
            "shows it again, or by scrapy accept %(id)s",
            {"url": item.url, "losses": ", ".join(one.losses), "id": item.id},
        )
        self.quarantine.hold(item, one.losses, self.quarantine.clock.day)
        self.crawler.stats.inc_value("mirror/held")
