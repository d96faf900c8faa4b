"""Zip files whose bytes follow from what is in them alone: no time, no machine, no user."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can name
_UNIX = 3
_FILE_MODE = 0o100644 << 16
_COMPRESSION_LEVEL = 6


class ReproducibleZip:
    """A zip that is written file by file, in the order in which they come."""

    def __init__(self, file: Path | BinaryIO):
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL)

    def add(self, name: str, content: bytes | str) -> None:
        """Add a file, compressed."""
        self._zip.writestr(_entry(name, ZIP_DEFLATED), content)

    def store(self, name: str, content: bytes | str) -> None:
        """Add a file as it is: a picture, or what has to be readable without a decoder."""
        self._zip.writestr(_entry(name, ZIP_STORED), content)

    def __enter__(self) -> ReproducibleZip:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


def _entry(name: str, compression: int) -> ZipInfo:
    entry = ZipInfo(name, _TIME)
    entry.compress_type = compression
    entry.create_system = _UNIX
    entry.external_attr = _FILE_MODE
    return entry
