"""What waits comes back from the disk as it went there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from support.articles import NOON, article

from mirror.quality.kept_back import PUBLISH, KeptBack, Waiting
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import WITHDRAWN

FULL = replace(
    article(1),
    updated=datetime(2021, 12, 2, 3, 4, 5, tzinfo=timezone.utc),
    tags=("一", "二"),
    lead_alt="文",
    etag='"1"',
    modified="Thu, 02 Dec 2021 03:04:05 GMT",
    is_update=True,
    removed=True,
)


@pytest.mark.parametrize(
    "waiting",
    [
        Waiting(FULL.id, PUBLISH, FULL, ("its title", "all its pictures")),
        Waiting("n1000002", PUBLISH, replace(article(2), body="", published=NOON)),
        Waiting("n1000003", "refuse", url="https://x.example/3", reason="no title"),
    ],
)
def test_what_waits_comes_back_as_it_was(tmp_path: Path, waiting: Waiting) -> None:
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    kept = KeptBack(database, "epochtimes")
    with database.engine.begin() as connection:
        kept.add(connection, [waiting], 3)
        assert kept.undecided(connection) == ([waiting.item] if waiting.item else [])
        assert kept.release(connection, 3) == []
        assert kept.release(connection, 4) == [waiting]
        assert kept.released(connection) == [waiting]
        kept.forget(connection, [waiting.article])
        assert kept.released(connection) == []


def test_article_that_was_withdrawn_does_not_become_due(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    frontier = Frontier(database)
    with database.engine.begin() as connection:
        kept = KeptBack(database, "epochtimes")
        kept.add(connection, [Waiting(FULL.id, PUBLISH, FULL)], 0)
    frontier.settle(FULL.id, WITHDRAWN)
    with database.engine.begin() as connection:
        kept.give_back_all(connection)
    assert frontier.count_due(1, [], [FULL.id]) == 0
