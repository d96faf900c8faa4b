"""An archive is made the same each time, however large it is, and without holding it."""

from __future__ import annotations

from hashlib import md5
from pathlib import Path

import pytest

from mirror.exports import zim


def test_random_identifiers_are_replaced_wherever_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = zim._XAPIAN_MAGIC + b"\0\0"  # and its version

    def archive(random: bytes) -> bytes:
        parts = (b"header: ", random, b"?" * 79, index, random, index, random, b"end", random)
        file = tmp_path / "news.zim"
        file.write_bytes(b"".join(parts))
        zim._make_reproducible(file)
        return file.read_bytes()

    whole = archive(b"1" * 16)
    for step in (20, 32, 33, 100):
        monkeypatch.setattr(zim, "_STEP", step)
        assert archive(b"2" * 16) == whole
    assert b"1" * 16 not in whole and len({*whole.split(index)}) == 3
    assert whole[-16:] == md5(whole[:-16], usedforsecurity=False).digest()
