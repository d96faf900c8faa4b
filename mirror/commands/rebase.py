"""scrapy rebase: move everything that is published to a new public address, in one commit."""

from __future__ import annotations

import argparse
from dataclasses import replace

from scrapy.crawler import Crawler

from mirror.database import open_database
from mirror.errors import ArgumentError, GitError
from mirror.exits import Exit
from mirror.finishing import page_maker
from mirror.options import Options
from mirror.publication.git import check_git
from mirror.publication.publishing import Publisher
from mirror.publication.rebasing import present_address, rewrite
from mirror.running import MirrorCommand
from mirror.spiders.section import SectionSpider


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
        new.check_home()
        if url == old and (row is None or row.whole):
            raise ArgumentError("--public-url", url, "this is what the pages show already")
        settings = self.settings.copy()
        settings.set("MIRROR_PUBLIC_URL", url, priority="cmdline")
        make = page_maker(Crawler(SectionSpider, settings))
        count = rewrite(new, make)
        try:
            message = Publisher(new, make).commit()
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        print(f"{count} articles moved from {old}. {message}\nFrom now on set")
        print(f"MIRROR_PUBLIC_URL={url}")
        if options.publishing.homes:
            print("and in MIRROR_HOMES the public_url and remote of this home; then scrapy publish")
        return Exit.COMPLETE
