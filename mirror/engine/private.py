"""The names of Scrapy that are private, so may go with any of its versions: used here and nowhere else.

They hold for Scrapy 2.19. Each has a test in tests/unit/engine/test_private.py that fails where it is
gone or means something else.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import TextResponse

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader.handlers import DownloadHandlers
    from scrapy.core.engine import ExecutionEngine
    from scrapy.http import Response
    from scrapy.middleware import MiddlewareManager


def is_closing(engine: ExecutionEngine) -> bool:
    """Whether the spider of an engine is being closed, or is not open."""
    return engine._slot is None or engine._slot.closing is not None


def requests_under_way(engine: ExecutionEngine) -> tuple[Request, ...]:
    """Return the requests that an engine works on: fetched, or their answers parsed."""
    return tuple(engine._slot.inprogress) if engine._slot else ()


def wake(engine: ExecutionEngine) -> None:
    """Have an engine look for something to do, or for the end of the crawl, without delay."""
    if engine._slot is not None and engine._slot.closing is None:
        engine._slot.nextcall.schedule()


async def process_item(engine: ExecutionEngine, item: object) -> None:
    """Take an item through the stages as if a spider had just found it; an end in order waits for it."""
    await engine.scraper.start_itemproc_async(item, response=None)
    engine.scraper._check_if_closing()  # Scrapy looks there only after a response


def refusal_of_scheme(handlers: DownloadHandlers, scheme: str) -> str:
    """Make what fetches addresses of a scheme, and return why that cannot be, "" if it can."""
    if handlers._get_handler(scheme) is not None:
        return ""
    return f"cannot be made: {handlers._notconfigured[scheme]}"


def tunnel_error() -> type[Exception]:
    """Return the error of a proxy that opens no tunnel; with it comes all that speaks HTTP."""
    with _short_stacks():
        from scrapy.core.downloader.handlers.http11 import TunnelError

    return TunnelError


@contextmanager
def _short_stacks() -> Iterator[None]:
    """Have `inspect.stack` tell the module alone of who called its caller: Scrapy asks for that, for each
    class of a former name, by way of the sources of the whole program, a tenth of a second's work."""
    stack = inspect.stack
    inspect.stack = lambda *_: [(), (SimpleNamespace(__module__=_module(2)),)]
    try:
        yield
    finally:
        inspect.stack = stack


def _module(depth: int) -> str:
    """Return the name of the module that called, so many calls before the one that asks."""
    return str(sys._getframe(depth + 1).f_globals["__name__"])


def takes_spider(manager: MiddlewareManager, method: Callable[..., Any]) -> bool:
    """Whether a method of a stage or middleware expects the spider too, as it did before Scrapy 2.14."""
    return method in manager._mw_methods_requiring_spider


class OpenCompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's own, with one method to override that unpacks a body."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Unpack a response. Scrapy would guess the encoding of what is packed, if its site does not
        name one, at great length, and guess again when it is unpacked."""
        if isinstance(response, TextResponse) and "Content-Encoding" in response.headers:
            response._cached_benc = "utf-8"
        return super().process_response(request, response)

    def unpack(self, body: bytes, encoding: bytes, max_size: int) -> bytes:
        """Return a body unpacked, as Scrapy does it; `max_size` in bytes, 0 for any size."""
        return HttpCompressionMiddleware._decode(body, encoding, max_size)

    def _decode(self, body: bytes, encoding: bytes, max_size: int) -> bytes:  # type: ignore[override]
        return self.unpack(
            body, encoding, max_size
        )  # Scrapy's is static, but called on an instance
