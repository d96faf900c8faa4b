"""Ending a crawl in order because the site is out of reach."""

from __future__ import annotations

import logging

from scrapy.crawler import Crawler

from mirror.storage import close

logger = logging.getLogger(__name__)

HALTED = "mirror/halted"  # in the stats: the crawl ended before it was done


def halt(crawler: Crawler, reason: str, why: str) -> None:
    """Close the spider, once, and say why; what was not fetched stays due."""
    if crawler.stats.get_value(HALTED):
        return
    crawler.stats.set_value(HALTED, 1)
    logger.critical(
        "%(why)s The crawl ends here. What it did not fetch stays due: run it again later.",
        {"why": why},
    )
    close(crawler, reason)


def is_ending(crawler: Crawler) -> bool:
    """Whether the crawl is being ended, by whatever or whoever it is. Scrapy waits for all requests
    under way, so those that wait for something else have to ask."""
    engine = crawler.engine
    return not engine.running or engine._slot is None or engine._slot.closing is not None
