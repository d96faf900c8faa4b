"""Files of addresses: every form of file, what is none, and how little memory they take."""

from __future__ import annotations

import asyncio
import bz2
import gzip
import io
import lzma
import tracemalloc
from collections.abc import Sequence
from typing import IO

import pytest

from mirror.archive.addresses import read_addresses
from mirror.archive.batches import Accepted
from mirror.archive.intake import Intake, refusal
from mirror.errors import ListingError, UnreadableError
from mirror.items import Link
from mirror.sites import get_site

HOME = "https://www.epochtimes.com"
SITEMAP = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    b'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc>\n/a </loc>'
    b"<image:image><image:loc>/picture</image:loc></image:image></url>"
    b"<url><loc>/b?x=1&amp;y=2</loc></url></urlset>"
)


def texts(file: bytes) -> list[str]:
    return [address.text for address in read_addresses(io.BytesIO(file))]


@pytest.mark.parametrize(
    ("file", "found"),
    [
        (b"", []),
        (b"/a\n/b", ["/a", "/b"]),
        (b"\xef\xbb\xbf/a\r\n\r\n  /b  \r\n", ["/a", "/b"]),
        (gzip.compress(b"/a\n/b\n", mtime=0), ["/a", "/b"]),
        (SITEMAP, ["/a", "/b?x=1&y=2"]),
        (b"\n" + SITEMAP, ["/a", "/b?x=1&y=2"]),
        (gzip.compress(SITEMAP, mtime=0), ["/a", "/b?x=1&y=2"]),
        (b"<rss><channel><link>/no</link><item><link>/a</link></item></channel></rss>", ["/a"]),
        (
            b'<feed xmlns="http://www.w3.org/2005/Atom"><link href="/no"/><entry>'
            b'<link rel="self" href="/no"/><link href="/a"/></entry></feed>',
            ["/a"],
        ),
        (
            b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
            b"<urlset><url><loc>/a&f;</loc></url></urlset>",
            ["/a"],
        ),
    ],
)
def test_addresses_of_a_file(file: bytes, found: list[str]) -> None:
    assert texts(file) == found


class Taken:
    """Takes a file in, and those that it names."""

    def __init__(self, files: dict[str, bytes], first: str = "first"):
        self.files = files
        self.ids: list[str] = []
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.intake = Intake(get_site("epochtimes"), self.accept, self.errors.append)
        asyncio.run(self.intake.read(first, self.opened))

    def accept(self, links: Sequence[Link]) -> Accepted:
        self.ids += [link.id for link in links]
        return Accepted(len(links), 0, 0)

    async def opened(self, where: str) -> IO[bytes]:
        self.asked.append(where)
        if where not in self.files:
            raise ListingError("HTTP 404")
        return io.BytesIO(self.files[where])


def test_articles_are_taken_in_once_and_what_is_none_is_shown() -> None:
    lines = [
        f"{HOME}/gb/18/1/1/n123456.htm?utm_source=x",
        "//m.epochtimes.com/gb/18/1/2/n123457.htm/amp",
        "/b5/18/1/1/n123456.htm",
        f"{HOME}/gb/nsc418.htm",
        "https://example.com/\x1b[31m",
        "x" * 9999,
    ]
    taken = Taken({"first": "\n".join(lines).encode()})
    assert taken.ids == ["n123456", "n123457"]
    assert (taken.intake.articles, taken.intake.others) == (3, 3)
    assert taken.intake.shown[0] == f"line 4: '{HOME}/gb/nsc418.htm'"
    assert "\x1b" not in "".join(taken.intake.lines())
    assert len(taken.intake.shown[2]) < 120


