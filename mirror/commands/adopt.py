"""scrapy adopt: a lost database from the published tree."""

from __future__ import annotations

import argparse

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.pages.tree import Tree
from mirror.recovery.adopting import Adopter
from mirror.recovery.reading import PageReader
from mirror.store.database import open_database


class Command(MirrorCommand):
    """Store the articles of published pages that the database does not know."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Rebuild the database from the published pages, also from the predecessor's"

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each page that cannot be read, then the numbers."""
        adopter = Adopter(
            open_database(options.database_url),
            Tree(options.output),
            PageReader.from_options(options),
        )
        done = adopter.adopt(lambda path, reason: print(f"unreadable: {path}: {reason}"))
        print(
            f"{done.adopted} articles adopted, {done.known} known, {done.copies} further copies, "
            f"{done.unreadable} pages unreadable"
        )
        return Exit.DIFFERENT if done.unreadable else Exit.COMPLETE
