"""Reading a listing that moves: a model of one, shifted at any moment, and what is made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from random import Random

import pytest

from mirror.archive.joining import ListingReader
from mirror.archive.listing_pages import ListingPage
from mirror.archive.locating import Listing
from mirror.archive.ranges import Span
from mirror.errors import ListingError, ListingPageError
from mirror.items import Link

NEWEST = date(2021, 12, 1)
PER_PAGE = 30
DAY = timedelta(days=1)
Page = Callable[[int], Awaitable[ListingPage | None]]


class Moving:
    """A listing of `count` articles, a number a day, that changes as often as the dice say."""

    def __init__(self, count: int, a_day: int, dice: Random, often: float = 0, how: str = "add"):
        self.days = {f"n{index}": NEWEST - DAY * (index // a_day) for index in range(count)}
        self.listed = list(self.days)
        self.removed: set[str] = set()
        self.dice, self.often, self.how = dice, often, how
        self.most = 10_000  # changes
        self.is_dated = True
        self.hint: int | None = None  # where a search begins
        self.asked = self.told = 0

    async def page(self, number: int) -> ListingPage | None:
        self.asked += 1
        await self.wait()
        if self.dice.random() < self.often and self.most:
            self.change()
        shown = self.listed[(number - 1) * PER_PAGE : number * PER_PAGE]
        last = -(-len(self.listed) // PER_PAGE)
        await self.wait()
        links = tuple(Link(i, i, i, self.days[i] if self.is_dated else None) for i in shown)
        return ListingPage(number, links, last, number < last) if links else None

    async def wait(self) -> None:
        for _ in range(self.dice.randrange(4)):
            await asyncio.sleep(0)

    async def published(self, link: Link) -> date | None:
        self.told += 1
        return self.days[link.id]

    def change(self) -> None:
        self.most -= 1
        if self.how == "remove" and len(self.listed) < 3:
            return
        if self.how == "remove":
            self.removed.add(self.listed.pop(self.dice.randrange(len(self.listed))))
            return
        for _ in range(1 if self.how == "add" else self.dice.choice([1, 2, 30, 45])):
            new = f"x{len(self.days)}"
            self.days[new] = NEWEST + DAY
            self.listed.insert(0, new)

    def within(self, span: Span) -> set[str]:
        return {i for i, day in self.days.items() if span.holds(day)} - self.removed

    def read(self, span: Span) -> set[str]:
        """Read the days; check at each step that what is called complete is."""

        async def work() -> set[str]:
            found: set[str] = set()
            listing = Listing(self.page, self.published, near=lambda day: self.hint)
            async for page_run in ListingReader(listing).read(span):
                found |= {article for page in page_run.pages for article in page.ids}
                if page_run.complete:
                    assert self.within(page_run.complete) <= found
            return found

        return asyncio.run(work())


@pytest.mark.parametrize("how", ["add", "add many", "remove"])
@pytest.mark.parametrize("often", [0.05, 0.3, 1])
def test_nothing_is_missed_whenever_the_listing_moves(how: str, often: float) -> None:
    read = 0
    for seed in range(40):
        dice = Random(seed)
        listing = Moving(dice.choice([5, 31, 900]), dice.choice([1, 7, 48]), dice, often, how)
        listing.is_dated = dice.random() < 0.7
        listing.hint = dice.choice([None, 1, 3, 20, 400])
        first, last = sorted(dice.choices(sorted(set(listing.days.values())), k=2))
        span = Span(first, last)
        try:
            found = listing.read(span)
        except ListingError:  # nothing is called complete that is not: see `read`
            continue
        read += 1
        assert listing.within(span) <= found, seed
    assert read > (35 if how == "add" else 5)  # more than a page at each request is too much


@pytest.mark.parametrize("is_dated", [True, False])
def test_a_month_is_found_with_few_requests_beyond_its_pages(is_dated: bool) -> None:
    span = Span(date(2020, 6, 1), date(2020, 6, 30))  # 900 articles on 31 of 1,000 pages
    for seed in range(6):
        listing = Moving(30_000, 30, Random(seed), often=0.5)
        listing.most, listing.is_dated = 30, is_dated
        assert listing.within(span) <= listing.read(span)
        assert listing.asked <= 30 + 60
        assert listing.told <= 40


def test_search_that_begins_where_it_ended_before_is_short() -> None:
    span = Span(date(2020, 6, 1), date(2020, 6, 30))
    listing = Moving(30_000, 30, Random(1))
    listing.how = "add many"
    for _ in range(5):  # since then
        listing.change()
    listing.hint = 520
    assert listing.within(span) <= listing.read(span)
    assert listing.asked <= 30 + 25


def test_page_is_joined_to_one_that_was_left_long_before() -> None:
    listing = Moving(3000, 30, Random(1))
    pages = ListingReader(Listing(listing.page, listing.published)).read(
        Span(date(2021, 9, 1), NEWEST)
    )

    async def work() -> set[str]:
        found: set[str] = set()
        async for page_run in pages:
            found |= {article for page in page_run.pages for article in page.ids}
            listing.how = "add many"
            for _ in range(20):  # pages full of new ones come between two steps
                listing.change()
        return found

    assert listing.within(Span(date(2021, 9, 1), NEWEST)) <= asyncio.run(work())


@pytest.mark.parametrize("answer", ["missing", "error"])
def test_page_that_cannot_be_read_hides_nothing_behind_it(answer: str) -> None:
    listing, span = Moving(3000, 30, Random(1)), Span(date(2021, 9, 1), NEWEST)
    whole, asked = listing.page, []

    async def page(number: int) -> ListingPage | None:
        asked.append(number)
        if number != 20:
            return await whole(number)
        if answer == "missing":
            return None
        raise ListingPageError("HTTP 500")

    listing.page = page  # type: ignore[method-assign]
    hidden = set(listing.listed[19 * PER_PAGE : 20 * PER_PAGE])
    assert listing.within(span) - listing.read(span) == hidden
    assert asked.count(20) == 1


def test_what_is_called_complete_is_whichever_pages_fail() -> None:
    for seed in range(60):
        dice = Random(seed)
        how = dice.choice(["add", "remove"])
        listing = Moving(900, dice.choice([1, 7, 48]), dice, dice.choice([0, 0.05]), how)
        whole, broken = listing.page, {dice.randrange(1, 30) for _ in range(dice.choice([1, 2, 5]))}

        async def page(
            number: int, whole: Page = whole, broken: set[int] = broken
        ) -> ListingPage | None:
            if number in broken:
                raise ListingPageError("HTTP 500")
            return await whole(number)

        listing.page = page  # type: ignore[method-assign]
        first, last = sorted(dice.choices(sorted(set(listing.days.values())), k=2))
        try:
            found = listing.read(Span(first, last))
        except ListingError:
            continue
        hidden = listing.within(Span(first, last)) - found
        assert len(hidden) <= (len(broken) + 1) * PER_PAGE + 10, seed
