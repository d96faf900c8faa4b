"""scrapy check-site: what a site's file makes of its saved pages. (Scrapy names a command after its
module.)"""

from __future__ import annotations

import argparse
from pathlib import Path

from mirror.cli import ReadingCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError
from mirror.exits import Exit
from mirror.sites import read_site
from mirror.sites.checking import check_site


class Command(ReadingCommand):
    """Check the file of a site by its saved pages, without a network."""

    max_words = 1

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return "[options] <name of a site>"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Check a site's file by its saved pages: fields, addresses, times, a dry crawl"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --folder."""
        super().add_options(parser)
        parser.add_argument("--folder", default="tests/pages", help="of saved pages; %(default)s")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print what is found."""
        if len(args) != 1:
            raise ArgumentError("site", " ".join(args), "must be the name of one site")
        report = check_site(read_site(args[0]), Path(opts.folder) / args[0])
        for line in report.lines():
            print(line)
        if report.is_complete:
            print("Nothing is wrong or missing.")
        return Exit.COMPLETE if report.is_complete else Exit.ERROR
