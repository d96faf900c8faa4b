"""Listing pages of another section, by what they say and by what is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from mirror.archive.belonging import Belonging
from mirror.items import Link
from mirror.store.database import open_database
from mirror.store.frontier import Frontier

OWN = [f"n1300000{n}" for n in range(6)]
OTHERS = [f"n1400000{n}" for n in range(6)]
DAY = 24 * 3600


@pytest.fixture
def belonging(tmp_path: Path) -> Belonging:
    """Two sections of which six articles each are known."""
    database = open_database(f"sqlite:///{tmp_path}/mirror.db")
    for section, ids in (("nsc418", OWN), ("nsc413", OTHERS)):
        links = [Link(id, f"https://www.epochtimes.com/gb/20/1/1/{id}.htm", id) for id in ids]
        Frontier(database).record(section, links)
    return Belonging(database)


@pytest.mark.parametrize(
    ("ids", "sections", "is_doubted"),
    [
        (OWN, {"nsc413"}, False),  # what it showed before
        (OWN[:3] + OTHERS[:3], {"nsc413"}, False),
        (OWN[:2] + OTHERS[:4], {"nsc413"}, True),
        (OTHERS, {"nsc413", "news413"}, True),
        (OTHERS, {"nsc413", "nsc418"}, False),
        (OTHERS, set(), True),
        (["n15000001", "n15000002"], set(), False),  # all of it is new, as after a long pause
        (["n15000001", "n15000002"], {"nsc413"}, True),
        ([OWN[0], *OTHERS], set(), False),  # some articles stand in several sections
        ([], {"nsc413"}, False),
    ],
)
def test_page_is_doubted(
    belonging: Belonging, ids: list[str], sections: set[str], is_doubted: bool
) -> None:
    assert bool(belonging.doubt("nsc418", ids, sections)) == is_doubted


def test_section_that_nothing_is_known_of_may_show_what_another_shows(belonging: Belonging) -> None:
    assert belonging.doubt("nsc1246", OTHERS, set()) == ""
    assert "nsc413" in belonging.doubt("nsc1246", OTHERS, {"nsc413"})


def test_what_a_page_says_on_three_days_is_believed(belonging: Belonging) -> None:
    clock = belonging.database.clock
    seen = []
    for day in (1, 1, 2, 3):
        clock.begin(1_700_000_000 + day * DAY)
        seen.append(belonging.believe("nsc418"))
    assert seen == [False, False, False, True]
    belonging.confirm("nsc418")
    assert not belonging.believe("nsc418")
