"""The time of a crawl held against the site's."""

from __future__ import annotations

import logging
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import signals
from sqlalchemy.exc import DBAPIError

from mirror.config.options import Options
from mirror.engine.ending import end_for_storage
from mirror.engine.role import role_of
from mirror.store.database import open_database
from mirror.store.frontier import Frontier

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response

    from mirror.store.database import Database

logger = logging.getLogger(__name__)


class ClockCheck:
    """Takes the site's word for the time from its first response that says it, see mirror.store.clock."""

    def __init__(self, crawler: Crawler, database: Database):
        self.crawler = crawler
        self.clock = database.clock
        self.frontier = Frontier(database)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ClockCheck:
        options = Options.from_settings(crawler.settings)
        check = cls(crawler, open_database(options.database_url))
        crawler.signals.connect(check.response_received, signals.response_received)
        if not role_of(crawler).worker:
            crawler.signals.connect(check.spider_closed, signals.spider_closed)
        return check

    def response_received(self, response: Response) -> None:
        """Note what the site says, once."""
        if (moment := date_of(response.headers)) is not None:
            self.clock.hear(moment)
            self.crawler.signals.disconnect(self.response_received, signals.response_received)

    def spider_closed(self) -> None:
        """Warn if the clock is in doubt, and note the time for later runs."""
        if doubt := self.clock.doubt():
            logger.warning(
                "The time is in doubt: %(doubt)s. Set the clock right.", {"doubt": doubt}
            )
        try:
            if self.clock.witnesses.is_believed:
                self.frontier.bring_forward()
            self.clock.end()
        except (OSError, DBAPIError) as error:
            end_for_storage(self.crawler, error)


def date_of(headers: Headers) -> float | None:
    """Return when a response was sent, in seconds since 1970: its Date, and its Age if it comes from a
    cache (RFC 9111, 4.2.3); None if it does not say."""
    try:
        date = parsedate_to_datetime((headers.get("Date") or b"").decode("latin-1")).timestamp()
        age = int(headers.get("Age") or 0)
    except (ValueError, TypeError, OverflowError):
        return None
    return date + max(0, age)
