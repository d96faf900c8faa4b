"""What GitHub bears, so that it is said before it hurts.

See "Repository limits" and "About large files on GitHub" in GitHub's documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.filesize import decimal

_NEAR_SHARE = 0.8  # of a limit, from which on it is told
_FOLDER_FILES = 3_000  # advised; the web shows 1,000
_FILE_BYTES = 100_000_000  # refused beyond that
_SHOWN_BYTES = 2_000_000  # of a Markdown file that the web renders
_REPOSITORY_BYTES = 10_000_000_000  # advised
_PUSH_BYTES = 2_000_000_000  # refused beyond that, and one commit cannot be cut


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much there is of what a host limits."""

    folders: dict[str, int] = field(default_factory=dict)  # files, by the folder's path
    files: dict[str, int] = field(default_factory=dict)  # bytes, by the file's path
    repository: int = 0  # bytes on disk
    commit: int = 0  # bytes that it adds, before they are packed


def near_limits(sizes: Sizes) -> list[str]:
    """Return in words which limits of GitHub are near, or passed.

    >>> near_limits(Sizes(folders={"pages/nsc418": 2_500, "pages/nsc413": 100}))
    ['pages/nsc418 holds 2,500 files; GitHub advises 3,000: scrapy repath, or scrapy rollover']
    """
    return [*_folders(sizes), *_files(sizes), *_totals(sizes)]


def _folders(sizes: Sizes) -> Iterable[str]:
    for folder, count in sorted(sizes.folders.items()):
        if _is_near(count, _FOLDER_FILES):
            yield (
                f"{folder or 'the top folder'} holds {count:,} files; GitHub advises "
                f"{_FOLDER_FILES:,}: scrapy repath, or scrapy rollover"
            )


def _files(sizes: Sizes) -> Iterable[str]:
    for file, size in sorted(sizes.files.items()):
        if _is_near(size, _FILE_BYTES):
            yield f"{file} has {decimal(size)}; GitHub refuses more than {decimal(_FILE_BYTES)}"
        elif file.endswith(".md") and _is_near(size, _SHOWN_BYTES):
            yield f"{file} has {decimal(size)}; GitHub renders up to {decimal(_SHOWN_BYTES)}"


def _totals(sizes: Sizes) -> Iterable[str]:
    if _is_near(sizes.repository, _REPOSITORY_BYTES):
        yield (
            f".git has {decimal(sizes.repository)}; GitHub advises {decimal(_REPOSITORY_BYTES)}: "
            "scrapy rollover begins the next home"
        )
    if _is_near(sizes.commit, _PUSH_BYTES):
        yield (
            f"this commit adds up to {decimal(sizes.commit)}; GitHub takes {decimal(_PUSH_BYTES)} in "
            "a push: publish more often while much is fetched"
        )


def _is_near(size: int, limit: int) -> bool:
    return size >= _NEAR_SHARE * limit
