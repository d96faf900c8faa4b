"""scrapy export: files to pass on, which need no host."""

from __future__ import annotations

import argparse

from scrapy.utils.conf import arglist_to_dict

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.config.writing import check_folder
from mirror.errors import ArgumentError, GitError
from mirror.exits import Exit
from mirror.exports.kinds import Kind, kind_names, make_kind
from mirror.exports.making import make, rehearse


class Command(MirrorCommand):
    """Make books, archives and copies from the database; those that are as they should be stay."""

    max_words = 1

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return f"[options] <{' | '.join(kind_names())}>"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Make files to pass on: books, archives, copies"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add -a and --max-bytes."""
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="which articles: id, year, month, day, since, until, tag; and what the kind takes",
        )
        parser.add_argument(
            "--max-bytes", metavar="N", default="", help="no pictures in a book beyond this size"
        )

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError unless the arguments are pairs."""
        if not args:
            raise ArgumentError("kind", "", f"must be one of {', '.join(kind_names())}")
        try:
            self.given = arglist_to_dict(opts.spargs)
        except ValueError:
            raise ArgumentError("-a", " ".join(opts.spargs), "must be NAME=VALUE") from None
        if opts.max_bytes:
            self.given["max_bytes"] = opts.max_bytes
        options = Options.from_settings(self.settings)
        self._kind(options, args)
        folder = options.exporting.folder
        check_folder("MIRROR_EXPORT_FOLDER", folder, folder)

    def _kind(self, options: Options, args: list[str]) -> Kind:
        return make_kind(args[0], options, self.given)

    def _opened(self, options: Options, args: list[str]) -> Kind:
        """Return a kind with its database open. Raises ArgumentError if that has no article of a section
        that is asked for."""
        kind = self._kind(options, args)
        kind.open()
        if missing := kind.catalogue.missing():
            raise ArgumentError("id", self.given["id"], missing)
        return kind

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print how many files there would be, of which size, and how long it would take."""
        kind = self._opened(options, args)
        for line in rehearse(kind):
            print(line)
        return Exit.COMPLETE

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print a line for each file that is made, then the numbers."""
        kind = self._opened(options, args)
        try:
            made = make(kind, lambda line: print(line, flush=True))
        except GitError as error:
            return self.give_up(Exit.ERROR, str(error))
        print(made)
        if kind.selects and not made.articles:
            print("No article is as asked for: scrapy status tells which sections have articles")
        elif not made.files:
            print(f"There is nothing to copy: {options.output} is empty")
        if kind.catalogue.left_out:
            print(f"{kind.catalogue.left_out} articles left out: see the errors above")
        return Exit.REFUSED if kind.catalogue.left_out else Exit.COMPLETE
