"""Where links lead: what a broken href means, what is taken off, which become pages or plain text."""

from __future__ import annotations

import pytest

from mirror.content.links import absolute_url, at_source, without_tracking
from mirror.pages.page_links import PageLinks
from mirror.sites import get_site

SITE = get_site("epochtimes")
URL = "https://www.epochtimes.com/gb/20/1/1/n10000001.htm"
PAGES = {"n10000002": "pages/nsc418/n10000002.md", "n10000003": "pages/nsc413/n10000003.md"}


@pytest.fixture
def links() -> PageLinks:
    return PageLinks(SITE, URL, "pages/nsc418/n10000001.md", PAGES.get)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://a.example/x?y#z", "https://a.example/x?y#z"),
        (" \nhttps://a.example/x\n ", "https://a.example/x"),
        ("https://a.example/x;", "https://a.example/x"),
        ("“https://a.example/x”", "https://a.example/x"),
        ("http:https://a.example/x", "https://a.example/x"),
        ("https://https://a.example/x", "https://a.example/x"),
        ("ttp://a.example/x", "http://a.example/x"),
        ("www.a.example/x", "http://www.a.example/x"),
        ("//a.example/x", "https://a.example/x"),
        ("/x", "https://b.example/x"),
        ("x.htm", "https://b.example/gb/x.htm"),
        ("https://a.example/\nx", "https://a.example/x"),
        ("HTTPS://A.example/X", "https://A.example/X"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        *(
            (href, None)
            for href in ("", " ", "#", "#_ftn1", "javascript:alert(1)", "java\nscript:x")
        ),
        *(
            (href, None)
            for href in ("JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///etc")
        ),
        *((href, None) for href in ("tel:1", "http://", "http://[::1", "http://[x]/", "http:/x")),
    ],
)
def test_address_is_what_the_author_meant(href: str, expected: str | None) -> None:
    assert absolute_url(href, "https://b.example/gb/y.htm") == expected


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?utm_source=a&utm_medium=b", ""),
        ("?id=1&fbclid=x&page=2", "?id=1&page=2"),
        ("?utm_source=a#top", "#top"),
        ("?UTM_Source=a&FBCLID", ""),
        ("?ref=x&utm=1&futm_source=2", "?ref=x&utm=1&futm_source=2"),
        ("?a=b=c&&d", "?a=b=c&d"),
        ("?", ""),
        ("#utm_source=a", "#utm_source=a"),
    ],
)
def test_tracking_is_taken_off(query: str, kept: str) -> None:
    assert without_tracking(f"https://a.example/x{query}") == f"https://a.example/x{kept}"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://www.epochtimes.com/gb/20/1/2/n10000002.htm", "n10000002.md"),
        ("http://epochtimes.com/b5/20/1/2/n10000002.htm?utm_source=a#main", "n10000002.md"),
        ("/gb/20/1/2/n10000003.htm", "../nsc413/n10000003.md"),
        ("/gb/20/1/2/n10000009.htm", None),
        ("#_ftn1", None),
        (URL + "#_Toc1", None),
        ("https://www.epochtimes.com/gb/tag/x.html", None),
        ("https://www.epochtimes.com/wp-admin/post.php?post=1", None),
        ("https://a.example/x?utm_source=b&c=d", "https://a.example/x?c=d"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_link_leads_to_a_page_here_or_outside_or_is_text(
    links: PageLinks, href: str, expected: str | None
) -> None:
    assert links(href) == expected


def test_articles_linked_to_are_remembered_once_published_or_not(links: PageLinks) -> None:
    for article in ("n10000009", "n10000002", "n10000001", "n10000009"):
        links(f"https://www.epochtimes.com/gb/20/1/2/{article}.htm")
    links("https://a.example/")
    assert list(links.targets) == ["n10000009", "n10000002"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, "http://127.0.0.1:8000/gb/20/1/1/n10000001.htm"),
        ("https://www.epochtimes.com", "http://127.0.0.1:8000/"),
        ("https://www.epochtimes.com/x?a=b#c", "http://127.0.0.1:8000/x?a=b"),
    ],
)
def test_address_is_asked_for_at_the_source(url: str, expected: str) -> None:
    assert at_source(url, "http://127.0.0.1:8000") == expected


NTD = "https://www.ntdtv.com/gb/2026/10/03/a104138900.html"


def test_article_of_another_source_is_a_page_here_once_it_has_one() -> None:
    paths: dict[str, str] = {}
    url = "https://www.epochtimes.com/gb/20/1/1/n123456.htm"
    links = PageLinks(SITE, url, "pages/nsc418/n123456.md", paths.get)
    assert links(f"{NTD}?utm_source=x") == NTD
    paths["a104138900"] = "pages/ntd-china/a104138900.md"
    assert links(NTD) == "../ntd-china/a104138900.md"
    assert list(links.targets) == ["a104138900"]
    back = PageLinks(get_site("ntd"), NTD, "pages/ntd-china/a104138900.md", {}.get)
    assert back(url) == url
    assert back("https://www.ntdtv.com/gb/prog204") is None
