"""What changes at the source, or on the disk, after an article was published."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from support.mirrors import Mirror

from demo.articles import Article, made_up_articles
from demo.server import Page
from demo.site import demo_pages

NewMirror = Callable[..., Mirror]
ARTICLES = made_up_articles(40)[:6]
FIRST = ARTICLES[0]
PAGE = f"pages/nsc418/{FIRST.id}.md"


def is_article(path: str) -> bool:
    return "/n1" in path


@pytest.fixture(scope="module")
def published(new_mirror: NewMirror) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES))
    assert mirror.section("nsc418").returncode == 0
    return mirror


def changed(mirror: Mirror, article: Article) -> None:
    """Have the server show a version of an article."""
    others = [article if a.id == article.id else a for a in ARTICLES]
    mirror.server.pages[article.path] = demo_pages(others)[article.path]


def test_changed_article_is_published_anew_and_no_other_page_is_touched(
    published: Mirror, new_mirror: NewMirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), published)
    changed(mirror, replace(FIRST, body_html=FIRST.body_html + "<p>后来又有消息。</p>"))
    before = mirror.stamps()
    run = mirror.section("nsc418", refresh="all")
    assert sum(map(is_article, run.asked)) == len(ARTICLES)
    assert {p for p, s in mirror.stamps().items() if s.content != before[p].content} == {PAGE}
    assert {p for p, s in mirror.stamps().items() if s != before[p] and s.content} == {PAGE}
    assert "后来又有消息。" in mirror.texts()[PAGE]


def test_change_round_the_article_is_no_change(published: Mirror, new_mirror: NewMirror) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), published)
    page = mirror.server.pages[FIRST.path]({})
    junk = b'<div id="below_article_ad">' + b"<a href=/x>new advert</a>" * 9 + b"</div>"
    body = page.body.replace(b'<div id="below_article_ad">', junk + b'<div id="below_article_ad">')
    assert body != page.body
    mirror.server.pages[FIRST.path] = replace(page, body=body)
    before = mirror.stamps()
    run = mirror.section("nsc418", refresh="all")
    assert run.stats["mirror/unchanged"] == len(ARTICLES)
    assert mirror.stamps() == before


def test_known_versions_are_asked_for_conditionally(
    published: Mirror, new_mirror: NewMirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), published)
    run = mirror.section("nsc418", refresh="all")
    assert run.stats["downloader/response_status_count/304"] == len(ARTICLES)
    asked = [r.headers for r in mirror.server.requests if is_article(r.path)]
    assert all("if-none-match" in headers for headers in asked)


def test_young_article_is_looked_at_in_every_run(new_mirror: NewMirror) -> None:
    now = datetime.now(timezone(timedelta(hours=8))).replace(microsecond=0)
    young = replace(FIRST, published=now - timedelta(hours=3), updated=None)
    mirror = new_mirror(demo_pages([young, *ARTICLES[1:]]))
    mirror.section("nsc418")
    run = mirror.section("nsc418")
    assert [path for path in run.asked if is_article(path)] == [FIRST.path]


def test_second_run_at_the_same_time_names_the_first(new_mirror: NewMirror) -> None:
    pages = demo_pages(ARTICLES)
    first = pages["/gb/nsc418.htm"]

    def slow(headers: dict[str, str]) -> Page:
        time.sleep(4)
        return first(headers)

    pages["/gb/nsc418.htm"] = slow
    mirror = new_mirror(pages)
    running = mirror.start("crawl", "section", "-aid=nsc418")
    while not mirror.asked():
        time.sleep(0.05)
    second = mirror.scrapy("render")
    assert second.returncode == 5
    assert f"scrapy crawl section (process {running.pid}" in second.output
    assert running.wait(60) == 0
    assert mirror.articles() == {article.id for article in ARTICLES}


def test_file_that_cannot_be_written_ends_the_run_and_the_next_one_completes_it(
    published: Mirror, new_mirror: NewMirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES))
    blocked = mirror.tree / PAGE
    blocked.mkdir(parents=True)  # a folder where the page should go
    run = mirror.section("nsc418")
    assert run.returncode == 6
    assert "run it again" in run.output
    assert not [path for path in mirror.files() if path.endswith(".mirror-tmp")]
    shutil.rmtree(blocked)
    assert mirror.section("nsc418").returncode == 0
    assert mirror.files() == published.files()


def test_half_written_file_of_a_killed_run_is_swept(
    published: Mirror, new_mirror: NewMirror
) -> None:
    mirror = new_mirror(demo_pages(ARTICLES), published)
    (mirror.tree / f"{PAGE}.mirror-tmp").write_text("half")
    (mirror.folder / "state" / "mirror.db.run").write_text("{}")  # as a killed run leaves it
    mirror.section("nsc418")
    assert mirror.files() == published.files()
