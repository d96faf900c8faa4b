"""The figures of a crawl."""

from __future__ import annotations

from typing import Any

from scrapy.statscollectors import MemoryStatsCollector


class Stats(MemoryStatsCollector):
    """Scrapy's own, which looks at each call whether it is one of former versions: for each article a
    dozen times, and it takes such calls all the same."""

    def __getattribute__(self, name: str) -> Any:
        return object.__getattribute__(self, name)
