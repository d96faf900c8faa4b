"""Listing pages in place of those that were asked for."""

from __future__ import annotations

import pytest

from mirror.archive.listing_pages import ListingPage
from mirror.archive.placing import Placing
from mirror.items import Link
from mirror.sites import get_site

SITE = get_site("epochtimes", "", "")
SECTION = "nsc418"
LINKS = (Link("n13000001", "https://www.epochtimes.com/gb/21/1/1/n13000001.htm", "题"),)


def shown(number: int, last: int, following: str | None) -> tuple[str, ListingPage, str | None]:
    url = f"https://www.epochtimes.com/gb/{following}.htm" if following else None
    return SECTION, ListingPage(number, LINKS, last, url is not None), url


@pytest.fixture
def placing() -> Placing:
    """What two pages that are right tell."""
    placing = Placing(SITE)
    assert placing.mistake(*shown(1, 5, "nsc418_2")) == ""
    assert placing.mistake(*shown(2, 5, "nsc418_3")) == ""
    return placing


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (shown(3, 5, "nsc418_2"), "leads on to https://www.epochtimes.com/gb/nsc418_2.htm"),
        (shown(3, 5, "nsc413_4"), "leads on to https://www.epochtimes.com/gb/nsc413_4.htm"),
        (shown(1, 9, "nsc413_2"), "leads on to https://www.epochtimes.com/gb/nsc413_2.htm"),
        (shown(3, 4, None), "none follows, where page 4 does"),  # the last page, too early
        (shown(3, 1, None), "none follows, where page 5 does"),  # a section of a single page
    ],
)
def test_page_of_another_place_is_none_of_its_number(
    placing: Placing, page: tuple[str, ListingPage, str | None], reason: str
) -> None:
    assert reason in placing.mistake(*page)


@pytest.mark.parametrize(
    "page",
    [
        shown(3, 5, "nsc418_4"),
        shown(5, 4, None),
        shown(5, 1, None),
        shown(4, 3, None),  # the listing has become shorter
    ],
)
def test_page_of_its_place_is_right(
    placing: Placing, page: tuple[str, ListingPage, str | None]
) -> None:
    assert placing.mistake(*page) == ""


def test_address_of_another_host_is_the_same_place() -> None:
    placing = Placing(get_site("epochtimes", "http://127.0.0.1:8000", ""))
    page = ListingPage(1, LINKS, 5, has_next=True)
    assert placing.mistake(SECTION, page, "http://127.0.0.1:8000/gb/nsc418_2.htm") == ""
    assert placing.mistake(SECTION, page, "http://127.0.0.1:8000/gb/nsc413_2.htm") != ""


def test_section_whose_pages_lead_under_another_name_is_believed() -> None:
    placing = Placing(SITE)
    assert placing.mistake(*shown(1, 5, "news418_2")) == ""
    assert placing.mistake(*shown(2, 5, "news418_3")) == ""
