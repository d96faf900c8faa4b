"""Reading a listing side by side, with nothing between its pages missed.

Articles move from page to page while a listing is read: down when one is added above them, up when
one is taken away. What was read joins, if one of these holds:

- The oldest page is the same before all others were read and after: nothing moved meanwhile.
- It has moved down: articles were added. Then an older page joins a newer one that had come before
  it was asked for, as what left the newer one by then is on the older. Several such rows of pages
  are read side by side; the first page of each is read again at the end, to join the row before it.
- The older page shows the last article of the newer one.

The next run begins with the last page, and joins if it shows an article of that page as it was. Not
noticed is an article taken away if as many or more are added within the same run, some seconds.
"""

from __future__ import annotations

from asyncio import gather
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from mirror.archive.listing_pages import ListingPage, joined
from mirror.archive.locating import Listing, Place
from mirror.archive.ranges import Span
from mirror.errors import ListingError, ListingPageError

_DAY = timedelta(days=1)
_PARALLEL_LANES = 4  # rows of pages read side by side
_MAX_RUN_PAGES, _MIN_RUN_PAGES = 16, 4  # pages of a run
_MAX_SKIPPED_PAGES = 3  # pages in a row
_MAX_TRIES = 8  # in a row that bring nothing new


class _SkippedError(ListingPageError):
    """The next page cannot be read."""

    def __init__(self, number: int):
        super().__init__(f"page {number} cannot be read")
        self.number = number


@dataclass(frozen=True, slots=True)
class PageRun:
    """Pages that join each other and those before them; with them, these days are complete."""

    pages: Sequence[ListingPage]
    complete: Span | None


