"""Noting what became of an address that gave no article: in the log, the frontier and the stats."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mirror.content.text import one_line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from mirror.store.database import Database
    from mirror.store.frontier import Frontier

logger = logging.getLogger(__name__)

PUT_OFF, REFUSE = "put off", "refuse"  # the fates of what waits


class Failures:
    """What becomes of addresses without an article."""

    def __init__(self, crawler: Crawler, database: Database, frontier: Frontier):
        self.database = database
        self.frontier = frontier
        self.crawler = crawler

    def settle(self, fate: str, article: str, url: str, reason: str) -> None:
        """Note what is one of the fates above."""
        settle = {PUT_OFF: self.put_off, REFUSE: self.refuse}[fate]
        settle(article, url, reason)

    def put_off(self, article: str, url: str, reason: str) -> None:
        """Note that an address is to be tried again later."""
        reason = one_line(reason)
        logger.warning("Failed %(url)s: %(reason)s", {"url": url, "reason": reason})
        self.frontier.fail(article, reason)
        self.crawler.stats.inc_value("mirror/failed")

    def refuse(self, article: str, url: str, reason: str) -> None:
        """Note that there is no article at an address."""
        reason = one_line(reason)
        logger.warning("Refused %(url)s: %(reason)s", {"url": url, "reason": reason})
        self.frontier.settle(article, "refused", reason)
        self.crawler.stats.inc_value("mirror/refused")

    def lose(self, article: str, url: str, reason: str) -> None:
        """Note that the site has an article no more; a page of it here stays and will say so."""
        reason = one_line(reason)
        logger.warning("Gone %(url)s: %(reason)s", {"url": url, "reason": reason})
        self.frontier.settle(article, "gone", reason)
        self.database.mark_removed(article)
        self.crawler.stats.inc_value("mirror/gone")
