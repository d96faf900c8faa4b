"""A bare HTTP server in a process of its own: it answers from memory, as fast as Python can."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, NamedTuple
from zlib import crc32

from bench.processes import running
from bench.site import Site

_NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
_HEAD = (
    "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: %s\r\nContent-Encoding: gzip\r\n"
    'ETag: "%s"\r\nVary: Accept-Encoding\r\nContent-Length: %d\r\n\r\n'
)
_KEPT = 10_000  # answers


class Served(NamedTuple):
    """A server that runs: its address and how many articles it has."""

    url: str
    articles: int


@contextmanager
def serving(articles: int) -> Iterator[Served]:
    """Run a server of so many articles; it ends with the block, or with this process."""
    command = [sys.executable, "-m", "bench.server", "--articles", str(articles)]
    with running(command) as process:
        port = process.stdout.readline().strip()
        if not port:
            raise RuntimeError(f"The server did not start: {process.communicate()[1]}")
        yield Served(f"http://127.0.0.1:{port}", articles)


class _Answers:
    """Whole answers by their paths."""

    def __init__(self, site: Site):
        self.site = site
        self.made: dict[bytes, bytes] = {}

    def get(self, path: bytes) -> bytes:
        answer = self.made.get(path)
        if answer is None:
            answer = self._make(path.decode("latin-1"))
            if len(self.made) < _KEPT:
                self.made[path] = answer
        return answer

    def _make(self, path: str) -> bytes:
        page = self.site.answer(path)
        if page is None:
            return _NOT_FOUND
        kind = "text/plain" if path == "/robots.txt" else "text/html; charset=UTF-8"
        version = f"{crc32(page):08x}"
        return (_HEAD % (kind, version, len(page))).encode() + page


class _Connection(asyncio.Protocol):
    def __init__(self, answers: _Answers):
        self.answers = answers
        self.rest = b""

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self.rest = (self.rest + data).split(b"\r\n\r\n")
        for request in requests:
            self.transport.write(self.answers.get(request.split(b" ", 2)[1]))


async def _serve(articles: int) -> None:
    site = Site(articles)
    site.prepare()
    answers = _Answers(site)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(answers), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    Thread(target=_wait, args=(loop, ended), daemon=True).start()
    await ended.wait()


def _wait(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    sys.stdin.read()  # until the process that started this one ends, or closes it
    loop.call_soon_threadsafe(ended.set)


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on the fastest event loop there is."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        from asyncio import new_event_loop
    loop = new_event_loop()
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, required=True)
    run(_serve(parser.parse_args().articles))
