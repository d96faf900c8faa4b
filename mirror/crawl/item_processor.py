"""Articles that wait pass a stage one after the other before the first of them passes the next.

What a stage needs is then in the processor's cache for all but the first; that saves a tenth of the
time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from inspect import isawaitable
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.pipelines import ItemPipelineManager
from scrapy.utils.defer import ensure_awaitable
from scrapy.utils.python import global_object_name

from mirror.engine.components import spider_of
from mirror.engine.ending import ERRORS
from mirror.engine.private import takes_spider
from mirror.items import ArticleItem
from mirror.pipelines import DeduplicatePipeline, WatchPipeline

logger = logging.getLogger(__name__)


class BatchItemProcessor(ItemPipelineManager):
    """Scrapy's chain of stages, with a pause before each in which other articles come as far."""

    async def process_item_async(self, item: Any) -> Any:
        """Return what the stages make of an item. Raises what they do, DropItem among others."""
        for process in self._stages(item):
            await asyncio.sleep(0)
            item = await self._call(process, item)
        return item

    def _stages(self, item: object) -> Iterable[Callable[..., Any]]:
        """Return what an item has to pass; what has waited has passed all before that already, and is
        only looked up again."""
        stages = [stage for stage in self.methods["process_item"] if stage]
        if not (isinstance(item, ArticleItem) and item.is_judged):
            return stages
        owners = [type(getattr(stage, "__self__", None)) for stage in stages]
        after = owners.index(WatchPipeline) if WatchPipeline in owners else 0
        return [
            stage
            for place, (stage, owner) in enumerate(zip(stages, owners, strict=True))
            if place > after or owner is DeduplicatePipeline
        ]

    async def close_spider_async(self) -> None:
        """Close all stages, the last one first; an error in one keeps no other from its end."""
        for close in filter(None, self.methods["close_spider"]):
            try:
                await self._call(close)
            except Exception:
                name = global_object_name(close)
                logger.exception("%(stage)s failed at the end of the crawl", {"stage": name})
                self._running.stats.inc_value(ERRORS)

    @property
    def _running(self) -> Crawler:
        if self.crawler is None:
            raise LookupError("stages without a crawler")
        return self.crawler

    async def _call(self, method: Callable[..., Any], *args: Any) -> Any:
        """Return the result of a stage's method, written in any of the ways that Scrapy allows."""
        if takes_spider(self, method):
            args = (*args, spider_of(self._running, Spider))
        result = method(*args)
        if isinstance(result, ArticleItem) or not isawaitable(result):
            return result
        return await ensure_awaitable(result, _warn=global_object_name(method))
