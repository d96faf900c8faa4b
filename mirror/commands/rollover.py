"""scrapy rollover: close the present home of the mirror and begin the next one."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.pages.indexing import all_indexes
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish
from mirror.pages.rendering import Renderer
from mirror.pages.tree import Tree
from mirror.store.closed_homes import check_open, close_home
from mirror.store.database import open_database


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

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Bring the old tree up to date once more, close it, and write the first page of the new."""
        url = opts.public_url.rstrip("/")
        publishing = options.publishing.moved(options.public_url, url)
        new = replace(options, public_url=url, output=Path(opts.output), publishing=publishing)
        _check(new, options)
        database = open_database(options.database_url)
        if not database.sections():
            raise ArgumentError(
                "MIRROR_PUBLIC_URL", options.public_url, "nothing is published there"
            )
        finish(options, PageMaker.from_options(options))
        count = close_home(database, options.public_url)
        for path, content in all_indexes(database, Renderer.from_options(new)):
            Tree(new.output).write(path, content)
        print(
            f"{count} articles stay at {options.public_url}. From now on set\n"
            f"MIRROR_PUBLIC_URL={new.public_url}\nMIRROR_OUTPUT={new.output}"
        )
        if options.publishing.homes:
            print("and in MIRROR_HOMES new repositories; see docs/publish.md")
        return Exit.COMPLETE


def _check(new: Options, old: Options) -> None:
    """Raise ArgumentError unless the new home is another one, and empty."""
    new.check()
    check_open(new)
    if new.public_url == old.public_url:
        raise ArgumentError("--public-url", new.public_url, "must differ from MIRROR_PUBLIC_URL")
    if Tree(new.output).size().pages:
        raise ArgumentError("--output", new.output, "there are pages in this folder")
