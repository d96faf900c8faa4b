"""What a crawl does again and again beside fetching; if that fails, the crawl ends in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.utils.asyncio import create_looping_call
from sqlalchemy.exc import DBAPIError

from mirror.engine.ending import end_for_error, end_for_storage


class Repeated:
    """Calls a function every so many seconds, until it is stopped or fails.

    Scrapy's looping calls and signals only log an error; whatever waits for the function's work
    would wait for ever.
    """

    def __init__(self, crawler: Crawler, function: Callable[[], None], seconds: float):
        self.seconds = seconds
        self._call = create_looping_call(ending_on_error(crawler, function))

    def start(self) -> None:
        """Call it from now on, for the first time after the interval."""
        self._call.start(self.seconds, now=False)

    def stop(self) -> None:
        """Call it no more."""
        if self._call.running:
            self._call.stop()


def ending_on_error(crawler: Crawler, function: Callable[[], None]) -> Callable[[], None]:
    """Return a function that ends the crawl in order if the given one raises an error."""

    @wraps(function)
    def call() -> None:
        try:
            function()
        except (CloseSpider, DontCloseSpider):
            raise
        except DBAPIError as error:
            end_for_storage(crawler, error)
        except Exception as error:  # whatever it is, nothing would be done again
            end_for_error(crawler, error)

    return call
