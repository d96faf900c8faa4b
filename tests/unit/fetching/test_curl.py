"""The download handler on libcurl against servers of ill will, and what it says of itself."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import logging
import socket
import ssl
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response, TextResponse
from scrapy.utils.test import get_crawler
from support.hostile import Answer, HostileServer, Seen, drip, hang_up, page, self_signed

pytest.importorskip("curl_cffi", reason="requirements-curl.txt is not installed")

from mirror.fetching import curl, imitations
from mirror.fetching.browsers import headers
from mirror.fetching.user_agents import BrowserProvider

LIMIT = 100_000
CHECKED = {"DOWNLOAD_VERIFY_CERTIFICATES": True}  # as the project has it


def raw(*pieces: bytes) -> Answer:
    def send(connection: socket.socket, _seen: Seen) -> None:
        for piece in pieces:
            connection.sendall(piece)
        connection.close()

    return send


def endless(connection: socket.socket, _seen: Seen) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for sent in itertools.count():
        connection.sendall(bytes(10_000))
        if sent > 10_000:
            raise AssertionError("nobody stops it")


ANSWERS = {
    "/good": page("好".encode(), Set_Cookie="a=1"),
    "/packed": page(gzip.compress(b"packed"), Content_Encoding="gzip"),
    "/moved": page(b"", 302, Location="/good"),
    "/twice": raw(
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nX-Two: a\r\nX-Two: b\r\nContent-Length: 2\r\n\r\nok"
    ),
    "/half": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"),
    "/endless": endless,
    "/announced": lambda c, _: (
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n"),
        time.sleep(5),
    ),
    "/drip": drip,
    "/nothing": hang_up,
}


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer(dict(ANSWERS)) as made:
        yield made


def asked(calls: Callable[[curl.CurlDownloadHandler], Awaitable[Any]], **settings: object) -> Any:
    async def run() -> Any:
        crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": LIMIT, **CHECKED, **settings})
        handler = curl.CurlDownloadHandler(crawler)
        try:
            return await calls(handler)
        finally:
            await handler.close()

    return asyncio.run(run())


def fetched(url: str, settings: dict[str, object] | None = None, **request: Any) -> Response:
    made = Request(url, **request)
    return asked(lambda handler: handler.download_request(made), **settings or {})


def test_answer_comes_as_it_was_sent(server: HostileServer) -> None:
    request = Request(f"{server.url}/good")
    good = asked(lambda handler: handler.download_request(request))
    assert 0 < request.meta["download_latency"] < 10
    assert isinstance(good, TextResponse)
    assert (good.status, good.text, good.headers["Set-Cookie"]) == (200, "好", b"a=1")
    assert (str(good.ip_address), good.protocol) == ("127.0.0.1", "HTTP/1.1")
    packed = fetched(f"{server.url}/packed")
    assert gzip.decompress(packed.body) == b"packed"
    moved = fetched(f"{server.url}/moved")
    assert (moved.status, moved.url) == (302, f"{server.url}/moved")
    twice = fetched(f"{server.url}/twice")
    assert (twice.headers.getlist("X-Two"), twice.body) == ([b"a", b"b"], b"ok")
    assert "Link" not in twice.headers


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/half", ResponseDataLossError),
        ("/endless", DownloadCancelledError),
        ("/announced", DownloadCancelledError),
        ("/drip", DownloadTimeoutError),
        ("/nothing", DownloadFailedError),
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


def test_nobody_there_is_told(server: HostileServer) -> None:
    with HostileServer({}) as gone:
        url = gone.url
    with pytest.raises(DownloadConnectionRefusedError):
        fetched(url)
    with pytest.raises(DownloadConnectionRefusedError):
        fetched(server.url, meta={"proxy": url})


def test_name_without_a_permitted_address_is_not_asked(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> list[str]:
        return []

    monkeypatch.setattr(curl, "_looked_up", nothing)
    before = len(server.requests)
    with pytest.raises(CannotResolveHostError, match="no address that may be asked"):
        fetched(server.url.replace("127.0.0.1", "localhost"))
    assert len(server.requests) == before


def test_look_up_of_a_name_is_part_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> list[str]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(curl, "_looked_up", never)
    with pytest.raises(DownloadTimeoutError, match="look-up"):
        fetched("http://site.invalid/", meta={"download_timeout": 0.2})


def test_size_worth_a_warning_is_told(
    server: HostileServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers["/large"] = page(bytes(2000))
    with caplog.at_level(logging.WARNING):
        fetched(f"{server.url}/good", {"DOWNLOAD_WARNSIZE": 1000})
        assert "DOWNLOAD_WARNSIZE" not in caplog.text
        fetched(f"{server.url}/large", {"DOWNLOAD_WARNSIZE": 1000})
    assert "/large has 2000 bytes, more than DOWNLOAD_WARNSIZE" in caplog.text


def test_proxies_of_the_environment_are_no_concern_of_curls(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    assert fetched(f"{server.url}/good").status == 200


def test_certificate_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with HostileServer(dict(ANSWERS), self_signed(tmp_path)) as encrypted:
        with pytest.raises(DownloadFailedError, match="certificate"):
            fetched(f"{encrypted.url}/good")
        assert encrypted.requests == []
        unchecked = {"DOWNLOAD_VERIFY_CERTIFICATES": False}
        assert fetched(f"{encrypted.url}/good", unchecked).status == 200


def test_certificates_of_a_folder_are_trusted_where_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, folder = self_signed(tmp_path), tmp_path / "trusted"
    folder.mkdir()
    (folder / "cert.pem").write_bytes((tmp_path / "cert.pem").read_bytes())
    subprocess.run(["openssl", "rehash", folder], check=True)
    given = ssl.get_default_verify_paths()._replace(cafile=None, capath=str(folder))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: given)
    monkeypatch.setattr(curl, "_looked_up", _here)
    with HostileServer(dict(ANSWERS), context) as encrypted:
        url = encrypted.url.replace("127.0.0.1", "site.invalid")
        assert fetched(f"{url}/good").status == 200


async def _here(*_: object) -> list[str]:
    return ["127.0.0.1"]


def test_connection_is_used_again(server: HostileServer) -> None:
    ports = []

    def note(connection: socket.socket, seen: Seen) -> None:
        ports.append(connection.getpeername()[1])
        page(b"ok")(connection, seen)

    server.answers["/note"] = note

    async def thrice(handler: curl.CurlDownloadHandler) -> None:
        for _ in range(3):
            await handler.download_request(Request(f"{server.url}/note"))

    asked(thrice)
    assert len(ports) == 3
    assert len(set(ports)) == 1


def test_cancelled_request_ends_at_once(server: HostileServer) -> None:
    async def cancel(handler: curl.CurlDownloadHandler) -> float:
        loop = asyncio.get_running_loop()
        task = loop.create_task(handler.download_request(Request(f"{server.url}/drip")))
        await asyncio.sleep(0.2)
        began = loop.time()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        return loop.time() - began

    assert asked(cancel) < 1


def test_headers_go_out_as_the_browser_sends_them(server: HostileServer) -> None:
    for name in sorted(set(BrowserProvider({"MIRROR_FETCHER": "curl"}).names)):
        assert imitations.target(name), name
        sent = headers(name, "https")
        before = len(server.requests)
        fetched(f"{server.url}/good", headers=sent)
        (seen,) = server.requests[before:]
        whole = {"Host": server.url.partition("//")[2], "Connection": "keep-alive", **sent}
        expected = [header.decode() for header in imitations.in_order(name, map(str.encode, whole))]
        assert list(seen.headers) == [header.lower() for header in expected]
        assert list(seen.headers.values()) == [whole[header] for header in expected]


def test_headers_keep_their_order_over_tls(tmp_path: Path) -> None:
    name = BrowserProvider({"MIRROR_FETCHER": "curl"}).names[0]
    unchecked = {"DOWNLOAD_VERIFY_CERTIFICATES": False}
    with HostileServer(dict(ANSWERS), self_signed(tmp_path)) as encrypted:
        fetched(f"{encrypted.url}/good", unchecked, headers=headers(name, "https"))
        (seen,) = encrypted.requests
    assert next(iter(seen.headers)) == "host"
    assert seen.headers["host"] == encrypted.url.partition("//")[2]
    assert seen.headers["connection"] == "keep-alive"


def test_unknown_browsers_and_versions_are_not_imitated() -> None:
    (chrome,) = {
        n
        for n in BrowserProvider({"MIRROR_FETCHER": "curl"}).names
        if "Windows" in n and "Chrome" in n
    }
    assert imitations.target(chrome) == f"chrome{imitations.versions()['Chrome']}"
    assert imitations.target(chrome.replace("Chrome/1", "Chrome/9")) == ""
    assert imitations.target("Scrapy/2.19") == ""
