"""scrapy crawl: Scrapy's own, with arguments checked before the first request."""

from __future__ import annotations

import argparse

from scrapy.commands import crawl
from scrapy.exceptions import UsageError

from mirror.errors import ArgumentError
from mirror.options import Options


class Command(crawl.Command):
    """Run a spider; the exit status tells a script how it went (docs/run.md)."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if len(args) != 1:
            raise UsageError
        try:
            Options.from_settings(self.settings).check()
            crawler = self._create_crawler(args[0])
            crawler.spidercls(**opts.spargs)
        except ArgumentError as error:
            raise UsageError(str(error), print_help=False) from None
        except KeyError:
            raise UsageError(f"no such spider: {args[0]}", print_help=False) from None
        self.crawler_process.crawl(crawler, **opts.spargs)
        self.crawler_process.start()
        self.exitcode = 1 if self.crawler_process.bootstrap_failed else _status(crawler.stats)


def _status(stats) -> int:
    return 4 if stats.get_value("mirror/sections_missing") else 0
