"""How fast the server itself is: a client that does nothing but ask, in a process of its own."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from itertools import cycle
from urllib.parse import urlsplit

from bench import processes
from bench.server import Served, run
from demo.story import address

_CONNECTIONS = 32
_LENGTH = b"Content-Length: "


def requests_per_second(server: Served, seconds: float = 2.0) -> float:
    """Return how many pages a second the server gives at least: the client may be the slower one."""
    command = [
        sys.executable,
        "-m",
        "bench.load",
        "--url",
        server.url,
        "--articles",
        str(server.articles),
        "--seconds",
        str(seconds),
    ]
    done = processes.run([command], longest=seconds + 30)
    return json.loads(done.outputs[0])["per_second"]


class _Client(asyncio.Protocol):
    """Asks for one page after the other on one connection."""

    answers = 0
    size = 0

    def __init__(self, requests: cycle[bytes]):
        self.requests = requests
        self.left = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        if not self.left:
            if not data.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(data[:100])
            at, end = data.index(_LENGTH) + len(_LENGTH), data.index(b"\r\n\r\n")
            self.left = int(data[at:end]) + end + 4
        self.left -= len(data)
        if not self.left:
            _Client.answers += 1
            self.transport.write(next(self.requests))


async def _ask(url: str, articles: int, seconds: float) -> dict[str, float]:
    where = urlsplit(url)
    head = f" HTTP/1.1\r\nHost: {where.netloc}\r\nAccept-Encoding: gzip\r\n\r\n"
    paths = (address(index, articles).path for index in range(min(articles, 1000)))
    requests = cycle([f"GET {path}{head}".encode() for path in paths])
    loop = asyncio.get_running_loop()
    for _ in range(_CONNECTIONS):
        await loop.create_connection(lambda: _Client(requests), where.hostname, where.port)
    await asyncio.sleep(0.2)  # to get going
    began, before = time.perf_counter(), _Client.answers
    await asyncio.sleep(seconds)
    return {"per_second": (_Client.answers - before) / (time.perf_counter() - began)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    given = parser.parse_args()
    print(json.dumps(run(_ask(given.url, given.articles, given.seconds))))
