"""Pictures are made small, upright and plain; what is no picture, or too much of one, is refused."""

from __future__ import annotations

import asyncio
import random
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from mirror.errors import PictureError
from mirror.pictures.shrinker import UnfitError, shrunk
from mirror.pictures.shrinking import shrink

ORIENTATION, GPS = 0x0112, 0x8825


def packed(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    data = BytesIO()
    picture.save(data, form, **options)
    return data.getvalue()


def two_halves(mode: str = "RGB") -> Image.Image:
    picture = Image.new("RGB", (600, 400), (200, 30, 30))
    picture.paste((30, 30, 200), (0, 200, 600, 400))
    return picture.convert(mode)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    "data",
    [
        packed(two_halves()),
        packed(two_halves("L")),
        packed(two_halves("CMYK")),
        packed(two_halves(), "PNG"),
        packed(two_halves("P"), "PNG"),
        packed(two_halves("LA"), "PNG"),
        packed(two_halves("P"), "GIF"),
        packed(two_halves(), "WEBP"),
    ],
    ids=["jpeg", "grey", "cmyk", "png", "palette", "alpha", "gif", "webp"],
)
def test_picture_is_made_small(data: bytes) -> None:
    small = opened(shrunk(data, 480, 20_000))
    assert (small.format, small.size) == ("WEBP", (480, 320))


def test_colours_and_smaller_pictures_stay_as_they_are() -> None:
    small = opened(shrunk(packed(two_halves().resize((90, 60)), "PNG"), 480, 20_000)).convert("RGB")
    assert small.size == (90, 60)
    for place, colour in {(45, 10): (200, 30, 30), (45, 50): (30, 30, 200)}.items():
        assert small.getpixel(place) == pytest.approx(colour, abs=8)


def test_nothing_of_where_and_with_what_it_was_taken_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    exif[GPS] = {1: "N", 2: (39.0, 54.0, 0.0)}
    data = packed(two_halves(), exif=exif, comment=b"by somebody")
    assert b"Camera" in data
    small = shrunk(data, 480, 20_000)
    assert not opened(small).getexif()
    assert not {"exif", "icc_profile", "xmp", "comment"} & opened(small).info.keys()
    assert b"Camera" not in small


def test_picture_lies_as_it_is_to_be_seen() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned a quarter to the right
    small = opened(shrunk(packed(two_halves(), exif=exif), 480, 20_000)).convert("RGB")
    assert small.size == (400, 600)
    left, right = small.getpixel((20, 300)), small.getpixel((380, 300))
    assert left[2] > left[0] and right[0] > right[2]


def test_colours_of_another_profile_become_those_of_srgb() -> None:
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, *others = (
        shrunk(packed(two_halves(), "PNG", **given), 480, 20_000)
        for given in ({}, {"icc_profile": srgb}, {"icc_profile": wide}, {"icc_profile": b"broken"})
    )
    assert others == [plain] * 3  # a profile that does not fit is left out


def test_same_picture_same_bytes() -> None:
    data = packed(two_halves())
    assert shrunk(data, 320, 20_000) == shrunk(data, 320, 20_000)


def test_picture_gives_up_quality_and_width_to_be_small_enough() -> None:
    specks = Image.frombytes("RGB", (150, 100), random.Random(1).randbytes(45_000))
    data = packed(specks.resize((600, 400)), "PNG")
    small = [shrunk(data, 480, limit) for limit in (100_000, 35_000, 20_000)]
    assert [opened(picture).width for picture in small] == [480, 480, 320]
    assert len(small[0]) > 35_000 >= len(small[1]) > 20_000 >= len(small[2])
    with pytest.raises(UnfitError, match="larger than 1000 bytes"):
        shrunk(data, 480, 1000)


def animated() -> bytes:
    frames = [two_halves("P"), two_halves("P").transpose(Image.Transpose.FLIP_TOP_BOTTOM)]
    return packed(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)


def said_to_be_large() -> bytes:
    """The head of a PNG of 100 million pixels that holds none of them."""
    chunks = (b"IHDR" + struct.pack(">IIBBBBB", 10_000, 10_000, 8, 2, 0, 0, 0), b"IDAT")
    parts = (
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (animated(), "animated"),
        (packed(two_halves())[:500], "no picture that can be read: OSError"),
        (b"<html>", "no picture that can be read: UnidentifiedImageError"),
        (b"", "no picture that can be read: UnidentifiedImageError"),
        (packed(two_halves(), "TIFF"), "no picture that can be read: UnidentifiedImageError"),
        (said_to_be_large(), "10000 x 10000 pixels are too many"),
    ],
    ids=["animated", "cut off", "page", "empty", "other format", "large"],
)
def test_what_is_no_plain_picture_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(PictureError, match=reason):
        asyncio.run(shrink(data, 480, 20_000))


def test_picture_is_made_small_in_a_process_of_its_own() -> None:
    data = packed(two_halves())
    assert asyncio.run(shrink(data, 480, 20_000)) == shrunk(data, 480, 20_000)
