"""Sound of Hope: forms of addresses, names of sections."""

from __future__ import annotations

import pytest

from mirror.sites import get_site

SITE = get_site("soundofhope")
CANONICAL = "https://www.soundofhope.org/post/945795"


@pytest.mark.parametrize(
    "url",
    [
        CANONICAL,
        f"{CANONICAL}?lang=b5",
        f"{CANONICAL}/#top",
        "http://soundofhope.org/post/945795",
        "//www.soundofhope.org/post/945795",
        " /post/945795;",
    ],
)
def test_every_form_of_an_address_means_the_article(url: str) -> None:
    assert SITE.address(url) == ("soh945795", CANONICAL)


@pytest.mark.parametrize(
    "url",
    [
        "https://www.soundofhope.org/term/203",
        "https://www.soundofhope.org/post/9",
        "https://www.soundofhope.org/post/945795/x",
        "https://www.soundofhope.org/en/post/945795",
        "https://example.org/post/945795",
    ],
)
def test_any_other_address_means_no_article(url: str) -> None:
    assert SITE.address(url) is None


@pytest.mark.parametrize("name", ["203", "term/203", "soh-203"])
def test_sections_are_named_by_their_numbers(name: str) -> None:
    assert SITE.section_id(name) == "soh-203"
    assert SITE.section_url("soh-203") == "https://www.soundofhope.org/term/203"


@pytest.mark.parametrize("name", ["", "x", "term/x", "../1", "soh-"])
def test_what_is_no_number_is_no_section(name: str) -> None:
    assert SITE.section_id(name) is None
