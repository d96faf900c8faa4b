"""A time of publication that cannot be is not believed; the next best one is."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from support.articles import article

from mirror.items import ArticleItem, replace
from mirror.quality.dating import dated, is_day_alone, is_possible, kept
from mirror.sites import get_site

CHINA = timezone(timedelta(hours=8))
SITE = get_site("epochtimes")
NOW = datetime(2021, 12, 28, 12, tzinfo=timezone.utc)
URL = "https://www.epochtimes.com/gb/21/12/28/n13465188.htm"
IMPOSSIBLE = [datetime(year, 5, 1, 8, tzinfo=CHINA) for year in (1, 1970, 1998, 2022, 2031, 9999)]


def made(**fields: object) -> ArticleItem:
    return replace(article(1), url=URL, **fields)


@pytest.mark.parametrize("time", IMPOSSIBLE, ids=lambda time: str(time.year))
def test_day_of_the_address_stands_in_for_a_time_that_cannot_be(time: datetime) -> None:
    item = made(published=time, updated=time)
    found = dated(item, SITE, NOW, None)
    assert (found.published, found.updated) == (datetime(2021, 12, 28, tzinfo=CHINA), None)


def test_day_of_the_text_goes_before_that_of_the_address() -> None:
    body = "<p>【大纪元2021年11月02日讯】报导。</p>"
    item = made(published=IMPOSSIBLE[0], body=body)
    assert dated(item, SITE, NOW, None).published == datetime(2021, 11, 2, tzinfo=CHINA)


def test_what_is_known_and_today_come_last() -> None:
    url = "https://www.epochtimes.com/gb/31/5/1/n13465188.htm"
    item = made(published=IMPOSSIBLE[-1], body="")
    item = replace(item, url=url)
    known = datetime(2021, 12, 20, 7, tzinfo=CHINA)
    assert dated(item, SITE, NOW, known).published == known
    assert dated(item, SITE, NOW, IMPOSSIBLE[0]).published == datetime(2021, 12, 28, tzinfo=CHINA)


@pytest.mark.parametrize("ahead", [-400, 0, 23])
def test_time_that_can_be_stays(ahead: int) -> None:
    item = made(published=(NOW + timedelta(hours=ahead)).astimezone(CHINA))
    assert is_possible(item.published, NOW)
    assert dated(item, SITE, NOW, None) is item


def test_time_of_an_update_that_cannot_be_is_left_out() -> None:
    item = made(updated=IMPOSSIBLE[-1])
    assert dated(item, SITE, NOW, None) == replace(item, updated=None)


@pytest.mark.parametrize(
    ("known", "is_kept"),
    [
        (datetime(2021, 12, 28, 10, 35, tzinfo=CHINA), True),
        (datetime(2021, 12, 27, tzinfo=CHINA), False),  # a day alone, too
        (None, False),
    ],
)
def test_time_that_is_known_outlives_a_page_without_one(
    known: datetime | None, is_kept: bool
) -> None:
    day = datetime(2021, 12, 28, tzinfo=CHINA)
    assert is_day_alone(day)
    assert kept(made(published=day), known).published == (known if is_kept else day)
