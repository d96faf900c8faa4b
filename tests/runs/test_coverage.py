"""Markup that changed between two runs is noticed before anything is lost by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages

if TYPE_CHECKING:
    from conftest import Mirror, Run

NewMirror = Callable[..., "Mirror"]
Together = Callable[..., list[Any]]

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
