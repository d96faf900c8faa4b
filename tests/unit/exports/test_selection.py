"""Which articles the arguments of an export select."""

from __future__ import annotations

import re

import pytest

from mirror.errors import ArgumentError
from mirror.exports.selection import Selection, file_name


@pytest.mark.parametrize(
    ("given", "inside", "outside", "span"),
    [
        ({}, ["1999-01-01", "2026-12-31"], [], ""),
        ({"year": "2021"}, ["2021-01-01", "2021-12-31"], ["2020-12-31", "2022-01-01"], "2021"),
        ({"month": "2021-12"}, ["2021-12-01", "2021-12-31"], ["2021-11-30"], "2021-12"),
        ({"day": "2021-12-09"}, ["2021-12-09"], ["2021-12-08", "2021-12-10"], "2021-12-09"),
        (
            {"since": "2021-12-09", "until": "2021-12-10"},
            ["2021-12-09", "2021-12-10"],
            ["2021-12-08", "2021-12-11"],
            "2021-12-09-2021-12-10",
        ),
        ({"until": "2021-12-09"}, ["2000-01-01"], ["2021-12-10"], "2021-12-09"),
    ],
)
def test_days(given: dict[str, str], inside: list[str], outside: list[str], span: str) -> None:
    found = Selection.from_arguments(given, ["epochtimes"])
    times = [f"{day}T23:59:59+08:00" for day in (*inside, *outside)]
    selected = [t[:10] for t in times if found.since <= t <= f"{found.until}~"]
    assert (selected, found.span) == (inside, span)


def test_sections_keep_their_order_and_name_the_files() -> None:
    found = Selection.from_arguments({"id": "nsc418,ntd:china"}, ["epochtimes"])
    assert found.sections[0] == "nsc418" and len(found.sections) == 2
    assert found.name == "-".join(found.sections)
    assert Selection.from_arguments({}, ["epochtimes"]).name == "all"


@pytest.mark.parametrize(
    "given", [{"year": "21"}, {"month": "2021-00"}, {"day": "2021-02-30"}, {"since": "2021"}]
)
def test_what_is_no_day_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ArgumentError, match="must be a"):
        Selection.from_arguments(given, ["epochtimes"])


def test_files_of_tags_that_are_alike_or_long_have_names_of_their_own() -> None:
    tags = ["a/b", "a_b", "a\\b", "..", ".", "长" * 120, "长" * 121, "q\"u'o", "天气"]
    names = [file_name("topic", tag) for tag in tags]
    assert len({*names}) == len(tags)
    assert all(re.fullmatch(r"[\w-]+", name) and len(name.encode()) < 200 for name in names)
    assert names[-1] == "topic-天气"
