"""Section ids as an operator gives them."""

from __future__ import annotations

import pytest

from mirror.content.selecting import selector_of
from mirror.errors import ArgumentError
from mirror.sites import get_site, site_names
from mirror.sites.sections import check_sections, section_ids, sections_by_site

SITE = get_site("epochtimes")


def test_sections_come_in_the_order_given_each_once() -> None:
    assert section_ids(" nsc418, ncid277,,nsc418", SITE) == ("nsc418", "ncid277")


@pytest.mark.parametrize("given", ["", ",", "nsc418,../x", "nsc418;nsc413"])
def test_what_is_no_section_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(ArgumentError, match="must be section ids such as nsc413, separated by"):
        section_ids(given, SITE)


def test_word_without_a_prefix_is_no_section_of_a_site_that_takes_any() -> None:
    assert sections_by_site("nsc418, china, 203", site_names()) == {
        "epochtimes": ("nsc418",),
        "ntd": ("ntd-china",),
        "soundofhope": ("soh-203",),
    }
    assert sections_by_site("ntd:nsx", site_names()) == {"ntd": ("ntd-nsx",)}
    for wrong in ("nsx", "ncs418", "nsc4I8"):
        with pytest.raises(ArgumentError):
            sections_by_site(wrong, site_names())


def test_section_that_no_site_can_have_is_refused_in_a_setting() -> None:
    check_sections("MIRROR_GROUPS", ["nsc418", "ntd:china"])
    for wrong in ("nosuch:a", "nsc418,nsc413", "", "../x", "foo"):
        with pytest.raises(ArgumentError, match="MIRROR_GROUPS="):
            check_sections("MIRROR_GROUPS", [wrong])


@pytest.mark.parametrize(
    ("name", "head", "sections"),
    [
        ("epochtimes", '<link rel="canonical" href="/gb/nsc418_3.htm">', {"nsc418"}),
        ("epochtimes", "<title>国际 - 第3页 | 大纪元</title>", {"nsc418", "news418"}),
        ("epochtimes", "<title>自由广场 - 大纪元</title>", {"nsc993"}),
        ("epochtimes", '<meta property="og:url" content="/gb/21/1/1/n13000001.htm">', set()),
        ("epochtimes", "<title>大纪元</title>", set()),
        ("ntd", '<link rel="canonical" href="/gb/news/china/2">', {"ntd-china"}),
        ("ntd", '<link rel="canonical" href="/gb/headline-news.html">', {"ntd-headline-news"}),
        ("ntd", '<link rel="canonical" href="/gb/2026/10/03/a104138561.html">', set()),
        ("soundofhope", '<link rel="canonical" href="/term/203?page=2">', {"soh-203"}),
        ("soundofhope", '<link rel="canonical" href="/post/203">', set()),
    ],
)
def test_page_says_of_which_section_it_is(name: str, head: str, sections: set[str]) -> None:
    page = selector_of(f"<html><head>{head}</head><body><p>文</p></body></html>")
    assert get_site(name).sections_of(page) == sections


@pytest.mark.parametrize("name", site_names())
def test_address_of_a_listing_page_tells_its_section(name: str) -> None:
    site = get_site(name)
    for section in site.sections:
        urls = [site.page_url(section, 1), site.page_url(section, 12), site.feed_url(section)]
        assert {site.section_at(url) for url in urls if url} == {section}
