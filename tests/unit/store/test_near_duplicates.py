"""Which articles are noted to tell the same story, as they are stored, change and are withdrawn."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from support.articles import NOON, article

from demo.articles import made_up_articles
from mirror.items import ArticleItem
from mirror.pages.ledger import Ledger
from mirror.pages.tree import Tree
from mirror.pages.withdrawing import withdraw, withdrawals
from mirror.pictures.shelf import Shelf
from mirror.store import near_duplicates
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.near_duplicates import compare_stored, near_duplicates_of

STORY, OTHER = (made.body_html for made in made_up_articles(9)[:6:5])
TOLD = f"<p>另一家媒体的导语。</p>{STORY[:-40]}<p>（编辑：某人）</p>"
FIRST, TWIN, SEPARATE = article(1, body=STORY), article(2, body=TOLD), article(3, body=OTHER)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    url = f"sqlite:///{tmp_path}/mirror.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
    database = Database(url)
    Frontier(database)
    return database


def store(database: Database, tree: Path, *items: ArticleItem) -> list[str]:
    """Store articles together; return whose pages are out of date by that."""
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM outdated"))
    ledger = Ledger(database, Tree(tree))
    for item in items:
        ledger.publish(item)
    ledger.flush()
    return database.outdated("page")


def others(database: Database, item: ArticleItem) -> list[str]:
    return [row.id for row in near_duplicates_of(database, item.id)]


@pytest.mark.parametrize("batches", [[[FIRST], [SEPARATE], [TWIN]], [[TWIN, SEPARATE, FIRST]]])
def test_same_story_is_noted_both_ways_and_both_pages_are_made_again(
    database: Database, tmp_path: Path, batches: list[list[ArticleItem]]
) -> None:
    *_, outdated = (store(database, tmp_path, *batch) for batch in batches)
    assert outdated == [FIRST.id, TWIN.id]
    assert (others(database, FIRST), others(database, TWIN)) == ([TWIN.id], [FIRST.id])
    assert others(database, SEPARATE) == []


def test_update_that_tells_something_else_ends_it(database: Database, tmp_path: Path) -> None:
    store(database, tmp_path, FIRST, TWIN)
    assert store(database, tmp_path, article(2, body=OTHER)) == [FIRST.id, TWIN.id]
    assert (others(database, FIRST), others(database, TWIN)) == ([], [])
    store(database, tmp_path, TWIN)
    assert others(database, FIRST) == [TWIN.id]


def test_new_title_is_shown_by_the_other_page(database: Database, tmp_path: Path) -> None:
    store(database, tmp_path, FIRST, TWIN)
    assert FIRST.id in store(database, tmp_path, article(2, body=TOLD, title="新题"))
    assert near_duplicates_of(database, FIRST.id)[0].title == "新题"


def test_story_of_another_season_is_another_one(database: Database, tmp_path: Path) -> None:
    later = NOON + timedelta(days=100)
    store(database, tmp_path, FIRST, article(2, body=STORY, published=later))
    assert others(database, FIRST) == []


def test_withdrawn_article_leaves_nothing_behind(database: Database, tmp_path: Path) -> None:
    store(database, tmp_path, FIRST, TWIN)
    found, shelf = withdrawals(database, {TWIN.id: ""}), Shelf(tmp_path / "pictures")
    withdraw(database, Tree(tmp_path), shelf, found, date(2021, 12, 2))
    assert FIRST.id in database.outdated("page")
    assert others(database, FIRST) == []
    with database.engine.connect() as connection:
        kept = connection.execute(text("SELECT DISTINCT article FROM sketches")).scalars().all()
    assert kept == [FIRST.id]


def test_stored_articles_of_an_earlier_version_are_compared(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [article(number, body=f"<p>{number}</p>{OTHER}") for number in range(10, 14)]
    store(database, tmp_path, FIRST, TWIN, *items)
    expected = {item.id: others(database, item) for item in (FIRST, TWIN, *items)}
    with database.engine.begin() as connection:
        for table in ("sketches", "near_duplicates", "outdated"):
            connection.execute(text(f"DROP TABLE {table}"))
    monkeypatch.setattr(near_duplicates, "_BATCH_SIZE", 2)
    with database.engine.begin() as connection:
        compare_stored(connection)
    assert {id: [row.id for row in near_duplicates_of(database, id)] for id in expected} == expected
    assert database.outdated("page") == sorted(expected)


def test_many_articles_of_one_form_are_compared_with_the_nearest(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "_MAX_COMPARED", 2)
    series = [article(number, body=STORY) for number in range(5)]
    for item in series:
        store(database, tmp_path, item)
    assert others(database, series[4]) == [series[2].id, series[3].id]
