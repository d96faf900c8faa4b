"""scrapy rebase: move everything that is published to a new public address, in one commit."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace

from mirror.cli import MOVE, MirrorCommand
from mirror.config.options import Options
from mirror.config.public_urls import check_files_shown
from mirror.errors import ArgumentError, GitError
from mirror.exits import Exit
from mirror.pages.agreement import check_agreement
from mirror.pages.page_maker import PageMaker
from mirror.pages.rebasing import rewrite
from mirror.pages.tree import Tree
from mirror.publishing.git import check_git
from mirror.publishing.publisher import Publisher
from mirror.publishing.rehearsing import check_whole_commit
from mirror.store.closed_homes import check_open
from mirror.store.database import open_database
from mirror.store.moves import move_under_way, note_address, present_address


class Command(MirrorCommand):
    """Pages, links, indexes, README and QR codes, from the database, without fetching."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Move all that is published to a new public address, in one commit"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --public-url."""
        super().add_options(parser)
        parser.add_argument("--public-url", required=True, help="the new MIRROR_PUBLIC_URL")

    def check_settings(self, options: Options, opts: argparse.Namespace) -> None:
        """Check what the settings are to be; MIRROR_PUBLIC_URL and MIRROR_HOMES may be as before or
        as they are to be."""
        check_git()
        check_files_shown("--public-url", _url(opts))
        without_homes = replace(options.publishing, homes=())
        replace(options, public_url=_url(opts), publishing=without_homes).check_values()

    def check_home(self, options: Options) -> None:
        """Accept a tree that is half moved: the rest of it is moved now."""
        move = move_under_way(open_database(options.database_url))
        if move and move.is_rollover:
            self.see_to(MOVE, options)
        check_open(options)
        check_agreement(options)

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print how many pages would move, from where, and which homes have to be set after that."""
        url, database = _url(opts), open_database(options.database_url)
        move, present = move_under_way(database), present_address(database)
        new = self._moved(options, url)
        new.check_values()
        check_open(new)
        try:
            check_whole_commit(new)
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        if move and not move.is_rollover:
            present = move.old
        pages = Tree(options.output).size().pages
        print(f"{pages} pages, their QR codes and all indexes would move from {present} to {url}")
        print(f"one commit would be made in {options.output}; nothing would be pushed")
        for home in options.publishing.homes:
            if home.public_url == present:
                print(f"{home.name}: public_url and remote would have to be set again")
        return Exit.COMPLETE

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Write all files again and commit them; say what to set from now on."""
        database, url = open_database(options.database_url), _url(opts)
        move, present = move_under_way(database), present_address(database)
        old = move.old if move else present
        new = self._moved(options, url)
        new.check()
        check_open(new)
        *_, count = rewrite(new, PageMaker.from_options(new))
        try:
            message = Publisher(new).commit() or "It is committed already."
        except GitError as error:
            note_address(database, url)
            return self.give_up(Exit.UNPUBLISHED, str(error))
        print(f"{count} articles moved from {old}. {message}\nFrom now on set")
        print(f"MIRROR_PUBLIC_URL={url}")
        if options.publishing.homes:
            print("and in MIRROR_HOMES the public_url and remote of this home; then scrapy publish")
        sys.stdout.flush()
        note_address(database, url)  # what comes after it cannot be done again
        return Exit.COMPLETE

    def _moved(self, options: Options, url: str) -> Options:
        """Return the options of the tree at its new address. Raises ArgumentError if it is there."""
        database = open_database(options.database_url)
        move, present = move_under_way(database), present_address(database)
        if url == present and not move:
            raise ArgumentError("--public-url", url, "this is what the pages show already")
        old = move.old if move else present
        publishing = options.publishing.moved(old or options.public_url, url)
        return replace(options, public_url=url, publishing=publishing)


def _url(opts: argparse.Namespace) -> str:
    return str(opts.public_url).rstrip("/")
