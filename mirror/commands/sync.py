"""scrapy sync: make the tree what the database says, without fetching."""

from __future__ import annotations

import argparse

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.syncing import sync, sync_all, verifier, would_sync
from mirror.store.closed_homes import count_here
from mirror.store.database import open_database


class Command(MirrorCommand):
    """Write what is missing or out of date; all of it; or say what differs and write nothing."""

    home_checks = MirrorCommand.home_checks[:-1]  # all pages are written anew in another script

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Make the tree what the database says; --check, --all"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --check and --all."""
        super().add_options(parser)
        parser.add_argument("--check", action="store_true", help="say what differs, write nothing")
        parser.add_argument("--all", action="store_true", help="write everything again")

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError for options that contradict each other."""
        if opts.check and opts.all:
            raise ArgumentError("--check", None, "cannot be given with --all")

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print which pages would be made, and how much else there would be to do."""
        if opts.check:
            return _check(options, PageMaker.from_options(options))
        if opts.all:
            pages = count_here(open_database(options.database_url))
            print(f"{pages} articles would be rendered into {options.output}")
        else:
            for line in would_sync(options, PageMaker.from_options(options)):
                print(line)
        return Exit.COMPLETE

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Do one of the three, and say how much there was to do."""
        maker = PageMaker.from_options(options)
        if opts.check:
            return _check(options, maker)
        if opts.all:
            print(f"{sync_all(options, maker)} articles rendered into {options.output}")
        else:
            done = sync(options, maker)
            print(
                f"{done.pages} pages made, {done.finished.purged} purged, "
                f"{done.finished.restored} restored, {done.finished.relinked} relinked, "
                f"{done.finished.indexes} indexes changed"
            )
        return Exit.COMPLETE


def _check(options: Options, maker: PageMaker) -> Exit:
    found = 0
    for difference in verifier(options, maker).differences():
        found += 1
        print(difference)
    print(f"{found} differences")
    return Exit.DIFFERENT if found else Exit.COMPLETE
