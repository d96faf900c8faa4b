"""Where a run writes beside its tree and its database: refused before the first request if it cannot."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mirror.errors import ArgumentError

_TO_STREAMS = ("-", "stdout:")  # feeds that go to no file


def make_folder(name: str, value: object, folder: Path) -> None:
    """Make a folder that a setting names. Raises ArgumentError if it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ArgumentError(name, value, f"cannot make this folder: {error.strerror}") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ArgumentError(name, value, "this folder is not writable")


def check_folder(name: str, value: object, folder: Path) -> None:
    """Raise ArgumentError for a folder that `make_folder` could not make; make nothing."""
    place = next(part for part in (folder, *folder.absolute().parents) if part.exists())
    if not place.is_dir():
        raise ArgumentError(name, value, "cannot make this folder: Not a directory")
    if not os.access(place, os.W_OK | os.X_OK):
        is_there = place == folder
        why = (
            "this folder is not writable"
            if is_there
            else "cannot make this folder: Permission denied"
        )
        raise ArgumentError(name, value, why)


def check_file(name: str, file: Path) -> None:
    """Raise ArgumentError if a file cannot be put where a setting says, whose folder is there."""
    if file.is_dir():
        raise ArgumentError(name, file, "must be a file, there is a folder")


def check_target(option: str, file: Path) -> None:
    """Raise ArgumentError if a file that is named on the command line cannot be written; makes no folder."""
    if not file.absolute().parent.is_dir() or not os.access(file.absolute().parent, os.W_OK):
        raise ArgumentError(option, file, "must be in a folder that is there and can be written to")
    check_file(option, file)


def check_feeds(feeds: Iterable[object]) -> None:
    """Raise ArgumentError for the first of Scrapy's FEEDS that lies on this machine and cannot be
    written; makes its folder, as far as it is known before the crawl."""
    for feed in map(str, feeds):
        parts = urlsplit(feed)
        if parts.scheme in ("", "file") and not feed.startswith(_TO_STREAMS):
            file = Path(unquote(parts.path) if parts.scheme else feed)
            make_folder("FEEDS", feed, _known_part(file.parent))
            check_file("FEEDS", file)
            if file.exists() and not os.access(file, os.W_OK):
                raise ArgumentError("FEEDS", feed, "this file is not writable")


def _known_part(folder: Path) -> Path:
    """Return a folder as far as its path holds no field such as %(time)s."""
    return next(part for part in (folder, *folder.parents) if "%(" not in str(part))
