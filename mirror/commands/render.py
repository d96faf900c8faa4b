"""scrapy render: the same as scrapy sync --all, at another address too."""

from __future__ import annotations

import argparse

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.exits import Exit
from mirror.pages.moving import finish_move
from mirror.pages.page_maker import PageMaker
from mirror.pages.syncing import sync_all
from mirror.store.closed_homes import check_open
from mirror.store.database import open_database
from mirror.store.moves import move_under_way


class Command(MirrorCommand):
    """Render what is stored: after a change of theme or address, or into an empty folder."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Write all pages, QR codes and indexes again from the database"

    def check_home(self, options: Options) -> None:
        """Accept another address than the pages show, or a tree that is half moved: all get it."""
        move = move_under_way(open_database(options.database_url))
        if move and move.is_rollover:
            finish_move(options)
        check_open(options)

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Render the articles one by one, then all indexes."""
        count = sync_all(options, PageMaker.from_options(options))
        print(f"{count} articles rendered into {options.output}")
        return Exit.COMPLETE
