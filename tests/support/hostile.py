"""Servers of ill will on loopback: sites that refuse, drip, reset and lie, and proxies that die.

An answer is a function that gets the connection and the request, and writes what it likes.
"""

from __future__ import annotations

import itertools
import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from demo.server import Page, Pages


class Seen(NamedTuple):
    """A request as a server saw it; the names of the headers are in lower case."""

    time: float  # seconds, monotonic
    method: str
    path: str
    headers: dict[str, str]


Answer = Callable[[socket.socket, Seen], None]


class HostileServer:
    """Answers requests by path, a connection for as many as come; remembers what was asked."""

    def __init__(self, answers: dict[str, Answer], tls: ssl.SSLContext | None = None) -> None:
        self.answers = answers
        self.requests: list[Seen] = []
        self.tls = tls

    @property
    def address(self) -> tuple[str, int]:
        return self._server.server_address

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.address[1]}"

    def __enter__(self) -> HostileServer:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, connection: socket.socket) -> None:
        """Answer the requests of a connection until either side has had enough."""
        if self.tls:
            connection = self.tls.wrap_socket(connection, server_side=True)
        with connection, suppress(OSError):
            while seen := _read(connection):
                self.requests.append(seen)
                self.answer(seen)(connection, seen)
                if seen.headers.get("connection") == "close":
                    return

    def answer(self, seen: Seen) -> Answer:
        return self.answers.get(urlsplit(seen.path).path, page(b"not found", 404))


class Proxy(HostileServer):
    """An HTTP proxy that leads to one server, whatever host it is asked for. `mood` is called for
    each request, and answers it itself unless it is None."""

    def __init__(
        self, origin: HostileServer, mood: Callable[[Seen], Answer | None] = lambda _seen: None
    ) -> None:
        super().__init__({})
        self.origin = origin
        self.mood = mood

    def answer(self, seen: Seen) -> Answer:
        return self.mood(seen) or (self._tunnel if seen.method == "CONNECT" else self._forward)

    def _forward(self, connection: socket.socket, seen: Seen) -> None:
        kept = {k: v for k, v in seen.headers.items() if not k.startswith("proxy-")}
        lines = "".join(f"{k}: {v}\r\n" for k, v in {**kept, "connection": "close"}.items())
        path = urlsplit(seen.path).path or "/"
        with self._connected() as origin:
            origin.sendall(f"{seen.method} {path} HTTP/1.1\r\n{lines}\r\n".encode())
            _pour(origin, connection)

    def _tunnel(self, connection: socket.socket, _seen: Seen) -> None:
        with self._connected() as origin:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=_pour, args=(origin, connection), daemon=True)
            back.start()
            _pour(connection, origin)
            origin.shutdown(socket.SHUT_RDWR)
            back.join()

    def _connected(self) -> socket.socket:
        return socket.create_connection(self.origin.address)


def page(body: bytes, status: int = 200, **headers: str) -> Answer:
    """A plain answer; underscores in names of headers stand for hyphens."""
    named = {"Content-Type": "text/html; charset=UTF-8", "Content-Length": str(len(body))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    start = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{lines}\r\n".encode()

    def send(connection: socket.socket, _seen: Seen) -> None:
        connection.sendall(start + body)

    return send


def site(pages: Pages) -> dict[str, Answer]:
    """The pages of the demo."""

    def told(found: Page | Callable[[dict[str, str]], Page]) -> Answer:
        def send(connection: socket.socket, seen: Seen) -> None:
            made = found if isinstance(found, Page) else found(seen.headers)
            page(made.body, made.status, Content_Type=made.content_type)(connection, seen)

        return send

    return {path: told(found) for path, found in pages.items()}


def in_turn(*answers: Answer) -> Answer:
    """Each answer once, in order; then the last for ever."""
    left = list(answers)

    def send(connection: socket.socket, seen: Seen) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(connection, seen)

    return send


def reset(connection: socket.socket, _seen: Seen) -> None:
    """The connection broken by the other side."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang_up(connection: socket.socket, _seen: Seen) -> None:
    """The connection closed without an answer."""
    connection.close()


def drip(connection: socket.socket, _seen: Seen) -> None:
    """A page that comes a byte at a time and takes for ever."""
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n"
    )
    for _ in range(9999):
        connection.sendall(b" ")
        time.sleep(0.1)


def self_signed(folder: Path) -> ssl.SSLContext:
    """A context for a server, with a certificate that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site.invalid")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def paces(requests: Iterable[Seen]) -> list[float]:
    """The seconds between requests."""
    times = [seen.time for seen in requests]
    return [after - before for before, after in itertools.pairwise(times)]


def _read(connection: socket.socket) -> Seen | None:
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(65536)
        if not more:
            return None
        head += more
    first, *lines = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Seen(time.monotonic(), method, path, headers)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while more := source.recv(65536):
            target.sendall(more)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with suppress(OSError, ssl.SSLError):
            self.server.owner.serve(self.request)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    owner: HostileServer
