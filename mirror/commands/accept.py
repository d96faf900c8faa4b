"""scrapy accept: publish updates that were held back."""

from __future__ import annotations

import argparse
import sys

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.pages.ledger import Ledger
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish
from mirror.pages.tree import Tree
from mirror.quality.quarantine import Quarantine
from mirror.store.database import open_database


class Command(MirrorCommand):
    """Publish updates that would lose what an article had, because somebody looked at them."""

    max_words = sys.maxsize

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Publish updates that were held back, by id or --all; without either, list them"

    def syntax(self) -> str:
        """Return the arguments."""
        return "[id ...]"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --all."""
        super().add_options(parser)
        parser.add_argument("--all", action="store_true", help="publish all that are held back")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each update."""
        database = open_database(options.database_url)
        holdings = Quarantine(database)
        reasons = {row.article: f"since {row.day}: {row.reason}" for row in holdings.all()}
        for article in args:
            if article not in reasons:
                names = ", ".join(reasons) or "none"
                raise ArgumentError("id", article, f"is not held back; held back are {names}")
        chosen = list(reasons) if opts.all else args
        for article in chosen or reasons:
            print(f"{'accepted' if chosen else 'held'} {article} {reasons[article]}")
        maker = PageMaker.from_options(options)
        ledger = Ledger(database, Tree(options.output))
        for article in chosen:
            if update := holdings.version(article):
                ledger.publish(maker.make(update))
        ledger.flush()
        for article in chosen:
            holdings.forget(article)
        if chosen:
            finish(options, maker)
        return Exit.COMPLETE
