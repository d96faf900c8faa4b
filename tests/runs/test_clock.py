"""A machine whose clock is wrong: what a run does on its word, and what the next run makes of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.articles import made_up_articles
from demo.site import demo_pages

if TYPE_CHECKING:
    from conftest import Mirror, Run

LIBRARY = next(Path("/usr/lib").glob("**/faketime/libfaketime.so.1"), None)
KEEP = {"MIRROR_KEEP_DAYS": 30}

pytestmark = pytest.mark.skipif(LIBRARY is None, reason="faketime is not installed")


@pytest.fixture
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    """A mirror of articles that are some hours and some days old."""
    now = datetime.now(timezone(timedelta(hours=8))).replace(microsecond=0)
    articles = [
        replace(article, published=now - timedelta(hours=3 + 40 * number), updated=None)
        for number, article in enumerate(made_up_articles(6))
    ]
    mirror = new_mirror(demo_pages(articles))
    assert crawl(mirror).returncode == 0
    return mirror


def crawl(mirror: Mirror, error: str = "") -> Run:
    """Run a crawl with a clock that is wrong by so much."""
    with pytest.MonkeyPatch.context() as environment:
        if error:
            environment.setenv("LD_PRELOAD", str(LIBRARY))
            environment.setenv("FAKETIME", error)
            environment.setenv("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        mirror.anew = bool(error)
        return mirror.scrapy("crawl", "section", "-aid=nsc418", **KEEP)


def articles_asked(run: Run) -> list[str]:
    return [path for path in run.asked if path.count("/") > 2]


@pytest.mark.parametrize("error", ["+365d", "-365d"])
def test_nothing_is_lost_by_a_clock_that_is_a_year_off(mirror: Mirror, error: str) -> None:
    before = mirror.stamps()
    wrong = crawl(mirror, error)
    assert wrong.returncode == 0
    assert len(articles_asked(wrong)) == len(set(articles_asked(wrong)))
    this_year = datetime.now(timezone.utc).year
    (warning,) = (line for line in wrong.output.splitlines() if "time is in doubt" in line)
    assert str(this_year) in warning
    assert {str(this_year - 1), str(this_year + 1)} & set(warning.replace("-", " ").split())
    assert mirror.stamps() == before
    time.sleep(1)  # what a run looked at is due again in the next second
    right = crawl(mirror)
    assert "in doubt" not in right.output
    assert articles_asked(right)  # the one of this day
    assert mirror.stamps() == before
