"""Listing pages as they are at one moment, and what two of them say of what happened in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from parsel import Selector

    from mirror.items import Link
    from mirror.sites import Site

_AGE_TOLERANCE_SECONDS = 1.5  # HTTP gives the age of a copy in whole ones
_DATE_TOLERANCE_SECONDS = 60.0  # the machines of a site may disagree about the time


class Copy(NamedTuple):
    """Which copy of a page it is: a cache may have kept it for a while."""

    made: float = 0.0  # by its age, in seconds of a clock that only goes forward
    dated: float = 0.0  # by the site's clock, in seconds since 1970; 0: it does not say
    etag: str = ""


_UNKNOWN_COPY = Copy()


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A listing page as it was at one moment."""

    number: int
    links: tuple[Link, ...]
    last: int  # the highest page number that it leads to
    has_next: bool
    copy: Copy = _UNKNOWN_COPY
    sections: frozenset[str] = frozenset()  # that it may be of, by what it says of itself

    @classmethod
    def shown(cls, site: Site, page: Selector, number: int, copy: Copy) -> ListingPage:
        """Return what a page shows."""
        links, following = site.article_links(page), site.next_page(page)
        sections = site.sections_of(page)
        has_next = following is not None
        return cls(number, tuple(links), site.last_page(page), has_next, copy, sections)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of its articles, in its order."""
        return tuple(link.id for link in self.links)

    @property
    def days(self) -> list[date]:
        """The days of publication that it shows, the oldest first."""
        return sorted(link.published for link in self.links if link.published)

    def is_older_than(self, other: ListingPage) -> bool:
        """Whether it is a copy that was made before another page was."""
        mine, others = self.copy, other.copy
        is_aged = mine.made + _AGE_TOLERANCE_SECONDS < others.made
        return is_aged or bool(mine.dated and mine.dated + _DATE_TOLERANCE_SECONDS < others.dated)

    def moved_down_to(self, new: ListingPage) -> bool:
        """Whether all that happened to it, if anything, is that articles were added above it."""
        if self.ids[0] not in new.ids:
            return False
        moved = new.ids[new.ids.index(self.ids[0]) :]
        return moved == self.ids[: len(moved)]


def joined(pages: Sequence[ListingPage]) -> Sequence[ListingPage]:
    """Return the first of some pages, as many as show that they join."""
    count = 1
    while count < len(pages) and pages[count - 1].ids[-1] in pages[count].ids:
        count += 1
    return pages[:count]
