"""Section ids as an operator gives them."""

from __future__ import annotations

import pytest

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
