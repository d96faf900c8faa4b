"""Unpacking compressed pages: in one go where that can be done, which takes half the time."""

from __future__ import annotations

import zlib

from mirror.engine.private import OpenCompressionMiddleware

_MAX_MEMBERS = (
    64  # of one page; what is left is copied for each, so that thousands would take hours
)
_GZIP = 16 + zlib.MAX_WBITS  # with a gzip header, see zlib.decompressobj


class UnpackMiddleware(OpenCompressionMiddleware):
    """Scrapy's own, which unpacks gzip in small steps that forgive what is odd; only that needs them."""

    def unpack(self, body: bytes, encoding: bytes, max_size: int) -> bytes:
        page = gunzip(body, max_size) if encoding == b"gzip" and max_size else None
        return super().unpack(body, encoding, max_size) if page is None else page


def gunzip(packed: bytes, most: int) -> bytes | None:
    """Return what is packed with gzip (RFC 1952: one member or several), of at most so many bytes;
    None if that is more, or not all that was packed, or followed by something else, or in too many."""
    parts: list[bytes] = []
    while packed and most > 0 and len(parts) < _MAX_MEMBERS:
        stream = zlib.decompressobj(_GZIP)
        try:
            parts.append(stream.decompress(packed, most))
        except zlib.error:
            return None
        packed, most = stream.unused_data, most - len(parts[-1])
        if not stream.eof:
            return None
    return None if packed else b"".join(parts)
