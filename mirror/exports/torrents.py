"""Torrent files of one file, without a tracker, a date or a name: peers find each other by themselves
(BEP 5), or take it from web seeds (BEP 19). The form is BEP 3's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha1
from pathlib import Path

_MIN_PIECE_BYTES = 1 << 14
_MAX_PIECES = 2000


def torrent(file: Path, webseeds: Sequence[str] = ()) -> bytes:
    """Return the torrent file of a file; its name and size are all that it tells of it."""
    size, piece = file.stat().st_size, _MIN_PIECE_BYTES
    while size > piece * _MAX_PIECES:
        piece *= 2
    info = {
        "length": size,
        "name": file.name,
        "piece length": piece,
        "pieces": _hashes(file, piece),
    }
    return bencode({"info": info} | ({"url-list": list(webseeds)} if webseeds else {}))


def bencode(value: object) -> bytes:
    """Return a value as BEP 3 writes it.

    >>> bencode({"b": [1, "文"], "a": b"x"})
    b'd1:a1:x1:bli1e3:\\xe6\\x96\\x87ee'
    """
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, bytes):
        return b"%d:%b" % (len(value), value)
    if isinstance(value, int):
        return b"i%de" % value
    if isinstance(value, Mapping):
        pairs = sorted((key.encode(), item) for key, item in value.items())
        return b"d" + b"".join(bencode(key) + bencode(item) for key, item in pairs) + b"e"
    if isinstance(value, Sequence):
        return b"l" + b"".join(map(bencode, value)) + b"e"
    raise TypeError(type(value))


def _hashes(file: Path, piece: int) -> bytes:
    with file.open("rb") as content:
        return b"".join(sha1(part).digest() for part in iter(lambda: content.read(piece), b""))
