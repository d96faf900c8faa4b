"""A program of its own that makes one picture small: what is in it may cost this process its life.

`python -m mirror.pictures.shrinker WIDTH BYTES < picture > picture.webp`; at status 1 it prints a reason.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
_MAX_PIXELS = 40_000_000  # of a picture, 120 MB unpacked; cameras of today have fewer
_MAX_MEMORY_BYTES = 1_000_000_000  # of this process
_MAX_CPU_SECONDS = 20
_QUALITIES = (50, 35, 20)  # of WebP, tried one after the other until the picture is small enough
_SMALLER_WIDTH_SHARE = 2 / 3  # of the width, if even the last of them is too large


class UnfitError(ValueError):
    """A picture that is not kept, with the reason."""


def shrunk(data: bytes, width: int, max_bytes: int) -> bytes:
    """Return a picture as WebP of at most a width in pixels and a size in bytes: in sRGB, upright,
    and nothing else of what was in the file. Raises UnfitError."""
    picture = _upright(_decoded(data))
    for size, quality in _attempts(width):
        small = picture.copy()
        small.thumbnail((size, picture.height), Image.Resampling.LANCZOS)
        packed = BytesIO()
        small.save(packed, "WEBP", quality=quality, method=6)
        if packed.tell() <= max_bytes:
            return packed.getvalue()
    raise UnfitError(f"larger than {max_bytes} bytes, however small it is made")


def _attempts(width: int) -> Iterator[tuple[int, int]]:
    for size in (width, int(width * _SMALLER_WIDTH_SHARE)):
        yield from ((size, quality) for quality in _QUALITIES)


def _decoded(data: bytes) -> Image.Image:
    try:
        picture = Image.open(BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > _MAX_PIXELS:
            raise UnfitError(f"{picture.width} x {picture.height} pixels are too many")
        if getattr(picture, "is_animated", False):
            raise UnfitError("animated")
        picture.load()
    except UnfitError:
        raise
    except Exception as error:  # whatever a decoder says of a broken file
        raise UnfitError(f"no picture that can be read: {type(error).__name__}") from None
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    """Return a picture as it is to be seen, in sRGB, without anything that its file says beside it."""
    has_alpha = picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info
    plain = _in_srgb(ImageOps.exif_transpose(picture), "RGBA" if has_alpha else "RGB")
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _in_srgb(picture: Image.Image, mode: str) -> Image.Image:
    profile = picture.info.get("icc_profile")
    source = picture if picture.mode in ("RGB", "RGBA", "L", "CMYK") else picture.convert(mode)
    with suppress(ImageCms.PyCMSError, OSError):  # a broken profile, or one of other colours
        if profile:
            given, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            if converted := ImageCms.profileToProfile(source, given, srgb, outputMode=mode):
                return converted
    return picture.convert(mode)


def main() -> int:
    """Read a picture, write it small."""
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_MAX_CPU_SECONDS, _MAX_CPU_SECONDS))
    width, max_bytes = map(int, sys.argv[1:])
    try:
        small = shrunk(sys.stdin.buffer.read(), width, max_bytes)
    except UnfitError as error:
        print(error, end="")
        return 1
    sys.stdout.buffer.write(small)
    return 0


if __name__ == "__main__":
    sys.exit(main())
