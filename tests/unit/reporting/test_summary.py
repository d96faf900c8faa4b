"""How the figures of a crawl are told."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from mirror.reporting.display import shown
from mirror.reporting.summary import Figures, counts_of, line, others_of, table

STATS = {
    "mirror/listing_pages": 34,
    "mirror/new": 998,
    "mirror/updated": 2,
    "mirror/published": 1000,
    "mirror/unchanged": 15,
    "mirror/refused": 3,
    "mirror/failed": 2,
    "mirror/indexes": 7,
    "mirror/purged": 0,
    "downloader/request_count": 1056,
    "downloader/response_bytes": 93_100_000,
    "finish_reason": "finished",
}
FIGURES = Figures(counts_of(STATS), others_of(STATS), 204.0, 5.0, 3000)


def test_line_has_every_figure() -> None:
    assert line(FIGURES) == (
        "34 listing pages; 1,020 articles (998 new, 2 updated, 15 unchanged, 3 refused, 2 failed); "
        "5.0 a second; 93.1 MB; 3 min 24 s; 3,000 to do; 10 min left"
    )


def test_what_the_pager_shows_is_told_as_an_estimate() -> None:
    told = line(replace(FIGURES, left=6000, pages=100))
    assert told.startswith("34 of about 134 listing pages;")
    assert told.endswith("about 6,000 to do; about 20 min left")


def test_what_is_not_known_is_left_out_of_the_line() -> None:
    start = Figures(counts_of({}), {}, 0.0, 0.0)
    assert line(start).endswith("0.0 a second; 0 bytes; 0.0 s")


def test_table_has_every_figure_and_what_else_was_counted() -> None:
    rows = dict(
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in table(FIGURES).splitlines()
        if row.startswith("|")
    )
    assert rows == {
        "listing pages": "34",
        "articles new": "998",
        "articles updated": "2",
        "articles unchanged": "15",
        "articles refused": "3",
        "articles failed": "2",
        "articles a second": "5.0",
        "requests": "1,056",
        "received": "93.1 MB",
        "time": "3 min 24 s",
        "indexes": "7",
    }


def test_json_tells_every_figure_as_a_number() -> None:
    told = FIGURES.as_json()
    assert (told["new"], told["articles"], told["bytes"]) == (998, 1020, 93_100_000)
    assert (told["seconds"], told["per_second"], told["others"]) == (204.0, 5.0, {"indexes": 7})


@pytest.mark.parametrize("width", [60, 80, 160])
def test_display_fits_any_width(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(shown("section id=nsc418", FIGURES, "fetching"))
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= width
    for told in ("998 new", "3 refused", "2 failed", "5.0 a second", "93.1 MB", "10 min left"):
        assert told in text
