"""What a back-fill would take, before it is begun: time, disk, and where GitHub's limits are met.

GitHub advises at most 3,000 entries in a folder and 10 GB for a repository
(docs.github.com, "Repository limits"); its web page shows the first 1,000 entries of a folder.
"""

from __future__ import annotations

import math
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from mirror.config.profiles import PROFILES
from mirror.quantities import duration, megabytes

if TYPE_CHECKING:
    from mirror.pages.tree import Tree

FOLDER_LIMITS = ((3_000, "GitHub advises"), (1_000, "its web page shows"))  # entries
_MAX_REPOSITORY_BYTES = 10_000_000_000
_FILES_PER_ARTICLE = 2  # its page and its QR code
_PAGE_PATHS = (
    "pages/{section}/{year}/{id}.md",
    "pages/{section}/{year}/{month}/{id}.md",
    "pages/{section}/{year}/{month}/{day}/{id}.md",
)
_DEFAULT_ARTICLE_BYTES = 8_000  # of an article's files, as long as the tree does not tell
_DISK_BLOCK_BYTES = 4096
_MIN_SAMPLE_PAGES = 100  # before their size says what an article takes
_DEFAULT_ARTICLES_PER_DAY = 50  # articles of the busiest section, where nothing else is known
_PEAK_TO_MEAN = 1.5  # times the mean: articles of a busy year, month or day


@dataclass(frozen=True, slots=True)
class Part:
    """A section's share of the work; `days` is how many days its articles are spread over, 0 if
    that is not known."""

    name: str
    articles: int  # to be fetched
    pages: int = 0  # of the listing to be read
    days: int = 0


class TreeSize(NamedTuple):
    """The tree as it is and as it is set: files by folder of pages, bytes."""

    pattern: str
    folders: Mapping[str, int]
    bytes: int

    def entries(self, section: str) -> int:
        """Return the files of the fullest folder that a section's articles go to, of any if it is "" or
        sections have no folders of their own."""
        if "{section}" not in self.pattern.rpartition("/")[0]:
            section = ""
        found = (
            n for folder, n in self.folders.items() if not section or section in folder.split("/")
        )
        return max(found, default=0)


@dataclass(frozen=True, slots=True)
class Plan:
    """The work, at so many requests a second and so many bytes for each article's files."""

    parts: Sequence[Part]
    home: TreeSize
    rate: float
    size: int

    @property
    def articles(self) -> int:
        """How many articles would be fetched."""
        return sum(part.articles for part in self.parts)

    def lines(self) -> Iterator[str]:
        """Yield what the operator should know, line by line."""
        pages = sum(part.pages for part in self.parts)
        for part in self.parts:
            yield f"{part.name}: {part.articles:,} articles on {part.pages:,} listing pages"
        yield f"to fetch: {self.articles:,} articles, {pages:,} listing pages"
        minutes = math.ceil((self.articles + pages) / self.rate / 60)  # no plan knows the second
        yield f"time: {duration(60 * minutes)} at {self.rate:g} requests a second"
        size = self.articles * self.size
        yield (
            f"disk: {megabytes(self.articles * _on_disk(self.size))} for {megabytes(size)} in "
            f"{_FILES_PER_ARTICLE * self.articles:,} files, a page and a QR code for each article"
        )
        yield from self._folders()
        yield from self._repository(size)

    def _folders(self) -> Iterator[str]:
        there, now = self._fullest()
        yield f"folders: up to {now:,} files in one with MIRROR_PAGE_PATH={self.home.pattern}"
        for limit, what in FOLDER_LIMITS:
            if now <= limit:
                continue
            fits = (p for p in _PAGE_PATHS if self.entries(p) <= limit)
            better = next(fits, None)
            room = max(limit - there, 0) // _FILES_PER_ARTICLE
            yield f"  more than the {limit:,} that {what}, after {room:,} articles in it; " + (
                f"MIRROR_PAGE_PATH={better} has up to {self.entries(better):,}"
                if better
                else "fill it in several homes, see scrapy rollover"
            )

    def _fullest(self) -> tuple[int, int]:
        """Return of the folder that would be the fullest how many files it has, and would have."""
        pattern = self.home.pattern
        parts = [(self.home.entries(p.name if p.days else ""), p) for p in self._parted(pattern)]
        found = [(there, there + _files_in_one(part, pattern)) for there, part in parts]
        now = self.home.entries("")
        return max([*found, (now, now)], key=lambda one: one[1])

    def _repository(self, size: int) -> Iterator[str]:
        whole = self.home.bytes + size
        yield f"repository: {megabytes(whole)} of files with what is there"
        if whole > _MAX_REPOSITORY_BYTES:
            room = max(_MAX_REPOSITORY_BYTES - self.home.bytes, 0) // self.size
            yield (
                f"  more than the 10 GB that GitHub advises, after {room:,} articles: run with "
                f"MIRROR_FULL_BYTES={_MAX_REPOSITORY_BYTES} and go on with scrapy rollover when it is full"
            )

    def entries(self, pattern: str) -> int:
        """Return how many files the fullest folder would get by a pattern of MIRROR_PAGE_PATH."""
        return max((_files_in_one(part, pattern) for part in self._parted(pattern)), default=0)

    def _parted(self, pattern: str) -> Sequence[Part]:
        """Return the parts of the work that have folders of their own."""
        if "{section}" in pattern:
            return self.parts
        return [Part("", self.articles, days=max((part.days for part in self.parts), default=0))]


def measure(tree: Tree, pattern: str) -> tuple[TreeSize, int]:
    """Return how much a tree holds, and how many bytes an article takes there."""
    folders = Counter(posixpath.dirname(p) for p in tree.files() if p.startswith("pages/"))
    pages, size = tree.size()
    per_article = size // pages if pages >= _MIN_SAMPLE_PAGES else _DEFAULT_ARTICLE_BYTES
    return TreeSize(pattern, folders, size), per_article


def polite_rate(delay: float) -> float:
    """Return the requests a second with so many seconds between two, those of the polite profile
    if there is no pause."""
    return 1 / (delay or PROFILES["polite"]["DOWNLOAD_DELAY"])


def _on_disk(size: int) -> int:
    """Return how many bytes an article's two files take in blocks of a disk."""
    return _DISK_BLOCK_BYTES * (math.ceil(size / _DISK_BLOCK_BYTES) + 1)


def _files_in_one(part: Part, pattern: str) -> int:
    """Return how many files the fullest folder of a part's articles would get."""
    return _FILES_PER_ARTICLE * _in_one_folder(part, pattern)


def _in_one_folder(part: Part, pattern: str) -> int:
    folder = pattern.rpartition("/")[0]
    units = (("{day}", 1), ("{month}", 31), ("{year}", 366))
    span = next((days for field, days in units if field in folder), None)
    if span is None:
        return part.articles
    days = part.days or max(part.articles / _DEFAULT_ARTICLES_PER_DAY, 1)
    return min(part.articles, math.ceil(part.articles * span / days * _PEAK_TO_MEAN))
