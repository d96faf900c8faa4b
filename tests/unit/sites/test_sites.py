"""Saved pages of every site, and address forms: what is made of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from parsel import Selector
from scrapy.http import HtmlResponse
from support.saved_pages import check

from demo.articles import made_up_articles
from demo.markup import article_page
from mirror.errors import NotAnArticleError
from mirror.quality.reading import article_in
from mirror.sites import get_site
from mirror.sites.samples import expected, load

SITE = get_site("epochtimes")
HOME = "https://www.epochtimes.com"
PAGES = Path(__file__).parents[2] / "pages"
SAVED = sorted(file for file in PAGES.glob("*/*") if file.suffix in (".html", ".xml"))


# ---- saved pages


@pytest.mark.parametrize("file", SAVED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_saved_page(file: Path) -> None:
    check(file)


@pytest.mark.parametrize("file", SAVED, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_what_a_saved_page_gives_has_ids_and_addresses_that_agree(file: Path) -> None:
    site, sample = get_site(file.parent.name), load(file)
    made = expected(site, sample)
    if sample.kind == "article":
        found = [] if "error" in made else [(made["id"], made["url"], made["title"])]
    else:
        links = (site.feed_links if sample.kind == "feed" else site.article_links)(sample.page)
        found = [(link.id, link.url, link.title) for link in links]
    for id, url, title in found:
        assert (site.article_id(url), site.canonical_url(url)) == (id, url)
        assert title


@pytest.mark.parametrize(
    "file",
    [f for f in SAVED if load(f).kind == "article"],
    ids=lambda f: f"{f.parent.name}/{f.stem}",
)
def test_part_of_a_saved_page_gives_the_same_article_as_all_of_it(file: Path) -> None:
    site, sample = get_site(file.parent.name), load(file)
    part = replace(sample, text=site.part(sample.text))
    assert expected(site, part) == expected(site, sample)


def test_feed_gives_the_days_of_publication_in_china() -> None:
    links = SITE.feed_links(load(PAGES / "epochtimes" / "feed.xml").page)
    days = [link.published.isoformat()[-2:] for link in links if link.published]
    assert days == ["10", "10", "07", "07", "06"]


def test_address_of_an_impossible_day_is_no_article() -> None:
    page = '<h1 class="title">题目</h1><div id="artbody"><p>没有日期。</p></div>'
    with pytest.raises(NotAnArticleError):
        SITE.article(Selector(page), f"{HOME}/gb/20/2/30/n123456.htm")


def test_address_of_an_article_may_lie_in_its_query() -> None:
    class Queried:
        endings = ("</html>",)
        article_id = staticmethod({"/story?id=7": "rv7"}.get)
        part = staticmethod(str)
        own_address = staticmethod(lambda html: "/story?id=7")
        article = staticmethod(
            lambda page, url: SimpleNamespace(id="rv7", title=url, body="<p>words</p>")
        )

    response = HtmlResponse(
        "http://127.0.0.1:8000/story?id=7", body=b"<p></html>", encoding="utf-8"
    )
    assert article_in(response, Queried(), "rv7", "its address").title == "its address"


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
        ("/gb/2026/10/8/n14866200.htm", "n14866200"),  # as the site serves it
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
        f"{HOME}/gb/nf1351518.htm#14862423",  # an entry of a list
        f"{HOME}/gb/20/1/1/n12345.htm",
        f"{HOME}/gb/1920/1/1/n123456.htm",
        f"{HOME}/gb/220/1/1/n123456.htm",
        f"{HOME}/gb/20/1/1/n123456789.htm",
        f"{HOME}/gb/20/1/1/123456.htm",
        f"{HOME}/gb/20/1/1/n123456.html",
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
    "section", "nsc413 nsc2007 ncid277 nf4514 ncyule n24hr instant-news news413".split()
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


def test_part_of_a_page_holds_all_of_its_article() -> None:
    articles = made_up_articles(200)
    for article in articles:
        page = article_page(article, articles)
        part = SITE.part(page)
        assert len(part) < len(page)
        assert SITE.article(Selector(part, type="html"), article.url) == SITE.article(
            Selector(page, type="html"), article.url
        )


@pytest.mark.parametrize("page", ["", "<h1>题", "<head></head><h1>题</h1>", f"{'<p>' * 9}</head>"])
def test_page_of_unknown_bounds_is_kept_whole(page: str) -> None:
    assert SITE.part(page) == page


# ---- editions


def test_listings_of_an_edition_have_its_addresses_and_name_the_same_articles() -> None:
    other = get_site("epochtimes", "", "b5")
    assert SITE.section_url("nsc413") == f"{HOME}/gb/nsc413.htm"
    assert other.section_url("nsc413") == f"{HOME}/b5/nsc413.htm"
    assert other.page_url("nsc413", 2) == f"{HOME}/b5/nsc413_2.htm"
    assert other.feed_url("nsc413") == f"{HOME}/b5/nsc413.xml"
    links = other.article_links(load(PAGES / "epochtimes/listing-2026-b5.html").page)
    assert [str(link.published) for link in links] == ["2026-10-08", "2026-10-08", "2026-10-07"]
    assert [SITE.article_id(link.url.replace("/b5/", "/gb/")) for link in links] == [
        link.id for link in links
    ]


def test_relative_links_of_a_listing_stay_in_its_edition() -> None:
    page = '<div class="pagination"><a class="next" href="nsc413_2.htm">></a></div>'
    found = get_site("epochtimes", "", "b5").next_page(Selector(page))
    assert found == f"{HOME}/b5/nsc413_2.htm"
