"""Addresses out of a file, one after the other: lines, a sitemap or a feed, plain or gzip.

Sitemaps and their indexes as in sitemaps.org/protocol.html, feeds as in RSS 2.0 or RFC 4287 (Atom).
A file of any length takes the same little memory.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from mirror.errors import UnreadableError

RawFile = io.FileIO | io.BytesIO

_CHUNK_BYTES = 64 * 1024
_MAX_ADDRESS_BYTES = 4096  # of a line that may be an address
_GZIP_MAGIC = b"\x1f\x8b"
_MAGICS = (  # first bytes of what is none of ours
    (b"BZh", "packed with bzip2 (plain and gzip are read)"),
    (b"\xfd7zXZ", "packed with xz (plain and gzip are read)"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd (plain and gzip are read)"),
    (b"PK\x03\x04", "a ZIP archive (plain and gzip are read)"),
    (_GZIP_MAGIC, "packed with gzip twice"),
    (b"\xff\xfe", "in UTF-16 (UTF-8 is read)"),
    (b"\xfe\xff", "in UTF-16 (UTF-8 is read)"),
    (b"%PDF", "a PDF"),
)
_BLANKS = b"\xef\xbb\xbf \t\r\n"
_HTML_RE = re.compile(
    rb"(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL
)

_ADDRESS_ELEMENTS = {("url", "loc"), ("item", "link"), ("entry", "link"), ("sitemap", "loc")}


class Address(NamedTuple):
    """What stands in a place where an address should."""

    text: str
    line: int  # of the file; 0 where it is XML
    kind: str = "page"  # or "sitemap": another file of addresses


def read_addresses(file: RawFile) -> Iterator[Address]:
    """Yield the addresses of a file that is open for reading.

    Raises UnreadableError where it cannot be read further: gzip or XML that is damaged or cut off, or
    what is no file of addresses at all.
    """
    stream: io.BufferedReader[Any] = io.BufferedReader(file, _CHUNK_BYTES)
    try:
        if stream.peek(2)[:2] == _GZIP_MAGIC:
            stream = io.BufferedReader(gzip.GzipFile(fileobj=stream), _CHUNK_BYTES)
        beginning = stream.peek(_MAX_ADDRESS_BYTES)
        if kind := _other_kind(beginning):
            raise UnreadableError(f"is {kind}, no list of addresses, sitemap or feed")
        is_xml = beginning.lstrip(_BLANKS).startswith(b"<")
        yield from _located(stream) if is_xml else _lines(stream)
    except (EOFError, OSError, zlib.error, etree.XMLSyntaxError) as error:
        raise UnreadableError(f"cannot be read further: {error}") from None


def _other_kind(beginning: bytes) -> str:
    """Return what a file is that holds no addresses, by its beginning; empty if it may hold some."""
    if kind := next((kind for magic, kind in _MAGICS if beginning.startswith(magic)), ""):
        return kind
    start = beginning.lstrip(_BLANKS)[:_MAX_ADDRESS_BYTES].lower()
    if b"\0" in start:
        return "no text in UTF-8"
    if start.startswith((b"{", b"[")):
        return "JSON"
    return "an HTML page" if _HTML_RE.match(start) else ""


def _lines(stream: io.BufferedReader[Any]) -> Iterator[Address]:
    number, start = 1, True
    while line := stream.readline(_MAX_ADDRESS_BYTES):
        if start and (text := line.decode("utf-8-sig", "replace").strip()):
            yield Address(text, number)
        start = line.endswith(b"\n")  # else it goes on, and is no address for its length
        number += start


def _located(stream: io.BufferedReader[Any]) -> Iterator[Address]:
    target = _Locations()
    parser = etree.XMLParser(target=target, recover=True, resolve_entities=False, no_network=True)
    chunk = stream.read(_CHUNK_BYTES).lstrip()  # nothing may stand before an XML declaration
    while chunk:
        parser.feed(chunk)
        yield from target.found
        target.found.clear()
        chunk = stream.read(_CHUNK_BYTES)
    parser.close()
    yield from target.found
    if not target.is_whole:
        raise EOFError("the XML is cut off")


class _Locations:
    """Collects addresses while a document passes, and keeps nothing of it."""

    def __init__(self) -> None:
        self.found: list[Address] = []
        self.open: list[str] = []  # names of the elements round the place
        self.text: list[str] | None = None
        self.is_whole = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = etree.QName(tag).localname
        place = (self.open[-1] if self.open else "", name)
        self.open.append(name)
        self.text = [] if place in _ADDRESS_ELEMENTS else None
        if place == ("entry", "link") and attributes.get("rel", "alternate") == "alternate":
            self.found.append(Address(attributes.get("href", "").strip(), 0))

    def data(self, text: str) -> None:
        if self.text is not None and len(self.text) < _MAX_ADDRESS_BYTES:
            self.text.append(text)

    def end(self, tag: str) -> None:
        self.open.pop()
        if self.text is not None and (text := "".join(self.text).strip()):
            is_index = self.open[-1] == "sitemap"
            self.found.append(Address(text, 0, "sitemap" if is_index else "page"))
        self.text = None
        self.is_whole = not self.open

    def close(self) -> None:
        self.text = None
