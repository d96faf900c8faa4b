"""scrapy adopt: a lost database from the published tree."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError, GitError
from mirror.exits import Exit
from mirror.pages.agreement import check_agreement
from mirror.pages.page_maker import PageMaker
from mirror.pages.syncing import sync_all
from mirror.pages.tree import Tree
from mirror.publishing.bundles import unbundle
from mirror.publishing.repository import Repository
from mirror.recovery.adopting import Adopter
from mirror.recovery.reading import PageReader
from mirror.recovery.unpacking import unpack
from mirror.recovery.withdrawn import take_back
from mirror.recovery.zim_adopting import ZimAdopter
from mirror.recovery.zims import MAGIC, ZimReader
from mirror.store.database import open_database
from mirror.store.read_only import copy_database, in_place_of

_BUNDLE = b"# v"  # how a file of git bundle begins
_ADVICE = "set MIRROR_OUTPUT to another one"


class Command(MirrorCommand):
    """Store the articles of published pages that the database does not know."""

    needs_agreement = False
    max_words = 1
    scratch: Path  # of a dry run: a folder that is thrown away

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return "[options] [bundle or zip of a tree, or ZIM]"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Rebuild the database from the published pages, also from the predecessor's"

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError for a copy that is not there."""
        if args and not Path(args[0]).is_file():
            raise ArgumentError(
                "file", args[0], "must be a bundle, zip or ZIM that scrapy export made"
            )

    def rehearse(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Adopt into a copy of the database, or a new one if it is lost, that is thrown away."""
        with TemporaryDirectory() as folder:
            self.scratch = Path(folder)
            return super().rehearse(options, args, opts)

    def database_to_read(self, options: Options, folder: Path) -> AbstractContextManager[None]:
        """Have a copy opened in place of the database, that is thrown away."""
        copy_database(options.database_url, folder / "mirror.db")
        return in_place_of(options.database_url, f"sqlite:///{folder}/mirror.db")

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print what adopting would come to."""
        if args:
            self._check_place(Path(args[0]), options)
            options = replace(options, output=self.scratch / "output")
        status = self.work(options, args, opts)
        print("nothing was stored: this was a dry run")
        return status

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Put the files of a copy in place, if one is given; print a line for each page that cannot be
        read, then the numbers."""
        copy = Path(args[0]) if args else None
        archive = ZimReader(copy) if copy and _begins_with(MAGIC, copy) else None
        if copy and not self.is_rehearsal:
            self._check_place(copy, options)
        if copy and not archive:
            self._unpack(copy, options)
        database = open_database(options.database_url)
        withdrawn, published = take_back(options, database)
        for article in published:
            print(f"{article} was withdrawn and has a page again: scrapy purge {article}")
        if archive:
            maker = PageMaker.from_options(options)
            done = ZimAdopter(database, maker, options.page_path).adopt(archive, _warn)
            if not self.is_rehearsal:
                sync_all(options, maker)
        else:
            done = Adopter(database, Tree(options.output), PageReader.from_options(options)).adopt(
                _warn
            )
        print(
            f"{done.adopted} articles adopted, {done.known} known, {done.copies} further copies, "
            f"{done.unreadable} pages unreadable"
        )
        if withdrawn:
            print(f"{withdrawn} withdrawals taken back: no crawl fetches these articles")
        return Exit.DIFFERENT if done.unreadable else Exit.COMPLETE

    def _check_place(self, copy: Path, options: Options) -> None:
        """Raise ArgumentError for a tree that would mix with another one, and for an archive unless the
        mirror that it is to be added to is whole."""
        is_empty = not (any(options.output.glob("*")) or (options.output / ".git").exists())
        if is_empty:
            return
        if _begins_with(MAGIC, copy):
            check_agreement(options)
            return
        allowed = f"can be put into an empty folder alone, and {options.output} is not: {_ADVICE}"
        raise ArgumentError("file", copy, allowed)

    def _unpack(self, copy: Path, options: Options) -> None:
        if _begins_with(_BUNDLE, copy):
            publishing = options.publishing
            try:
                unbundle(Repository(options.output, publishing.name, publishing.email), copy)
            except GitError as error:
                raise ArgumentError("file", copy, f"cannot be used: {error}") from None
        elif left_out := unpack(copy, options.output):
            print(f"{left_out} files left out that are neither pages nor QR codes")


def _begins_with(start: bytes, file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(len(start)) == start


def _warn(path: str, reason: str) -> None:
    print(f"unreadable: {path}: {reason}")
