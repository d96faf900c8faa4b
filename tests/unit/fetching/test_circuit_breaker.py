"""When a host may be asked again, by a clock of our own."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from mirror.fetching.circuit_breaker import Host, before_retry, retry_after

NOW = datetime(2026, 11, 25, 12, tzinfo=timezone.utc)
LATE = 1000.0  # seconds: after any pause of these tests


def host() -> Host:
    return Host(pause=10, refusals=1, failures=4)


def paused(times: int, at_most: float = 10_000) -> list[float]:
    """The pauses of a host that refuses each time it is tried again."""
    refusing, now, pauses = host(), 0.0, []
    for _ in range(times):
        pauses.append(refusing.refuse(refusing.round, now, None))
        now += min(pauses[-1], at_most) + 1
        refusing.wait(now)
    return pauses


def test_everybody_waits_as_long_as_the_host_asks() -> None:
    refusing = host()
    assert refusing.wait(0) == 0
    seconds = refusing.refuse(0, 0, asked=120)
    assert 120 <= seconds <= 144
    assert refusing.wait(119) > 0
    assert refusing.wait(seconds) == 0


def test_pauses_grow_and_have_an_end() -> None:
    pauses = paused(9)
    assert all(10 * 2**n <= pause <= 12 * 2**n for n, pause in enumerate(pauses[:6]))
    assert max(pauses) <= 720
    assert host().refuse(0, 0, asked=10**9) <= 720


def test_short_retry_after_again_and_again_is_not_taken_at_its_word() -> None:
    refusing = host()
    pauses = [refusing.refuse(refusing.round, 0, asked=1) for _ in range(4)]
    assert pauses[0] < 2
    assert pauses[3] >= 40


def test_refusals_of_requests_sent_before_the_pause_are_one_refusal() -> None:
    refusing = host()
    refusing.refuse(0, 0, None)
    assert [refusing.refuse(0, 0.1, None) for _ in range(9)] == [0.0] * 9
    assert not refusing.is_given_up
    refusing.refuse(0, 0.2, asked=500)  # one of them knows more
    assert refusing.wait(499) > 0


def test_good_answer_from_before_the_pause_does_not_end_it() -> None:
    refusing = host()
    refusing.refuse(0, 0, None)
    refusing.succeed(0)
    assert refusing.wait(5) > 0


def test_after_a_pause_one_is_tried_then_more_then_all_go() -> None:
    refusing = host()
    refusing.refuse(0, 0, None)
    assert [refusing.wait(LATE) > 0 for _ in range(3)] == [False, True, True]
    refusing.succeed(1)
    assert [refusing.wait(LATE) > 0 for _ in range(3)] == [False, False, True]
    refusing.succeed(1)
    refusing.succeed(1)
    assert refusing.is_calm


def test_trial_that_is_never_heard_of_again_does_not_block() -> None:
    refusing = host()
    refusing.refuse(0, 0, None)
    assert refusing.wait(LATE) == 0
    assert refusing.wait(LATE + 1) > 0
    assert refusing.wait(LATE + 61) == 0


def test_failures_in_a_row_bring_a_pause_and_others_do_not() -> None:
    failing = host()
    assert [failing.fail(0, 0) > 0 for _ in range(3)] == [False] * 3
    failing.succeed(0)
    assert [failing.fail(0, 0) > 0 for _ in range(4)] == [False, False, False, True]
    assert failing.wait(LATE) == 0
    assert failing.fail(1, LATE) > 0, "the trial failed"


def test_single_refusals_may_be_forgiven() -> None:
    forgiving = Host(pause=10, refusals=3, failures=100)
    for _ in range(9):
        assert forgiving.refuse(0, 0, None) == 0
        for _ in range(10):
            forgiving.succeed(0)
    assert [forgiving.refuse(0, 0, None) > 0 for _ in range(3)] == [False, False, True]


def test_host_that_does_not_come_round_is_given_up() -> None:
    failing, now = host(), 0.0
    for _ in range(6):
        assert not failing.is_given_up
        now += failing.refuse(failing.round, now, None) + 1
        failing.wait(now)
    assert failing.is_given_up


def test_host_that_answers_between_refusals_is_not_given_up() -> None:
    limiting, now = host(), 0.0
    for _ in range(50):
        now += limiting.refuse(limiting.round, now, None) + 1
        for _ in range(10):
            limiting.wait(now)
            limiting.succeed(limiting.round)
    assert not limiting.is_given_up


def test_retries_are_spread() -> None:
    waits = [before_retry(30, tries) for tries in (1, 2, 3)]
    assert waits == sorted(waits)
    assert 5 <= waits[0] <= 6
    assert 20 <= waits[1] <= 24


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("9" * 400, None),
        ("soon", None),
        ("١٢", None),
        ("Wed, 25 Nov 2026 12:01:30 GMT", 90),
        ("Wednesday, 25-Nov-26 12:01:30 GMT", 90),
        ("Wed, 25 Nov 2026 11:00:00 GMT", None),
        ("Wed, 99 Nov 2026 12:01:30 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds
