"""Pages of another article at an article's address, as a cache gives that mixes up its keys."""

from __future__ import annotations

from collections.abc import Callable

from support.mirrors import Mirror

from demo.articles import made_up_articles
from demo.markup import article_page
from demo.server import Page
from demo.site import demo_pages
from mirror.quality.mistaken import are_akin

ARTICLES = [article for article in made_up_articles(20) if "nsc418" in article.sections]
ASKED = ARTICLES[3]
SHOWN = next(article for article in ARTICLES if not are_akin(article.title, ASKED.title))


def test_page_of_another_article_is_not_published_as_this_one(
    new_mirror: Callable[..., Mirror],
) -> None:
    silent = article_page(SHOWN, ARTICLES).replace(SHOWN.url, ASKED.url)
    pages = demo_pages(ARTICLES)
    mirror = new_mirror({**pages, ASKED.path: Page(silent.encode())})
    run = mirror.section("nsc418")
    assert run.stats["mirror/failed"] == 1
    assert f"Failed {ASKED.url}: the page shows {SHOWN.id}, by its title" in run.output
    assert mirror.articles() == {article.id for article in ARTICLES} - {ASKED.id}
    mirror.server.pages[ASKED.path] = pages[ASKED.path]
    mirror.section("nsc418")
    mirror.section("nsc418")
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_page_of_another_site_is_not_published_as_this_one(
    new_mirror: Callable[..., Mirror],
) -> None:
    other = "https://www.ntdtv.com/gb/2021/12/08/a103288001.html"
    page = article_page(ASKED, ARTICLES).replace(ASKED.url, other)
    mirror = new_mirror({**demo_pages(ARTICLES), ASKED.path: Page(page.encode())})
    run = mirror.section("nsc418")
    assert f"Failed {ASKED.url}: the page is that of a103288001" in run.output
    assert mirror.articles() == {article.id for article in ARTICLES} - {ASKED.id}
