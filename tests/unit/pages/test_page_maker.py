"""Pages of many articles are made as those of one are."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.articles import article

from mirror.pages.ledger import store
from mirror.pages.page_maker import PageMaker
from mirror.pages.rendering import Renderer
from mirror.store.database import Database


def test_all_are_made_in_order_without_those_that_are_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    empty = article(40, body="<script>x</script>", lead_image="")
    items = [*map(article, range(40)), empty, article(41)]
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    with database.engine.begin() as connection:
        store(connection, database, items)
    maker = PageMaker(database, Renderer("default", "https://home.example/m"))
    stored = list(database.stored([item.id for item in items]))
    made = list(maker.make_all(iter(stored)))
    right = [item for item in stored if item.id != empty.id]
    assert len(right) == 41
    assert made == [maker.make(item) for item in right]
    assert all(item.page.startswith("### ") and item.qr for item in made)
    assert [record.getMessage() for record in caplog.records] == [
        f"No page of {empty.url}: empty body"
    ]
