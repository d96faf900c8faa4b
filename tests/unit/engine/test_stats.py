"""The figures of a crawl are Scrapy's own, calls of its former versions among them."""

from __future__ import annotations

from scrapy import Spider
from scrapy.utils.test import get_crawler

from mirror.engine.stats import Stats


def test_what_is_counted_is_there_whoever_calls() -> None:
    stats = Stats(get_crawler(Spider))
    stats.inc_value("pages")
    stats.inc_value("pages", count=2, spider=Spider("former"))
    stats.max_value("most", 5)
    stats.max_value("most", 3)
    assert stats.get_value("pages") == 3
    assert stats.get_stats() == {"pages": 3, "most": 5}
