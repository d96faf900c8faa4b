"""Where paths that the operator gives may start."""

from __future__ import annotations

from pathlib import Path

from mirror.config.themes import is_packed
from mirror.errors import ArgumentError


def check_place(name: str, value: object, path: Path, example: str) -> None:
    """Raise ArgumentError, with an example, for a relative path where no project folder is.

    An egg has none to start from: scrapyd runs its jobs in a folder of its own.
    """
    if is_packed() and not path.is_absolute():
        raise ArgumentError(name, value, f"must be an absolute path under scrapyd, as in {example}")
