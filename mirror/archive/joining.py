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
from dataclasses import dataclass
from datetime import date, timedelta

from mirror.archive.locating import Listing, ListingPage, Place
from mirror.archive.ranges import Span
from mirror.errors import ListingError

_DAY = timedelta(days=1)
_PARALLEL_LANES = 4  # rows of pages read side by side
_MAX_RUN_PAGES, _MIN_RUN_PAGES = 16, 4  # pages of a run
_MAX_TRIES = 8  # in a row that bring nothing new


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

    async def read(self, span: Span) -> AsyncIterator[PageRun]:
        """Yield all pages that hold articles of some days. Those days that the listing does not
        reach are not complete at its end. Raises ListingError, with the rest left to be read."""
        place = await self.listing.locate(span)
        limit, before = span.until, ListingPage(0, (), 0, has_next=True)
        while True:
            pages = await self._run(place)
            if not await self._begins_right(pages, before, limit):
                place = await self._again(Span(span.since, limit))
                continue
            last = pages[-1]
            is_over = await self._is_over(span, last)
            newest = await self.listing.newest(last)
            self.listing.note(newest, last.number)
            since = span.since if is_over else max(newest + _DAY, span.since)
            yield PageRun(pages, Span(since, span.until) if since <= span.until else None)
            if is_over or not last.has_next:
                return
            if newest < limit or _goes_on(pages, before):
                self._advance()
                before, limit = last, min(newest, limit)
                place = self._after(last, place)
            else:
                place = await self._again(Span(span.since, limit))

    async def _run(self, place: Place) -> Sequence[ListingPage]:
        """Return pages from a place on that join each other."""
        first, last = place.first, min(place.last, place.first + self.width + self.tries - 1)
        while (guard := await self.listing.page(last)) is None and last > first:
            last = (first + last) // 2  # the listing has become shorter
        if guard and first == last:
            return [guard]
        step = -(-(last - first) // _PARALLEL_LANES) or 1
        lanes = [range(start, min(start + step, last)) for start in range(first, last, step)]
        read = await gather(*map(self._lane, lanes))
        again = await self.listing.page(last)
        pages = [page for lane in read for page in lane]
        if not read[0]:
            raise ListingError(f"its page {first} is missing or shows no article")
        if guard is None or again is None or len(pages) < last - first:
            return _joined(read[0])
        if again.ids == guard.ids:
            return [*pages, again]
        if not _moved_down(guard, again):
            return _joined([*pages, again])
        found = list(read[0])
        borders = await gather(*(self.listing.page(lane.start) for lane in lanes[1:]))
        for border, lane in zip(borders, read[1:], strict=True):
            if border is None or not _moved_down(lane[0], border):
                return found
            found += [border, *lane]
        return [*found, again]

    async def _lane(self, numbers: Sequence[int]) -> Sequence[ListingPage]:
        """Read pages one after the other, up to one that is missing."""
        pages = []
        for number in numbers:
            if (page := await self.listing.page(number)) is None:
                break
            pages.append(page)
        return pages

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

    async def _again(self, rest: Span) -> Place:
        """Return where to try again, with the days that are left, after a run in vain."""
        self.tries, self.width = self.tries + 1, max(self.width // 2, _MIN_RUN_PAGES)
        if self.tries > _MAX_TRIES:
            raise ListingError(
                "it moves faster than it can be read, or a page in its midst is missing"
            )
        found = await self.listing.locate(rest)
        return Place(max(found.first - self.tries, 1), found.last)


def _meet(pages: Sequence[ListingPage], before: ListingPage) -> bool:
    return any(not set(page.ids).isdisjoint(before.ids) for page in pages)


def _goes_on(pages: Sequence[ListingPage], before: ListingPage) -> bool:
    """Whether some pages begin in one that was read before and end behind it."""
    is_first = not before.links
    return is_first or (_meet(pages, before) and pages[-1].ids[-1] not in before.ids)


def _moved_down(old: ListingPage, new: ListingPage) -> bool:
    """Whether all that happened to a page, if anything, is that articles were added above it."""
    if old.ids[0] not in new.ids:
        return False
    moved = new.ids[new.ids.index(old.ids[0]) :]
    return moved == old.ids[: len(moved)]


def _joined(pages: Sequence[ListingPage]) -> Sequence[ListingPage]:
    """Return the first of some pages, as many as show that they join."""
    count = 1
    while count < len(pages) and pages[count - 1].ids[-1] in pages[count].ids:
        count += 1
    return pages[:count]
