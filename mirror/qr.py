"""QR codes, as PNG pictures of one bit a pixel."""

from __future__ import annotations

import struct
import zlib

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

_PIXELS = 4  # a module's side
_BORDER = 4  # modules of quiet zone, ISO/IEC 18004 section 9.1
_MASK = 2  # one fixed mask: trying all eight costs ten times as much and no reader needs it


def qr_png(text: str) -> bytes:
    """Return a PNG of the QR code of a text (ASCII, at most 2,331 characters), without metadata."""
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=_BORDER)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    return _png(code.get_matrix())


def _png(matrix: list[list[bool]]) -> bytes:
    """Return a 1-bit grey PNG (PNG specification, section 11.2) of dark and light modules."""
    width = len(matrix) * _PIXELS
    rows = bytearray()
    for modules in matrix:
        light = "".join("0" * _PIXELS if dark else "1" * _PIXELS for dark in modules)
        row = int(light.ljust(-(-width // 8) * 8, "0"), 2).to_bytes(-(-width // 8), "big")
        rows += (b"\0" + row) * _PIXELS
    header = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )
