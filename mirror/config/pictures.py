"""What pictures may take: the setting MIRROR_PICTURES."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from mirror.config.values import number
from mirror.errors import ArgumentError

_SIZES_RE = re.compile(r"(\d{1,9})(k?)/(\d{1,9})([kMG]?)", re.ASCII)
_UNITS = {"": 1, "k": 1000, "M": 1000**2, "G": 1000**3}
_MIN_PICTURE_BYTES = 1000
_MIN_WIDTH_PIXELS, _MAX_WIDTH_PIXELS = 64, 1280


@dataclass(frozen=True, slots=True)
class Pictures:
    """Whether lead pictures are kept, and how large they may be."""

    bytes: int = 0  # of one; 0: none is kept
    section_bytes: int = 0  # of all in a section
    width: int = 480  # pixels

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> Pictures:
        """Return what the settings give. Raises ArgumentError."""
        size, section = _sizes(str(settings["MIRROR_PICTURES"]))
        width = number(settings, "MIRROR_PICTURE_WIDTH", _MIN_WIDTH_PIXELS)
        if width > _MAX_WIDTH_PIXELS:
            allowed = f"must be {_MIN_WIDTH_PIXELS} to {_MAX_WIDTH_PIXELS} pixels"
            raise ArgumentError("MIRROR_PICTURE_WIDTH", width, allowed)
        return cls(size, section, width)

    def check(self) -> None:
        """Raise ArgumentError if pictures cannot be fetched: none is wanted, or Pillow is missing."""
        if not self.bytes:
            allowed = "is empty, so no picture is kept; set it to 20k/100M, for example"
            raise ArgumentError("MIRROR_PICTURES", "", allowed)
        if find_spec("PIL") is None:
            allowed = "needs Pillow: pip install -r requirements-pictures.txt"
            raise ArgumentError("MIRROR_PICTURES", self.bytes, allowed)


def _sizes(value: str) -> tuple[int, int]:
    if value in ("", "off"):
        return 0, 0
    found = _SIZES_RE.fullmatch(value)
    if found:
        size, section = (int(found[i]) * _UNITS[found[i + 1]] for i in (1, 3))
        if size >= _MIN_PICTURE_BYTES and section >= size:
            return size, section
    allowed = "must be empty, or the bytes of a picture and of a section's, such as 20k/100M"
    raise ArgumentError("MIRROR_PICTURES", value, allowed)
