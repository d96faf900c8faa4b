"""Markup that changed between two runs is noticed before anything is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from support.articles import article

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages
from mirror.items import ArticleItem
from mirror.pages.ledger import Ledger
from mirror.pages.tree import Tree
from mirror.quality.coverage import Observer, UsualCoverage
from mirror.quality.coverage_store import recall, remember
from mirror.sites import get_site
from mirror.store.database import Database

if TYPE_CHECKING:
    from conftest import Mirror, Run

NewMirror = Callable[..., "Mirror"]
Together = Callable[..., list[Any]]
SITE = get_site("epochtimes")
NOON = datetime(2021, 12, 1, 12, tzinfo=timezone(timedelta(hours=8)))


# ---- the judgement


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
            return finding
        if observer.is_full:
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
    assert "0 have a lead image" in observer.finding()


def test_small_runs_add_up(observer: Observer) -> None:
    database = observer.history.database
    found = []
    for run in range(2):
        later = Observer(UsualCoverage(database))
        recall(database, later, SITE)
        found.append(findings(later, [article(200 + 4 * run + n, tags=()) for n in range(4)]))
        remember(database, later, SITE)
    assert found[0] == ""
    assert "of 8 articles in nsc418, 0 have tags" in found[1]


def test_pages_without_a_title_are_found_without_any_history(tmp_path: Path) -> None:
    observer = Observer(UsualCoverage(Database(f"sqlite:///{tmp_path}/mirror.db")))
    for _ in range(4):
        observer.miss("nsc418", "title")
    assert observer.finding() == ""
    observer.miss("nsc418", "title")
    assert observer.finding() == "of 5 articles in nsc418, 0 have a title, usually 98% do"


# ---- whole runs

ARTICLES = made_up_articles(40)


def changed(*pairs: tuple[str, str]) -> Pages:
    """The demo's pages with some of their markup replaced."""

    def change(page: Page) -> Page:
        body = page.body.decode()
        for old, new in pairs:
            body = body.replace(old, new)
        return replace(page, body=body.encode())

    def later(page: Callable[[dict[str, str]], Page]) -> Callable[[dict[str, str]], Page]:
        return lambda headers: change(page(headers))

    pages = demo_pages(ARTICLES)
    return {p: change(x) if isinstance(x, Page) else later(x) for p, x in pages.items()}


LOST = {
    "lead image": (("featured_image", "hero"), ("arttop", "herotop")),
    "body": (('id="artbody"', 'id="text"'), ('itemprop="articleBody"', "")),
    "article": (("one_post", "card"), ("posts-list", "cards")),
}


@pytest.fixture(scope="module")
def known(new_mirror: NewMirror) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    return mirror


@pytest.fixture(scope="module")
def hollow(
    known: Mirror, new_mirror: NewMirror, together: Together
) -> dict[str, tuple[Mirror, Run]]:
    mirrors = {what: new_mirror(changed(*pairs), known) for what, pairs in LOST.items()}
    runs = together(*(partial(m.section, "nsc418", refresh="all") for m in mirrors.values()))
    return {what: (mirrors[what], run) for what, run in zip(mirrors, runs, strict=True)}


@pytest.mark.parametrize("what", LOST)
def test_hollow_run_says_so_once_and_changes_nothing(
    hollow: dict[str, tuple[Mirror, Run]], known: Mirror, what: str
) -> None:
    mirror, run = hollow[what]
    assert run.returncode == 9
    assert run.stats["mirror/hollow"] == 1
    (message,) = (line for line in run.output.splitlines() if "seems to have changed" in line)
    assert what in message
    assert "nsc418" in message
    assert mirror.files() == known.files()
    assert list(mirror.folder.glob("state/hollow/*/*.html"))
    assert "Traceback" not in run.output


def test_mended_site_is_mirrored_as_if_nothing_had_been(
    hollow: dict[str, tuple[Mirror, Run]], known: Mirror, new_mirror: NewMirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), hollow["body"][0])
    run = mirror.section("nsc418")
    assert run.returncode == 0
    assert run.stats["mirror/unchanged"] == len(known.articles())
    assert mirror.files() == known.files()


def test_nothing_is_suspected_if_the_operator_says_so(known: Mirror, new_mirror: NewMirror) -> None:
    mirror = new_mirror(changed(*LOST["lead image"]), known)
    run = mirror.scrapy("crawl", "section", "-aid=nsc418", "-arefresh=all", MIRROR_SUSPICION=0)
    assert run.returncode == 0
    assert run.stats["mirror/published"] > 5
