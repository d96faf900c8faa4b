"""What a listing tells of articles that are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from mirror.items import Link
from mirror.store.database import open_database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import frontier as table

OLD = Link("n13460081", "https://www.epochtimes.com/gb/21/12/8/n13460081.htm", "题")
NEW = replace(OLD, url="https://www.epochtimes.com/gb/21/12/9/n13460081.htm")


@pytest.mark.parametrize("is_listed_first", [True, False])
def test_article_that_was_not_there_is_asked_for_where_it_is_listed(
    tmp_path: Path, is_listed_first: bool
) -> None:
    """Whatever comes first: the answer at the old address, or the listing."""
    database = open_database(f"sqlite:///{tmp_path}/mirror.db")
    frontier = Frontier(database)
    frontier.record("nsc418", [OLD])
    frontier.take(1, database.clock.due_until, ["nsc418"])
    if is_listed_first:
        frontier.record("nsc418", [NEW])
        frontier.miss(OLD.id, "gone", "HTTP 404")
    else:
        frontier.miss(OLD.id, "gone", "HTTP 404")
        frontier.record("nsc418", [NEW])
    with database.engine.connect() as connection:
        row = connection.execute(select(table.c.url, table.c.other_url, table.c.attempts)).one()
    assert row == (NEW.url, None, 0)
