"""scrapy purge: pages beyond MIRROR_KEEP_PAGES and MIRROR_KEEP_DAYS out of the tree, at once."""

from __future__ import annotations

import argparse

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish


class Command(MirrorCommand):
    """Do what the end of each crawl does, without the crawl."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Remove the pages beyond MIRROR_KEEP_PAGES or MIRROR_KEEP_DAYS from the tree"

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Purge, put back what the limits allow again, and make the rest agree with it."""
        done = finish(options, PageMaker.from_options(options))
        print(
            f"{done.purged} pages purged, {done.restored} restored, {done.indexes} indexes changed"
        )
        return Exit.COMPLETE
