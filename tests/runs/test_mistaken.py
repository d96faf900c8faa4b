"""Pages of another article at an article's address, as a cache gives that mixes up its keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from support.mirrors import Mirror

from demo.articles import made_up_articles
from demo.markup import article_page
from demo.server import Page
from demo.site import demo_pages
from mirror.quality.mistaken import are_akin
from mirror.store.database import open_database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import change

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


def test_title_unlike_all_that_is_known_is_not_published(new_mirror: Callable[..., Mirror]) -> None:
    """As of an error page in the form of an article; one that stays so for hours is believed."""
    page = article_page(replace(ASKED, title="网站维护中"), ARTICLES)
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    before = mirror.files()
    mirror.server.pages[ASKED.path] = Page(page.encode())
    run = mirror.section("nsc418", refresh="all")
    assert run.returncode == 3
    assert "a title unlike those that it is known by: 网站维护中" in run.output
    assert mirror.files() == before
    frontier = Frontier(open_database(f"sqlite:///{mirror.folder}/state/mirror.db"))
    frontier.fail(ASKED.id, "a title unlike those that it is known by: 网站维护中")
    frontier.renew(ASKED.id)
    assert mirror.section("nsc418").returncode == 3  # asked for by hand it begins again
    for _ in range(2):
        frontier.fail(ASKED.id, "a title unlike those that it is known by: 网站维护中")
    with frontier.engine.begin() as connection:
        change(connection, [ASKED.id], due=0)
    assert mirror.section("nsc418").returncode == 0
    assert "### 网站维护中" in mirror.texts()[f"pages/nsc418/{ASKED.id}.md"]
