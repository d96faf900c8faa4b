"""scrapy publish: commit the tree if it changed, and bring it to all homes."""

from __future__ import annotations

import argparse

from mirror.config.options import Options
from mirror.errors import ArgumentError, GitError
from mirror.exits import Exit
from mirror.pages.page_maker import PageMaker
from mirror.pages.refreshing import finish
from mirror.pages.syncing import sync
from mirror.publishing.git import check_git
from mirror.publishing.publisher import Publisher
from mirror.publishing.rehearsing import rehearsal
from mirror.reporting.heard import HeardCommand


class Command(HeardCommand):
    """Do what the end of each crawl does with MIRROR_PUBLISH=1, without the crawl."""

    def short_desc(self) -> str:
        """Return the line that the list of commands shows."""
        return "Commit the published files, if they changed, and push them to every home"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --allow-removals."""
        super().add_options(parser)
        parser.add_argument(
            "--allow-removals",
            metavar="N",
            default="0",
            help="publish, too, that up to N files are gone which should be there",
        )

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError unless the number is one."""
        if not opts.allow_removals.isdecimal():
            raise ArgumentError("--allow-removals", opts.allow_removals, "must be a whole number")

    def check_settings(self, options: Options, opts: argparse.Namespace) -> None:
        """Refuse to publish under an address that is nobody's."""
        super().check_settings(options, opts)
        options.check_public()
        check_git()

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Print what would be committed, and where it would be pushed."""
        try:
            for line in rehearsal(options, int(opts.allow_removals)):
                print(line)
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        return Exit.COMPLETE

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Bring the tree up to date, commit, push; print a line for each."""
        maker = PageMaker.from_options(options)
        (sync if options.redis_url else finish)(options, maker)  # others may have fetched
        publisher = Publisher(options, int(opts.allow_removals))
        try:
            message = publisher.commit()
            print(f"committed: {message}" if message else "nothing new to commit")
            pushed = publisher.push()
        except GitError as error:
            return self.give_up(Exit.UNPUBLISHED, str(error))
        for home in pushed:
            print(f"{home.name}: {home.message}")
        self.refusal = "; ".join(f"{h.name}: {h.message}" for h in pushed if not h.is_taken)
        return Exit.UNPUBLISHED if self.refusal else Exit.COMPLETE
