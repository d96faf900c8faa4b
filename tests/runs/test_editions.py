"""The source's edition in Traditional characters: its listings and articles, each of them once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from support.mirrors import Mirror

from demo.articles import made_up_articles
from demo.server import Page, Pages
from demo.site import demo_pages
from mirror.content.script import html_in

pytest.importorskip("zhconv_rs", reason="requirements-script.txt")

ARTICLES = made_up_articles(24)
SECTION = next(iter(ARTICLES[0].sections))
BOTH = [article for article in ARTICLES if SECTION in article.sections]


def both_editions(pages: Pages) -> Pages:
    """The pages of the made-up site, and under /b5/ the same in Traditional characters."""
    other = {
        path.replace("/gb/", "/b5/", 1): partial(_traditional, page)
        for path, page in pages.items()
        if path.startswith("/gb/")
    }
    return {**pages, **other}


def _traditional(page: Page | Callable[..., Page], headers: dict[str, str]) -> Page:
    given = page(headers) if callable(page) else page
    text = html_in("hant", given.body.decode()).replace("/gb/", "/b5/")
    return replace(given, body=text.encode())


@pytest.fixture
def mirror(new_mirror: Callable[..., Mirror]) -> Mirror:
    return new_mirror(both_editions(demo_pages(ARTICLES)))


def test_listings_and_articles_of_the_other_edition_are_read(mirror: Mirror) -> None:
    run = mirror.section(SECTION, edition="b5")
    assert run.returncode == 0, run.output
    assert mirror.articles() == {article.id for article in BOTH}
    assert not [path for path in run.asked if path.startswith("/gb/")]
    assert mirror.section(SECTION, edition="b5").stats["mirror/listing_pages"] == 1
    page = next(text for path, text in mirror.texts().items() if path.endswith(f"{BOTH[0].id}.md"))
    assert html_in("hant", BOTH[0].title) in page and "/b5/" in page


def test_an_article_of_both_editions_is_one(mirror: Mirror) -> None:
    assert mirror.section(SECTION).returncode == 0
    before = mirror.stamps()
    run = mirror.section(SECTION, edition="b5")
    assert run.returncode == 0, run.output
    assert not [path for path in run.asked if "/b5/" in path and "/n1" in path]
    assert mirror.stamps() == before
    assert mirror.section(SECTION).returncode == 0
    assert mirror.stamps() == before


def test_the_archive_is_read_in_the_other_edition(mirror: Mirror) -> None:
    since = min(article.published for article in BOTH).date()
    run = mirror.scrapy("crawl", "archive", f"-aid={SECTION}", f"-asince={since}", "-aedition=b5")
    assert run.returncode == 0, run.output
    assert mirror.articles() == {article.id for article in BOTH}
    assert not [path for path in run.asked if path.startswith("/gb/")]


@pytest.mark.parametrize("site", [("epochtimes", "nsc418", "gb, b5"), ("ntd", "china", "has none")])
def test_a_wrong_edition_is_refused_before_the_first_request(
    mirror: Mirror, site: tuple[str, str, str]
) -> None:
    name, section, told = site
    run = mirror.section(section, site=name, edition="en")
    assert (run.returncode, run.asked) == (2, [])
    assert "edition" in run.output and told in run.output
