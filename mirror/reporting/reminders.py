"""What an operator has yet to do, said at the start and at the end of each crawl."""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from mirror.config.options import Options
from mirror.config.public_urls import address_of_files
from mirror.engine.role import role_of

logger = logging.getLogger(__name__)


class PublicAddressReminder:
    """Says that the pages lead nowhere as long as no public address is set, or one that shows none."""

    def __init__(self, reason: str):
        self.reason = reason

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PublicAddressReminder:
        options = Options.from_settings(crawler.settings)
        reason = "" if options.is_public else "is not set"
        if better := address_of_files(options.public_url):
            reason = f"shows no pages at {options.public_url}, but at an address like {better}"
        if role_of(crawler).worker or not reason:
            raise NotConfigured
        reminder = cls(reason)
        crawler.signals.connect(reminder.remind, signals.spider_opened)
        crawler.signals.connect(reminder.remind, signals.spider_closed)
        return reminder

    def remind(self) -> None:
        """Say what is to be set."""
        logger.warning(
            "MIRROR_PUBLIC_URL %(reason)s: links and QR codes lead nowhere, and nothing is published. "
            "Set it to the address at which readers find the pages; scrapy rebase moves those that "
            "are there to it",
            {"reason": self.reason},
        )
