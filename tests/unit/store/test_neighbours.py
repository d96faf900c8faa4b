"""Which articles are next to one, and whose pages change when one comes, moves or goes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mirror.items import ArticleItem, Link, replace
from mirror.pages.ledger import Ledger
from mirror.pages.retention import mark_around
from mirror.pages.tree import Tree
from mirror.store.closed_homes import leave
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.neighbours import neighbours, placed

CHINA = timezone(timedelta(hours=8))


def article(number: int, hour: int, section: str = "nsc418") -> ArticleItem:
    id = f"n{100000 + number}"
    return ArticleItem(
        id=id,
        site="epochtimes",
        url=f"https://www.epochtimes.com/gb/21/1/1/{id}.htm",
        section=section,
        title=f"题{number}",
        body=f"<p>文{number}</p>",
        path=f"pages/{section}/{id}.md",
        published=datetime(2021, 1, 1, hour, tzinfo=CHINA),
    )


FIRST, SECOND, THIRD, FOURTH = (article(number, number) for number in range(1, 5))


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    Frontier(database)  # makes its table
    return database


def store(database: Database, *items: ArticleItem) -> list[str]:
    """Store articles in one transaction; return those whose links to neighbours are out of date by that."""
    ledger = Ledger(database, Tree(Path("unused")))
    with database.remaking("below", database.outdated("below")):
        pass
    ledger.write_down(list(items), [])
    return database.outdated("below")


def beside(database: Database, item: ArticleItem) -> list[str | None]:
    return [found.id if found else None for found in neighbours(database, placed(item))]


def test_neighbours_are_the_next_in_time(database: Database) -> None:
    store(database, THIRD, FIRST, FOURTH, SECOND, article(9, 2, "nsc413"))
    found = [beside(database, item) for item in (FIRST, SECOND, FOURTH)]
    assert found == [[None, SECOND.id], [FIRST.id, THIRD.id], [THIRD.id, None]]


def test_of_one_minute_the_ids_decide(database: Database) -> None:
    one, other = article(11, 5), article(12, 5)
    store(database, other, one)
    assert [beside(database, one), beside(database, other)] == [[None, other.id], [one.id, None]]


def test_an_article_alone_has_none(database: Database) -> None:
    assert store(database, FIRST) == []
    assert beside(database, FIRST) == [None, None]


def test_a_newer_article_changes_the_page_of_the_newest_alone(database: Database) -> None:
    store(database, FIRST, SECOND, THIRD)
    assert store(database, FOURTH) == [THIRD.id, FOURTH.id]


def test_an_article_between_two_changes_both(database: Database) -> None:
    store(database, FIRST, THIRD, FOURTH)
    assert store(database, SECOND) == [FIRST.id, SECOND.id, THIRD.id]


def test_another_title_or_text_changes_no_neighbour(database: Database) -> None:
    store(database, FIRST, SECOND, THIRD)
    assert store(database, replace(SECOND, title="另一题", body="<p>另文</p>")) == []


def test_another_time_changes_the_neighbours_there_and_here(database: Database) -> None:
    store(database, FIRST, SECOND, THIRD, FOURTH)
    late = replace(SECOND, published=FOURTH.published + timedelta(hours=1))
    assert store(database, late) == [FIRST.id, SECOND.id, THIRD.id, FOURTH.id]


def test_a_page_that_goes_changes_both(database: Database) -> None:
    store(database, FIRST, SECOND, THIRD, FOURTH)
    with database.remaking("below", database.outdated("below")):
        pass
    with database.engine.begin() as connection:
        mark_around(connection, database, [SECOND.id])
        leave(connection, [SECOND.id], "")
    assert {FIRST.id, THIRD.id} <= set(database.outdated("below"))
    assert beside(database, FIRST) == [None, THIRD.id]


def test_an_article_of_two_sections_is_next_to_those_of_both(database: Database) -> None:
    """It leads to those of the section whose page it is alone."""
    other = article(9, 1, "nsc413")
    store(database, FIRST, other)
    shown = [Link(SECOND.id, SECOND.url, SECOND.title)]
    assert store(database, SECOND) == [FIRST.id, SECOND.id]
    Frontier(database).record("nsc413", shown)
    assert other.id in database.outdated("below")
    assert [beside(database, SECOND), beside(database, other)] == [
        [FIRST.id, None],
        [None, SECOND.id],
    ]
