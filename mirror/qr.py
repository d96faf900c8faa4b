"""QR codes, as PNG pictures of one bit a pixel, learnt from the qrcode library.

With mask, version and length fixed, every module of a QR code is a sum modulo 2 of bits of its text:
the codes of texts a, b and c give that of a ^ b ^ c as theirs. So of each length one code is made by
the library, one more for each bit in which a later text differs for the first time, and all others
are sums of these. A mirror's addresses differ in a few digits.
"""

from __future__ import annotations

import struct
import zlib

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_8BIT_BYTE, QRData

_PIXELS = 4  # a module's side
_BORDER = 4  # modules of quiet zone, ISO/IEC 18004 section 9.1
_MASK = 2  # one fixed mask: trying all eight costs ten times as much and no reader needs it


def qr_png(text: str) -> bytes:
    """Return a PNG of the QR code of a text (at most 2,331 bytes in UTF-8), without metadata."""
    data = text.encode()
    codes = _learnt.get(len(data)) or _learnt.setdefault(len(data), _Codes(data))
    return _png(*codes.code(data))


class _Codes:
    """All QR codes of texts of one length; a code is a number, a bit for each module."""

    def __init__(self, text: bytes):
        self.text = text
        self.width, self.modules = _make(self.text)
        self.flips: dict[int, int] = {}  # a bit of the text -> the modules it turns

    def code(self, text: bytes) -> tuple[int, int]:
        """Return the modules row by row, and the number of modules of a side."""
        modules, different = (
            self.modules,
            int.from_bytes(text, "big") ^ int.from_bytes(self.text, "big"),
        )
        while different:
            bit = different & -different
            modules ^= self.flips.get(bit) or self._learn(bit)
            different ^= bit
        return modules, self.width

    def _learn(self, bit: int) -> int:
        flipped = int.from_bytes(self.text, "big") ^ bit
        _, modules = _make(flipped.to_bytes(len(self.text), "big"))
        self.flips[bit] = modules ^ self.modules
        return self.flips[bit]


def _make(text: bytes) -> tuple[int, int]:
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=_MASK, border=_BORDER)
    code.add_data(QRData(text, mode=MODE_8BIT_BYTE))
    code.make(fit=True)
    matrix = code.get_matrix()
    return len(matrix), int("".join("1" if dark else "0" for row in matrix for dark in row), 2)


def _png(modules: int, width: int) -> bytes:
    """Return a 1-bit grey PNG (PNG specification, section 11.2) of dark and light modules."""
    bits = f"{modules:0{width * width}b}".translate(_SCALED)
    side = width * _PIXELS
    row_bytes = -(-side // 8)
    rows = b"".join(
        (
            b"\0"
            + int(bits[start : start + side].ljust(row_bytes * 8, "0"), 2).to_bytes(
                row_bytes, "big"
            )
        )
        * _PIXELS
        for start in range(0, side * width, side)
    )
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    )


_learnt: dict[int, _Codes] = {}  # by the length of the text
_SCALED = str.maketrans({"1": "0" * _PIXELS, "0": "1" * _PIXELS})  # in a PNG dark is 0
