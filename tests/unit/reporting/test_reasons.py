"""Why a run did not end with all that was asked for."""

from __future__ import annotations

import pytest

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
        (Exit.INCOMPLETE, figures(halted=1), "the site was out of reach; run it again"),
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
