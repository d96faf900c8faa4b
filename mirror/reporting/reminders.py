"""What an operator has yet to do, said at the start and at the end of each crawl."""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from mirror.config.options import Options
from mirror.engine.role import role_of

logger = logging.getLogger(__name__)


class PublicAddressReminder:
    """Says that the pages lead nowhere as long as no public address is set."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PublicAddressReminder:
        if role_of(crawler).worker or Options.from_settings(crawler.settings).is_public:
            raise NotConfigured
        reminder = cls()
        crawler.signals.connect(reminder.remind, signals.spider_opened)
        crawler.signals.connect(reminder.remind, signals.spider_closed)
        return reminder

    def remind(self) -> None:
        """Say what is to be set."""
        logger.warning(
            "MIRROR_PUBLIC_URL is not set: links and QR codes lead nowhere, and nothing is published. "
            "Set it to the address at which readers find the pages; scrapy rebase moves those that "
            "are there to it"
        )
