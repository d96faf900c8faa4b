"""Noting what became of an address that gave no article: in the log, the frontier and the stats."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mirror.content.text import one_line

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from mirror.store.frontier import Frontier

logger = logging.getLogger(__name__)

PUT_OFF, REFUSE, LOSE = "put off", "refuse", "lose"  # the fates of what waits


class Failures:
    """What becomes of addresses without an article."""

    def __init__(self, crawler: Crawler, frontier: Frontier):
        self.frontier = frontier
        self.crawler = crawler

    def settle(self, fate: str, article: str, url: str, reason: str) -> None:
        """Note what is one of the fates above."""
        settle = {PUT_OFF: self.put_off, REFUSE: self.refuse, LOSE: self.lose}[fate]
        settle(article, url, reason)

    def put_off(self, article: str, url: str, reason: str) -> None:
        """Note that an address is to be tried again later."""
        self.frontier.fail(article, reason)
        self._tell("failed", url, reason)

    def refuse(self, article: str, url: str, reason: str) -> None:
        """Note that there is no article at an address; it is asked for again until that is believed."""
        self.frontier.miss(article, "refused", reason)
        self._tell("refused", url, reason)

    def lose(self, article: str, url: str, reason: str) -> None:
        """Note that the site has no such article; a page of it here says so when that is believed."""
        is_doubtful = self.frontier.miss(article, "gone", reason)
        self._tell("absent" if is_doubtful else "gone", url, reason)

    def _tell(self, what: str, url: str, reason: str) -> None:
        said = {"what": what.capitalize(), "url": url, "reason": one_line(reason)}
        logger.warning("%(what)s %(url)s: %(reason)s", said)
        self.crawler.stats.inc_value(f"mirror/{what}")
