from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mirror.items import Link
from mirror.store.clock import Clock
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.gaps import Gaps

HOUR, DAY, YEAR = 3600, 24 * 3600, 365 * 24 * 3600
NOW = 1_795_000_000  # the true time
LINK = Link("n1", "https://www.epochtimes.com/gb/21/1/1/n1.htm", "题")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/mirror.db"


def begun(url: str, here: int, site: int | None = None) -> Clock:
    """The clock of a run in a process of its own, after its first response."""
    clock = Database(url).clock
    clock.begin(here)
    if site is not None:
        clock.hear(site)
    return clock


def ran(url: str, here: int, site: int | None = None) -> Clock:
    clock = begun(url, here, site)
    clock.end()
    return clock


def test_first_run_believes_its_clock_if_the_site_does_not_contradict(url: str) -> None:
    assert begun(url, NOW).witnesses.is_believed
    assert begun(url, NOW, NOW + 30).time == NOW
    assert not begun(url, NOW, NOW - YEAR).witnesses.is_believed


@pytest.mark.parametrize("error", [8 * HOUR, 30 * DAY, YEAR, -8 * HOUR, -YEAR])
def test_wrong_clock_puts_nothing_off_where_the_site_tells(url: str, error: int) -> None:
    ran(url, NOW - HOUR, NOW - HOUR)
    clock = begun(url, NOW + error, NOW)
    assert clock.time <= NOW
    assert clock.after(DAY) <= NOW + DAY + 1
    assert "2026" in clock.doubt()


@pytest.mark.parametrize("error", [30 * DAY, YEAR])
def test_wrong_clock_puts_nothing_off_where_only_runs_before_tell(url: str, error: int) -> None:
    ran(url, NOW - HOUR)
    clock = begun(url, NOW + error)
    assert not clock.witnesses.is_believed
    assert clock.time == NOW - HOUR
    assert clock.day == date.fromtimestamp(NOW - HOUR)
    assert "the last run was at 2026-11-18" in clock.doubt()


def test_clock_behind_the_runs_before_is_not_believed(url: str) -> None:
    ran(url, NOW, NOW)
    clock = begun(url, NOW - YEAR)
    assert not clock.witnesses.is_believed
    assert clock.due_until == clock.time == NOW - YEAR


def test_site_and_runs_before_overrule_a_clock_that_is_behind(url: str) -> None:
    ran(url, NOW - HOUR, NOW - HOUR)
    clock = begun(url, NOW - YEAR, NOW)
    assert clock.time == clock.due_until == NOW


def test_wrong_run_is_forgotten_when_the_clock_is_right_again(url: str) -> None:
    ran(url, NOW - HOUR, NOW - HOUR)
    ran(url, NOW + YEAR, NOW)
    after = begun(url, NOW + HOUR, NOW + HOUR)
    assert after.witnesses.is_believed
    assert after.doubt() == ""


def test_long_pause_is_believed_if_the_site_confirms_it(url: str) -> None:
    ran(url, NOW, NOW)
    assert begun(url, NOW + YEAR, NOW + YEAR).time == NOW + YEAR


def test_clock_that_agrees_with_itself_for_days_is_believed_where_no_site_tells(url: str) -> None:
    ran(url, NOW)
    for day in range(3):
        assert not ran(url, NOW + YEAR + day * DAY).witnesses.is_believed
    ran(url, NOW + YEAR + 3 * DAY)
    assert begun(url, NOW + YEAR + 3 * DAY + HOUR).witnesses.is_believed


def test_time_does_not_change_once_something_was_put_off(url: str) -> None:
    clock = begun(url, NOW)
    before = clock.after(HOUR)
    clock.hear(NOW - YEAR)
    assert clock.after(HOUR) == before


def test_what_was_dealt_with_is_not_due_again_in_the_run_whatever_the_clock_says(url: str) -> None:
    ran(url, NOW - HOUR, NOW - HOUR)
    database = Database(url)
    frontier = Frontier(database)
    frontier.record("nsc418", [LINK])
    database.clock.begin(NOW + YEAR)
    database.clock.hear(NOW)
    assert [row.article for row in frontier.take(9, database.clock.due_until, ["nsc418"])] == ["n1"]
    frontier.fail("n1", "HTTP 500")
    assert frontier.take(9, database.clock.due_until, ["nsc418"]) == []
    frontier.release()  # as the next run does
    database.clock.begin(NOW + HOUR)
    assert [row.article for row in frontier.take(9, database.clock.due_until, ["nsc418"])] == ["n1"]


@pytest.mark.parametrize("behind", [0, 1, 5])
def test_what_a_run_put_off_to_the_next_is_due_in_it_even_within_the_same_second(
    url: str, behind: int
) -> None:
    for begins in (NOW, NOW - behind):
        database = Database(url)
        frontier, gaps = Frontier(database), Gaps(database)
        frontier.record("nsc418", [LINK])
        database.clock.begin(begins)
        until = database.clock.due_until
        assert [row.article for row in frontier.take(9, until, ["nsc418"])] == ["n1"]
        frontier.fail("n1", "HTTP 500")
        assert gaps.next_try(1) > until
        assert frontier.take(9, until, ["nsc418"]) == []
        database.clock.end()
    assert begun(url, NOW + 2).due_until == NOW + 2


def test_what_a_wrong_clock_has_put_off_comes_forward(url: str) -> None:
    database = Database(url)
    frontier = Frontier(database)
    frontier.record("nsc418", [LINK])
    database.clock.begin(NOW + YEAR)
    frontier.fail("n1", "HTTP 500")
    database.clock.begin(NOW)
    assert frontier.take(9, database.clock.due_until, ["nsc418"]) == []
    frontier.bring_forward()
    assert [row.article for row in frontier.take(9, database.clock.due_until, ["nsc418"])] == ["n1"]


def test_times_beyond_2038_are_bounded(url: str) -> None:
    clock = begun(url, 2**33)
    assert clock.after(DAY) < 2**31
