"""The download handler for a source on this machine does what Scrapy's own does: the same tests hold for
both."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response, TextResponse
from scrapy.utils.test import get_crawler
from support.hostile import Answer, HostileServer, Seen, drip, hang_up, page

from mirror.fetching.plain import PlainDownloadHandler

LIMIT = 100_000


def raw(*pieces: bytes) -> Answer:
    def send(connection: socket.socket, _seen: Seen) -> None:
        for piece in pieces:
            connection.sendall(piece)
        connection.close()

    return send


def endless(connection: socket.socket, _seen: Seen) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(bytes(10_000))
    raise AssertionError("nobody stops it")


def announced(connection: socket.socket, _seen: Seen) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
    time.sleep(1)


def once(connection: socket.socket, seen: Seen) -> None:
    """Answer, and close an idle connection without a word."""
    page(b"once")(connection, seen)
    time.sleep(0.05)
    connection.close()


ANSWERS = {
    "/good": page("好".encode(), Set_Cookie="a=1"),
    "/moved": page(b"", 302, Location="/good"),
    "/chunks": raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n", b"ok\r\n0\r\n\r\n"
    ),
    "/open": raw(b"HTTP/1.1 200 OK\r\n\r\nopen"),
    "/half": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"),
    "/strange": raw(b"no HTTP\r\n\r\n"),
    "/endless": endless,
    "/announced": announced,
    "/drip": drip,
    "/nothing": hang_up,
    "/once": once,
}


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer(dict(ANSWERS)) as made:
        yield made


def asked(
    calls: Callable[[PlainDownloadHandler], Awaitable[Any]],
    listen: Callable[..., None] | None = None,
    **settings: object,
) -> Any:
    async def run() -> Any:
        crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": LIMIT, **settings})
        if listen:
            crawler.signals.connect(listen, signals.bytes_received)
        handler = PlainDownloadHandler(crawler)
        try:
            return await calls(handler)
        finally:
            await handler.close()

    return asyncio.run(run())


def fetched(url: str, settings: dict[str, object] | None = None, **request: Any) -> Response:
    made = Request(url, **request)
    return asked(lambda handler: handler.download_request(made), **settings or {})


def test_answer_comes_as_it_was_sent(server: HostileServer) -> None:
    request = Request(f"{server.url}/good?a=1#top", headers={"X-A": "b"})
    good = asked(lambda handler: handler.download_request(request))
    assert 0 < request.meta["download_latency"] < 10
    assert isinstance(good, TextResponse)
    assert (good.status, good.text, good.headers["Set-Cookie"]) == (200, "好", b"a=1")
    assert (str(good.ip_address), good.protocol, good.flags) == ("127.0.0.1", "HTTP/1.1", [])
    seen = server.requests[-1]
    assert (seen.method, seen.path, seen.headers["x-a"]) == ("GET", "/good?a=1", "b")
    assert seen.headers["host"] == server.url.partition("//")[2]
    moved = fetched(f"{server.url}/moved")
    assert (moved.status, moved.url) == (302, f"{server.url}/moved")
    assert fetched(f"{server.url}/chunks").body == b"ok"
    until_the_end = fetched(f"{server.url}/open")
    assert (until_the_end.body, until_the_end.flags) == (b"open", ["partial"])


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/half", ResponseDataLossError),
        ("/endless", DownloadCancelledError),
        ("/announced", DownloadCancelledError),
        ("/drip", DownloadTimeoutError),
        ("/nothing", DownloadFailedError),
        ("/strange", DownloadFailedError),
    ],
)
def test_bad_answer_is_an_error_as_of_scrapy(
    server: HostileServer, path: str, error: type[Exception]
) -> None:
    with pytest.raises(error, match=path):
        fetched(f"{server.url}{path}", meta={"download_timeout": 0.5})


def test_half_an_answer_is_taken_where_that_is_wanted(server: HostileServer) -> None:
    half = fetched(f"{server.url}/half", {"DOWNLOAD_FAIL_ON_DATALOSS": False})
    assert (half.body, half.flags) == (b"half", ["dataloss"])


def test_nobody_there_is_told() -> None:
    with HostileServer({}) as gone:
        url = gone.url
    with pytest.raises(DownloadConnectionRefusedError):
        fetched(url)


def test_size_worth_a_warning_is_told(
    server: HostileServer, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        fetched(f"{server.url}/good", {"DOWNLOAD_WARNSIZE": 3})
        assert "DOWNLOAD_WARNSIZE" not in caplog.text
        fetched(f"{server.url}/good", {"DOWNLOAD_WARNSIZE": 2})
    assert "/good has 3 bytes, more than DOWNLOAD_WARNSIZE" in caplog.text


def test_connection_is_used_again_as_long_as_it_is_open(server: HostileServer) -> None:
    ports = []

    def note(connection: socket.socket, seen: Seen) -> None:
        ports.append(connection.getpeername()[1])
        page(b"ok")(connection, seen)

    server.answers["/note"] = note

    async def four_times(handler: PlainDownloadHandler) -> None:
        for path in ("/note", "/note", "/once", "/note"):
            await handler.download_request(Request(f"{server.url}{path}"))
        await asyncio.sleep(0.1)

    asked(four_times)
    assert len(ports) == 3
    assert ports[0] == ports[1]


def test_cancelled_request_ends_at_once(server: HostileServer) -> None:
    async def cancel(handler: PlainDownloadHandler) -> float:
        loop = asyncio.get_running_loop()
        task = loop.create_task(handler.download_request(Request(f"{server.url}/drip")))
        await asyncio.sleep(0.2)
        began = loop.time()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return loop.time() - began

    assert asked(cancel) < 1


@pytest.mark.parametrize(
    ("request_", "listens", "settings"),
    [
        (Request("http://127.0.0.1/", method="POST"), False, {}),
        (Request("http://127.0.0.1/", meta={"proxy": "http://127.0.0.1:1"}), False, {}),
        (Request("http://site.example/"), False, {}),
        (Request("http://127.0.0.1/"), True, {}),
        (Request("http://127.0.0.1/"), False, {"DOWNLOAD_BIND_ADDRESS": "127.0.0.1"}),
    ],
    ids=["no GET", "a proxy", "another machine", "heard piece by piece", "from an address"],
)
def test_all_else_is_scrapys_to_do(
    request_: Request, listens: bool, settings: dict[str, str]
) -> None:
    class Own(PlainDownloadHandler):
        async def download_request(self, request: Request) -> Response:
            return Response(request.url, status=299)

    async def ask(handler: PlainDownloadHandler) -> Response:
        vars(handler)["scrapys"] = Own(handler.crawler)
        return await handler.download_request(request_)

    def listen(**_: object) -> None:
        pass

    assert asked(ask, listen if listens else None, **settings).status == 299
