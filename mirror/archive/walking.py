"""A run's way through a section's listing: from its newest page to what is known, then behind the gaps.

Before a page is recorded, a gap behind it is; it closes when the walk comes to a page that shows
nothing new. So whatever ends a walk, the next one knows where to read on, and goes there at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from mirror.archive.finding import find, scan
from mirror.archive.gap_book import GapBook
from mirror.errors import ListingPageError
from mirror.store.gaps import BOUNDED, SKIPPED, Gap, Gaps, WalkBounds

if TYPE_CHECKING:
    from mirror.archive.listing_pages import ListingPage
    from mirror.items import Link

_MAX_SKIPPED_PAGES = 3  # pages in a row that cannot be read, before a walk gives up
# Before a page is read again that does not join the one before it.
_REREAD_PAUSES_SECONDS = (0.0, 2.0, 5.0)


class Pages(Protocol):
    """Reads the listing. Its methods raise ListingPageError if a page cannot be had, ListingError if
    none can."""

    async def read(self, number: int) -> ListingPage | None:
        """Return a page as it is now, None if there is none of that number or it shows nothing."""

    async def read_again(self, page: ListingPage) -> ListingPage | None:
        """Return a page that was read before as it is now."""


class Records(Protocol):
    """What is known of the articles of the section."""

    def has_any(self) -> bool:
        """Whether any article is known."""

    def news(self, links: Sequence[Link]) -> set[str]:
        """Return the ids of those articles that would be recorded as new."""

    def record(self, page: ListingPage) -> None:
        """Record a page's articles."""

    def is_too_old(self, link: Link) -> bool:
        """Whether an article is not wanted for its day."""

    def is_at_day(self, links: Sequence[Link], before: Sequence[Link]) -> bool:
        """Whether only articles that are too old can follow a page; `before`: those on the last one."""

    def page_failed(self, number: int, reason: str) -> None:
        """Report a page that could not be read."""


class Allowance(Protocol):
    """How much a run may still read."""

    def has_room(self) -> bool:
        """Whether one more page may be read."""

    def take(self) -> bool:
        """Whether one more page may be read; it is counted."""


class _MissingError(ListingPageError):
    """A page that should be there, by what the one before it says."""


@dataclass(slots=True)
class _Step:
    """A page of a walk, with what was on it."""

    page: ListingPage
    news: set[str]
    has_passed_gap: bool = False  # it is read on behind it, though nothing is new on it
    has_left_out: bool = False  # articles that are too old, here or on a page before


