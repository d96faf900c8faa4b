"""scrapy fill: the same as scrapy sync."""

from __future__ import annotations

import argparse

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.syncing import sync


class Command(MirrorCommand):
    """Write the pages that others have fetched since the last time."""

    needs_agreement = False
    home_checks = MirrorCommand.home_checks[:-1]  # all pages are written anew in another script

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Write the pages and indexes that are missing or out of date, from the database"

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Make pages, then the indexes that show them."""
        done = sync(options, PageMaker.from_options(options))
        print(f"{done.pages} pages made, {done.finished.indexes} indexes changed")
        return Exit.COMPLETE
