"""Compressed pages: unpacked whole, or as much of them as there is, or refused as too large."""

from __future__ import annotations

import gzip
import zlib

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from mirror.fetching.decompression import UnpackMiddleware, gunzip

URL = "http://127.0.0.1/gb/21/12/28/n13465188.htm"
PAGE = "<p>大纪元</p>".encode() * 100
MOST = 5000

_raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
RAW = _raw.compress(PAGE) + _raw.flush()

WHOLE = {
    "one member": gzip.compress(PAGE),
    "two members": gzip.compress(PAGE[:70]) + gzip.compress(PAGE[70:]),
    "an empty member at the end": gzip.compress(PAGE) + gzip.compress(b""),
}
ODD = {
    "many members": b"".join(gzip.compress(PAGE[n : n + 9]) for n in range(0, len(PAGE), 9)),
    "zeros behind it": gzip.compress(PAGE) + bytes(8),
    "something behind it": gzip.compress(PAGE) + b"something",
    "a wrong checksum": gzip.compress(PAGE)[:-8] + bytes(8),
    "no trailer": gzip.compress(PAGE)[:-8],
}


def unpacked(packed: bytes, encoding: str = "gzip") -> Response:
    """What comes out of the middleware for a page that is packed so."""
    crawler = get_crawler(settings_dict={"DOWNLOAD_MAXSIZE": MOST})
    headers = {"Content-Encoding": encoding, "Content-Type": "text/html; charset=utf-8"}
    middleware = UnpackMiddleware.from_crawler(crawler)
    return middleware.process_response(Request(URL), Response(URL, headers=headers, body=packed))


@pytest.mark.parametrize("packed", WHOLE.values(), ids=WHOLE)
def test_what_is_whole_is_unpacked_in_one_go(packed: bytes) -> None:
    assert gunzip(packed, MOST) == PAGE
    assert unpacked(packed).body == PAGE


@pytest.mark.parametrize("packed", ODD.values(), ids=ODD)
def test_what_is_odd_is_left_to_scrapy_which_forgives_it(packed: bytes) -> None:
    assert gunzip(packed, MOST) is None
    assert unpacked(packed).body == PAGE


def test_half_a_page_is_as_much_as_there_is() -> None:
    packed = gzip.compress(PAGE, 0)
    half = packed[: len(packed) // 2]
    assert gunzip(half, MOST) is None
    assert PAGE.startswith(unpacked(half).body)


def test_a_page_may_have_just_as_many_bytes_as_are_allowed() -> None:
    assert unpacked(gzip.compress(bytes(MOST))).body == bytes(MOST)
    assert unpacked(gzip.compress(bytes(MOST - 9)) + gzip.compress(bytes(9))).body == bytes(MOST)


@pytest.mark.parametrize(
    "packed",
    [gzip.compress(bytes(MOST + 1)), gzip.compress(bytes(MOST)) + gzip.compress(b"!")],
    ids=["one member", "two members"],
)
def test_too_large_a_page_is_refused(packed: bytes) -> None:
    assert gunzip(packed, MOST) is None
    with pytest.raises(IgnoreRequest, match="exceeded DOWNLOAD_MAXSIZE"):
        unpacked(packed)


@pytest.mark.parametrize("encoding", ["x-gzip", "deflate"])
def test_other_encodings_are_scrapys(encoding: str) -> None:
    packed = gzip.compress(PAGE) if encoding == "x-gzip" else RAW
    assert unpacked(packed, encoding).body == PAGE


def test_the_response_is_what_its_page_is() -> None:
    response = unpacked(WHOLE["one member"])
    assert response.css("p::text").get() == "大纪元"
    assert "Content-Encoding" not in response.headers
