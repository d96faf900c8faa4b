"""Publishing at the end of a crawl, if the crawl went well."""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from sqlalchemy.exc import DBAPIError

from mirror.config.options import Options
from mirror.engine.role import role_of
from mirror.errors import GitError, in_words, without_secrets

logger = logging.getLogger(__name__)
_HANDLED = ("published", "unchanged", "refused", "failed", "absent", "gone", "skipped")


class PublishAtEnd:
    """Commits and pushes when everything else is done; stands last among the extensions."""

    def __init__(self, crawler: Crawler, options: Options):
        self.crawler = crawler
        self.stats = crawler.stats
        self.options = options

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PublishAtEnd:
        options = Options.from_settings(crawler.settings)
        if role_of(crawler).worker or not options.publishing.at_end:
            raise NotConfigured
        extension = cls(crawler, options)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_closed(self, reason: str) -> None:
        if obstacle := self._obstacle(reason):
            logger.warning(
                "Not published: %(obstacle)s. The next good run publishes it; scrapy publish does at "
                "once",
                {"obstacle": obstacle},
            )
            return
        try:
            self._publish()
        except (GitError, DropItem, OSError, DBAPIError) as error:
            logger.error("Not published: %(error)s", {"error": in_words(error)})
            self.stats.inc_value("mirror/unpublished")

    def _obstacle(self, reason: str) -> str:
        """Return in words why this crawl is not to be published, "" if it is."""
        counts = {name: self.stats.get_value(f"mirror/{name}", 0) for name in _HANDLED}
        share = counts["failed"] / max(sum(counts.values()), 1)
        most = self.options.publishing.most_failed
        if self.stats.get_value("mirror/hollow"):
            return "the run is hollow"
        if self.stats.get_value("mirror/storage_errors"):
            return "not everything could be stored"
        if share > most:
            return f"{share:.0%} of the articles failed, more than MIRROR_PUBLISH_MAX_FAILED={most}"
        return "the run was stopped" if reason == "shutdown" else ""

    def _publish(self) -> None:
        from mirror.publishing.publisher import Publisher

        publisher = Publisher(self.options)
        if message := publisher.commit():
            logger.info("Committed %(message)s", {"message": message})
            self.stats.inc_value("mirror/commits")
        addresses = {
            home.name: f"{home.name} ({without_secrets(home.remote)})"
            for home in self.options.publishing.homes
        }
        for home in publisher.push():
            level = logging.INFO if home.is_taken else logging.ERROR
            logger.log(level, "%(home)s: %(message)s", {"home": home.name, "message": home.message})
            self.stats.inc_value("mirror/homes" if home.is_taken else "mirror/unpublished")
            if not home.is_taken:
                self.stats.inc_value(f"mirror/unpublished/{addresses[home.name]}")
