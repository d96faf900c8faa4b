"""scrapy render: every page, QR code and index anew from the database, without fetching."""

from __future__ import annotations

import argparse

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from mirror.database import open_database
from mirror.errors import ArgumentError
from mirror.indexing import update_indexes
from mirror.options import Options
from mirror.pipelines import page_stages, render
from mirror.spiders.section import SectionSpider
from mirror.tree import Tree


class Command(ScrapyCommand):
    """Render what is stored, after a change of theme or address or into an empty folder."""

    requires_project = True

    def short_desc(self) -> str:
        return "Write all pages, QR codes and indexes anew from the database"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        options = Options.from_settings(self.settings)
        try:
            options.check()
        except ArgumentError as error:
            raise UsageError(str(error), print_help=False) from None
        crawler = self.crawler_process.create_crawler(SectionSpider)
        database = open_database(options.database_url)
        stages = page_stages(crawler)
        count = 0
        for item in database.stored():
            render(item, stages)
            count += 1
        database.mark_all_stale()
        update_indexes(database, options.renderer(), Tree(options.output))
        print(f"{count} articles rendered into {options.output}")
