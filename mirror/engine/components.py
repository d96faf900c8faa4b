"""The parts of a crawler that runs, each with its own type: to Scrapy's types all may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

_Kind = TypeVar("_Kind")


def spider_of(crawler: Crawler, kind: type[_Kind]) -> _Kind:
    """Return the spider of a crawler. Raises LookupError if it is none of that kind."""
    return _checked(crawler.spider, kind)


def extension_of(crawler: Crawler, kind: type[_Kind]) -> _Kind:
    """Return an extension of a crawler. Raises LookupError if there is none of that kind."""
    return _checked(crawler.get_extension(kind), kind)


def stage_of(crawler: Crawler, kind: type[_Kind]) -> _Kind:
    """Return a stage of the items of a crawler. Raises LookupError if there is none of that kind."""
    return _checked(crawler.get_item_pipeline(kind), kind)


def request_of(answer: Response | Failure) -> Request:
    """Return what was asked for when a response or an error came. Raises LookupError if nothing was."""
    request: Request | None = getattr(answer, "request", None)
    if request is None:
        raise LookupError(f"nobody asked for {answer}")
    return request


def _checked(part: object, kind: type[_Kind]) -> _Kind:
    if not isinstance(part, kind):
        raise LookupError(f"no {kind.__name__} in this crawl")
    return part
