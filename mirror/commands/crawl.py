"""scrapy crawl: Scrapy's own, with arguments checked before the first request."""

from __future__ import annotations

import argparse

from scrapy.commands import crawl
from scrapy.exceptions import UsageError
from scrapy.statscollectors import StatsCollector

from mirror.exits import Exit
from mirror.options import Options
from mirror.running import MirrorCommand

_STATUSES = (  # by urgency: what is not 0 in the stats says how the crawl ended
    ("mirror/storage_errors", Exit.STORAGE),
    ("mirror/sections_missing", Exit.NO_SECTION),
    ("mirror/failed", Exit.INCOMPLETE),
    ("mirror/listing_pages_failed", Exit.INCOMPLETE),
    ("spider_exceptions/count", Exit.ERROR),
)


class Command(MirrorCommand, crawl.Command):
    """Run a spider; the exit status tells a script how it went (docs/run.md)."""

    requires_crawler_process = True

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Crawl with the spider named."""
        try:
            (name,) = args
            crawler = self._create_crawler(name)
        except (ValueError, KeyError):
            names = ", ".join(sorted(self.crawler_process.spider_loader.list()))
            raise UsageError(f"give one spider's name: {names}", print_help=False) from None
        crawler.spidercls(**opts.spargs)  # checks the arguments before anything is opened
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        return Exit.ERROR if self.crawler_process.bootstrap_failed else _status(crawler.stats)


def _status(stats: StatsCollector) -> Exit:
    return next((status for name, status in _STATUSES if stats.get_value(name)), Exit.COMPLETE)
