"""Walks through listings that move, fail and come out of caches: a model of one, and what is missed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from mirror.archive import walking
from mirror.archive.listing_pages import Copy, ListingPage
from mirror.archive.records import SectionRecords
from mirror.archive.walking import Walk
from mirror.errors import ListingPageError
from mirror.items import Link
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.gaps import Gaps, WalkBounds

SECTION = "nsc1"
PER_PAGE = 5
NEWEST = date(2021, 12, 1)
NOW = 2 * 10**9


@dataclass
class Model:
    """A listing, as a site and the caches before it show it."""

    count: int
    listed: list[str] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)  # numbers of pages that cannot be read
    stale: dict[int, ListingPage] = field(default_factory=dict)  # copies that a cache keeps
    removed: set[str] = field(default_factory=set)
    dice: Random = field(default_factory=lambda: Random(1))
    often: float = 0.0  # how often it changes before it is read
    how: str = "add"

    def __post_init__(self) -> None:
        self.listed = [f"n{number}" for number in range(self.count, 0, -1)]

    def add(self, count: int) -> None:
        for _ in range(count):
            self.count += 1
            self.listed.insert(0, f"n{self.count}")

    def remove(self, place: int) -> None:
        self.removed.add(self.listed.pop(place))

    def page(self, number: int) -> ListingPage | None:
        shown = self.listed[(number - 1) * PER_PAGE : number * PER_PAGE]
        last = -(-len(self.listed) // PER_PAGE)
        links = tuple(Link(i, i, i, self.day(i)) for i in shown)
        return ListingPage(number, links, last, number < last, Copy(100.0)) if links else None

    def day(self, article: str) -> date:
        return NEWEST - timedelta(days=10_000 - int(article[1:]))

    async def read(self, number: int) -> ListingPage | None:
        self.asked.append(number)
        if self.dice.random() < self.often:
            if self.how in ("remove", "both") and len(self.listed) > 3 and self.dice.random() < 0.5:
                self.remove(self.dice.randrange(min(30, len(self.listed))))
            if self.how in ("add", "both"):
                self.add(self.dice.choice([1, 2, 7]))
        if number in self.broken:
            raise ListingPageError(f"page {number}: HTTP 500")
        return self.stale.get(number) or self.page(number)

    async def read_again(self, page: ListingPage) -> ListingPage | None:
        return await self.read(page.number)


class Allowance:
    """Some pages."""

    def __init__(self, pages: int):
        self.pages = pages

    def has_room(self) -> bool:
        return self.pages > 0

    def take(self) -> bool:
        self.pages -= 1
        return self.pages >= 0


class Mirror:
    """What runs know of the listing."""

    def __init__(self, folder: Path, model: Model):
        database = Database(f"sqlite:///{folder}/mirror.db")
        self.model = model
        self.gaps, self.frontier = Gaps(database), Frontier(database)
        self.failed: list[tuple[int, str]] = []
        self.pages: list[int] = []
        self.last_failed: list[tuple[int, str]] = []

    def page_recorded(self, section: str, page: ListingPage, new: int) -> None:
        self.pages.append(page.number)

    def page_failed(self, section: str, number: int, reason: str) -> None:
        self.failed.append((number, reason))

    def titles_differ(self, section: str, count: int) -> None:
        raise AssertionError

    def run(
        self,
        pages: int = 10_000,
        now: int = NOW,
        since: date | None = None,
        bounds: WalkBounds | None = None,
    ) -> Walk:
        """Walk once; the pages that were asked for are in `model.asked`."""
        self.model.asked.clear()
        self.failed.clear()
        self.pages.clear()
        self.frontier.reopen([SECTION], since)
        records = SectionRecords(self.frontier, SECTION, since, self)
        limits = bounds or WalkBounds(since)
        walk = Walk(SECTION, self.model, records, self.gaps, limits, Allowance(pages))

        async def go() -> None:
            if first := await self.model.read(1):
                await walk.read_newest(first)
                await walk.read_gaps(now)

        asyncio.run(go())
        return walk

    @property
    def missed(self) -> list[str]:
        return [article for article in self.model.listed if not self.frontier.has(article)]


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "_REREAD_PAUSES_SECONDS", (0.0, 0.0, 0.0))


@pytest.fixture
def mirror(tmp_path: Path) -> Mirror:
    return Mirror(tmp_path, Model(100))


def test_first_run_reads_all_and_the_next_one_a_page(mirror: Mirror) -> None:
    mirror.run()
    assert (mirror.missed, mirror.gaps.of(SECTION)) == ([], [])
    mirror.run()
    assert mirror.model.asked == [1]


def test_run_with_news_ends_where_all_is_known(mirror: Mirror) -> None:
    mirror.run()
    mirror.model.add(2)
    mirror.run()
    assert (mirror.missed, mirror.model.asked) == ([], [1, 2])


def test_share_of_pages_is_read_at_each_run_without_those_before(mirror: Mirror) -> None:
    asked = []
    for _ in range(10):
        mirror.run(pages=4)
        asked.append(len(mirror.model.asked))
        mirror.model.add(3)
    assert mirror.missed == mirror.model.listed[:3]
    assert max(asked) <= 1 + 2 * 4 + 6  # each page once more, and the way back to where it was


def test_page_that_fails_does_not_hide_what_is_behind_it(mirror: Mirror) -> None:
    mirror.model.broken = {4}
    mirror.run()
    assert mirror.missed == mirror.model.listed[15:20]
    assert [number for number, _ in mirror.failed] == [4]
    (gap,) = mirror.gaps.of(SECTION)
    assert (gap.kind, gap.page, gap.reason) == ("skipped", 3, "page 4: HTTP 500")
    assert gap.newest == mirror.model.day(mirror.model.listed[14])
    assert gap.oldest == mirror.model.day(mirror.model.listed[20])


def test_page_that_failed_is_taken_up_later_wherever_it_is_then(mirror: Mirror) -> None:
    mirror.model.broken = {4}
    mirror.run()
    mirror.model.add(17)
    mirror.run()
    assert mirror.missed == ["n102", "n101"]  # now these are on page 4
    mirror.model.broken.clear()
    mirror.run()
    assert (mirror.missed, mirror.gaps.of(SECTION)) == ([], [])


def test_page_that_fails_for_good_is_asked_for_less_and_less(mirror: Mirror) -> None:
    mirror.model.broken = {4}
    asked = []
    for hour in range(0, 48, 6):
        mirror.run(now=10**9 if hour else NOW)
        asked.append(mirror.model.asked.count(4))
    assert asked[0] == 1
    assert sum(asked[1:]) == 0  # nothing is due in the past


def test_pages_missing_in_a_row_end_the_walk_and_are_asked_for_later(mirror: Mirror) -> None:
    mirror.model.broken = set(range(5, 50))
    mirror.run()
    assert len(mirror.failed) == 4
    assert len(mirror.missed) == 80
    mirror.model.broken.clear()
    mirror.run()
    assert mirror.missed == []


@pytest.mark.parametrize("stale_by", [3, 5, 20])
def test_copy_that_is_older_than_its_neighbour_hides_nothing(
    no_waits: None, mirror: Mirror, stale_by: int
) -> None:
    mirror.run()
    mirror.model.add(7)
    copies = {n: mirror.model.page(n) for n in (2, 3)}
    mirror.model.add(stale_by)
    for number, page in copies.items():
        mirror.model.stale[number] = ListingPage(number, page.links, page.last, True, Copy(10.0))
    mirror.run()
    mirror.model.stale.clear()
    mirror.run()
    assert mirror.missed == []


def test_article_taken_away_while_reading_hides_nothing(no_waits: None, mirror: Mirror) -> None:
    model, read = mirror.model, mirror.model.read

    async def removing(number: int) -> ListingPage | None:
        if number in (3, 7) and model.asked.count(number) == 0:
            model.remove(2)
        return await read(number)

    model.read = removing  # type: ignore[method-assign]
    mirror.run()
    assert mirror.missed == []


def test_bounds_leave_a_gap_that_only_a_run_that_asks_for_more_reads(mirror: Mirror) -> None:
    mirror.run(bounds=WalkBounds(pages=2))
    assert len(mirror.missed) == 90
    mirror.run(bounds=WalkBounds(pages=2))
    assert mirror.model.asked == [1]
    mirror.run(bounds=WalkBounds(pages=4))
    assert len(mirror.missed) == 80
    mirror.run()
    assert mirror.missed == []


def test_what_was_too_old_is_found_when_it_is_asked_for(mirror: Mirror) -> None:
    since = mirror.model.day("n72")  # in the midst of a page
    mirror.run(since=since)
    assert mirror.missed == [f"n{number}" for number in range(71, 0, -1)]
    mirror.run(since=since)
    assert len(mirror.missed) == 71
    mirror.run(since=mirror.model.day("n40"))
    assert len(mirror.missed) == 39
    mirror.run()
    assert mirror.missed == []


def test_days_that_an_archive_recorded_apart_hide_nothing_round_them(mirror: Mirror) -> None:
    pages = [mirror.model.page(number) for number in range(8, 12)]
    for page in pages:
        assert page
        mirror.frontier.record(SECTION, page.links, batch=SECTION)
    since = mirror.model.day(pages[-1].ids[-1]) if pages[-1] else NEWEST
    mirror.gaps.set_apart(SECTION, since, pages[-1].links if pages[-1] else (), 11)
    mirror.run(since=since)
    assert mirror.missed == mirror.model.listed[11 * PER_PAGE :]
    mirror.run()
    assert (mirror.missed, mirror.gaps.of(SECTION)) == ([], [])


def test_site_that_shows_its_last_page_for_any_number_is_no_endless_listing(mirror: Mirror) -> None:
    last = mirror.model.page(20)

    async def read(number: int) -> ListingPage | None:
        mirror.model.asked.append(number)
        page = mirror.model.page(min(number, 20))
        return ListingPage(number, page.links, 1, True, Copy(100.0)) if page else None

    mirror.model.read = read  # type: ignore[method-assign]
    mirror.run()
    assert last
    assert mirror.missed == []
    assert max(mirror.model.asked) <= 24


@pytest.mark.parametrize("how", ["add", "remove", "both"])
def test_nothing_is_missed_whatever_happens_to_the_listing(
    no_waits: None, tmp_path: Path, how: str
) -> None:
    for seed in range(3):
        dice = Random(f"{how} {seed}")
        model = Model(dice.choice([4, 60, 120]), dice=dice, how=how)
        folder = tmp_path / f"{seed}"
        folder.mkdir()
        mirror = Mirror(folder, model)
        for _ in range(8):
            model.often = dice.choice([0, 0.1, 0.4])
            model.broken = {dice.randrange(2, 20) for _ in range(dice.choice([0, 0, 1, 2]))}
            mirror.run(pages=dice.choice([0, 2, 5, 50]))
            model.add(dice.choice([0, 1, 6, 30]))
        model.often, model.broken = 0, set()
        for _ in range(5):  # a gap whose last article was taken away closes at the fourth try
            mirror.run()
        assert mirror.missed == [], (how, seed)
        assert mirror.gaps.of(SECTION) == []


def test_the_pager_says_how_much_is_ahead(mirror: Mirror) -> None:
    walk = mirror.run(pages=3)
    assert walk.pages_ahead() == walk.pages_left() > 0
    walk = mirror.run(pages=10_000)
    assert walk.pages_ahead() == 0
