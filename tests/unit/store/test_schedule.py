from __future__ import annotations

from datetime import datetime, timedelta, timezone

from mirror.store.schedule import pause_before_check

NOW = datetime(2026, 11, 27, tzinfo=timezone.utc)


def pause(title: str, **age: int) -> int | None:
    return pause_before_check(NOW - timedelta(**age), title, NOW.timestamp())


def test_looks_thin_out_with_age() -> None:
    pauses = [pause("题", hours=1), pause("题", days=2), pause("题", days=5), pause("题", days=20)]
    assert pauses == [0, 6 * 3600, 24 * 3600, 4 * 24 * 3600]
    assert pause("题", days=40) is None


def test_article_that_is_being_updated_is_looked_at_four_times_as_often() -> None:
    assert pause("题（更新）", days=5) == 6 * 3600


def test_article_of_the_future_is_as_one_of_today() -> None:
    assert pause("题", days=-400) == 0
