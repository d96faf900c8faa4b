"""scrapy crawl: Scrapy's own, with arguments checked before the first request."""

from __future__ import annotations

import argparse

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.spiderloader import get_spider_loader
from scrapy.statscollectors import StatsCollector

from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.options import Options
from mirror.running import MirrorCommand
from mirror.tree import Tree
from mirror.workers import prepare

_STATUSES = (  # by urgency: what is not 0 in the stats says how the crawl ended
    ("mirror/unsigned", Exit.USAGE),
    ("mirror/storage_errors", Exit.STORAGE),
    ("mirror/sections_missing", Exit.NO_SECTION),
    ("mirror/halted", Exit.INCOMPLETE),
    ("mirror/failed", Exit.INCOMPLETE),
    ("mirror/listing_pages_failed", Exit.INCOMPLETE),
    ("spider_exceptions/count", Exit.ERROR),
    ("mirror/unpublished", Exit.UNPUBLISHED),
)


class Command(MirrorCommand, crawl.Command):
    """Run a spider; the exit status tells a script how it went (docs/run.md)."""

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make ready for more processes: each runs this command, too, with its own number."""

        def run_beside(number: int) -> int:
            self.settings.set("MIRROR_WORKER", number, priority="cmdline")
            self.run(args, opts)
            return self.exitcode

        prepare(self.settings, run_beside)

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Crawl with the spider named."""
        try:
            (name,) = args
            spider = get_spider_loader(self.settings).load(name)
        except (ValueError, KeyError):
            names = ", ".join(sorted(get_spider_loader(self.settings).list()))
            raise ArgumentError("spider", " ".join(args), f"must be one of {names}") from None
        spider(**opts.spargs)  # checks the arguments before anything is opened
        options.routes()  # and the proxies
        if not options.worker and (excess := options.full.excess(Tree(options.output))):
            return self.give_up(
                Exit.FULL,
                f"{options.output} is full ({excess}): close this home and begin the next one with "
                "scrapy rollover --public-url NEW --output NEWDIR",
            )
        self.crawler_process = AsyncCrawlerProcess(self.settings)
        crawler = self._create_crawler(spider)
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        return Exit.ERROR if self.crawler_process.bootstrap_failed else _status(crawler.stats)


def _status(stats: StatsCollector) -> Exit:
    return next((status for name, status in _STATUSES if stats.get_value(name)), Exit.COMPLETE)
