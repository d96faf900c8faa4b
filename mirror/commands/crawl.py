"""scrapy crawl: Scrapy's own, with arguments checked before the first request."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from scrapy import Spider
from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import SETTINGS_PRIORITIES, Settings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.log import get_scrapy_root_handler
from sqlalchemy.exc import DBAPIError

from mirror.cli import MirrorCommand, spare_the_program
from mirror.config.options import Options, file_of
from mirror.config.values import words
from mirror.config.writing import check_feeds
from mirror.crawl.workers import prepare
from mirror.engine.crawl_run import CrawlRun, error_of, in_words
from mirror.engine.ending import end_on_hangup
from mirror.engine.event_loop import open_event_loop
from mirror.engine.log_file import what_is_lost
from mirror.engine.role import Role, give_role
from mirror.errors import ArgumentError, MirrorError
from mirror.exits import Exit
from mirror.pages.retention import excess
from mirror.pages.tree import Tree
from mirror.reporting.history import RunHistory, now
from mirror.reporting.notices import check_in, check_out, notify
from mirror.reporting.outcomes import Outcome
from mirror.reporting.progress import Progress, is_live
from mirror.reporting.summary import Figures
from mirror.spiders.base import MirrorSpider
from mirror.store.database import open_database

logger = logging.getLogger(__name__)

_STATUSES = (  # by urgency: what is not 0 in the stats says how the crawl ended
    ("mirror/unsigned", Exit.USAGE),
    ("mirror/storage_errors", Exit.STORAGE),
    ("mirror/files_unwritten", Exit.STORAGE),
    ("feedexport/failed_count/FileFeedStorage", Exit.STORAGE),
    ("mirror/errors", Exit.ERROR),
    ("mirror/hollow", Exit.HOLLOW),
    ("mirror/sections_missing", Exit.NO_SECTION),
    ("mirror/halted", Exit.INCOMPLETE),
    ("mirror/failed", Exit.INCOMPLETE),
    ("mirror/listing_pages_failed", Exit.INCOMPLETE),
    ("mirror/cut_off", Exit.INCOMPLETE),
    ("spider_exceptions/count", Exit.ERROR),
    ("mirror/unpublished", Exit.UNPUBLISHED),
    ("mirror/export_errors", Exit.ERROR),
    ("mirror/refused", Exit.REFUSED),
)
_AS_ASKED = (  # reasons for an end; Scrapy's CLOSESPIDER_... are bounds like `limit`
    "finished",
    "closespider_timeout",
    "closespider_itemcount",
    "closespider_pagecount",
)
_BY_HAND = SETTINGS_PRIORITIES["cmdline"]


class Command(MirrorCommand, crawl.Command):
    """Run a spider; the exit status tells a script how it went (docs/exits.md)."""

    max_words = 1
    outcome: Outcome
    role: Role
    sources: Sequence[dict[str, str]]  # the spider's arguments, for each source
    shows_progress = False
    is_plan = False  # it says what a run would take, and is none itself

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl, and tell how it ended, whatever is raised."""
        if not self.is_worker:
            self.role = Role(0, time.time())
        self.outcome = Outcome(" ".join(args), opts.spargs, now())
        self.exitcode = Exit.ERROR
        try:
            super().run(args, opts)
        finally:
            if not self.is_worker:  # the process that started it reports
                self._tell()

    def check_arguments(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make the spider, which checks its arguments; some of them may be settings."""
        spider = self._spider(args)
        for argument, setting in spider.from_settings.items():
            if argument not in opts.spargs and (value := self.settings[setting]):
                opts.spargs[argument] = ",".join(words(value))
        self.sources = spider.by_source(opts.spargs)
        checked = [spider(**arguments) for arguments in self.sources]
        self.is_plan = all(one.is_plan for one in checked)

    def check_settings(self, options: Options, opts: argparse.Namespace) -> None:
        """Refuse feeds that cannot be written, too."""
        super().check_settings(options, opts)
        check_feeds(self.settings.getdict("FEEDS"))

    def prepare(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make ready for more processes: each runs this command, too, with its own number. A run of
        several sources keeps to one, and logs what each of them does."""
        is_alone = len(self.sources) == 1
        if not is_alone and is_live(Options.from_settings(self.settings)):
            self.settings.set("MIRROR_DISPLAY", "log", _BY_HAND)
        options = Options.from_settings(self.settings)
        live = is_live(options)
        if live or options.display == "quiet":
            _quieten(self.settings)
        if not is_alone:
            return
        started = time.time()

        def run_beside(number: int) -> int:
            if live:  # what is said there goes above the display here
                os.dup2(sys.stdout.fileno(), sys.stderr.fileno())
            self.role, self.is_worker = Role(number, started), True
            self.run(args, opts)
            return self.exitcode

        prepare(self.settings, run_beside)

    def work(self, options: Options, args: list[str], opts: argparse.Namespace) -> Exit:
        """Crawl with the spider named."""
        spider = self._spider(args)
        if options.redis_url and spider.take is not MirrorSpider.take:
            raise ArgumentError(
                "spider", spider.name, "several machines cannot share it; run it on one"
            )
        if options.redis_url and len(self.sources) > 1:
            raise ArgumentError(
                "site", opts.spargs, "several machines can share one source at a time"
            )
        options.routes()  # and the proxies
        spider.check_options(options)
        if self.is_worker:  # the crawl gets its counts, and judges by the sum
            return Exit(self._crawl(spider)[0].status is Exit.ERROR)
        if full := excess(options.full, Tree(options.output)):
            return self.give_up(
                Exit.FULL,
                f"{options.output} is full ({full}): close this home and begin the next one with "
                "scrapy rollover --public-url NEW --output NEWDIR",
            )
        if self.is_plan:
            ended = self._crawl(spider)
        else:
            check_in(self.settings)
            ended = self._noted(spider, RunHistory(open_database(options.database_url)))
        self.outcome = self.outcome.of(ended)
        return min((one.status for one in ended), key=_urgency)

    def _noted(self, spider: type[MirrorSpider], history: RunHistory) -> list[Outcome]:
        """Crawl, and note in the history that it began and how it ended."""
        started = self.outcome.started
        runs = [history.begin(spider.name, arguments, started) for arguments in self.sources]
        ended = self._crawl(spider)
        for run, one in zip(runs, ended, strict=True):
            history.end(run, one.status, one.figures)
        return ended

    def _spider(self, args: list[str]) -> type[MirrorSpider]:
        loader = get_spider_loader(self.settings)
        spider = loader.load(args[0]) if len(args) == 1 and args[0] in loader.list() else None
        if spider is None or not issubclass(spider, MirrorSpider):
            names = ", ".join(sorted(loader.list()))
            raise ArgumentError("spider", " ".join(args), f"must be one of {names}")
        return spider

    def _crawl(self, spider: type[Spider]) -> list[Outcome]:
        """Crawl all sources at the same time and return how each crawl ended."""
        open_event_loop(self.settings)
        try:
            self.crawler_process = AsyncCrawlerProcess(self.settings)
        except Exception as error:  # of an add-on, which is made before all else
            return [replace(self.outcome, message=self._told(error)) for _ in self.sources]
        logging.getLogger("scrapy").setLevel(self.settings["LOG_LEVEL"])  # it logs each page twice
        run, tasks = CrawlRun(), []
        for arguments in self.sources:
            crawler = self.crawler_process.create_crawler(spider)
            give_role(crawler, self.role)
            run.join(crawler)
            tasks.append(self.crawler_process.crawl(crawler, **arguments))
        spare_the_program()
        end_on_hangup()
        try:
            self.crawler_process.start()
        finally:
            figures = [_figures(crawler) for crawler in run.crawlers]
        broken = [self._told(error_of(task)) for task in tasks]
        ended = zip(self.sources, run.crawlers, figures, broken, strict=True)
        return [
            replace(
                self.outcome,
                arguments=arguments,
                status=Exit.ERROR if error else _status(crawler),
                message=error,
                figures=count,
            )
            for arguments, crawler, count, error in ended
        ]

    def _told(self, error: BaseException | None) -> str:
        """Say what a crawl could not begin or go on for, and return it, empty if nothing was. Raises
        what has a status of its own."""
        if isinstance(error, MirrorError | DBAPIError):
            raise error
        if error is None:
            return ""
        logger.critical("A part of the crawl cannot be made", exc_info=error)
        self.give_up(Exit.ERROR, in_words(error))
        return self.refusal

    def _tell(self) -> None:
        ended = replace(self.outcome, status=Exit(self.exitcode), message=self.refusal)
        file = file_of(self.settings, "MIRROR_STATS_FILE")
        if file and not self.refusal.startswith("MIRROR_STATS_FILE="):
            try:
                ended.write(file)
            except OSError as error:
                ended = self._unwritten(ended, f"cannot write {file}: {error}")
        if not self.is_plan:
            self._write_metrics(ended)
        ended.show()
        if get_scrapy_root_handler() is not None:
            ended.log()
        if self.settings["LOG_FILE"] and ended.status is not Exit.COMPLETE and not self.refusal:
            print(f"{ended.line()} (see {self.settings['LOG_FILE']})", file=sys.stderr)
        if not self.is_plan:
            check_out(self.settings, ended.as_json())
            notify(self.settings, ended.as_json())
        if lost := what_is_lost(self.settings):
            print(f"mirror: warning: {lost}", file=sys.stderr)

    def _unwritten(self, ended: Outcome, message: str) -> Outcome:
        """Say that the stats file is an old one; a run that was refused keeps its reason and status."""
        if self.refusal:
            logger.warning("%(message)s", {"message": message})
            return ended
        self.exitcode = self.give_up(Exit.STORAGE, message)
        return replace(ended, status=self.exitcode, message=self.refusal)

    def _write_metrics(self, ended: Outcome) -> None:
        """Write MIRROR_METRICS_FILE; what cannot be written is warned of, and changes no status."""
        from mirror.reporting import inspecting
        from mirror.reporting.metrics import write_metrics

        file = file_of(self.settings, "MIRROR_METRICS_FILE")
        if not file or self.refusal.startswith("MIRROR_METRICS_FILE="):
            return
        known: dict[str, Any] = {}
        with suppress(ArgumentError, DBAPIError):  # there is no database yet, or none to be read
            database_url = str(self.settings["MIRROR_DATABASE_URL"])
            with inspecting.reading(database_url) as connection:
                known["sections"] = inspecting.sections(connection)
                known["due"] = inspecting.due(connection)
        try:
            write_metrics(file, ended.as_json(), known)
        except OSError as error:
            told = {"file": file, "error": error}
            logger.warning("MIRROR_METRICS_FILE=%(file)s is not of this run: %(error)s", told)


def _quieten(settings: Settings) -> None:
    """Keep what the display shows out of the log on the terminal, that of other processes too."""
    if not settings.get("LOG_FILE") and (settings.getpriority("LOG_LEVEL") or 0) < _BY_HAND:
        settings.set("LOG_LEVEL", "WARNING", _BY_HAND)


def _figures(crawler: Crawler) -> Figures | None:
    """Return what a crawl has done, None if it failed before it had extensions."""
    with suppress(RuntimeError):
        if progress := crawler.get_extension(Progress):
            progress.stop()
            return progress.at_end()
    return None


def _status(crawler: Crawler) -> Exit:
    if crawler.spider is None:
        return Exit.ERROR
    with suppress(RuntimeError):  # it failed before it had stats
        counts = dict(crawler.stats.get_stats())
        counts["mirror/cut_off"] = counts.get("finish_reason") not in _AS_ASKED
        return next((status for name, status in _STATUSES if counts.get(name)), Exit.COMPLETE)
    return Exit.ERROR


def _urgency(status: Exit) -> int:
    """Return the place of a status among all, the most urgent first."""
    return [*(s for _, s in _STATUSES), Exit.COMPLETE].index(status)
