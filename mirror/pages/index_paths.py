"""Where the indexes lie in the tree: a page for each section, one or more for each of its months."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mirror.store.database import Database

MAX_MONTH_ENTRIES = 300  # on one page of a month
_INDEX_RE = re.compile(r"indexes/([^/]+?)(?:/(\d{4}-\d\d)(?:-(\d+))?)?\.md")


class Index(NamedTuple):
    """An index by its section, its month, if it is not the section's own, and its number, if the month
    has several pages: 1 has the oldest articles, the newest are on the one without a number."""

    section: str
    month: str = ""
    number: int = 0

    @property
    def path(self) -> str:
        """The path in the tree, such as `indexes/nsc418/2021-12-1.md`."""
        month = f"/{self.month}" if self.month else ""
        number = f"-{self.number}" if self.number else ""
        return f"indexes/{self.section}{month}{number}.md"


def index_at(path: str) -> Index | None:
    """Return the index that a path is of, None if it is of none.

    >>> index_at("indexes/nsc418/2021-12-1.md")
    Index(section='nsc418', month='2021-12', number=1)
    """
    found = _INDEX_RE.fullmatch(path)
    return Index(found[1], found[2] or "", int(found[3] or 0)) if found else None


def section_path(section: str) -> str:
    """Return the path of a section's index page in the tree."""
    return Index(section).path


def section_files(section: str) -> tuple[str, str]:
    """Return the paths of the QR code of a section's index page, and of that page."""
    path = section_path(section)
    return f"{path}.png", path


def month_indexes(section: str, month: str, articles: int) -> Iterator[Index]:
    """Yield the pages of a month with so many articles, the oldest first.

    All but the last are full, so that a new article changes the last one alone.
    """
    for number in range(1, -(-articles // MAX_MONTH_ENTRIES)):
        yield Index(section, month, number)
    if articles:
        yield Index(section, month)


def is_index(database: Database, path: str) -> bool:
    """Whether there is an index at a path, by what the database says."""
    found = index_at(path)
    if found is None or found.path != path:
        return False
    if not found.month:
        return bool(database.newest(found.section, 1))
    count = database.month_size(found.section, found.month)
    return found in month_indexes(found.section, found.month, count)
