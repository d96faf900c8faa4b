"""The demo site: the same articles every time, every kind of body, served as the site serves."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from parsel import Selector

from demo.articles import CARTOON_INDEX, KINDS, iter_articles, made_up_articles
from demo.server import DemoServer, Page
from demo.site import demo_pages

ARTICLES = made_up_articles()
BODIES = "\n".join(a.body_html for a in ARTICLES if "nsc418" in a.sections)
MARKUP = (
    *("h2", "h3", "h2 a[href*='/gb/tag/']", "blockquote:not([class])", "ul li", "ol li b"),
    *("figure.wp-caption > a > img", "figure.wp-caption > figcaption", "p > img[width]"),
    *("a[href*='/gb/tag/%E']", "a[href*='/gb/tag/%e']", "a[href*='#main']", "a[href*='/amp']"),
    *("a[href*='#_Toc2020']", "a[href*='/b5/']", "a[href*='utm_source=news']"),
    *("blockquote.twitter-tweet a[href*='twitter.com']", "p > br", "table td strong"),
    *("iframe[src*='youtube.com/embed']", "script[src*='youmaker']", "iframe[src*=facebook]"),
    *("a[href='#_ftn1'] > sup", "a[name='_ftn1']", "h2 > a[name^='_Toc']", "#gtx-trans"),
    *("#gtx-anchor", "p[style*='text-align']", "span[style*='color']", "font", "center"),
    *("a[href^=' ']", "a[href$=';']", "a[href^='http:https:']", "a[href^='ttp']"),
    *("a[href^='“']", "a[href^='www.']", "a[href*='wp-admin']", "img[src^='data:']"),
    *("a[href^='javascript:']", "p[onclick]", "form", "style", "td[align=center] img"),
    *("span.s1", "div > div > div"),
)
TEXTS = (
    *("<p>【大纪元2021年12月08日讯】（大纪元记者", "综合报导）", "编译报导)", "责任编辑："),
    *("#</p>", "＃</p>", "◇</p>"),
    *("<strong>“重要”</strong>的", "<p>&nbsp;</p>", "\u200b", "\ufeff", "</p>\n</p>"),
    *("align=center>", '.htm\n">', "<p>* ", "<p># ", "<p>#1", "<p>1. ", "[x](y)", "&lt;script&gt;"),
    *(" | ", "**也", "__init__", "<br />\n===<br />\n---", "　　", "\n安静得能\n"),
)


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with DemoServer(demo_pages(ARTICLES)) as running:
        yield running


def get(
    server: DemoServer, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=named)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


def page(server: DemoServer, path: str) -> Selector:
    return Selector(get(server, path)[1].decode())


def listed(server: DemoServer, section: str, number: int) -> list[str]:
    path = f"/gb/{section}_{number}.htm"
    return page(server, path).css(".post_list .one_post .text .title a::attr(href)").getall()


def test_two_generations_are_equal() -> None:
    assert made_up_articles() == ARTICLES == list(iter_articles(320))


def test_articles_are_newest_first_and_differ() -> None:
    times = [article.published for article in ARTICLES]
    assert times == sorted(times, reverse=True)
    assert len({article.id for article in ARTICLES}) == len(ARTICLES)
    assert all(article.published.utcoffset() == timedelta(hours=8) for article in ARTICLES)


def test_the_set_has_the_shares_of_the_site() -> None:
    assert sum("nsc418" in article.sections for article in ARTICLES) >= 200
    assert 50 < sum(len(article.sections) > 1 for article in ARTICLES) < 110
    assert 50 < sum(article.updated is not None for article in ARTICLES) < 130
    assert sum(article.published.year == 2018 for article in ARTICLES) == 32
    assert {section for a in ARTICLES for section in a.sections} == {
        *("nsc412", "nsc413", "nsc415", "nsc418")
    }


def test_some_addresses_bear_an_earlier_date() -> None:
    drafted = [f"/{a.published.month}/{a.published.day}/" not in a.path for a in ARTICLES]
    assert 50 < sum(drafted) < 130


def test_every_kind_of_markup_occurs() -> None:
    bodies = Selector(BODIES)
    assert [css for css in MARKUP if not bodies.css(css)] == []


def test_every_kind_of_text_occurs() -> None:
    assert [text for text in TEXTS if text not in BODIES] == []


def test_the_first_of_each_kind_is_in_the_main_section() -> None:
    assert all("nsc418" in article.sections for article in ARTICLES[: len(KINDS) + 2])


def test_one_article_is_a_picture_and_one_title_is_full_of_signs() -> None:
    cartoon = ARTICLES[CARTOON_INDEX].body_html
    assert Selector(cartoon).css("a > img")
    assert not Selector(cartoon).xpath("string()").get().strip()
    assert any(all(sign in a.title for sign in "[]*_&#<>|") for a in ARTICLES)


def test_links_to_other_articles_are_pages_of_the_set() -> None:
    paths = {article.path: article for article in ARTICLES}
    later = [
        href
        for article in ARTICLES
        for href in Selector(article.body_html or " ").css("a[target=_blank]::attr(href)").getall()
        if href.endswith(".htm") and paths[href[26:]].published > article.published
    ]
    assert later


def test_listing_pages_hold_thirty_articles_each_in_order(server: DemoServer) -> None:
    expected = [article.url for article in ARTICLES if "nsc418" in article.sections]
    last = -(-len(expected) // 30)
    found = [href for number in range(1, last + 1) for href in listed(server, "nsc418", number)]
    assert found == expected
    assert get(server, f"/gb/nsc418_{last + 1}.htm")[0].status == 404
    first = page(server, "/gb/nsc418.htm").css(".pagination")
    assert first.css("a.next::attr(href)").get() == "https://www.epochtimes.com/gb/nsc418_2.htm"
    assert first.css("a.page-numbers:not(.next)::text").getall()[-1] == str(last)
    assert not page(server, f"/gb/nsc418_{last}.htm").css("a.next")


def test_listing_shows_links_that_are_not_its_own(server: DemoServer) -> None:
    shown = page(server, "/gb/nsc415.htm")
    everywhere = set(shown.css("#main a::attr(href)").re(r".*/n\d+\.htm$"))
    own = {article.url for article in ARTICLES if "nsc415" in article.sections}
    assert everywhere - own
    assert shown.css(".top_posts a")


def test_alias_section_shows_another_ones_articles(server: DemoServer) -> None:
    links = page(server, "/gb/ncid277.htm").css("div.posts-list li > a:first-child::attr(href)")
    assert links.getall() == [a.url for a in ARTICLES if "nsc413" in a.sections][:30]


@pytest.mark.parametrize("year", [2018, 2021])
def test_article_page_carries_its_fields(server: DemoServer, year: int) -> None:
    article = next(a for a in ARTICLES if a.published.year == year and a.lead_image and a.updated)
    shown = page(server, article.path)
    lead = "div.featured_image noscript > img" if year > 2019 else "div.arttop > a > img"
    title = "div.titles > h1.title" if year > 2019 else "h1.blue18.title"
    assert shown.css(f"{title}::text").get() == article.title
    assert shown.css(f"{lead}::attr(src)").get() == article.lead_image
    assert shown.css("div.caption::text").get().strip() == article.lead_caption
    assert shown.css("time::attr(datetime)").get() == article.modified.isoformat()
    assert tuple(shown.css("a[rel=tag]::text").getall()) == article.tags
    assert article.body_html in get(server, article.path)[1].decode()
    assert shown.css("#artbody[itemprop=articleBody] #recommend_post a")


def test_feed_holds_the_sixty_newest(server: DemoServer) -> None:
    response, body = get(server, "/gb/nsc418.xml")
    links = Selector(body.decode(), type="xml").xpath("//item/link/text()").getall()
    assert links == [a.url for a in ARTICLES if "nsc418" in a.sections][:60]
    assert response.headers["Content-Type"].startswith("application/rss+xml")
    assert body.count(b" +0000</pubDate>") == 60
    assert get(server, "/gb/nsc418.htm/feed")[1] == body


def test_unchanged_page_is_not_sent_again(server: DemoServer) -> None:
    first, body = get(server, ARTICLES[0].path)
    again, nothing = get(server, ARTICLES[0].path, If_None_Match=first.headers["ETag"])
    assert (first.status, again.status, nothing) == (200, 304, b"")
    assert first.headers["Last-Modified"].endswith(" GMT")
    assert get(server, ARTICLES[0].path, "HEAD")[1] == b""
    assert get(server, ARTICLES[0].path, Accept_Encoding="gzip")[1] != body


def test_gzip_carries_the_same_page(server: DemoServer) -> None:
    zipped, body = get(server, ARTICLES[0].path, Accept_Encoding="gzip, deflate")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == get(server, ARTICLES[0].path)[1]


def test_pictures_answer_and_unknown_paths_do_not(server: DemoServer) -> None:
    response, body = get(server, "/assets/uploads/2021/12/id1-harbour-600x400.jpg")
    assert response.headers["Content-Type"] == "image/png"
    assert body[16:24] == (600).to_bytes(4, "big") + (400).to_bytes(4, "big")
    assert get(server, "/gb/21/1/1/n1.htm")[0].status == 404
    assert get(server, "/robots.txt")[0].status == 200


def test_pages_can_be_changed_while_it_runs() -> None:
    article = replace(ARTICLES[0], title="新题目")
    with DemoServer(demo_pages([article])) as server:
        server.pages["/busy"] = Page(b"busy", status=503, headers={"Retry-After": "1"})
        server.pages["/agent"] = lambda headers: Page(headers["user-agent"].encode())
        assert "新题目" in get(server, article.path)[1].decode()
        assert get(server, "/busy?x=1")[0].headers["Retry-After"] == "1"
        assert get(server, "/agent", User_Agent="tester")[1] == b"tester"
        assert [request.path for request in server.requests] == [
            *(article.path, "/busy?x=1", "/agent")
        ]
    with pytest.raises(ConnectionRefusedError):
        get(server, article.path)


def test_connection_is_dropped_on_demand_and_ended_by_the_stop() -> None:
    def drop(_headers: dict[str, str]) -> Page:
        raise ConnectionError

    with DemoServer({"/": Page(b"kept"), "/drop": drop}) as server:
        with pytest.raises(http.client.RemoteDisconnected):
            get(server, "/drop")
        kept = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=5)
        for _ in range(2):
            kept.request("GET", "/")
            assert kept.getresponse().read() == b"kept"
    assert kept.sock.recv(1) == b""
    kept.close()
