"""A local web server that answers from a dictionary of pages and remembers what was asked."""

from __future__ import annotations

import gzip
import hashlib
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

from demo.images import picture

_UPLOADS = "/assets/uploads/"


@dataclass(frozen=True)
class Page:
    """One answer; `headers` are added to what the server says itself, or replace it."""

    body: bytes
    content_type: str = "text/html; charset=UTF-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    modified: datetime | None = None


Pages = dict[str, Page | Callable[[dict[str, str]], Page]]


class Request(NamedTuple):
    """What a client asked for; the names of the headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]


class DemoServer:
    """Serves `pages` by path, or by path and query; change them, and read `requests`, at any time.

    A page may be a function of the request's headers. If it raises ConnectionError, the connection
    is closed without an answer.
    """

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.requests: list[Request] = []

    @property
    def url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> DemoServer:
        self._http = _Server(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()

    def answer(self, target: str, headers: dict[str, str]) -> Page:
        """The page for a path with or without a query."""
        path = urlsplit(target).path
        page = self.pages.get(target) or self.pages.get(path)
        if page is None and path.startswith(_UPLOADS):
            return Page(picture(path), "image/png")
        if page is None:
            return Page(b"not found\n", "text/plain; charset=UTF-8", 404)
        return page if isinstance(page, Page) else page(headers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.demo.requests.append(Request(self.command, self.path, headers))
        try:
            page = self.server.demo.answer(self.path, headers)
        except ConnectionError:
            self.close_connection = True
        else:
            self._send(page, headers)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, page: Page, asked: dict[str, str]) -> None:
        etag = f'"{hashlib.sha1(page.body).hexdigest()[:16]}"'
        known = page.status == 200 and etag in asked.get("if-none-match", "")
        body = b"" if known else page.body
        answer = {"Content-Type": page.content_type, "ETag": etag, "Vary": "Accept-Encoding"}
        if page.modified:
            utc = page.modified.astimezone(timezone.utc)
            answer["Last-Modified"] = format_datetime(utc, usegmt=True)
        if body and "gzip" in asked.get("accept-encoding", ""):
            body, answer["Content-Encoding"] = gzip.compress(body, 1, mtime=0), "gzip"
        if not known:
            answer["Content-Length"] = str(len(body))
        self.send_response(304 if known else page.status)
        for name, value in {**answer, **page.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet: `requests` holds what was asked."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing the server waits for the threads that still answer
    request_queue_size = 128

    def __init__(self, demo: DemoServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.demo = demo
        self._open: set[socket.socket] = set()

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: socket.socket, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
