"""scrapy fill: what a tree lacks of what the database holds."""

from __future__ import annotations

import argparse

from scrapy.crawler import Crawler

from mirror.completing import fill
from mirror.exits import Exit
from mirror.finishing import page_maker
from mirror.options import Options
from mirror.running import MirrorCommand
from mirror.spiders.section import SectionSpider


class Command(MirrorCommand):
    """Write the pages that others have fetched since the last time."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Write the pages and indexes that are missing or out of date, from the database"

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Make pages, then the indexes that show them."""
        done = fill(options, page_maker(Crawler(SectionSpider, self.settings)))
        print(f"{done.pages} pages made, {done.finished.indexes} indexes changed")
        return Exit.COMPLETE
