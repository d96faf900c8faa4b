"""Small pictures drawn by name, so that every image address of the demo answers."""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from functools import lru_cache

_SIZE_RE = re.compile(r"-(\d{1,4})x(\d{1,4})(?=\.\w+$)")
_SKY, _SUN, _SEA = 64, 64, 65  # how many shades of sky; the palette's places of the others


@lru_cache(maxsize=256)
def picture(path: str) -> bytes:
    """A PNG of a sun over the sea in the size and the colours that the path stands for."""
    size = _SIZE_RE.search(path)
    width, height = map(int, size.groups()) if size else (900, 600)
    dice = hashlib.sha1(_SIZE_RE.sub("", path).encode()).digest()
    rows = b"".join(b"\0" + _row(y, width, height, dice) for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", _palette(dice)), (b"IDAT", zlib.compress(rows, 1)))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in (*chunks, (b"IEND", b"")))


def _row(y: int, width: int, height: int, dice: bytes) -> bytes:
    if y > height * 3 // 4:
        return bytes([_SEA]) * width
    sky = bytes([y * _SKY // height]) * width
    radius = height // 8
    inside = radius**2 - (y - height * (64 + dice[0] // 2) // 400) ** 2
    if inside <= 0:
        return sky
    middle, half = width * (64 + dice[1] // 2) // 256, int(inside**0.5)
    return sky[: middle - half] + bytes([_SUN]) * (2 * half) + sky[middle + half :]


def _palette(dice: bytes) -> bytes:
    top, bottom = dice[2:5], bytes(128 + value // 2 for value in dice[5:8])
    shades = (
        (a * (_SKY - step) + b * step) // _SKY
        for step in range(_SKY)
        for a, b in zip(top, bottom, strict=True)
    )
    return bytes(shades) + bytes((255, 224, 130)) + bytes((30, 60 + dice[8] // 4, 110))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
