"""Reading answers of HTTP/1.1 as they come, piece by piece (RFC 9112)."""

from __future__ import annotations

import re
from collections.abc import Callable

from scrapy.http import Headers

_MAX_HEAD_BYTES = 65_536
_HEAD_END_RE = re.compile(rb"\r?\n\r?\n")
_LINE_END_RE = re.compile(rb"\r?\n(?![ \t])")  # what begins with a blank belongs to the line before
_STATUS_RE = re.compile(rb"(HTTP/\d\.\d) +(\d{3})(?: .*)?")
_NUMBER_RE = re.compile(rb"\d{1,15}")
_CHUNK_RE = re.compile(rb"([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?")
_BODILESS = (204, 304)


class TooLongError(Exception):
    """An answer has more bytes than it may."""


class Answer:
    """One answer, as far as it has come."""

    def __init__(self, most: int):
        """`most`: bytes that the body may have, 0 for any number."""
        self.most = most
        self.status = 0  # as long as its head is not there
        self.protocol = ""
        self.headers = Headers()
        self.body = bytearray()
        self.is_whole = False
        self.ends_connection = False
        self.has_end = True  # of its own: not only that of the connection
        self._came = bytearray()  # and was not read yet
        self._left = 0  # bytes of the body or of a chunk
        self._read: Callable[[], bool] = self._read_head  # whether it can be called again at once

    def feed(self, piece: bytes) -> None:
        """Take what came. Raises ValueError if that is no HTTP, TooLongError."""
        self._came += piece
        while not self.is_whole and self._read():
            pass
        self.ends_connection |= self.is_whole and bool(self._came)  # nobody asked for that

    def _read_head(self) -> bool:
        found = _HEAD_END_RE.search(self._came)
        if (found.start() if found else len(self._came)) > _MAX_HEAD_BYTES:
            raise ValueError("a head without an end")
        if not found:
            return False
        first, *lines = _LINE_END_RE.split(bytes(self._came[: found.start()]))
        del self._came[: found.end()]
        status = _STATUS_RE.fullmatch(first)
        if not status:
            raise ValueError(f"no status: {first[:80]!r}")
        if 100 <= int(status[2]) < 200:  # others follow
            return True
        self.protocol, self.status = status[1].decode(), int(status[2])
        self._hear(lines)
        self._find_end()
        return True

    def _hear(self, lines: list[bytes]) -> None:
        found: dict[bytes, list[bytes]] = {}
        for line in lines:
            name, colon, value = line.partition(b":")
            if colon:
                found.setdefault(name.lower(), []).append(value.strip())
        self.headers = Headers(found)
        said = b",".join(found.get(b"connection", [])).lower()
        self.ends_connection = b"close" in said or self.protocol != "HTTP/1.1"

    def _find_end(self) -> None:
        """Learn from the head where the body ends."""
        lengths = {*self.headers.getlist("Content-Length")}
        coding = b",".join(self.headers.getlist("Transfer-Encoding")).lower()
        if self.status in _BODILESS:
            self.is_whole = True
        elif coding == b"chunked":
            self._read = self._read_size
        elif coding or len(lengths) > 1 or not all(map(_NUMBER_RE.fullmatch, lengths)):
            raise ValueError(f"a body of {coding or lengths!r}")
        elif lengths:
            self._left = int(lengths.pop())
            self._check(self._left)
            self.is_whole = not self._left
            self._read = self._read_sized
        else:
            self.has_end, self.ends_connection = False, True
            self._read = self._read_rest

    def _read_sized(self) -> bool:
        self._take()
        self.is_whole = not self._left
        return False

    def _read_rest(self) -> bool:
        self._left = len(self._came)
        self._take()
        return False

    def _read_size(self) -> bool:
        """Read the line before a chunk; that of a last one has no bytes."""
        line = self._line()
        if line is None:
            return False
        size = _CHUNK_RE.fullmatch(line)
        if not size:
            raise ValueError(f"no chunk: {line[:80]!r}")
        self._left = int(size[1], 16)
        self._read = self._read_chunk if self._left else self._read_trailer
        return True

    def _read_chunk(self) -> bool:
        self._take()
        if self._left or len(self._came) < 2:
            return False
        if self._line() != b"":
            raise ValueError("a chunk without an end")
        self._read = self._read_size
        return True

    def _read_trailer(self) -> bool:
        line = self._line()
        self.is_whole = line == b""
        return line is not None

    def _take(self) -> None:
        """Take what is there of the body."""
        piece = self._came[: self._left]
        self._check(len(self.body) + len(piece))
        self.body += piece
        del self._came[: self._left]
        self._left -= len(piece)

    def _line(self) -> bytes | None:
        end = self._came.find(b"\n")
        if max(end, len(self._came) if end < 0 else 0) > _MAX_HEAD_BYTES:
            raise ValueError("a line without an end")
        if end < 0:
            return None
        line = bytes(self._came[:end]).removesuffix(b"\r")
        del self._came[: end + 1]
        return line

    def _check(self, size: int) -> None:
        if 0 < self.most < size:
            raise TooLongError(f"more than {self.most} bytes")
