"""What the project's commands share: settings checked, one run at a time, exit statuses."""

from __future__ import annotations

import argparse
import gc
import io
import logging
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError, OperationalError

from mirror.calls import StrictCommand, check_folders, check_names, check_scrapy_values
from mirror.config.options import Options
from mirror.config.themes import SHIPPED_THEMES
from mirror.config.writing import check_folder, make_folder
from mirror.drops import NotStored
from mirror.engine.interruption import interrupted_by
from mirror.engine.log_file import open_log
from mirror.engine.streams import Unread, ended_unread
from mirror.errors import ArgumentError, LockedError, SiteError, in_words, without_secrets
from mirror.exits import Exit
from mirror.pages.advance import on_terminal
from mirror.pages.agreement import check_agreement
from mirror.pages.moving import finish_move, tell_move
from mirror.pages.rebasing import check_address, check_script, shows_address, shows_script
from mirror.pages.tree import Tree
from mirror.publishing.git import check_git
from mirror.store.closed_homes import check_open
from mirror.store.database import close_databases
from mirror.store.locking import check_free, only_run
from mirror.store.read_only import exists, in_place_of, read_only

logger = logging.getLogger(__name__)

Check = Callable[[Options], object]


class HomeCheck(NamedTuple):
    """What a run sees to before it works on a tree, and how a dry run looks at it and does nothing."""

    do: Check
    look: Check


MOVE = HomeCheck(finish_move, tell_move)
OPEN = HomeCheck(check_open, check_open)
_ADDRESS = HomeCheck(check_address, shows_address)
_SCRIPT = HomeCheck(check_script, shows_script)


_GC_THRESHOLD = 5000  # objects made and not freed, before it pays to look for cycles among them


