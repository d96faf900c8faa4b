"""Feeds in the tree: valid, whole, and rewritten only with news."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from lxml import etree, html
from support.commands import command
from support.mirrors import PUBLIC_URL, Mirror

from demo.articles import made_up_articles
from demo.site import demo_pages

ARTICLES = made_up_articles(40)
NEW = {article.id for article in ARTICLES[:3]}
FEEDS = {"MIRROR_FEEDS": 10}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def crawled(new_mirror: Callable[..., Mirror]) -> Mirror:
    mirror = new_mirror(demo_pages(ARTICLES[3:]))
    assert crawl(mirror) == 0
    return mirror


@pytest.fixture
def mirror(crawled: Mirror, new_mirror: Callable[..., Mirror]) -> Mirror:
    return new_mirror(demo_pages(ARTICLES[3:]), crawled)


def crawl(mirror: Mirror, *args: str) -> int:
    run = mirror.scrapy("crawl", "section", "-aid=nsc418,nsc413", *args, **FEEDS)
    return run.returncode


def feed(mirror: Mirror, name: str) -> etree._Element:
    return etree.fromstring(mirror.files()[f"feeds/{name}.xml"])


def children(node: etree._Element) -> dict[str, str]:
    return {child.tag.removeprefix(ATOM): child.text or child.get("href", "") for child in node}


def test_atom_has_what_rfc_4287_asks_for(mirror: Mirror) -> None:
    counts = {name: sum(name in a.sections for a in ARTICLES[3:]) for name in ("nsc418", "nsc413")}
    for name, count in {"home": 10, **counts}.items():
        root = feed(mirror, name)
        assert root.tag == f"{ATOM}feed"
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links["self"] == f"{PUBLIC_URL}/feeds/{name}.xml"
        assert {"id", "title", "updated"} <= children(root).keys()
        entries = root.findall(f"{ATOM}entry")
        ids = [children(entry)["id"] for entry in entries]
        assert len(ids) == len(set(ids)) == min(count, 10)
        for entry in entries:
            given = children(entry)
            assert {"id", "title", "updated", "published", "link", "content"} <= given.keys()
            assert datetime.fromisoformat(given["updated"]).tzinfo
            assert given["link"].startswith(f"{PUBLIC_URL}/pages/")
            assert entry.find(f"{ATOM}author/{ATOM}name").text


def test_section_shows_its_newest_articles_whole(mirror: Mirror) -> None:
    mine = [article for article in ARTICLES[3:] if "nsc418" in article.sections]
    newest = sorted(mine, key=lambda a: (a.published, a.id), reverse=True)[:10]
    entries = [children(entry) for entry in feed(mirror, "nsc418").findall(f"{ATOM}entry")]
    assert [entry["title"] for entry in entries] == [article.title for article in newest]
    assert [entry["id"] for entry in entries] == [article.url for article in newest]
    assert all(len(entry["content"]) > 100 for entry in entries)
    assert not any('href="../' in entry["content"] for entry in entries)


@pytest.mark.parametrize(
    ("alt", "caption", "told"), [("甲", "乙", "甲"), ("", "乙", ""), ("", "", None)]
)
def test_what_a_picture_shows_is_told_once_at_least(
    new_mirror: Callable[..., Mirror], alt: str, caption: str, told: str | None
) -> None:
    pictured = next(article for article in ARTICLES if article.lead_image)
    changed = replace(pictured, lead_alt=alt, lead_caption=caption, sections=("nsc418",))
    mirror = new_mirror(demo_pages([changed]))
    assert mirror.scrapy("crawl", "section", "-aid=nsc418", **FEEDS).returncode == 0
    (entry,) = feed(mirror, "nsc418").findall(f"{ATOM}entry")
    picture = html.fromstring(children(entry)["content"]).find(".//figure/img")
    assert picture.get("alt") == (changed.title if told is None else told)


def test_json_feed_says_the_same(mirror: Mirror) -> None:
    said = json.loads(mirror.files()["feeds/nsc418.json"])
    entries = [children(entry) for entry in feed(mirror, "nsc418").findall(f"{ATOM}entry")]
    assert said["version"] == "https://jsonfeed.org/version/1.1"
    assert said["feed_url"] == f"{PUBLIC_URL}/feeds/nsc418.json"
    assert [(i["id"], i["url"], i["title"], i["content_html"]) for i in said["items"]] == [
        (entry["id"], entry["link"], entry["title"], entry["content"]) for entry in entries
    ]


def test_feeds_change_with_news_alone(mirror: Mirror) -> None:
    before = mirror.stamps()
    assert crawl(mirror) == 0
    assert mirror.stamps() == before
    mirror.server.pages.update(demo_pages(ARTICLES))
    assert crawl(mirror) == 0
    listed = {children(entry)["id"] for entry in feed(mirror, "home").findall(f"{ATOM}entry")}
    assert {article.url for article in ARTICLES if article.id in NEW & mirror.articles()} <= listed


def test_update_of_a_text_reaches_the_feed(mirror: Mirror) -> None:
    first = next(article for article in ARTICLES[3:] if "nsc418" in article.sections)
    changed = replace(first, body_html=f"{first.body_html}<p>补充：馆方明天开放。</p>")
    pages = demo_pages([changed if a is first else a for a in ARTICLES[3:]])
    mirror.server.pages.update({first.path: pages[first.path]})
    crawl(mirror, "-arefresh=all")
    assert "补充：馆方明天开放。".encode() in mirror.files()["feeds/nsc418.xml"]
    assert command(mirror, "verify", **FEEDS).returncode == 0


def test_feeds_are_the_same_whatever_made_them(mirror: Mirror) -> None:
    before = mirror.files()
    assert command(mirror, "verify", **FEEDS).returncode == 0
    (mirror.tree / "feeds/nsc418.xml").unlink()
    (mirror.tree / "feeds/home.json").write_text("{}")
    found = command(mirror, "verify", **FEEDS)
    assert "missing: feeds/nsc418.xml" in found.output
    assert "altered: feeds/home.json" in found.output
    assert command(mirror, "sync", **FEEDS).returncode == 0
    assert mirror.files() == before
    assert command(mirror, "sync", "--all", **FEEDS).returncode == 0
    assert mirror.files() == before


def test_withdrawn_article_is_in_no_feed(mirror: Mirror) -> None:
    article = next(a for a in ARTICLES[3:] if "nsc418" in a.sections)
    assert article.url.encode() in mirror.files()["feeds/nsc418.xml"]
    assert command(mirror, "purge", article.id, **FEEDS).returncode == 0
    for path in ("feeds/nsc418.xml", "feeds/nsc418.json", "feeds/home.xml", "feeds/home.json"):
        assert article.url.encode() not in mirror.files()[path]


def test_without_the_setting_there_are_none(new_mirror: Callable[..., Mirror]) -> None:
    mirror = new_mirror(demo_pages(ARTICLES[:5]))
    mirror.section("nsc418")
    assert not [path for path in mirror.files() if path.startswith("feeds/")]