class ListingReader:
    """Reads the pages of some days, the newest first."""

    def __init__(self, listing: Listing):
        self.listing = listing
        self.width = _MAX_RUN_PAGES  # pages of the next try
        self.tries = 0
        self.beyond = 1  # pages to go on by, where a search saw the end
        self.skipped: dict[int, str] = {}  # pages that could not be read, with the reason

    async def read(self, span: Span) -> AsyncIterator[PageRun]:
        """Yield all pages that hold articles of some days, those that cannot be read aside.

        Days that the listing does not reach, or that may stand on a page that was skipped, are not
        complete at its end. Raises ListingError, with the rest left to be read.
        """
        start = 0  # the number of a page behind one that was skipped
        while True:
            try:
                async for page_run in self._read(span, start):
                    yield page_run
                return
            except _SkippedError as error:
                page = await self._behind(error.number)
            until = await self.listing.newest(page) - _DAY if page else date.min
            if page is None or until < span.since:
                return
            span, start = Span(span.since, until), page.number

    async def _behind(self, number: int) -> ListingPage | None:
        """Return the first page behind one that cannot be read, None if the listing ends there."""
        for other in range(number + 1, number + 1 + _MAX_SKIPPED_PAGES):
            try:
                return await self._page(other)
            except _SkippedError:
                continue
        raise ListingError(f"its pages {number} to {other} cannot be read: {self.skipped[number]}")

    async def _page(self, number: int) -> ListingPage | None:
        """Return a page, None if there is none. Raises _SkippedError if it cannot be read."""
        if number not in self.skipped:
            try:
                return await self.listing.page(number)
            except ListingPageError as error:
                self.skipped[number] = str(error)
        raise _SkippedError(number)

    async def _read(self, span: Span, start: int) -> AsyncIterator[PageRun]:
        place = Place(start, start) if start else await self.listing.locate(span)
        limit, before = span.until, ListingPage(0, (), 0, has_next=True)
        while True:
            pages = await self._run(place)
            is_start = start and pages[0].number <= start  # what is wanted can only have moved down
            if not is_start and not await self._begins_right(pages, before, limit):
                place = await self._again(Span(span.since, limit), start)
                continue
            last = pages[-1]
            is_over = await self._is_over(span, last)
            newest = await self.listing.newest(last)
            self.listing.note(newest, last.number)
            since = span.since if is_over else max(newest + _DAY, span.since)
            yield PageRun(pages, Span(since, span.until) if since <= span.until else None)
            if is_over or not last.has_next:
                return
            if last.number + 1 in self.skipped:
                raise _SkippedError(last.number + 1)
            if newest < limit or _goes_on(pages, before):
                self._advance()
                before, limit = last, min(newest, limit)
                place = self._after(last, place)
            else:
                place = await self._again(Span(span.since, limit), start)

    async def _run(self, place: Place) -> Sequence[ListingPage]:
        """Return pages from a place on that join each other, up to one that cannot be read."""
        first, last = place.first, min(place.last, place.first + self.width + self.tries - 1)
        while (guard := await self._guard(first, last)) is None and last > first:
            last = (first + last) // 2  # the listing has become shorter
        last = guard.number if guard else last
        if guard and first == last:
            return [guard]
        step = -(-(last - first) // _PARALLEL_LANES) or 1
        lanes = [range(start, min(start + step, last)) for start in range(first, last, step)]
        read = await gather(*map(self._lane, lanes))
        if broken := [number for number in range(first, last) if number in self.skipped]:
            if broken[0] == first:
                raise _SkippedError(first)
            return await self._run(Place(first, broken[0] - 1))
        again = await self._page(last)
        if not read[0]:
            raise ListingError(f"its page {first} is missing or shows no article")
        if guard is None or again is None or sum(map(len, read)) < last - first:
            return joined(read[0])
        if again.ids == guard.ids:
            return [*(page for lane in read for page in lane), again]
        if not guard.moved_down_to(again):
            return joined([*(page for lane in read for page in lane), again])
        return await self._moved(lanes, read, again)

    async def _moved(
        self, lanes: Sequence[range], read: Sequence[Sequence[ListingPage]], again: ListingPage
    ) -> Sequence[ListingPage]:
        """Return the pages of some lanes, those that join each other though articles were added."""
        found = list(read[0])
        borders = await gather(*(self._border(lane.start) for lane in lanes[1:]))
        for border, lane in zip(borders, read[1:], strict=True):
            if border is None or not lane[0].moved_down_to(border):
                return found
            found += [border, *lane]
        return [*found, again]

    async def _lane(self, numbers: Sequence[int]) -> Sequence[ListingPage]:
        """Read pages one after the other, up to one that is missing or cannot be read."""
        pages = []
        for number in numbers:
            if (page := await self._border(number)) is None:
                break
            pages.append(page)
        return pages

    async def _border(self, number: int) -> ListingPage | None:
        """Return a page, None if it is missing or cannot be read."""
        with suppress(_SkippedError):
            return await self._page(number)
        return None

    async def _guard(self, first: int, last: int) -> ListingPage | None:
        """Return the last page of some that can be read, None if it is missing."""
        for number in range(last, first, -1):
            with suppress(_SkippedError):
                return await self._page(number)
        return await self._page(first)

    async def _begins_right(
        self, pages: Sequence[ListingPage], before: ListingPage, limit: date
    ) -> bool:
        """Whether nothing that is wanted can stand between some pages and those read before."""
        if pages[0].number == 1 or _meet(pages, before):
            return True
        return await self.listing.day(pages[0]) > limit

    async def _is_over(self, span: Span, page: ListingPage) -> bool:
        """Whether only articles older than some days can follow a page."""
        within = any(span.holds(day) for day in page.days)
        return not within and await self.listing.day(page) < span.since

    def _after(self, last: ListingPage, place: Place) -> Place:
        if last.number < place.last:
            return Place(last.number, place.last)
        self.beyond *= 2
        return Place(last.number, last.number + self.beyond // 2)

    def _advance(self) -> None:
        self.tries, self.width = 0, min(2 * self.width, _MAX_RUN_PAGES)

    async def _again(self, rest: Span, start: int) -> Place:
        """Return where to try again, with the days that are left, after a run in vain."""
        self.tries, self.width = self.tries + 1, max(self.width // 2, _MIN_RUN_PAGES)
        if self.tries > _MAX_TRIES:
            raise ListingError(
                "it moves faster than it can be read, or a page in the middle of it is missing"
            )
        found = await self.listing.locate(rest)
        first = max(found.first - self.tries, start, 1)
        return Place(first, max(found.last, first))


def _meet(pages: Sequence[ListingPage], before: ListingPage) -> bool:
    return any(not set(page.ids).isdisjoint(before.ids) for page in pages)


def _goes_on(pages: Sequence[ListingPage], before: ListingPage) -> bool:
    """Whether some pages begin in one that was read before and end behind it."""
    is_first = not before.links
    return is_first or (_meet(pages, before) and pages[-1].ids[-1] not in before.ids)
