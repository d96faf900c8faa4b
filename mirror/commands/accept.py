"""scrapy accept: publish updates that were held back."""

from __future__ import annotations

import argparse
import sys
from difflib import unified_diff

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.pages.ledger import Ledger
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish
from mirror.pages.tree import Tree
from mirror.quality.quarantine import REJECTED, Quarantine
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
        parser.add_argument(
            "--diff", action="store_true", help="show what would change, publish nothing"
        )
        parser.add_argument(
            "--reject", action="store_true", help="keep the articles named as they are, for good"
        )

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError for options that say two things at once, or too little."""
        if opts.all + opts.diff + opts.reject > 1:
            raise ArgumentError("--all, --diff, --reject", None, "can be given one at a time")
        if opts.all and args:
            raise ArgumentError("--all", None, f"cannot be given with ids such as {args[0]}")
        if opts.reject and not args:
            raise ArgumentError("--reject", None, "needs the ids of the articles")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each update."""
        holdings = Quarantine(open_database(options.database_url))
        rows = holdings.all()
        reasons = {row.article: _reason(row.day, row.reason) for row in rows}
        waiting = [row.article for row in rows if row.day != REJECTED]
        for article in args:
            if article not in reasons:
                names = ", ".join(reasons) or "none"
                raise ArgumentError("id", article, f"is not held back; held back are {names}")
        if opts.reject:
            for article in args:
                holdings.reject(article)
                print(f"rejected {article}: it stays as it is")
        elif opts.diff:
            _print_changes(options, holdings, args or waiting)
        else:
            chosen = waiting if opts.all else args
            for article in chosen or (() if opts.all else reasons):
                print(f"{_done(article, chosen, waiting)} {article} {reasons[article]}")
            _publish(options, holdings, chosen)
        return Exit.COMPLETE


def _reason(day: str, reason: str) -> str:
    return reason if day == REJECTED else f"since {day}: {reason}"


def _done(article: str, chosen: list[str], waiting: list[str]) -> str:
    """Return in a word what has become of an update."""
    if chosen:
        return "accepted"
    return "held" if article in waiting else "rejected"


def _publish(options: Options, holdings: Quarantine, chosen: list[str]) -> None:
    """Publish updates that were held back, and what shows them."""
    maker = PageMaker.from_options(options)
    ledger = Ledger.from_options(options)
    for article in chosen:
        if update := holdings.version(article):
            ledger.publish(maker.make(update))
    ledger.flush()
    for article in chosen:
        holdings.forget(article)
    if chosen:
        finish(options, maker)


def _print_changes(options: Options, holdings: Quarantine, ids: list[str]) -> None:
    """Print what the updates held back would change in their pages, line by line."""
    maker, tree = PageMaker.from_options(options), Tree(options.output)
    for article in ids:
        if update := holdings.version(article):
            page = maker.make(update)
            before = (tree.read(page.path) or b"").decode("utf-8", "replace").splitlines()
            after = page.page.splitlines()
            names = (page.path, f"{page.path} (held back)")
            print("\n".join(unified_diff(before, after, *names, lineterm="")))
