"""scrapy backup: a copy of the database."""

from __future__ import annotations

import argparse
import sqlite3
from pathlib import Path

from mirror.cli import ReadingCommand
from mirror.config.options import Options
from mirror.errors import ArgumentError, in_words
from mirror.exits import Exit
from mirror.quantities import megabytes
from mirror.store.files import back_up


class Command(ReadingCommand):
    """Copy the database into a file, also beside a crawl."""

    max_words = 1

    def syntax(self) -> str:
        """Return what the usage message shows."""
        return "[options] <file>"

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Copy the database into a file, also while a crawl runs"

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print the size of the copy."""
        if len(args) != 1:
            raise ArgumentError("file", " ".join(args), "must be one file such as mirror-1.db")
        target = Path(args[0])
        if target.resolve().is_relative_to(options.output.resolve()):
            raise ArgumentError(
                "file", target, f"must not lie in {options.output}: it is published"
            )
        try:
            size = back_up(options.database_url, target)
        except sqlite3.Error as error:
            return self.give_up(Exit.STORAGE, f"cannot copy: {in_words(error)}")
        print(f"{target}: {megabytes(size)}")
        return Exit.COMPLETE
