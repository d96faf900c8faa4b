"""Listings with walls, gaps and answers of another kind: whole runs, each after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import pytest
from support.mirrors import Mirror, Run

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages

SECTION = "nsc418"
MADE_UP = made_up_articles(155)
ARTICLES = [replace(a, sections=(SECTION,)) for a in MADE_UP[:150]]  # five listing pages
OTHERS = [replace(a, sections=("nsc413",)) for a in MADE_UP[150:]]
JSON = Page(json.dumps({"error": "upstream timeout"}).encode(), "application/json")

NewMirror = Callable[..., Mirror]
Together = Callable[..., list[Any]]


class Step(NamedTuple):
    """A run of several, with what was published after it."""

    run: Run
    articles: set[str]


def is_listing(path: str) -> bool:
    return "/nsc" in path


def steps(mirror: Mirror, *changes: tuple[Pages, dict[str, object]]) -> list[Step]:
    """Run several times, each with some pages changed and some settings."""
    done = []
    for pages, settings in changes:
        mirror.server.pages.update(pages)
        run = mirror.scrapy("crawl", "section", f"-aid={SECTION},nsc413", **settings)
        done.append(Step(run, mirror.articles()))
    return done


@pytest.fixture(scope="module")
def stepped(new_mirror: NewMirror, together: Together) -> dict[str, list[Step]]:
    """Mirrors of two sections, the first of which is not as it should be."""
    site = demo_pages([*ARTICLES, *OTHERS])
    third, feed = f"/gb/{SECTION}_3.htm", f"/gb/{SECTION}.xml"
    was = site[feed]
    as_html = partial(lambda page, headers: replace(page(headers), content_type="text/html"), was)
    wrong = Page(b"broken", status=500)
    changes: dict[str, list[tuple[Pages, dict[str, object]]]] = {
        "broken": [({third: wrong}, {"RETRY_TIMES": 0}), ({third: site[third]}, {})],
        "misplaced": [({third: site[f"/gb/{SECTION}.htm"]}, {}), ({third: site[third]}, {})],
        "json": [({f"/gb/{SECTION}.htm": JSON}, {})],
        "backlog": [({}, {"MIRROR_BACKLOG": 2}), ({}, {"MIRROR_BACKLOG": 2})],
    }
    runs = {name: partial(steps, new_mirror(dict(site)), *given) for name, given in changes.items()}
    mirror = new_mirror({**site, feed: as_html})
    runs["feed"] = lambda: [Step(mirror.section(SECTION, via="feed"), mirror.articles())]
    return dict(zip(runs, together(*runs.values()), strict=True))


def test_page_that_fails_does_not_hide_those_behind_it(stepped: dict[str, list[Step]]) -> None:
    first, second = stepped["broken"]
    hidden = {article.id for article in ARTICLES[60:90]}
    assert first.run.returncode == 3
    assert f"{SECTION}: what stands behind page 2, of 20" in first.run.output
    assert first.articles == {a.id for a in [*ARTICLES, *OTHERS]} - hidden
    assert second.run.returncode == 0
    assert second.articles - first.articles == hidden


def test_another_page_of_the_listing_hides_nothing(stepped: dict[str, list[Step]]) -> None:
    first, second = stepped["misplaced"]
    assert first.run.returncode == 3
    assert f"another page, one that leads on to https://www.epochtimes.com/gb/{SECTION}_2.htm" in (
        first.run.output
    )
    assert second.run.returncode == 0
    assert second.articles == {article.id for article in [*ARTICLES, *OTHERS]}


def test_answer_of_another_kind_concerns_its_section_alone(stepped: dict[str, list[Step]]) -> None:
    (step,) = stepped["json"]
    assert step.run.returncode == 3
    assert f"/gb/{SECTION}.htm: JSON where a listing should be" in step.run.output
    assert step.articles == {article.id for article in OTHERS}
    assert "spider_exceptions" not in step.run.output


def test_feed_of_another_type_is_a_feed(stepped: dict[str, list[Step]]) -> None:
    (step,) = stepped["feed"]
    assert step.run.returncode == 0
    assert len(step.articles) == 60


def test_run_takes_the_newest_pages_and_a_share_of_the_rest(stepped: dict[str, list[Step]]) -> None:
    first, second = stepped["backlog"]
    others = {article.id for article in OTHERS}
    assert first.articles == {a.id for a in ARTICLES[:90]} | others
    assert f"{SECTION}: about" in first.run.output
    assert "left to later runs, 2 a run" in first.run.output
    assert second.articles == {a.id for a in ARTICLES} | others
    assert sum(map(is_listing, second.run.asked)) <= 8
    assert (first.run.returncode, second.run.returncode) == (0, 0)
