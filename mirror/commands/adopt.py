"""scrapy adopt: a lost database from the published tree."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.pages.tree import Tree
from mirror.recovery.adopting import Adopter
from mirror.recovery.reading import PageReader
from mirror.store.database import open_database
from mirror.store.reading import copy_database


class Command(MirrorCommand):
    """Store the articles of published pages that the database does not know."""

    needs_agreement = False

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Rebuild the database from the published pages, also from the predecessor's"

    def rehearse(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Adopt into a copy of the database, or a new one if it is lost, that is thrown away."""
        options.check_values()
        with TemporaryDirectory() as folder:
            copy = f"sqlite:///{folder}/mirror.db"
            copy_database(options.database_url, Path(folder) / "mirror.db")
            return self.plan(replace(options, database_url=copy), args, opts)

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print what adopting would come to."""
        status = self.work(options, args, opts)
        print("nothing was stored: this was a dry run")
        return status

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
