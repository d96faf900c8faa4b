"""scrapy repath: move the pages of the tree to other paths, in one commit."""

from __future__ import annotations

import argparse

from mirror.cli import MirrorCommand
from mirror.config.options import Options
from mirror.config.page_paths import check_pattern
from mirror.errors import ArgumentError, GitError
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.rebasing import rewrite
from mirror.pages.refreshing import finish
from mirror.pages.repathing import begin_repathing, repathing
from mirror.publishing.git import check_git
from mirror.publishing.publisher import Publisher
from mirror.publishing.rehearsing import check_whole_commit
from mirror.store.database import open_database
from mirror.store.moves import note_address

_LEAD_DAYS = "365"
_MAX_EXAMPLES = 3
_MAX_LEAD_DAYS = 36_500


class Command(MirrorCommand):
    """Pages, links and indexes, from the database; short pages at the old places lead on."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Move the pages to other paths, in one commit; the old places lead on"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --page-path and --lead-days."""
        super().add_options(parser)
        parser.add_argument("--page-path", required=True, help="the new MIRROR_PAGE_PATH")
        parser.add_argument(
            "--lead-days",
            metavar="N",
            default=_LEAD_DAYS,
            help="days for which the old places lead on; 0: not at all (default: %(default)s)",
        )

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError for a pattern or a number that is none."""
        check_pattern("--page-path", opts.page_path)
        if not opts.lead_days.isdecimal() or int(opts.lead_days) > _MAX_LEAD_DAYS:
            allowed = f"must be a whole number, {_MAX_LEAD_DAYS} at most"
            raise ArgumentError("--lead-days", opts.lead_days, allowed)

    def check_settings(self, options: Options, opts: argparse.Namespace) -> None:
        """Check that a commit can be made, too."""
        super().check_settings(options, opts)
        check_git()

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print how many pages would move, some of them, and what becomes of the fullest folder."""
        moved, before, after = repathing(open_database(options.database_url), opts.page_path)
        try:
            check_whole_commit(options)
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        for move in moved[:_MAX_EXAMPLES]:
            print(f"{move.old} would move to {move.new}")
        print(
            f"{len(moved)} pages would move; the old places would lead on for {opts.lead_days} days"
        )
        print(
            f"fullest folder: {before[0]} with {before[1]:,} files, then {after[0]} with {after[1]:,}"
        )
        print(f"one commit would be made in {options.output}; nothing would be pushed")
        return Exit.COMPLETE

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Move the pages, commit, and say what to set from now on; a run that was cut off was
        finished before this one began."""
        database, maker = open_database(options.database_url), PageMaker.from_options(options)
        finish(options, maker)
        moved, _, (folder, files) = repathing(database, opts.page_path)
        if moved:
            today = database.clock.day
            begin_repathing(database, options.public_url, moved, today, int(opts.lead_days))
            for _ in rewrite(options, maker):
                pass
            note_address(database, options.public_url)
        try:
            message = Publisher(options).commit() or "It is committed already."
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        print(f"{len(moved)} pages moved. {message}\nFullest folder: {folder} with {files:,} files")
        print(f"From now on set MIRROR_PAGE_PATH={opts.page_path}; then scrapy publish")
        return Exit.COMPLETE
