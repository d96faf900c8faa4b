"""Articles that are not there when they are asked for: what is believed of it, and when."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest
from support.mirrors import Mirror, Run

from demo.articles import Article, made_up_articles
from demo.server import Page
from demo.site import demo_pages
from mirror.exits import Exit

NewMirror = Callable[..., Mirror]

ARTICLES = [article for article in made_up_articles(24) if "nsc418" in article.sections]
FIRST = ARTICLES[0]
PAGE = f"pages/nsc418/{FIRST.id}.md"
REMOVED = "已从来源网站删除"
ERROR_PAGE = Page(
    b"<!DOCTYPE html><html><head><title>Error</title></head><body><h1>An error occurred.</h1><p>Sorry, "
    b"the page that you are looking for is unavailable. Please try again later.</p></body></html>"
)


@pytest.fixture(scope="module")
def published(new_mirror: NewMirror) -> Mirror:
    """A mirror that has all articles."""
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    return mirror


@pytest.fixture
def mirror(published: Mirror, new_mirror: NewMirror) -> Mirror:
    return new_mirror(demo_pages(ARTICLES), published)


def next_day(mirror: Mirror) -> None:
    """Make what was seen until now a thing of the day before, and due what was put off."""
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as database, database:
        database.execute("UPDATE absences SET last = date(last, '-1 day'), asked = asked - 86400")
        database.execute("UPDATE frontier SET due = due - 86400")


def states(mirror: Mirror) -> dict[str, str]:
    with closing(sqlite3.connect(mirror.folder / "state/mirror.db")) as database:
        return dict(database.execute("SELECT article, state FROM frontier"))


def lose(mirror: Mirror, *articles: Article, status: int = 404) -> None:
    mirror.server.pages.update({article.path: Page(b"gone", status=status) for article in articles})


def days_without(mirror: Mirror, days: int) -> list[Run]:
    """Runs on some days in a row."""
    runs = []
    for _ in range(days):
        runs.append(mirror.section("nsc418", refresh="all"))
        next_day(mirror)
    return runs


def test_article_gone_on_three_days_keeps_its_page_which_says_so(mirror: Mirror) -> None:
    before = mirror.texts()[PAGE]
    lose(mirror, FIRST, status=410)
    *doubted, believed = days_without(mirror, 3)
    for run in doubted:
        assert (run.stats["mirror/absent"], "mirror/gone" in run.stats) == (1, False)
        assert run.returncode == 0
    assert believed.stats["mirror/gone"] == 1
    (line,) = set(mirror.texts()[PAGE].splitlines()) - set(before.splitlines())
    assert REMOVED in line
    mirror.server.pages[FIRST.path] = demo_pages(ARTICLES)[FIRST.path]
    mirror.section("nsc418", refresh="all")
    assert mirror.texts()[PAGE] == before


def test_good_answer_between_them_begins_the_days_again(mirror: Mirror) -> None:
    lose(mirror, FIRST)
    days_without(mirror, 2)
    mirror.server.pages[FIRST.path] = demo_pages(ARTICLES)[FIRST.path]
    days_without(mirror, 1)
    lose(mirror, FIRST)
    days_without(mirror, 1)
    assert REMOVED not in mirror.texts()[PAGE]


def test_many_runs_on_a_day_are_one_day(mirror: Mirror) -> None:
    lose(mirror, FIRST)
    for _ in range(3):
        mirror.section("nsc418", refresh="all")
    assert REMOVED not in mirror.texts()[PAGE]


def test_article_that_is_back_is_found_by_itself(mirror: Mirror) -> None:
    lose(mirror, FIRST)
    days_without(mirror, 3)
    mirror.server.pages[FIRST.path] = demo_pages(ARTICLES)[FIRST.path]
    for _ in range(7):
        next_day(mirror)
    mirror.section("nsc418")
    assert REMOVED not in mirror.texts()[PAGE]


def test_site_that_has_lost_half_at_once_is_ill(mirror: Mirror) -> None:
    before = mirror.stamps()
    lose(mirror, *ARTICLES[: len(ARTICLES) * 2 // 3])
    for _ in range(3):
        run = mirror.section("nsc418", refresh="all")
        assert run.returncode == Exit.HOLLOW
        assert "have a page, usually 98% do" in run.output
        next_day(mirror)
    assert mirror.stamps() == before
    mirror.server.pages.update(demo_pages(ARTICLES))
    run = mirror.section("nsc418")
    assert run.returncode == 0
    assert mirror.stamps() == before
    assert set(states(mirror).values()) <= {"published", "unchanged"}


@pytest.mark.parametrize(
    "answer",
    [
        Page(b"", status=404),
        ERROR_PAGE,
        Page(b"", status=302, headers={"Location": "/gb/nsc418.htm"}),
    ],
    ids=["late", "error page", "to the section"],
)
def test_one_bad_answer_to_a_new_article_is_not_the_last_word(
    new_mirror: NewMirror, answer: Page
) -> None:
    pages = demo_pages(ARTICLES)
    mirror = new_mirror({**pages, **{article.path: answer for article in ARTICLES[:3]}})
    mirror.section("nsc418")
    assert mirror.articles() == {article.id for article in ARTICLES[3:]}
    mirror.server.pages.update(pages)
    next_day(mirror)  # of a run that looks again in the next second
    assert mirror.section("nsc418").returncode == 0
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_what_a_listing_still_shows_is_asked_for_once_a_week(new_mirror: NewMirror) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    lose(mirror, FIRST)
    days_without(mirror, 3)
    mirror.server.pages[FIRST.path] = demo_pages(ARTICLES)[FIRST.path]
    for days, is_asked in ((5, False), (2, True)):
        for _ in range(days):
            next_day(mirror)
        assert (FIRST.path in mirror.section("nsc418").asked) == is_asked
    assert FIRST.id in mirror.articles()


@pytest.mark.parametrize("is_known", [False, True], ids=["never fetched", "published"])
def test_article_is_fetched_at_the_address_at_which_it_is_listed(
    new_mirror: NewMirror, is_known: bool
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    if not is_known:
        lose(mirror, FIRST)
    mirror.section("nsc418")
    folders = FIRST.path.split("/")
    folders[4] = str(int(folders[4]) % 28 + 1)
    moved = replace(FIRST, path="/".join(folders))
    pages = demo_pages([moved, *ARTICLES[1:]])
    mirror.server.pages.update({**pages, FIRST.path: Page(b"", status=404)})
    for _ in range(2):
        next_day(mirror)
        mirror.section("nsc418", refresh="all")
    assert REMOVED not in mirror.texts()[PAGE]
    assert states(mirror)[FIRST.id] in ("published", "unchanged")
    assert mirror.asked().count(moved.path) == 1
