"""scrapy render: every page, QR code and index anew from the database, without fetching."""

from __future__ import annotations

import argparse

from scrapy.crawler import Crawler

from mirror.database import open_database
from mirror.exits import Exit
from mirror.finishing import page_maker, today
from mirror.keeping import keep_within
from mirror.options import Options
from mirror.publication.rebasing import rewrite
from mirror.running import MirrorCommand
from mirror.spiders.section import SectionSpider
from mirror.tree import Tree


class Command(MirrorCommand):
    """Render what is stored: after a change of theme or address, or into an empty folder."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Write all pages, QR codes and indexes anew from the database"

    def check_home(self, options: Options) -> None:
        """Accept another address than the pages show: they get it."""
        options.check_home()

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Render the articles one by one, then all indexes."""
        database, tree = open_database(options.database_url), Tree(options.output)
        keep_within(options.keep, database, tree, today())
        count = rewrite(options, page_maker(Crawler(SectionSpider, self.settings)))
        print(f"{count} articles rendered into {options.output}")
        return Exit.COMPLETE
