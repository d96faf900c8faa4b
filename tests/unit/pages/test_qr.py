"""QR codes: read back by two decoders, in files of nothing but pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image

from mirror.pages.qr import qr_png

BASE = "https://github.com/example/mirror/blob/main/pages/"
ADDRESSES = [(BASE * 9 + "nsc418/n13465188.md")[-length:] for length in range(25, 175, 3)]


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG file, their checksums checked."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    place = 8
    while place < len(png):
        (size,) = struct.unpack(">I", png[place : place + 4])
        kind, data = png[place + 4 : place + 8], png[place + 8 : place + 8 + size]
        (checksum,) = struct.unpack(">I", png[place + 8 + size : place + 12 + size])
        assert checksum == zlib.crc32(kind + data)
        yield kind, data
        place += 12 + size


def test_address_of_any_length_is_read_back(decode: Callable[[bytes], list[str]]) -> None:
    assert len(ADDRESSES) == len(set(map(len, ADDRESSES))) == 50
    for address in ADDRESSES:
        assert decode(qr_png(address)) == [address]


@pytest.mark.parametrize(
    "text",
    ["0123456789012345", "HTTPS://EXAMPLE.ORG/A-B", f"{BASE}%E5%9B%BD/?t=1&u='~!*();:@=+$,#[]"],
)
def test_any_character_of_an_address_is_read_back(
    decode: Callable[[bytes], list[str]], text: str
) -> None:
    assert decode(qr_png(text)) == [text]


def test_addresses_that_differ_in_a_digit_have_their_own_codes(
    decode: Callable[[bytes], list[str]],
) -> None:
    addresses = [f"{BASE}nsc418/n1346{number}.md" for number in range(5000, 6000, 37)]
    assert [decode(qr_png(address)) for address in addresses] == [[a] for a in addresses]


@pytest.mark.parametrize("address", ADDRESSES[::7], ids=len)
def test_file_is_one_bit_a_pixel_without_metadata(address: str) -> None:
    (header, shape), (data, pixels), (end, nothing) = chunks(qr_png(address))
    assert (header, data, end, nothing) == (b"IHDR", b"IDAT", b"IEND", b"")
    width, height, bits, colour, *rest = struct.unpack(">IIBBBBB", shape)
    assert (width, bits, colour, rest) == (height, 1, 0, [0, 0, 0])
    assert len(zlib.decompress(pixels)) == height * (1 + -(-width // 8))


def test_code_has_a_quiet_zone_of_four_modules() -> None:
    picture = Image.open(BytesIO(qr_png(ADDRESSES[0]))).convert("L")
    dark = picture.point(lambda shade: 255 - shade).getbbox()
    margins = {dark[0], dark[1], picture.width - dark[2], picture.height - dark[3]}
    assert margins == {16}


def test_same_address_gives_the_same_file() -> None:
    assert qr_png(BASE) == qr_png(BASE)
    assert len({qr_png(address) for address in ADDRESSES}) == len(ADDRESSES)
