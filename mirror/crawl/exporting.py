"""Bringing files to pass on up to date at the end of a crawl."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem, NotConfigured
from sqlalchemy.exc import DBAPIError

from mirror.config.options import Options
from mirror.engine.components import spider_of
from mirror.engine.role import role_of
from mirror.errors import MirrorError, in_words
from mirror.spiders.base import MirrorSpider

if TYPE_CHECKING:
    from mirror.exports.kinds import Kind

logger = logging.getLogger(__name__)


class ExportAtEnd:
    """Makes what MIRROR_EXPORTS names, after all that is published."""

    def __init__(self, crawler: Crawler, options: Options):
        self.crawler = crawler
        self.stats = crawler.stats
        self.options = options

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExportAtEnd:
        options = Options.from_settings(crawler.settings)
        if role_of(crawler).worker or not options.exporting.at_end:
            raise NotConfigured
        extension = cls(crawler, options)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_closed(self, reason: str) -> None:
        if spider_of(self.crawler, MirrorSpider).is_plan:
            return
        if self.stats.get_value("mirror/hollow") or reason == "shutdown":
            logger.warning(
                "Nothing exported: the next good run does it; scrapy export does at once"
            )
            return
        from mirror.exports.kinds import make_kind

        for call in self.options.exporting.at_end:
            try:
                self._export(make_kind(call.kind, self.options, call.arguments))
            except (MirrorError, DropItem, OSError, DBAPIError) as error:
                values = {"kind": call.kind, "error": in_words(error)}
                logger.error("Not exported: %(kind)s: %(error)s", values)
                self.stats.inc_value("mirror/export_errors")
                if isinstance(error, OSError):
                    self.stats.inc_value("mirror/files_unwritten")

    def _export(self, kind: Kind) -> None:
        from mirror.exports.making import make

        kind.open()
        if missing := kind.catalogue.missing():
            logger.warning("MIRROR_EXPORTS: %(missing)s", {"missing": missing})
        made = make(kind, logger.info)
        logger.info("Exported %(kind)s: %(made)s", {"kind": kind.name, "made": made})
        self.stats.inc_value("mirror/exported", made.new + made.changed)
