"""The gaps of one section, as a walk through its listing meets, moves and closes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from mirror.store.gaps import BOUNDED, OPEN, SKIPPED, Gap, Gaps, WalkBounds

if TYPE_CHECKING:
    from mirror.archive.listing_pages import ListingPage

_MAX_TRIES = 3  # to come past a gap whose last article above may have been taken away


class GapBook:
    """What is known of the gaps; every change is stored at once."""

    def __init__(self, gaps: Gaps, section: str, bounds: WalkBounds):
        self.gaps = gaps
        self.section = section
        self.bounds = bounds
        self.known = gaps.of(section)
        self.end = 1  # the number of the listing's last page, as its newest one shows it
        self.kind = OPEN  # of a gap that this walk leaves
        self._failed: set[int] = set()  # gaps that are left to the next run

    def next(self, now: int) -> Gap | None:
        """Return the topmost gap that is to be read behind in this run."""
        wanted = (gap for gap in self.known if gap.is_wanted(self.bounds, now))
        return next((gap for gap in wanted if gap.id not in self._failed), None)

    def left(self) -> list[Gap]:
        """Return the gaps that are to be read behind in this run or a later one."""
        return [gap for gap in self.known if gap.is_wanted(self.bounds, gap.due)]

    def met(self, page: ListingPage, but: Gap | None) -> list[Gap]:
        """Return the gaps that begin on a page, but for one."""
        others = (gap for gap in self.known if not but or gap.id != but.id)
        return [gap for gap in others if gap.begins_on(page.ids)]

    def move(self, gap: Gap | None, page: ListingPage) -> Gap:
        """Note that what is known reaches down to a page; return the gap behind it."""
        kind = gap.kind if gap and gap.kind == BOUNDED else OPEN
        return self._put(self._behind(page, gap.id, kind) if gap else self._behind(page))

    def close(self, *gaps: Gap | None) -> None:
        """Note that nothing is left to be found in some gaps."""
        ids = {gap.id for gap in gaps if gap}
        if ids:
            self.gaps.close(sorted(ids))
            self.known = [gap for gap in self.known if gap.id not in ids]

    def doubt(self, gap: Gap | None) -> None:
        """Close a gap behind which all is known, though the last article above it was not seen: not
        at once, for it may have moved on meanwhile."""
        if gap and gap.tries < _MAX_TRIES:
            self.put_off(gap, "the last article above it was not seen again")
        else:
            self.close(gap)

    def leave_bounded(self, gap: Gap | None) -> None:
        """Leave a gap on purpose, if this walk went as far as it was asked to and nothing is known
        beyond."""
        if gap and (self.bounds.since or gap.kind == BOUNDED):
            self._put(replace(gap, kind=BOUNDED, bounds=self.bounds))

    def put_off(self, gap: Gap | None, reason: str) -> None:
        """Leave a gap for a later run, since the pages behind it cannot be read."""
        if gap:
            tries = gap.tries + 1
            due = self.gaps.next_try(tries)
            self._put(replace(gap, kind=SKIPPED, reason=reason, tries=tries, due=due))
            self._failed.add(gap.id)

    def leave(self, gap: Gap | None) -> None:
        """Leave a gap for the next run, as it is."""
        if gap:
            self._failed.add(gap.id)

    def skip(self, gap: Gap | None, above: ListingPage, below: ListingPage, reason: str) -> Gap:
        """Leave a gap between two pages; return a new one behind the second."""
        behind = self._put(self._behind(below))  # first, so that a killed run loses neither
        gap = gap if gap and gap.kind == SKIPPED else replace(gap or self._behind(above), tries=0)
        newest, oldest = _oldest(above), max(below.days, default=None)
        gap = replace(gap, bounds=WalkBounds(), newest=newest, oldest=oldest)
        self.put_off(self._put(gap), reason)
        return behind

    def _behind(self, page: ListingPage, id: int = 0, kind: str = "") -> Gap:
        place = (page.number, self.end)
        return Gap(self.section, page.ids, *place, kind or self.kind, newest=_oldest(page), id=id)

    def _put(self, gap: Gap) -> Gap:
        stored = replace(gap, id=self.gaps.put(gap))
        self.known = [*(known for known in self.known if known.id != stored.id), stored]
        self.known.sort(key=lambda one: (one.page or 0, one.id))
        return stored


def _oldest(page: ListingPage) -> date | None:
    """Return the day that nothing behind a page is younger than, as far as it tells."""
    return min(page.days, default=None)
