"""NTD: forms of addresses, names of sections."""

from __future__ import annotations

import pytest

from mirror.sites import get_site
from mirror.sites.sections import section_ids

SITE = get_site("ntd")
HOME = "https://www.ntdtv.com"
CANONICAL = f"{HOME}/gb/2026/10/03/a104138561.html"


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        "http://cn.ntdtv.com/gb/2026/10/3/a104138561.html",
        "//ntdtv.com/gb/2026/10/03/a104138561.html",
        "/gb/2026/10/03/a104138561.html?utm_source=x#y",
        f" “{CANONICAL}” ;",
    ],
)
def test_every_form_of_an_address_means_the_article(url: str) -> None:
    assert SITE.address(url) == ("a104138561", CANONICAL)


@pytest.mark.parametrize(
    "url",
    [
        f"{HOME}/gb/2026/13/03/a104138561.html",
        f"{HOME}/gb/2026/10/03/b104138561.html",
        f"{HOME}/gb/中共病毒.htm",
        f"{HOME}/gb/prog204",
        f"{HOME}/gb/news/china",
        "https://www.ntdtv.com.tw/b5/20261002/video/411495.html",
        "https://ntdtv.example/gb/2026/10/03/a104138561.html",
    ],
)
def test_any_other_address_means_no_article(url: str) -> None:
    assert SITE.address(url) is None


@pytest.mark.parametrize(
    ("url", "is_own"),
    [
        (f"{HOME}/gb/prog204", True),
        ("http://i.ntdtv.com/x", True),
        ("https://ntdtv.com.tw/", False),
    ],
)
def test_addresses_of_the_site_are_its_own(url: str, is_own: bool) -> None:
    assert SITE.is_own(url) is is_own


@pytest.mark.parametrize(
    ("name", "section", "path"),
    [
        ("china", "ntd-china", "news/china"),
        ("news/china", "ntd-china", "news/china"),
        ("ntd-china", "ntd-china", "news/china"),
        ("headline-news", "ntd-headline-news", "headline-news.html"),
        ("headline-news.html", "ntd-headline-news", "headline-news.html"),
        ("commentary", "ntd-commentary", "commentary"),
        ("programs/beauty-within", "ntd-programs-beauty-within", "programs/beauty-within"),
    ],
)
def test_sections_are_named_as_in_their_addresses(name: str, section: str, path: str) -> None:
    assert section_ids(name, SITE) == (section,)
    assert SITE.section_url(section) == f"{HOME}/gb/{path}"


@pytest.mark.parametrize(
    "name", ["prog204", "ntd-prog204", "../x", "China", "新闻", "x/../y", "-a"]
)
def test_listings_that_are_gone_and_what_is_no_name_are_refused(name: str) -> None:
    assert SITE.section_id(name) is None
    assert not SITE.is_section(name)
