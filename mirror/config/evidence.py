"""Where pages are kept as they were fetched: the setting MIRROR_WARC."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mirror.errors import ArgumentError


def warc_folder(settings: Mapping[str, Any]) -> Path | None:
    """Return the folder for WARC files, None if none are to be written. Raises ArgumentError."""
    value = str(settings["MIRROR_WARC"])
    if value and find_spec("warcio") is None:
        allowed = "needs warcio: pip install -r requirements-warc.txt"
        raise ArgumentError("MIRROR_WARC", value, allowed)
    return Path(value) if value else None
