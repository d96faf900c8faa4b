"""Saved pages and address forms of each site: what is made of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml.html import HtmlElement, fragment_fromstring
from parsel import Selector

from mirror.cleaning import clean
from mirror.errors import NotAnArticleError
from mirror.sites import get_site

SITE = get_site("epochtimes")
HOME = "https://www.epochtimes.com"
PAGES = Path(__file__).with_name("pages") / "epochtimes"
ARTICLES = sorted(f for f in PAGES.glob("*.html") if not f.name.startswith(("listing-", "error-")))
FIELDS = ("url", "title", "lead_image", "lead_alt", "lead_caption", "reporter", "editor")
_EDGE = "\ue000"  # of a block of text
_BLOCKS = ["p", "h4", "h5", "h6", "li", "td", "th", "blockquote", "pre", "br"]


def expected(page: Path) -> Any:
    return json.loads(page.with_suffix(".json").read_text("utf-8"))


def address(page: Path) -> str:
    """The address that a page was saved from."""
    return re.search(r"saved from (\S+)", page.read_text("utf-8"))[1]


def blocks(html: str) -> list[str]:
    """The texts of a clean body in order, what stands in place of players and posts aside."""
    root = fragment_fromstring(html, create_parent="div")
    for shown in root.xpath('//p[count(*) = 1 and a and contains(text(), "：")]'):
        if re.fullmatch(r"(?:视频|音频|链接（\w+）|图表|推文)：", shown.text or ""):
            shown.drop_tree()
    for node in root.iter(*_BLOCKS):
        _surround(node)
    return [text for line in root.text_content().split(_EDGE) if (text := " ".join(line.split()))]


def _surround(node: HtmlElement) -> None:
    node.tail = f"{_EDGE}{node.tail or ''}"
    if node.tag != "br":
        node.text = f"{_EDGE}{node.text or ''}"


# ---- saved pages


@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: page.stem)
def test_article_page(page: Path) -> None:
    wanted = expected(page)
    item = SITE.article(Selector(page.read_text("utf-8")), address(page))
    made = {
        **{field: getattr(item, field) for field in FIELDS},
        "id": item.id.removeprefix("n"),
        "published": item.published.isoformat(),
        "updated": item.updated.isoformat() if item.updated else None,
        "tags": list(item.tags),
        "body_text": blocks(clean(item.body, item.url, SITE.junk, lambda href: None)),
    }
    if wanted["published"] is None:  # neither a time nor a dateline: the address's day
        year, month, day = re.search(r"/(\d+)/(\d+)/(\d+)/n", item.url).groups()
        wanted["published"] = f"20{year:0>2}-{month:0>2}-{day:0>2}T00:00:00+08:00"
    assert made == wanted


@pytest.mark.parametrize("page", sorted(PAGES.glob("error-*.html")), ids=lambda page: page.stem)
def test_page_that_is_no_article(page: Path) -> None:
    with pytest.raises(NotAnArticleError):
        SITE.article(Selector(page.read_text("utf-8")), address(page))


@pytest.mark.parametrize("page", sorted(PAGES.glob("listing-*.html")), ids=lambda page: page.stem)
def test_listing_page(page: Path) -> None:
    listing = Selector(page.read_text("utf-8"))
    links = SITE.article_links(listing)
    made = {"links": [link.url for link in links], "next": SITE.next_page(listing)}
    assert made == expected(page)
    assert all(link.title for link in links)


def test_feed() -> None:
    feed = PAGES / "feed.xml"
    links = SITE.feed_links(Selector(feed.read_text("utf-8"), type="xml"))
    assert {"links": [link.url for link in links]} == expected(feed)


def test_address_of_an_impossible_day_is_no_article() -> None:
    page = '<h1 class="title">题目</h1><div id="artbody"><p>没有日期。</p></div>'
    with pytest.raises(NotAnArticleError):
        SITE.article(Selector(page), f"{HOME}/gb/20/2/30/n123456.htm")


# ---- addresses

CANONICAL = f"{HOME}/gb/20/1/1/n123456.htm"


@pytest.mark.parametrize(
    "url",
    [
        f"{HOME}/gb/20/1/1/n123456.htm",
        "http://www.epochtimes.com/gb/20/1/1/n123456.htm",
        "https://epochtimes.com/gb/20/1/1/n123456.htm",
        "http://cn.epochtimes.com/gb/20/1/1/n123456.htm",
        "https://m.epochtimes.com/gb/20/1/1/n123456.htm",
        "HTTPS://WWW.EpochTimes.com/gb/20/1/1/n123456.htm",
        "//www.epochtimes.com/gb/20/1/1/n123456.htm",
        "/gb/20/1/1/n123456.htm",
        f"{HOME}/gb/20/01/01/n123456.htm",
        f"{HOME}/gb/20/1/1/n123456.htm/amp",
        f"{HOME}/gb/20/1/1/n123456.htm/amp/",
        f"{HOME}/gb/20/1/1/n123456.htm?utm_source=portal#main",
        f"{HOME}/gb/20/1/1/n123456.htm#_Toc2020052812",
        f" {HOME}/gb/20/1/1/n123456.htm\n",
        f"{HOME}/gb/20/1/1/n123456.htm;",
        f"“{HOME}/gb/20/1/1/n123456.htm”",
        f"http:{HOME}/gb/20/1/1/n123456.htm",
    ],
)
def test_every_form_of_an_address_means_the_article(url: str) -> None:
    assert (SITE.canonical_url(url), SITE.article_id(url)) == (CANONICAL, "n123456")


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/gb/4/9/12/n658120.htm", "n658120"),
        ("/gb/21/12/28/n13465188.htm", "n13465188"),
        ("/b5/20/12/3/n12592718.htm", "n12592718"),  # the traditional edition stays itself
    ],
)
def test_canonical_address_is_its_own(path: str, article: str) -> None:
    assert SITE.canonical_url(HOME + path) == HOME + path
    assert SITE.article_id(HOME + path) == article


@pytest.mark.parametrize(
    "url",
    [
        "",
        HOME,
        f"{HOME}/gb/",
        f"{HOME}/gb/nsc418.htm",
        f"{HOME}/gb/tag/%E4%B8%AD%E5%9B%BD.html",
        f"{HOME}/gb/20/1/1/n12345.htm",
        f"{HOME}/gb/20/1/1/n123456789.htm",
        f"{HOME}/gb/20/1/1/123456.htm",
        f"{HOME}/gb/20/1/1/n123456.html",
        f"{HOME}/gb/2020/1/1/n123456.htm",
        f"{HOME}/en/20/1/1/n123456.htm",
        f"{HOME}/gb/20/1/1/n123456.htm/car-tour_157",
        f"{HOME}/gb/20/1/1/n123456.htm/amp/x",
        f"{HOME}/gb/20/1/1/n123456.htm/../x",
        f"{HOME}/gb/20/1/1/../1/n123456.htm",
        f"{HOME}/gb/20/1/1/n123456.htm%2F..",
        f"{HOME}/x/gb/20/1/1/n123456.htm",
        f"{HOME}/gb/20/1/1/n123\n456.htm",
        f"{HOME}/gb/20/1/1/n123456\n.htm",
        f"{HOME}/gb/20/1/1/n123456.htm\nx",
        f"{HOME}/gb/２０/1/1/n123456.htm",
        f"{HOME}/gb/20/1/1/n１２３４５６.htm",
        f"{HOME}/gb/20/1/1/n123456.htm\0",
        "https://www.example.com/gb/20/1/1/n123456.htm",
        "https://www.epochtimes.com.example.com/gb/20/1/1/n123456.htm",
        "https://example.com/https://www.epochtimes.com/gb/20/1/1/n123456.htm",
        "https://www.epochtimes.com@example.com/gb/20/1/1/n123456.htm",
        "https://example.com#@www.epochtimes.com/gb/20/1/1/n123456.htm",
        "https://www.epochtimes.com:8080/gb/20/1/1/n123456.htm",
        "https://i.epochtimes.com/gb/20/1/1/n123456.htm",
        "ftp://www.epochtimes.com/gb/20/1/1/n123456.htm",
        "javascript://www.epochtimes.com/gb/20/1/1/n123456.htm",
    ],
)
def test_any_other_address_means_no_article(url: str) -> None:
    assert (SITE.canonical_url(url), SITE.article_id(url)) == (None, None)


@pytest.mark.parametrize(
    "section", "nsc413 nsc2007 ncid277 nf4514 ncyule n24hr instant-news".split()
)
def test_section_id(section: str) -> None:
    assert SITE.is_section(section)
    assert SITE.section_url(section) == f"{HOME}/gb/{section}.htm"


@pytest.mark.parametrize(
    "section", ["", "nsc", "../x", "nsc413/", "nsc413.htm", "nsc４１３", "nsc413\n"]
)
def test_no_section_id(section: str) -> None:
    assert not SITE.is_section(section)


def test_source_that_serves_the_site_is_the_site_too() -> None:
    local = get_site("epochtimes", "http://127.0.0.1:8000")
    assert local.canonical_url("http://127.0.0.1:8000/gb/20/1/1/n123456.htm") == CANONICAL
    assert SITE.canonical_url("http://127.0.0.1:8000/gb/20/1/1/n123456.htm") is None
