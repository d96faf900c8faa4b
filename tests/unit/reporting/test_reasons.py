"""Why a run did not end with all that was asked for."""

from __future__ import annotations

import ast

import pytest
from support.mirrors import ROOT

from mirror.exits import Exit
from mirror.reporting.reasons import reason
from mirror.reporting.summary import Figures, counts_of


def figures(failed: int = 0, refused: int = 0, **others: int) -> Figures:
    counts = counts_of({"mirror/failed": failed, "mirror/refused": refused})
    return Figures(counts, others, 1.0, 1.0)


@pytest.mark.parametrize(
    ("status", "known", "said"),
    [
        (Exit.COMPLETE, figures(), ""),
        (Exit.INCOMPLETE, None, "it was stopped; run it again"),
        (Exit.INCOMPLETE, figures(), "it was stopped before its end; run it again"),
        (
            Exit.INCOMPLETE,
            figures(failed=3, listing_pages_failed=1),
            "3 articles could not be fetched, 1 listing page could not be read; run it again",
        ),
        (
            Exit.INCOMPLETE,
            figures(halted=1, failed=2, **{"halted/proxies": 1}),
            "no proxy worked any more, 2 articles could not be fetched; run it again",
        ),
        (Exit.REFUSED, figures(refused=2), "no article on 2 pages: scrapy status"),
        (Exit.UNPUBLISHED, figures(), "a home did not take it"),
        (
            Exit.UNPUBLISHED,
            figures(
                unpublished=2, **{"unpublished/a (git@a.example:b)": 1, "unpublished/c (/d)": 1}
            ),
            "a (git@a.example:b), c (/d) did not take it",
        ),
    ],
)
def test_reason(status: Exit, known: Figures | None, said: str) -> None:
    assert reason(status, known).startswith(said)
    assert bool(reason(status, known)) == bool(said)


def test_each_reason_for_an_end_before_the_time_has_its_words() -> None:
    calls = [
        call
        for file in (ROOT / "mirror").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "halt"
    ]
    said = []
    for call in calls:
        name = ast.literal_eval(call.args[1])
        said.append(reason(Exit.INCOMPLETE, figures(halted=1, **{f"halted/{name}": 1})))
    assert len(said) == len(set(said)) > 4
    assert not any(words.startswith("it was stopped") for words in said)