def test_sitemaps_that_a_sitemap_names_are_taken_in_those_of_the_site_alone() -> None:
    def index(*names: str) -> bytes:
        inner = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
        return f"<sitemapindex>{inner}</sitemapindex>".encode()

    one, two, gone = f"{HOME}/1.xml", f"{HOME}/2.xml.gz", f"{HOME}/gone.xml"
    files = {
        "first": index(one, gone, two, "https://example.com/3.xml"),
        one: b"<urlset><url><loc>/gb/18/1/1/n123456.htm</loc></url></urlset>",
        two: gzip.compress(
            b"<urlset><url><loc>/gb/18/1/1/n123457.htm</loc></url></urlset>", mtime=0
        ),
    }
    taken = Taken(files)
    assert taken.ids == ["n123456", "n123457"]
    assert taken.errors == [f"{gone}: HTTP 404"]
    assert taken.intake.shown == ["'https://example.com/3.xml'"]
    assert len(Taken({one: index(one)}, one).asked) == 2  # and no endless round


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "file:///etc/passwd", "../x", "http://[", "mailto:x", "ftp://a/x", ""]
)
def test_sitemap_opens_nothing_on_this_machine(name: str) -> None:
    index = f"<sitemapindex><sitemap><loc>{name}</loc></sitemap></sitemapindex>".encode()
    first, *others = Taken({"first": index}).asked
    assert first == "first"
    assert all(other.startswith(f"{HOME}/") for other in others)


@pytest.mark.parametrize("kind", ["gzip", "xml"])
def test_what_comes_before_damage_is_taken_in_and_the_damage_is_told(kind: str) -> None:
    numbers = range(200_000, 210_000)
    locations = [f"<url><loc>/gb/18/1/1/n{n}.htm</loc></url>" for n in numbers]
    xml = "".join(["<urlset>", *locations, "</urlset>"]).encode()
    lines = gzip.compress("\n".join(f"/gb/18/1/1/n{n}.htm" for n in numbers).encode(), mtime=0)
    taken = Taken({"first": xml[: len(xml) // 2] if kind == "xml" else lines[: len(lines) // 2]})
    assert 2000 < len(taken.ids) < 8000
    assert "cannot be read further" in taken.errors[0]


@pytest.mark.parametrize(
    "form", ["/gb/18/1/1/n{}.htm\n", "<url><loc>/gb/18/1/1/n{}.htm</loc></url>"]
)
def test_long_file_takes_little_memory(form: str) -> None:
    class File(io.RawIOBase):
        """A long file that is made when it is read."""

        parts = iter([b"<urlset>"] * form.startswith("<"))
        number, rest = 1_000_000, b""

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:
            while len(self.rest) < len(buffer) and self.number < 1_020_000:
                self.rest += next(self.parts, b"") + form.format(self.number).encode()
                self.number += 1
            size = min(len(buffer), len(self.rest))
            buffer[:size], self.rest = self.rest[:size], self.rest[size:]
            return size

    async def opened(where: str) -> IO[bytes]:
        return io.BufferedReader(File())  # type: ignore[return-value]

    count = 0

    def accept(links: Sequence[Link]) -> Accepted:
        nonlocal count
        count += len(links)
        return Accepted(len(links), 0, 0)

    intake = Intake(get_site("epochtimes"), accept, print)
    tracemalloc.start()
    asyncio.run(intake.read("first", opened))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert most < 1_500_000


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (bz2.compress(b"/a\n"), "packed with bzip2"),
        (lzma.compress(b"/a\n"), "packed with xz"),
        (gzip.compress(gzip.compress(b"/a\n", mtime=0), mtime=0), "packed with gzip twice"),
        ("/a\n".encode("utf-16"), "in UTF-16"),
        ("/a\n".encode("utf-16-le"), "no text in UTF-8"),
        (b'{"error": "upstream timeout"}', "JSON"),
        (b"<!DOCTYPE html>\n<html><body>Just a moment...</body></html>", "an HTML page"),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="...">', "an HTML page"),
        (gzip.compress(b"<html>", mtime=0), "an HTML page"),
    ],
)
def test_what_is_no_file_of_addresses_is_refused_with_the_reason(file: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        texts(file)
    assert reason in refusal(io.BytesIO(file), get_site("epochtimes"))


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "holds no article's address"),
        (b"https://example.org/\nnothing\n", "the first of 2 others: line 1: 'https://example"),
        (b"<urlset></urlset>", "holds no article's address"),
        (f"{HOME}/gb/21/12/28/n13465188.htm".encode(), ""),
        (f"<sitemapindex><sitemap><loc>{HOME}/x.xml</loc></sitemap></sitemapindex>".encode(), ""),
        (b"x\n" * 5000, ""),  # who knows what follows
    ],
)
def test_file_without_an_article_is_refused(file: bytes, reason: str) -> None:
    found = refusal(io.BytesIO(file), get_site("epochtimes"))
    assert reason in found
    assert bool(found) == bool(reason)
