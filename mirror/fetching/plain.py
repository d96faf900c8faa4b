"""A download handler for a source on this machine, such as a copy of a site that is served here: it asks by
plain HTTP as Scrapy's own does, with a fifth of the work. What is asked otherwise is left to that.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict, deque
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from pydispatch.dispatcher import getAllReceivers
from scrapy import signals
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.responsetypes import responsetypes
from scrapy.utils.misc import build_from_crawler, load_object

from mirror.config.profiles import is_here
from mirror.fetching.answers import Answer, TooLongError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

logger = logging.getLogger(__name__)

_OTHERWISE = ("proxy", "bindaddress")  # in the meta of a request
_PIECES = (signals.headers_received, signals.bytes_received)  # not sent here


class _Connection(asyncio.Protocol):
    """A connection to a server, for one request after the other."""

    def __init__(self) -> None:
        self.is_open = True
        self.is_new = True
        self.answer: Answer | None = None  # that is expected
        self.headed = 0.0  # when its head was there, by the monotonic clock

    async def ask(self, request: bytes, most: int, seconds: float) -> Answer:
        """Return what is answered, whole or not if the connection ends. Raises ValueError, TooLongError,
        TimeoutError; then the connection is closed."""
        loop = asyncio.get_running_loop()
        answer = self.answer = Answer(most)
        self.done: asyncio.Future[None] = loop.create_future()
        end = loop.call_later(seconds, self._fail, TimeoutError())
        try:
            self.transport.write(request)
            await self.done
            return answer
        finally:
            end.cancel()
            self.answer, self.is_new = None, False
            if not answer.is_whole or answer.ends_connection:
                self.close()

    def close(self) -> None:
        """Ask nothing more here."""
        self.is_open = False
        self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.address = transport.get_extra_info("peername")[0]

    def data_received(self, data: bytes) -> None:
        answer = self.answer
        if answer is None:  # nobody asked
            self.close()
            return
        is_head = not answer.status
        try:
            answer.feed(data)
        except (ValueError, TooLongError) as error:
            self._fail(error)
        if is_head:
            self.headed = time.monotonic()
        if answer.is_whole and not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self.answer and not self.done.done():
            self.done.set_result(None)

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


class PlainDownloadHandler(BaseDownloadHandler):
    """Fetches http; while nobody listens to the pieces of answers, and nothing but a GET is asked."""

    def __init__(self, crawler: Crawler):
        super().__init__(crawler)
        settings = crawler.settings
        self.max_bytes = settings.getint("DOWNLOAD_MAXSIZE")
        self.warn_bytes = settings.getint("DOWNLOAD_WARNSIZE")
        self.timeout = settings.getfloat("DOWNLOAD_TIMEOUT")
        self.fails_on_loss = settings.getbool("DOWNLOAD_FAIL_ON_DATALOSS")
        self.is_bound = bool(settings["DOWNLOAD_BIND_ADDRESS"])
        self.idle: defaultdict[str, deque[_Connection]] = defaultdict(deque)  # by host and port

    @cached_property
    def scrapys(self) -> BaseDownloadHandler:
        """Scrapy's own handler."""
        kind = load_object(self.crawler.settings["DOWNLOAD_HANDLERS_BASE"]["http"])
        handler: BaseDownloadHandler = build_from_crawler(kind, self.crawler)
        return handler

    @cached_property
    def _is_for_all(self) -> bool:
        """Whether a part of the operator's own needs what this handler does not do."""
        heard = (next(iter(getAllReceivers(self.crawler, piece)), None) for piece in _PIECES)
        return self.is_bound or any(map(bool, heard))

    async def download_request(self, request: Request) -> Response:
        """Fetch what is asked for. Raises what Scrapy's own handlers raise."""
        otherwise = request.method != "GET" or request.body or not is_here(request.url)
        if otherwise or self._is_for_all or any(map(request.meta.get, _OTHERWISE)):
            return await self.scrapys.download_request(request)
        began = time.monotonic()
        try:
            connection, answer = await self._answered(request)
        except TooLongError as error:
            raise DownloadCancelledError(f"{request.url}: {error}") from None
        except ConnectionRefusedError as error:
            raise DownloadConnectionRefusedError(f"{request.url}: {error}") from None
        except (TimeoutError, asyncio.TimeoutError):
            raise DownloadTimeoutError(f"{request.url}: no answer in time") from None
        except (ValueError, OSError) as error:
            raise DownloadFailedError(f"{request.url}: {error}") from None
        request.meta["download_latency"] = connection.headed - began  # AutoThrottle goes by it
        return self._response(request, connection, answer)

    async def close(self) -> None:
        """Close all connections."""
        for connections in self.idle.values():
            for connection in connections:
                connection.close()
        if "scrapys" in vars(self):
            await self.scrapys.close()

    async def _answered(self, request: Request) -> tuple[_Connection, Answer]:
        """Return an answer and the connection that it came on: an idle one, if that is not closed just
        as it is asked."""
        parts = urlsplit(request.url)
        most = request.meta.get("download_maxsize", self.max_bytes)
        seconds = request.meta.get("download_timeout", self.timeout)
        idle = self.idle[parts.netloc]
        while True:
            connection = self._idle(idle) or await self._connected(
                parts.hostname or "", parts.port or 80, seconds
            )
            is_new = connection.is_new
            answer = await connection.ask(_written(request, parts), most, seconds)
            if connection.is_open:
                idle.append(connection)
            if answer.status or is_new:
                return connection, answer

    def _idle(self, idle: deque[_Connection]) -> _Connection | None:
        while idle:
            if (connection := idle.pop()).is_open:
                return connection
        return None

    async def _connected(self, host: str, port: int, seconds: float) -> _Connection:
        loop = asyncio.get_running_loop()
        made = loop.create_connection(_Connection, host, port)
        _, connection = await asyncio.wait_for(made, seconds)
        return connection

    def _response(self, request: Request, connection: _Connection, answer: Answer) -> Response:
        flags = [] if answer.is_whole else ["partial" if not answer.has_end else "dataloss"]
        if not answer.status:
            raise DownloadFailedError(f"{request.url}: no answer")
        if "dataloss" in flags and request.meta.get(
            "download_fail_on_dataloss", self.fails_on_loss
        ):
            raise ResponseDataLossError(request.url)
        body = bytes(answer.body)
        if 0 < request.meta.get("download_warnsize", self.warn_bytes) < len(body):
            said = {"url": request.url, "size": len(body)}
            logger.warning("%(url)s has %(size)d bytes, more than DOWNLOAD_WARNSIZE", said)
        kind = responsetypes.from_args(headers=answer.headers, url=request.url, body=body)
        return kind(
            url=request.url,
            status=answer.status,
            headers=answer.headers,
            body=body,
            flags=flags,
            ip_address=ip_address(connection.address),
            protocol=answer.protocol,
        )


def _written(request: Request, parts: Any) -> bytes:
    """Return a request as it is sent."""
    query = f"?{parts.query}" if parts.query else ""
    lines = [f"GET {parts.path or '/'}{query} HTTP/1.1".encode()]
    if "Host" not in request.headers:
        lines.append(b"Host: " + parts.netloc.rpartition("@")[2].encode())
    for name, values in dict.items(request.headers):  # past Headers.items, which copies
        lines += [b"%s: %s" % (name, value) for value in values]
    return b"\r\n".join([*lines, b"", b""])
