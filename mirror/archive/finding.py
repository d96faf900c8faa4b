"""Finding a gap again in a listing that has moved since."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count
from typing import TYPE_CHECKING

from mirror.errors import ListingPageError

if TYPE_CHECKING:
    from mirror.archive.listing_pages import ListingPage
    from mirror.archive.walking import Allowance, Pages, Records
    from mirror.store.gaps import Gap

_MAX_DISTANCE = 8  # pages round the place where it should be


async def find(gap: Gap, end: int, pages: Pages) -> ListingPage | None:
    """Return the page that a gap begins on, None if it is not near the place where it should be.

    It has moved on by as many pages as the listing has grown. `end` is the number of the listing's
    last page, as its newest one shows it.

    Raises ListingPageError, ListingError.
    """
    moved = end - gap.end if gap.end else 0
    failed: ListingPageError | None = None
    for number in _outwards(max((gap.page or 1) + moved, 1)):
        try:
            page = await pages.read(number)
        except ListingPageError as error:  # it may be another one
            failed = error
            continue
        if page is not None and gap.begins_on(page.ids):
            return page
    if failed:
        raise failed
    return None


async def scan(
    gap: Gap, pages: Pages, records: Records, allowance: Allowance
) -> ListingPage | None:
    """Return the page that a gap begins on, None if the whole listing has none; record the pages that
    are read on the way. Raises ListingPageError, also if no more may be read; ListingError."""
    for number in count(1):
        page = await pages.read(number) if allowance.take() else None
        if page is None:
            raise ListingPageError(f"the place behind page {gap.page} is not found again")
        if gap.begins_on(page.ids):
            return page
        records.record(page)
        if not page.has_next:
            return None
    return None


def _outwards(place: int) -> Iterator[int]:
    """Yield the numbers round a place, the nearest first.

    >>> list(_outwards(2))[:6]
    [2, 3, 1, 4, 5, 6]
    """
    around = ((place + step, place - step) for step in range(1, _MAX_DISTANCE + 1))
    return (number for number in chain((place,), *around) if number >= 1)
