"""Where the articles of some days stand in a listing: a search over its page numbers.

A listing shows its articles newest first, some on each numbered page, and new ones push the others
on. So what a search finds is a place to begin to read at, and `joining` sees whether it is right.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from mirror.errors import ListingError, ListingPageError

if TYPE_CHECKING:
    from mirror.archive.listing_pages import ListingPage
    from mirror.archive.ranges import Span
    from mirror.items import Link

_DAY = timedelta(days=1)
_MAX_DATE_PROBES = 5  # articles of a page without dates that are asked for theirs


class Place(NamedTuple):
    """Numbers of the pages that hold some days, with one page round them where they may begin or
    end within it."""

    first: int
    last: int


class Listing:
    """A section's listing. Its methods raise ListingError if a page cannot be had."""

    def __init__(
        self,
        page: Callable[[int], Awaitable[ListingPage | None]],
        published: Callable[[Link], Awaitable[date | None]],
        near: Callable[[date], int | None] = lambda day: None,
        note: Callable[[date, int], None] = lambda day, number: None,
    ):
        """`page` gives a page as it is now, None if there is none of that number; `published` the
        day of an article that is listed without one, None if it cannot be told. `near` gives the
        number of a page that showed about a day, if one is known; `note` is told of such pages."""
        self._page = page
        self.last = 1  # the highest page number that a page led to
        self.published = published
        self.near = near
        self.note = note

    async def page(self, number: int) -> ListingPage | None:
        """Return a page as it is now, None if the listing ends before it. Raises ListingPageError if it
        cannot be read, or is missing among others."""
        page = await self._page(number)
        if page is None and number < self.last:
            raise ListingPageError(f"page {number} of {self.last} is missing or shows no article")
        if page is not None:
            self.last = max(page.last, number)
        return page

    async def near_page(self, number: int) -> ListingPage | None:
        """Return a page or, if it cannot be read, one beside it. Raises ListingPageError."""
        for other in (number, number + 1, number - 1, number + 2, number - 2):
            try:
                return await self.page(max(other, 1))
            except ListingPageError as error:
                reason = error
        raise reason

    async def day(self, page: ListingPage) -> date:
        """Return the day of publication in the middle of a page: an article that stands where it
        does not belong does not mislead a search."""
        if days := page.days:
            return days[len(days) // 2]
        middle = len(page.links) // 2
        nearest = sorted(range(len(page.links)), key=lambda place: abs(place - middle))
        for place in nearest[:_MAX_DATE_PROBES]:
            if day := await self.published(page.links[place]):
                return day
        raise ListingError(f"no article of page {page.number} tells when it was published")

    async def newest(self, page: ListingPage) -> date:
        """Return a day that no article after the page's last is younger than."""
        return page.days[-1] if page.days else await self.day(page)

    async def locate(self, span: Span) -> Place:
        """Return where the articles of some days stand, as far as can be told while it moves."""
        known: dict[int, date] = {}

        async def day(number: int) -> date:
            if number not in known:
                page = await self.near_page(number)
                known[number] = await self.day(page) if page else date.min
                if page:
                    self.note(known[number], number)
            return known[number]

        first = await self._first(day, span.until + _DAY, 1)
        following = await self._first(day, span.since, first)
        if known.get(following) == date.min:
            following -= 1  # there is no such page
        return Place(max(first - 1, 1), max(following, 1))

    async def _first(self, day: Callable[[int], Awaitable[date]], limit: date, low: int) -> int:
        """Return the number, `low` at least, of the first page older than a day or missing."""
        guess = self.near(limit)
        high, step = max(guess or await self._last(), low), 1
        while await day(high) >= limit:
            low, high, step = high + 1, high + step, 2 * step
        if guess:
            step = 1
            while low <= (middle := high - step) and await day(middle) < limit:
                high, step = middle, 2 * step
            low = max(low, high - step + 1)
        while low < high:
            middle = (low + high) // 2
            if await day(middle) < limit:
                high = middle
            else:
                low = middle + 1
        return low

    async def _last(self) -> int:
        """Return the number of the last page, as the first one tells it."""
        page = await self.page(1)
        return page.last if page else 1

    async def count(self, span: Span) -> tuple[int, int]:
        """Return about how many articles were published on some days, and on how many pages they
        are listed; only pages at both ends are looked at."""
        first, last = await self.locate(span)
        numbers = sorted({first, min(first + 1, last), max(last - 1, first), last})
        looked = [page for number in numbers if (page := await self.near_page(number))]
        shown = sum(_within(page, span) for page in looked)
        full = max((len(page.links) for page in looked), default=0)
        between = max(last - first + 1 - len(numbers), 0)
        return shown + between * full, last - first + 1


def _within(page: ListingPage, span: Span) -> int:
    return sum(not link.published or span.holds(link.published) for link in page.links)
