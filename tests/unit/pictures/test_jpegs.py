"""Kept pictures as JPEG."""

from __future__ import annotations

from io import BytesIO

import pytest

from mirror.pictures.jpegs import as_jpeg

Image = pytest.importorskip("PIL.Image", reason="requirements-pictures.txt")


def webp(mode: str, colour: tuple[int, ...]) -> bytes:
    packed = BytesIO()
    Image.new(mode, (64, 40), colour).save(packed, "WEBP", lossless=True)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("mode", "colour", "shown"),
    [
        ("RGB", (200, 30, 30), (200, 30, 30)),
        ("RGBA", (200, 30, 30, 255), (200, 30, 30)),
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
    ],
)
def test_colours_stay_and_what_is_transparent_is_white(
    mode: str, colour: tuple[int, ...], shown: tuple[int, ...]
) -> None:
    made = as_jpeg(webp(mode, colour))
    assert made == as_jpeg(webp(mode, colour))
    with Image.open(BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (64, 40))
        assert all(abs(a - b) < 6 for a, b in zip(picture.getpixel((30, 20)), shown, strict=True))
        assert not picture.info.get("exif") and not picture.info.get("icc_profile")