class Walk:
    """One run through one section's listing."""

    def __init__(
        self,
        section: str,
        pages: Pages,
        records: Records,
        gaps: Gaps,
        bounds: WalkBounds,
        allowance: Allowance,
    ):
        self.section = section
        self.pages = pages
        self.records = records
        self.bounds = bounds
        self.allowance = allowance
        self.gaps = GapBook(gaps, section, bounds)
        self.is_certain = not records.has_any()  # nothing that is known may end it early
        if self.is_certain:
            self.gaps.kind = BOUNDED  # where it ends, nothing is known
        self.last = 1  # page that the page in hand leads to
        self._seen: set[str] = set()  # new in this run: where they stand nothing is known by that

    # ---- the two parts of a walk

    async def read_newest(self, first: ListingPage) -> None:
        """Read from the newest page on. Raises ListingError."""
        self.gaps.end = first.last
        await self._follow(first, None)

    async def read_gaps(self, now: int) -> None:
        """Read on behind the gaps, the topmost first. Raises ListingError."""
        self.is_certain = True
        while (gap := self.gaps.next(now)) and self.allowance.has_room():
            try:
                start = await find(gap, self.gaps.end, self.pages)
                start = start or await scan(gap, self.pages, self.records, self.allowance)
            except ListingPageError as error:
                self.records.page_failed(gap.page or 1, str(error))
                self.gaps.put_off(gap, str(error))
                continue
            if start:
                await self._follow(start, gap)
            else:  # the whole listing is read
                self.gaps.close(gap)

    def has_more(self, now: int) -> bool:
        """Whether there is a gap to read behind in this run."""
        return self.gaps.next(now) is not None

    def pages_ahead(self) -> int | None:
        """Return about how many pages it has yet to read if it may read all, by what the pager shows;
        None: where it ends is not known."""
        if not self.is_certain:
            return None
        return min(self.pages_left(), (self.bounds.pages or self.last) - 1)

    def pages_left(self) -> int:
        """Return about how many pages are to be read behind the gaps, those that failed aside."""
        left, below = 0, max(self.last, self.gaps.end)
        for gap in reversed(self.gaps.known):
            if gap.page and gap.kind != SKIPPED and gap in self.gaps.left():
                left += max(below - gap.page, 0)
            below = gap.page or below
        return left

    # ---- one way down

    async def _follow(self, page: ListingPage, gap: Gap | None) -> None:
        before: Sequence[Link] = ()
        start, step = gap, _Step(page, set(), has_passed_gap=gap is not None)
        is_past = start is None
        while True:
            step = self._look(page, start, step)
            gap = self._pass(step, gap)
            is_past |= bool(step.news) or bool(start and start.ends_on(page.ids))
            if self._is_joined(step):
                (self.gaps.close if is_past else self.gaps.doubt)(gap)
                return
            is_last = self._is_last(page)
            if self._is_at_bounds(step, before) or (is_last and step.has_left_out):
                self.gaps.leave_bounded(gap)
                return
            if is_last:
                self.gaps.close(gap)
                return
            if not self.allowance.take():
                return
            before = page.links
            following, gap = await self._next(step, gap)
            if following is None:
                return
            page = following

    def _look(self, page: ListingPage, start: Gap | None, last: _Step) -> _Step:
        is_start = last.page is page and last.has_passed_gap
        has_passed = is_start or bool(start and start.begins_on(page.ids))
        has_passed |= bool(self.gaps.met(page, start))
        has_left_out = last.has_left_out or any(map(self.records.is_too_old, page.links))
        self._seen |= self.records.news(page.links)
        return _Step(page, self._seen.intersection(page.ids), has_passed, has_left_out)

    def _pass(self, step: _Step, gap: Gap | None) -> Gap | None:
        """Record a page, after the gap behind it; return that."""
        page = step.page
        met = self.gaps.met(page, gap)
        if (step.news or met) and not (gap and step.has_left_out):
            gap = self.gaps.move(gap, page)
        if not step.has_left_out:
            self.gaps.close(*(other for other in met if other.ends_on(page.ids)))
        self.records.record(page)
        return gap

    def _is_joined(self, step: _Step) -> bool:
        is_old = any(map(self.records.is_too_old, step.page.links))
        return not (step.news or step.has_passed_gap or is_old)

    def _is_at_bounds(self, step: _Step, before: Sequence[Link]) -> bool:
        is_at_page = self.bounds.pages is not None and step.page.number >= self.bounds.pages
        return is_at_page or self.records.is_at_day(step.page.links, before)

    def _is_last(self, page: ListingPage) -> bool:
        has_pager = page.last > 1
        self.last = page.last if has_pager else max(self.last, page.number)
        return not page.has_next and (has_pager or page.number >= self.last)

    # ---- from page to page

    async def _next(self, step: _Step, gap: Gap | None) -> tuple[ListingPage | None, Gap | None]:
        """Return the page after one, and the gap in hand: a new one behind a page that is skipped."""
        page, failed, is_missing = step.page, "", True
        for number in range(page.number + 1, page.number + 2 + _MAX_SKIPPED_PAGES):
            try:
                following = await self._read(number, page)
            except ListingPageError as error:
                failed = failed or str(error)
                is_missing &= isinstance(error, _MissingError)
                self.records.page_failed(number, str(error))
                continue
            if not failed and self._is_unknown(step, following):
                following, gap, failed = await self._join(page, gap, following)
                if failed:
                    self.records.page_failed(number, failed)
            if failed:
                gap = self.gaps.skip(gap, page, following, failed)
            return following, gap
        if is_missing:  # they may be there again another day
            self.gaps.put_off(gap, failed)
        else:
            self.gaps.leave(gap)
        return None, gap

    def _is_unknown(self, step: _Step, following: ListingPage) -> bool:
        """Whether articles that are not known may stand between two pages."""
        return step.page.ids[-1] in step.news or following.ids[0] in self.records.news(
            following.links
        )

    async def _read(self, number: int, page: ListingPage) -> ListingPage:
        """Return a page that has to be there. Raises ListingPageError."""
        following = await self.pages.read(number)
        if following is None or following.ids == page.ids:
            raise _MissingError(f"page {number} is missing or shows no article")
        return following

    async def _join(
        self, page: ListingPage, gap: Gap | None, following: ListingPage
    ) -> tuple[ListingPage, Gap | None, str]:
        """Return the page after one, with nothing between them, the gap in hand, and why that is not
        certain, empty if it is.

        Articles added above them move down, to the page that is read next. One that is taken away
        moves the others up, to the page that was read before: only that page, read again, tells. A
        copy from a cache is older than its neighbour, and shows what stood there then.
        """
        reason = ""
        for wait in _REREAD_PAUSES_SECONDS:
            if page.ids[-1] in following.ids:
                return following, gap, ""
            try:
                if following.is_older_than(page):
                    reason = f"page {following.number} is an older copy than the page before it"
                    await asyncio.sleep(wait)
                else:
                    again = await self.pages.read_again(page)
                    if again is None:
                        break
                    if page.moved_down_to(again):
                        return following, gap, ""
                    reason = "the listing moves faster than it can be read"
                    if page.ids[-1] in again.ids:  # moved up; else it is further down by now
                        page, gap = again, self.gaps.move(gap, again)
                        self._seen |= self.records.news(again.links)
                        self.records.record(again)
                following = await self._read(following.number, page)
            except ListingPageError as error:
                reason = str(error)
        return following, gap, reason or f"page {page.number} shows nothing any more"
