"""Ending a crawl in order, from anywhere: what was not fetched or stored stays due."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from scrapy.crawler import Crawler
from sqlalchemy.exc import DBAPIError

from mirror.engine.private import is_closing
from mirror.errors import in_words

logger = logging.getLogger(__name__)

HALTED = "mirror/halted"  # in the stats: the crawl ended before it was done; behind a slash, why
ERRORS = "mirror/errors"  # in the stats: of the program itself
_closing: set[asyncio.Future[None]] = set()  # the event loop alone would let go of them


def close(crawler: Crawler, reason: str) -> None:
    """End a crawl in order, from where nothing can wait for the end."""
    task = asyncio.ensure_future(crawler.engine.close_spider_async(reason=reason))
    _closing.add(task)
    task.add_done_callback(_closing.discard)


def halt(crawler: Crawler, reason: str, why: str) -> None:
    """End a crawl because nothing can be fetched, and log why, once; mirror.reporting.reasons knows each
    `reason` in words."""
    if crawler.stats.get_value(HALTED):
        return
    crawler.stats.set_value(HALTED, 1)
    crawler.stats.set_value(f"{HALTED}/{reason}", 1)
    logger.critical(
        "%(why)s The crawl ends here. What it did not fetch stays due: run it again later.",
        {"why": why},
    )
    close(crawler, reason)


def end_for_storage(crawler: Crawler, error: BaseException) -> None:
    """End a crawl because the disk or the database takes nothing more, and log why, once."""
    stats = crawler.stats
    stats.inc_value("mirror/storage_errors")
    if stats.get_value("mirror/storage_errors") == 1:
        logger.critical(
            "Cannot store: %(error)s. The crawl ends here; when there is room again, run it again "
            "and it goes on.",
            {"error": in_words(error)},
        )
        close(crawler, "storage")


def end_for_error(crawler: Crawler, error: BaseException) -> None:
    """End a crawl because of an error in the program, and log where it was, once."""
    crawler.stats.inc_value(ERRORS)
    if crawler.stats.get_value(ERRORS) == 1:
        logger.critical(
            "An error in the program, %(name)s: %(error)s. The crawl ends here; what it did not "
            "fetch stays due.",
            {"name": type(error).__name__, "error": error},
            exc_info=error,
        )
        close(crawler, "error")


def end_on_hangup() -> None:
    """Have this process end in order when its terminal is closed, as on SIGTERM; under nohup it goes on."""
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _hang_up)


def _hang_up(_number: int, _frame: FrameType | None) -> None:
    signal.signal(
        signal.SIGHUP, signal.SIG_IGN
    )  # it may come twice; a second SIGTERM would be a kill
    for end in range(3):
        if os.isatty(end):  # what is written there from now on would be an error
            os.dup2(os.open(os.devnull, os.O_RDWR), end)
    signal.raise_signal(signal.SIGTERM)


@contextmanager
def ends_for_storage(crawler: Crawler) -> Iterator[None]:
    """End a crawl in order if the disk or the database does not take what is written in this block."""
    try:
        yield
    except (OSError, DBAPIError) as error:
        end_for_storage(crawler, error)


def is_ending(crawler: Crawler) -> bool:
    """Whether the crawl is being ended, by whatever or whoever it is.

    Scrapy waits for all requests under way, so those that wait for something else have to ask.
    """
    return not crawler.engine.running or is_closing(crawler.engine)
