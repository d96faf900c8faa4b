"""Limits of GitHub, told from four fifths on."""

from __future__ import annotations

import pytest

from mirror.publishing.host_limits import Sizes, near_limits


@pytest.mark.parametrize(
    ("near", "below", "said"),
    [
        (
            Sizes(folders={"pages": 2_400}),
            Sizes(folders={"pages": 2_399}),
            "pages holds 2,400 files",
        ),
        (Sizes(folders={"": 9_000}), Sizes(), "the top folder holds 9,000 files"),
        (
            Sizes(files={"a.bin": 80_000_000}),
            Sizes(files={"a.bin": 79_999_999}),
            "a.bin has 80.0 MB",
        ),
        (Sizes(files={"a.md": 1_600_000}), Sizes(files={"a.bin": 1_600_000}), "a.md has 1.6 MB"),
        (Sizes(repository=8 * 10**9), Sizes(repository=8 * 10**9 - 1), ".git has 8.0 GB"),
        (Sizes(commit=1_600_000_000), Sizes(commit=1_599_999_999), "adds up to 1.6 GB"),
    ],
)
def test_limit_is_told_from_four_fifths_on(near: Sizes, below: Sizes, said: str) -> None:
    (told,) = near_limits(near)
    assert said in told
    assert near_limits(below) == []
