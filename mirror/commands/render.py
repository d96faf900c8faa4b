"""scrapy render: every page, QR code and index anew from the database, without fetching."""

from __future__ import annotations

import argparse

from scrapy.crawler import Crawler

from mirror.database import open_database
from mirror.exits import Exit
from mirror.indexing import update_indexes
from mirror.options import Options
from mirror.pipelines import WritePipeline, page_maker
from mirror.running import MirrorCommand
from mirror.spiders.section import SectionSpider
from mirror.tree import Tree


class Command(MirrorCommand):
    """Render what is stored: after a change of theme or address, or into an empty folder."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Write all pages, QR codes and indexes anew from the database"

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Render the articles one by one, then all indexes."""
        database = open_database(options.database_url)
        crawler = Crawler(SectionSpider, self.settings)
        make, write = page_maker(crawler), WritePipeline.from_crawler(crawler)
        count = 0
        for item in database.stored():
            write.process_item(make(item))
            count += 1
        database.mark_all_stale()
        update_indexes(database, options.renderer(), Tree(options.output))
        print(f"{count} articles rendered into {options.output}")
        return Exit.COMPLETE
