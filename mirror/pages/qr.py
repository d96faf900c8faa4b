"""QR codes, as PNG pictures of one bit a pixel, learnt from the qrcode library.

With mask, version and length fixed, every module of a QR code is a sum modulo 2 of bits of its text:
the codes of texts a, b and c give that of a ^ b ^ c as theirs. So of each length one code is made by
the library, of each version one more for each bit in which a text differs for the first time, and all
others are sums of these. A mirror's addresses differ in a few digits.
"""

from __future__ import annotations

import struct
import zlib

_MODULE_PIXELS = 4  # a module's side
_COMPRESSION_LEVEL = 4  # of compression: 9 takes three times as long for 6 bytes of 380
_QUIET_ZONE_MODULES = 4  # modules of quiet zone, ISO/IEC 18004 section 9.1
_MASK_PATTERN = 2  # one fixed mask: trying all eight costs ten times as much and no reader needs it


def qr_png(text: str) -> bytes:
    """Return a PNG of the QR code of a text (at most 2,331 bytes in UTF-8), without metadata."""
    data = text.encode()
    code = _learnt.get(len(data)) or _learnt.setdefault(len(data), _Code(data))
    return code.png(data)


class _Code:
    """The QR code of one text, which gives those of all others as long; a code is a number, the
    rows of its picture one after the other, each a whole number of bytes."""

    def __init__(self, text: bytes):
        self.text = text
        self.side, self.rows = _make(self.text)
        self.flips = _flips.setdefault(self.side, {})

    def png(self, text: bytes) -> bytes:
        """Return the picture of a text of this length."""
        rows, last = self.rows, 8 * len(text)
        different = int.from_bytes(text, "big") ^ int.from_bytes(self.text, "big")
        while different:
            bit = different.bit_length()
            place = last - bit  # from the start: there a QR code has it, however long the text is
            rows ^= self.flips.get(place) or self._learn(place)
            different ^= 1 << (bit - 1)
        return _png(rows, self.side)

    def _learn(self, place: int) -> int:
        flipped = bytearray(self.text)
        flipped[place // 8] ^= 0x80 >> place % 8
        _, rows = _make(bytes(flipped))
        self.flips[place] = rows ^ self.rows
        return self.flips[place]


def _make(text: bytes) -> tuple[int, int]:
    """Return the side of a text's QR code in pixels and its rows of modules, each as one row of
    pixels; in a PNG dark is 0."""
    from qrcode.constants import ERROR_CORRECT_M  # it loads a library for pictures
    from qrcode.main import QRCode
    from qrcode.util import MODE_8BIT_BYTE, QRData

    code = QRCode(
        error_correction=ERROR_CORRECT_M, mask_pattern=_MASK_PATTERN, border=_QUIET_ZONE_MODULES
    )
    code.add_data(QRData(text, mode=MODE_8BIT_BYTE))
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix) * _MODULE_PIXELS
    bits = ("".join("01"[not dark] * _MODULE_PIXELS for dark in row) for row in matrix)
    return side, int("".join(row.ljust(_row_bytes(side) * 8, "0") for row in bits), 2)


def _row_bytes(side: int) -> int:
    return -(-side // 8)


def _png(rows: int, side: int) -> bytes:
    """Return a 1-bit grey PNG (PNG specification, section 11.2) of rows of modules."""
    size = _row_bytes(side)
    pixels = rows.to_bytes(side // _MODULE_PIXELS * size, "big")
    lines = (b"\0" + pixels[start : start + size] for start in range(0, len(pixels), size))
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = zlib.compress(b"".join(line * _MODULE_PIXELS for line in lines), _COMPRESSION_LEVEL)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part)) + kind + part + struct.pack(">I", zlib.crc32(kind + part))
        for kind, part in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    )


_learnt: dict[int, _Code] = {}  # by the length of the text
_flips: dict[int, dict[int, int]] = {}  # by the side: place of a bit -> what it turns
