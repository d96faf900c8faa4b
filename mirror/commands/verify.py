"""scrapy verify: compare what is published with the database."""

from __future__ import annotations

import argparse

from scrapy.crawler import Crawler

from mirror.database import open_database
from mirror.exits import Exit
from mirror.finishing import page_maker
from mirror.options import Options
from mirror.running import MirrorCommand
from mirror.spiders.section import SectionSpider
from mirror.tree import Tree
from mirror.verifying import Verifier


class Command(MirrorCommand):
    """Report each page, QR code or index that is missing, altered or foreign."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Compare pages, QR codes and indexes with the database; --repair mends them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --repair."""
        super().add_options(parser)
        parser.add_argument("--repair", action="store_true", help="write anew what differs")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each difference, then their number."""
        verifier = Verifier(
            open_database(options.database_url),
            Tree(options.output),
            options.renderer(),
            page_maker(Crawler(SectionSpider, self.settings)),
        )
        found = mended = 0
        for difference in verifier.differences():
            found += 1
            is_mended = opts.repair and verifier.repair(difference)
            mended += is_mended
            print(f"{difference}{' (mended)' if is_mended else ''}")
        print(f"{found} differences, {mended} mended")
        return Exit.COMPLETE if found == mended else Exit.DIFFERENT
