"""Section ids as an operator gives them."""

from __future__ import annotations

import pytest

from mirror.errors import ArgumentError
from mirror.sites import get_site
from mirror.sites.sections import section_ids

SITE = get_site("epochtimes")


def test_sections_come_in_the_order_given_each_once() -> None:
    assert section_ids(" nsc418, ncid277,,nsc418", SITE) == ("nsc418", "ncid277")


@pytest.mark.parametrize("given", ["", ",", "nsc418,../x", "nsc418;nsc413"])
def test_what_is_no_section_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(ArgumentError, match="must be section ids such as nsc413, separated by"):
        section_ids(given, SITE)
