"""scrapy purge: pages out of the tree, beyond the limits or one by one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.config.page_paths import public_address
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish
from mirror.pages.retention import paths_of, trimming
from mirror.pages.tree import Tree
from mirror.pages.withdrawing import (
    Withdrawal,
    bring_back,
    check_withdrawn,
    withdraw,
    withdrawals,
)
from mirror.pictures.shelf import Shelf
from mirror.publishing.past import past_of
from mirror.recovery.withdrawn import write_down
from mirror.sites import article_address
from mirror.store.database import open_database


class Command(MirrorCommand):
    """Without words, do what the end of each crawl does; with ids, withdraw articles for good."""

    max_words = sys.maxsize

    def syntax(self) -> str:
        """Return the arguments."""
        return "[options] [id or address of an article ...]"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Remove pages: beyond MIRROR_KEEP_PAGES or MIRROR_KEEP_DAYS, or articles by id"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --from-history and --undo."""
        super().add_options(parser)
        parser.add_argument(
            "--from-history",
            action="store_true",
            help="say, too, what of the articles stays in Git, and how a home begins again without it",
        )
        parser.add_argument(
            "--undo", action="store_true", help="let the next crawl fetch withdrawn articles again"
        )

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError for an option that needs articles, where there are none."""
        for name in ("from_history", "undo"):
            if getattr(opts, name) and not args:
                option = f"--{name.replace('_', '-')}"
                raise ArgumentError(option, None, "needs the id of an article such as n13465188")

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print the pages that would go, those that would come back, and how many they are."""
        database = open_database(options.database_url)
        if opts.undo:
            check_withdrawn(database, _ids(args, options))
            print(f"{len(args)} articles would be due again: the next crawl would fetch them")
            return Exit.COMPLETE
        found = withdrawals(database, _addresses(args, options))
        for line in _described(found, "would go"):
            print(line)
        ids = [withdrawal.article for withdrawal in found]
        purged, restored = trimming(options.keep, database, database.clock.day, ids)
        for path in paths_of(database, purged):
            print(f"would go: {path}")
        for path in paths_of(database, restored):
            print(f"would come back: {path}")
        print(f"{len(purged)} pages would be purged, {len(restored)} restored")
        if opts.from_history:
            print(past_of(options, ids))
        return Exit.COMPLETE

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Remove pages, put back what the limits allow again, and make the rest agree with it."""
        if args and opts.undo:
            database, ids = open_database(options.database_url), _ids(args, options)
            bring_back(database, ids)
            write_down(options, database, undone=ids)
            print(f"{len(args)} articles are due again: the next crawl fetches them")
            return Exit.COMPLETE
        if args:
            self._withdraw(options, _addresses(args, options))
        done = finish(options, PageMaker.from_options(options))
        print(
            f"{done.purged} pages purged, {done.restored} restored, {done.relinked} pages and "
            f"{done.indexes} indexes changed"
        )
        if opts.from_history:
            print(past_of(options, _ids(args, options)))
        elif args:
            print("The commits that were made keep them: see scrapy purge --from-history")
        return Exit.COMPLETE

    def _withdraw(self, options: Options, addresses: Mapping[str, str]) -> None:
        database = open_database(options.database_url)
        found = withdrawals(database, addresses)
        tree, shelf = Tree(options.output), Shelf(options.picture_folder)
        withdraw(database, tree, shelf, found, database.clock.day)
        write_down(options, database)
        for line in _described(found, "withdrawn"):
            print(line)


def _ids(args: Iterable[str], options: Options) -> list[str]:
    return list(_addresses(args, options))


def _addresses(args: Iterable[str], options: Options) -> dict[str, str]:
    """Return ids with their addresses, "" where only the id was given."""
    return dict(article_address(given, options.source_url) for given in args)


def _described(found: Iterable[Withdrawal], done: str) -> Iterable[str]:
    """Yield lines that say what is done to articles and what shows them."""
    for article, path, home, linking, _ in found:
        if home:
            yield f"{article}: its page stays at {public_address(home, path)}; remove it there"
        elif path:
            yield f"{article}: {path} and its QR code {done}, with its lines in the indexes"
        else:
            yield f"{article}: it has no page here; no crawl fetches it from now on"
        for page in linking:
            yield f"  its link in {page} becomes text"
