"""scrapy rollover: close the present home of the mirror and begin the next one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.config.page_paths import HOME
from mirror.config.public_urls import check_files_shown
from mirror.config.writing import check_folder
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.pages.moving import at_new_home, begin_home
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish
from mirror.pages.tree import Tree
from mirror.store.closed_homes import check_open, close_home, count_left, old_homes
from mirror.store.database import open_database
from mirror.store.moves import Move, move_under_way, present_address


class Command(MirrorCommand):
    """What is published stays where it is; what comes goes to a new tree at a new address."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Close the present home; new articles go to another tree and public address"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --public-url and --output."""
        super().add_options(parser)
        parser.add_argument("--public-url", required=True, help="MIRROR_PUBLIC_URL of the new home")
        parser.add_argument("--output", required=True, help="MIRROR_OUTPUT of the new home, empty")

    def check_home(self, options: Options) -> None:
        """Accept a home that is closed: `work` knows whether that was done by the same call."""
        database = open_database(options.database_url)
        move = move_under_way(database)
        is_closed = options.public_url in (home.url for home in old_homes(database))
        if not (move and move.is_rollover) and not is_closed:
            super().check_home(options)

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print which home would be closed with how many articles, and which one would begin."""
        new, known, is_done = self._found(options, opts)
        if known or is_done:
            print(f"{new.old} is closed already; the first pages of the new home would be written")
        else:
            check_open(options)
            _check_values(new, options)
            at_new_home(options, new).see_to_folders(check_folder)
            pages = Tree(options.output).size().pages
            sections = ", ".join(open_database(options.database_url).sections())
            print(f"{pages} pages of {sections} would stay at {new.old}, which would be closed")
        print(f"new articles would go to {new.output}, to be published at {new.new}")
        return Exit.COMPLETE

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Bring the old tree up to date once more, close it, and write the first pages of the new."""
        database = open_database(options.database_url)
        move, known, is_done = self._found(options, opts)
        if not known and not is_done:
            check_open(options)
            _check(move, options)
            finish(options, PageMaker.from_options(options))
            close_home(database, move)
        move = known or move
        left = count_left(database, move.old)
        print(
            f"{left} articles stay at {move.old}. From now on set\n"
            f"MIRROR_PUBLIC_URL={move.new}\nMIRROR_OUTPUT={opts.output}"
        )
        if options.publishing.homes:
            print("and in MIRROR_HOMES new repositories; see docs/publish.md")
        sys.stdout.flush()
        begin_home(options, move)  # what comes after it cannot be done again
        return Exit.COMPLETE

    def _found(self, options: Options, opts: argparse.Namespace) -> tuple[Move, Move | None, bool]:
        """Return what is asked for, the same if it was begun, and whether it is done. Raises ArgumentError
        if another one was begun."""
        database, output = open_database(options.database_url), Path(opts.output).resolve()
        move = Move(options.public_url, opts.public_url.rstrip("/"), str(output))
        known = move_under_way(database)
        if known and known.is_rollover and known[1:] != move[1:]:
            raise ArgumentError(
                "--public-url",
                move.new,
                "another roll-over was cut off: finish it with scrapy rollover "
                f"--public-url {known.new} --output {known.output}",
            )
        known = known if known and known.is_rollover else None
        return move, known, present_address(database) == move.new and (output / HOME).exists()


def _check(move: Move, options: Options) -> None:
    """Raise ArgumentError unless the new home is another one, and empty; make its folder."""
    _check_values(move, options)
    at_new_home(options, move).check()


def _check_values(move: Move, options: Options) -> None:
    """Raise ArgumentError unless the new home is another one, and empty."""
    new = at_new_home(options, move)
    new.check_values()
    check_files_shown("--public-url", move.new)
    check_open(new)
    if move.new == options.public_url:
        raise ArgumentError("--public-url", move.new, "must differ from MIRROR_PUBLIC_URL")
    old, here = options.output.resolve(), new.output.resolve()
    if here.is_relative_to(old) or old.is_relative_to(here):
        raise ArgumentError(
            "--output", new.output, f"must lie outside of {options.output}, and not round it"
        )
    if Tree(new.output).size().pages:
        raise ArgumentError("--output", new.output, "there are pages in this folder")
    if not open_database(options.database_url).sections():
        raise ArgumentError("MIRROR_PUBLIC_URL", options.public_url, "nothing is published there")
