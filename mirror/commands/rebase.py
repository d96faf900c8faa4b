"""scrapy rebase: move everything that is published to a new public address, in one commit."""

from __future__ import annotations

import argparse
from dataclasses import replace

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError, GitError
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.rebasing import present_address, rewrite
from mirror.publishing.git import check_git
from mirror.publishing.publisher import Publisher
from mirror.store.closed_homes import check_open
from mirror.store.database import open_database


class Command(MirrorCommand):
    """Pages, links, indexes, README and QR codes, from the database, without fetching."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Move all that is published to a new public address, in one commit"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --public-url."""
        super().add_options(parser)
        parser.add_argument("--public-url", required=True, help="the new MIRROR_PUBLIC_URL")

    def check_home(self, options: Options) -> None:
        """Accept any address as the present one; `work` checks the new one."""

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Write all files anew and commit them; say what to set from now on."""
        check_git()
        row = present_address(open_database(options.database_url))
        old, url = row.url if row else options.public_url, opts.public_url.rstrip("/")
        new = replace(options, public_url=url, publishing=options.publishing.moved(old, url))
        new.check()
        check_open(new)
        if url == old and (row is None or row.whole):
            raise ArgumentError("--public-url", url, "this is what the pages show already")
        count = rewrite(new, PageMaker.from_options(new))
        try:
            message = Publisher(new).commit()
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        print(f"{count} articles moved from {old}. {message}\nFrom now on set")
        print(f"MIRROR_PUBLIC_URL={url}")
        if options.publishing.homes:
            print("and in MIRROR_HOMES the public_url and remote of this home; then scrapy publish")
        return Exit.COMPLETE
