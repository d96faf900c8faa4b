"""scrapy adopt: a lost database from the published tree."""

from __future__ import annotations

import argparse

from mirror.adoption.adopting import Adopter
from mirror.adoption.reading import PageReader
from mirror.database import open_database
from mirror.exits import Exit
from mirror.options import Options
from mirror.running import MirrorCommand
from mirror.tree import Tree


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
            PageReader(options.renderer()),
        )
        done = adopter.adopt(lambda path, reason: print(f"unreadable: {path}: {reason}"))
        print(
            f"{done.adopted} articles adopted, {done.known} known, {done.copies} further copies, "
            f"{done.unreadable} pages unreadable"
        )
        return Exit.DIFFERENT if done.unreadable else Exit.COMPLETE
