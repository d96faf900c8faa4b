from __future__ import annotations

import pytest

from mirror.content.markup_limits import BODY, PAGE, markup_excess

ATTRIBUTES = " ".join(f"a{n}" for n in range(100))


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<li>" * 150_000, "150,000 tags"),
        ("<!---->" * 150_000, "150,000 tags"),
        ("<" * 400_000, "400,000 tags"),
        ("&#65;" * 150_000, "150,000 entities"),
        ("&x" * 300_000, "300,000 entities"),
        (f"<p {ATTRIBUTES}>" * 2_000, "200,000 attributes"),
        (f"<p {' '.join(f'a{n}=1' for n in range(25_000))}>", "25,000 attributes on one tag"),
        ("国" * 1_400_000, "1,400,000 characters"),
        ("a" * 1_400_000 + "\U0001f600", "1,400,001 characters"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_would_fill_the_memory_is_found_before_it_is_parsed(page: str, found: str) -> None:
    assert markup_excess(page, PAGE) == found


@pytest.mark.parametrize(
    "page",
    [
        "<p>国家</p>" * 30_000,
        "国家，" * 400_000,
        "<p title='" + "a b " * 4_000 + "'>一&amp;二</p>",
        f"<p {ATTRIBUTES}>" * 150,
        "",
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_a_page_may_hold_passes(page: str) -> None:
    assert markup_excess(page, PAGE) == ""
    assert markup_excess(page, BODY) == ""
