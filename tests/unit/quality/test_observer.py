"""A field that goes missing is told from one that is missing by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from support.articles import article

from mirror.items import ArticleItem
from mirror.pages.ledger import Ledger
from mirror.pages.tree import Tree
from mirror.quality.coverage import UsualCoverage
from mirror.quality.judge import Judge
from mirror.quality.observer import Observer
from mirror.sites import get_site
from mirror.store.database import Database

NOON = datetime(2021, 12, 1, 12, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def observer(tmp_path: Path) -> Observer:
    """One that knows a hundred stored articles."""
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    ledger = Ledger(database, Tree(tmp_path / "out"))
    for number in range(100):
        ledger.publish(article(number))
    ledger.flush()
    return Observer(UsualCoverage(database))


def findings(observer: Observer, items: list[ArticleItem]) -> str:
    for item in items:
        observer.see(item, None)
        if finding := observer.finding():
            return finding.words
        if observer.is_full:
            observer.publish()
            observer.accept()
    return ""


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"lead_image": ""}, "0 have a lead image"),
        ({"tags": ()}, "0 have tags"),
        ({"body": "<p>短</p>"}, "0 have text of the usual length|begin alike"),
        ({"body": "<p>请用客户端阅读。</p>" * 40}, "begin alike"),
        ({"title": "大纪元"}, "the same title"),
        ({"published": NOON.replace(hour=0)}, "0 have a time of day"),
    ],
)
def test_field_that_goes_missing_is_found(observer: Observer, change: dict, what: str) -> None:
    finding = findings(observer, [article(number, **change) for number in range(200, 230)])
    assert any(words in finding for words in what.split("|"))


def test_articles_as_usual_are_none(observer: Observer) -> None:
    assert findings(observer, [article(number) for number in range(200, 700)]) == ""


def test_a_few_without_a_picture_are_none(observer: Observer) -> None:
    bare = [article(n, lead_image="") if n % 3 == 0 else article(n) for n in range(200, 290)]
    assert findings(observer, bare) == ""


def test_what_was_right_before_does_not_hide_what_is_missing_now(observer: Observer) -> None:
    right = [article(number) for number in range(200, 440)]
    lost = [article(n) if n % 2 else article(n, lead_image="") for n in range(440, 600)]
    assert findings(observer, right) == ""
    assert "have a lead image, usually 8" in findings(observer, lost)


def test_another_time_has_other_habits(observer: Observer) -> None:
    old = [
        article(n, lead_image="", published=NOON - timedelta(days=900, minutes=n))
        for n in range(200, 260)
    ]
    assert findings(observer, old) == ""


def test_updates_that_all_lose_a_field_are_found(observer: Observer) -> None:
    for number in range(8):
        former = article(number, lead_image="https://i.example/a.jpg")
        assert observer.see(replace(former, lead_image=""), former)
    finding = observer.finding()
    assert finding is not None
    assert "0 have a lead image" in finding.words


def test_small_runs_add_up(observer: Observer) -> None:
    found = []
    for run in range(2):
        judge = Judge(observer.history.database, get_site("epochtimes"))
        judge.open()
        articles = [article(200 + 4 * run + n, tags=()) for n in range(4)]
        found.append(findings(judge.observer, articles))
        judge.flush()
    assert found[0] == ""
    assert "of 8 articles in nsc418, 0 have tags" in found[1]


def test_pages_without_a_title_are_found_without_any_history(tmp_path: Path) -> None:
    observer = Observer(UsualCoverage(Database(f"sqlite:///{tmp_path}/mirror.db")))
    for number in range(4):
        observer.miss(f"n100000{number}", "nsc418", "title")
    assert observer.finding() is None
    observer.miss("n1000004", "nsc418", "title")
    words = "of 5 articles in nsc418, 0 have a title, usually 98% do"
    assert observer.finding() == ("nsc418", "a title", words)


def test_five_articles_that_begin_alike_are_found_and_one_seen_five_times_is_not(
    observer: Observer,
) -> None:
    for _ in range(5):
        observer.see(article(200, title="同一个题目"), None)
    assert observer.finding() is None
    for number in range(201, 205):
        observer.see(article(number, title="同一个题目"), None)
    finding = observer.finding()
    assert finding is not None
    assert finding.words == "5 articles have the same title, or begin alike"


def test_what_was_looked_at_again_and_is_missing_for_good_reason_is_no_finding(
    observer: Observer,
) -> None:
    observer.cleared.add("tags")
    assert findings(observer, [article(number, tags=()) for number in range(200, 260)]) == ""


def test_articles_that_are_as_they_were_count_for_what_they_have(observer: Observer) -> None:
    for number in range(20):
        observer.see_again(article(number, lead_image="https://i.example/a.jpg"), is_whole=True)
    lost = [article(number, lead_image="") for number in range(200, 209)]
    assert findings(observer, lost) == ""
