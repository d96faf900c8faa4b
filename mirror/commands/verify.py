"""scrapy verify: the same as scrapy sync --check, and mending one by one what differs."""

from __future__ import annotations

import argparse

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.syncing import verifier


class Command(MirrorCommand):
    """Report each page, QR code or index that is missing, altered or foreign."""

    needs_agreement = False

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Compare pages, QR codes and indexes with the database; --repair mends them"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --repair."""
        super().add_options(parser)
        parser.add_argument("--repair", action="store_true", help="write what differs again")

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each difference, then their number."""
        found = mended = 0
        verify = verifier(options, PageMaker.from_options(options))
        for difference in verify.differences():
            found += 1
            is_mended = opts.repair and verify.repair(difference)
            mended += is_mended
            print(f"{difference}{' (mended)' if is_mended else ''}")
        print(f"{found} differences, {mended} mended")
        return Exit.COMPLETE if found == mended else Exit.DIFFERENT
