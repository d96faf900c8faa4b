"""Answers with status 200 that are not what was asked for, and those that only look odd."""

from __future__ import annotations

from pathlib import Path

import pytest
from scrapy.http import HtmlResponse, Response

from demo.articles import made_up_articles
from demo.markup import article_page
from mirror.quality.responses import damage, hindrance, is_empty, is_garbled, page_of
from mirror.sites import get_site

SITE = get_site("epochtimes")
ARTICLES = made_up_articles(12)
PAGE = article_page(ARTICLES[0], ARTICLES)
SAVED = sorted((Path(__file__).parents[2] / "pages").rglob("*.html"))


def page(body: bytes, encoding: str = "utf-8", **headers: str) -> HtmlResponse:
    """A page as it comes, said to be in a charset."""
    told = {"Content-Type": f"text/html; charset={encoding}", **headers}
    return HtmlResponse(SITE.url, body=body, headers=told)


def found(body: bytes, encoding: str = "utf-8") -> str:
    return damage(page(body, encoding), SITE.endings)


@pytest.mark.parametrize("file", SAVED, ids=lambda file: file.stem)
def test_saved_page_is_whole_and_in_the_way_of_nothing(file: Path) -> None:
    assert found(file.read_bytes()) == ""


@pytest.mark.parametrize(
    ("body", "encoding", "what"),
    [
        (b"", "utf-8", "empty"),
        (b" \n", "utf-8", "empty"),
        (PAGE.encode()[: len(PAGE) // 2], "utf-8", "cut off"),
        (PAGE.encode("gb18030"), "utf-8", "not written in utf-8"),
        (PAGE.encode(), "gb18030", "written in utf-8, but said to be gb18030"),
        (PAGE.encode(), "cp1252", "written in utf-8, but said to be cp1252"),
        (PAGE.encode(), "utf-8", ""),
        (PAGE.encode("gb18030"), "gb18030", ""),
        (PAGE.replace("</html>", "</HTML>\n<!-- cached -->").encode(), "utf-8", ""),
        (PAGE.replace("。", "\ufffd", 3).encode(), "utf-8", ""),
    ],
    ids=[
        "nothing",
        "blank",
        "half",
        "gbk as utf-8",
        "utf-8 as gbk",
        "utf-8 as latin-1",
        "good",
        "good in gbk",
        "something after the end",
        "a few odd characters",
    ],
)
def test_damage(body: bytes, encoding: str, what: str) -> None:
    assert found(body, encoding).startswith(what) if not what else what in found(body, encoding)


@pytest.mark.parametrize(
    ("html", "what"),
    [
        (
            "<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>",
            "ch",
        ),
        (f"<h1>安全验证</h1><p>{'请完成验证。' * 20}</p>", "a challenge"),
        (f"<h1>Access Denied</h1><p>Reference #18.2c{'x' * 90}</p>", "a challenge"),
        (f"<form><input name=u><input type='password'></form>{'登录 ' * 60}", "log in"),
        ("<div id=app></div><script>" + "x()" * 99 + "</script>", "an empty shell"),
        (f"<h1>视频</h1><p>{'没有文字的节目。' * 20}</p>", ""),
    ],
)
def test_hindrance(html: str, what: str) -> None:
    shown = hindrance(page(html.encode()))
    assert what in shown
    assert bool(shown) == bool(what)


def test_challenge_that_a_header_names() -> None:
    html = f"<p>{'please wait ' * 30}</p>"
    assert hindrance(page(html.encode(), **{"CF-Mitigated": "challenge"})) == "a challenge"


def test_page_that_is_packed_in_a_way_nobody_asked_for_is_damaged() -> None:
    packed = page(PAGE.encode(), **{"Content-Encoding": "exotic"})
    assert damage(packed, SITE.endings) == "encoded as exotic, which was not asked for"


def test_picture_is_no_page() -> None:
    picture = Response(SITE.url, body=b"\x89PNG")
    assert page_of(picture) is None
    assert damage(picture, SITE.endings) == hindrance(picture) == ""


@pytest.mark.parametrize("encoding", ["latin-1", "gb18030"])
def test_title_decoded_wrongly_is_garbled(encoding: str) -> None:
    for article in ARTICLES:
        assert (
            is_garbled(article.title.encode().decode(encoding, "ignore")) or encoding != "latin-1"
        )
        assert not is_garbled(article.title)


@pytest.mark.parametrize(
    ("html", "empty"),
    [
        ("", True),
        ("<p>&nbsp;</p>\n<center></center>", True),
        ("<div class='infogram-embed' data-id='1'></div>", False),
        ("<p><img src='https://a.example/x.jpg'></p>", False),
        ("<p>文</p>", False),
    ],
)
def test_empty_body(html: str, empty: bool) -> None:
    assert is_empty(html) is empty


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="{}">',
        "<link href='{}' rel='canonical'>",
        "<LINK REL=canonical HREF={}>",
        '<meta property="og:url" content="{}">',
    ],
)
def test_address_that_a_page_gives_as_its_own(head: str) -> None:
    url = "https://www.epochtimes.com/gb/21/12/8/n13460123.htm"
    assert SITE.own_address(f"<html><head><meta charset=utf-8>{head.format(url)}</head>") == url


def test_page_that_gives_no_address() -> None:
    assert SITE.own_address("<html><head><link rel=amphtml href=/x></head>") == ""