class MirrorCommand(StrictCommand):
    """A command that works on the tree and the database; subclasses define `work`."""

    requires_project = True
    requires_crawler_process = False
    is_worker = False  # a process that another one of the same crawl has started
    shows_progress = True  # False: it has a display of its own
    refusal = ""  # why it gave up
    is_rehearsal = False  # it says what it would do
    home_checks: tuple[HomeCheck, ...] = (MOVE, OPEN, _ADDRESS, _SCRIPT)
    needs_agreement = True  # False: a command that mends what tree and database differ in

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Add --dry-run where there is a plan."""
        super().add_options(parser)
        if type(self).plan is not MirrorCommand.plan:
            says = "say what would happen, and change nothing"
            parser.add_argument("--dry-run", action="store_true", help=says)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        if not self.is_worker:  # its streams are as they were set here, and lead to pipes by now
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, io.TextIOWrapper):  # what a locale lacks is no reason to stop
                    stream.reconfigure(errors="replace")
        with interrupted_by(signal.SIGTERM, signal.SIGHUP):
            self._run(args, opts)

    def _run(self, args: list[str], opts: argparse.Namespace) -> None:
        try:
            check_scrapy_values(self.settings, "LOG_")
            open_log(self.settings)  # scrapyd's log of a job: what comes before the crawl, too
            self.check_call(args, opts)
            check_scrapy_values(self.settings)
            self.complete_components()
            options = Options.from_settings(self.settings)
            check_folders(self.settings, options)
            check_names(self.settings, options)
            self.check_arguments(args, opts)
            with on_terminal() if self.shows_progress else nullcontext():
                self.exitcode = self.begin(options, args, opts)
        except (ArgumentError, SiteError) as error:
            self.exitcode = self.give_up(Exit.USAGE, str(error))
        except LockedError as error:
            self.exitcode = self.give_up(Exit.LOCKED, str(error))
        except KeyboardInterrupt:
            self.exitcode = self.give_up(Exit.INCOMPLETE, "stopped; the same call again goes on")
        except Unread:
            self.exitcode = Exit.COMPLETE
        except (NotStored, OSError, DBAPIError) as error:
            self.exitcode = self.give_up(Exit.STORAGE, f"cannot go on: {in_words(error)}")

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ArgumentError for what is wrong with the arguments, before anything is opened."""

    def begin(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Check the settings, keep other runs out, and work."""
        if getattr(opts, "dry_run", False):
            with ended_unread():
                return self.rehearse(options, args, opts)
        if self.is_worker:  # checked, and locked, by the process that started this one
            return self.work(options, args, opts)
        self.check_settings(options, opts)
        options.see_to_folders(make_folder)
        self.prepare(args, opts)
        what = " ".join(["scrapy", type(self).__module__.rpartition(".")[2], *args])
        with only_run(options, what) as was_cut_off:
            self.check_home(options)
            if was_cut_off:
                Tree(options.output).sweep()
            spare_the_program()
            try:
                return self.work(options, args, opts)
            finally:
                close_databases()

    def check_settings(self, options: Options, opts: argparse.Namespace) -> None:
        """Raise ArgumentError for the first setting that the command cannot start with; make nothing."""
        options.check_values()
        if options.theme not in SHIPPED_THEMES:
            from mirror.pages.theme_check import check_theme  # few have a theme of their own

            check_theme(options)
        if options.publishing.at_end:
            check_git()
        if options.exporting.at_end:
            from mirror.exports.kinds import check_calls  # no other run loads what it takes

            check_calls(options)

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Do what has to be done before a lock, a connection or a file is opened."""

    def rehearse(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Say what would happen, with a database that cannot be written to; refuse what would be."""
        self.is_rehearsal = True
        self.check_settings(options, opts)
        options.see_to_folders(check_folder)
        check_free(options)
        close_databases()
        try:
            with TemporaryDirectory() as folder, self.database_to_read(options, Path(folder)):
                self.check_home(options)
                return self.plan(options, args, opts)
        except OperationalError as error:
            if not any(words in str(error) for words in ("readonly", "no such table")):
                raise
            allowed = "lacks tables of this version; any command without --dry-run adds them"
            raise ArgumentError("MIRROR_DATABASE_URL", options.database_url, allowed) from None
        finally:
            close_databases()

    def database_to_read(self, options: Options, folder: Path) -> AbstractContextManager[None]:
        """Have the database opened for reading alone; if there is none yet, an empty one in a folder."""
        url = options.database_url
        is_there = exists(url)
        return in_place_of(url, read_only(url) if is_there else f"sqlite:///{folder}/mirror.db")

    def plan(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Say in figures and names what `work` would do; a command that defines it has --dry-run."""
        raise NotImplementedError

    def check_home(self, options: Options) -> None:
        """Bring a move that was cut off to an end. Raises ArgumentError if the tree is not at the
        public address set, or does not belong to the database."""
        if self.needs_agreement:
            check_agreement(options)
        for check in self.home_checks:
            self.see_to(check, options)

    def see_to(self, check: HomeCheck, options: Options) -> None:
        """Do what is to be seen to, or say in a dry run what would be done. Raises ArgumentError."""
        (check.look if self.is_rehearsal else check.do)(options)

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Do what the command is for; the tree and the database are this run's alone."""
        raise NotImplementedError

    def give_up(self, status: Exit, message: str) -> Exit:
        """Say why, in one line without secrets, and return the exit status."""
        message = without_secrets(message)
        if self.settings["LOG_FILE"]:
            logger.error("%(message)s", {"message": message})
        self.refusal = message
        print(f"mirror: error: {message} (status {status:d} {status.name})", file=sys.stderr)
        return status


def spare_the_program() -> None:
    """Keep the garbage collector from looking through the whole program again and again, and have it look
    at the rest as often as memory needs it."""
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD)


class ReadingCommand(MirrorCommand):
    """A command that changes neither tree nor database: it may run beside a crawl."""

    def begin(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Work, as long as somebody reads what is printed."""
        options.check_values()
        with ended_unread():
            return self.work(options, args, opts)
