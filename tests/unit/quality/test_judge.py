"""What waits is on disk with what is stored: no crash makes a healthy site look hollow, and a verdict is
that of all processes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path

import pytest
from sqlalchemy import select, text
from support.articles import article

from mirror.items import ArticleItem, Link
from mirror.pages.ledger import Ledger
from mirror.pages.tree import Tree
from mirror.quality.judge import Judge
from mirror.quality.kept_back import PUBLISH, Waiting, kept_back
from mirror.sites import get_site
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import frontier

NewDatabase = Callable[[], Database]


@pytest.fixture
def new_database(tmp_path: Path) -> Iterator[NewDatabase]:
    numbers = count()
    made: list[Database] = []

    def new() -> Database:
        made.append(Database(f"sqlite:///{tmp_path}/{next(numbers)}.db"))
        return made[-1]

    yield new
    for database in made:
        database.engine.dispose()


class Process:
    """One process of a crawl, as far as articles are judged and stored; it can die at any moment."""

    def __init__(self, database: Database, folder: Path):
        self.judge = Judge(database, get_site("epochtimes"))
        self.ledger = Ledger(database, Tree(folder))
        self.ledger.companion = self.judge
        self.judge.open()
        self._publish_right()

    def see(self, item: ArticleItem) -> None:
        """Take an article through its stages."""
        if self.judge.is_hollow:
            return
        if self.judge.observer.see(item, None):
            self.judge.keep(Waiting(item.id, PUBLISH, item))
            if finding := self.judge.observer.finding_in(item.section):
                self.judge.condemn(finding)
        else:
            self.ledger.publish(item)
        if self.judge.is_time:
            self.judge.flush()
        self._publish_right()

    def end(self) -> None:
        """Judge what is left and store it."""
        self.judge.conclude()
        self._publish_right()
        self.ledger.flush()

    def stop(self) -> None:
        """End without a judgement, as when an operator ends the crawl."""
        self.ledger.flush()
        self.judge.flush()

    def _publish_right(self) -> None:
        right, self.judge.right = self.judge.right, []
        for waiting in right:
            if waiting.item and not self.judge.is_hollow:
                self.ledger.publish(waiting.item)


@pytest.fixture
def process(tmp_path: Path) -> Callable[[Database], Process]:
    return lambda database: Process(database, tmp_path / "out")


NewProcess = Callable[[Database], Process]


def listed(database: Database, items: list[ArticleItem]) -> None:
    links = [Link(item.id, item.url, item.title) for item in items]
    Frontier(database).record("nsc418", links)


def left(database: Database, items: list[ArticleItem]) -> list[ArticleItem]:
    """The articles that are due, in the order in which a crawl takes them."""
    query = select(frontier.c.article).where(frontier.c.due <= 0).order_by(frontier.c.seq)
    known = {item.id: item for item in items}
    with database.engine.connect() as connection:
        return [known[article] for article in connection.scalars(query) if article in known]


def stored(database: Database) -> set[str]:
    return {item.id for item in database.stored(next(database.ids(1000), []))}


def waiting(database: Database) -> set[str]:
    with database.engine.connect() as connection:
        return set(connection.scalars(select(kept_back.c.article)))


@pytest.mark.parametrize("seed", range(16))
def test_crawl_that_dies_again_and_again_is_not_taken_for_hollow(
    new_database: NewDatabase, process: NewProcess, seed: int
) -> None:
    draw = random.Random(seed)
    database = new_database()
    items = [article(number) for number in range(draw.randint(30, 160))]
    draw.shuffle(items)
    listed(database, items)
    for _ in range(draw.randint(1, 6)):
        dying = process(database)
        for item in islice(left(database, items), draw.randint(1, 60)):
            dying.see(item)
        assert not dying.judge.is_hollow
    last = process(database)
    for item in left(database, items):
        last.see(item)
    last.end()
    assert not last.judge.is_hollow
    assert stored(database) == {item.id for item in items}
    assert not waiting(database)
    assert not left(database, items)


def test_article_that_waits_is_stored_with_those_it_waits_for_and_not_due(
    new_database: NewDatabase, process: NewProcess
) -> None:
    database = new_database()
    items = [article(number, tags=("题",) if number % 8 else ()) for number in range(64)]
    listed(database, items)
    first = process(database)
    for item in items[:30]:
        first.see(item)
    first.end()
    second = process(database)
    for item in items[30:]:
        second.see(item)
    second.stop()
    bare = {item.id for item in items[30:] if not item.tags}
    assert bare <= waiting(database)
    assert bare.isdisjoint(stored(database))
    assert not left(database, items)
    third = process(database)
    third.end()
    assert stored(database) == {item.id for item in items}
    assert not waiting(database)


def test_what_is_judged_as_all_is_concluded_is_released_once(
    new_database: NewDatabase, process: NewProcess
) -> None:
    judge, numbers = process(new_database()).judge, count()
    for look in (judge.flush, judge.conclude):
        while not judge.observer.is_full:
            item = article(next(numbers), tags=())
            judge.observer.see(item, None)
            judge.keep(Waiting(item.id, PUBLISH, item))
        look()
    released = [waiting.article for waiting in judge.right]
    assert len(released) == len(set(released)) > 0


def known(new_database: NewDatabase, process: NewProcess) -> Database:
    """A database with articles of the usual kind, all judged."""
    database = new_database()
    items = [article(number) for number in range(90)]
    listed(database, items)
    first = process(database)
    for item in items:
        first.see(item)
    first.end()
    return database


def test_verdict_is_that_of_all_processes(new_database: NewDatabase, process: NewProcess) -> None:
    database = known(new_database, process)
    items = [article(number, tags=()) for number in range(200, 209)]
    listed(database, items)
    processes = [process(database) for _ in range(3)]
    for number, item in enumerate(items):
        processes[number % 3].see(item)
    for one in processes:
        one.stop()
    assert not any(one.judge.is_hollow for one in processes)  # three articles say nothing
    processes[0].end()
    assert "of 9 articles in nsc418, 0 have tags" in processes[0].judge.words
    for one in processes[1:]:
        one.end()
        assert one.judge.is_hollow
        assert not one.judge.words  # it is said once
    assert stored(database).isdisjoint(item.id for item in items)
    assert left(database, items) == items
    assert not waiting(database)


def test_what_a_judgement_releases_one_process_publishes(
    new_database: NewDatabase, process: NewProcess
) -> None:
    database = known(new_database, process)
    items = [article(number) for number in range(200, 290)]
    listed(database, items)
    processes = [process(database) for _ in range(2)]
    published: list[str] = []
    for number, item in enumerate(items):
        processes[number % 2].see(item)
        processes[number % 2].stop()
    for one in processes:
        one.end()
        published += one.ledger.published
    assert stored(database) >= {item.id for item in items}
    assert processes[0].judge.log.round == processes[1].judge.log.round > 0


def test_new_process_goes_on_where_the_log_stands(
    new_database: NewDatabase, process: NewProcess
) -> None:
    database = known(new_database, process)
    first = process(database)
    for number in range(200, 204):
        first.see(article(number, tags=()))
    first.stop()
    second = process(database)
    for number in range(204, 210):
        second.see(article(number, tags=()))
    assert second.judge.is_hollow
    assert "0 have tags" in second.judge.words


def test_transaction_that_comes_to_nothing_is_repeated_whole(
    new_database: NewDatabase, process: NewProcess
) -> None:
    database = known(new_database, process)
    judge = process(database).judge
    item = article(200, tags=())
    listed(database, [item])
    judge.observer.see(item, None)
    judge.keep(Waiting(item.id, PUBLISH, item))
    before = judge.observer.window.total.count
    with database.engine.connect() as connection:
        connection.execute(text("BEGIN IMMEDIATE"))
        judge.write(connection, ())
        connection.rollback()
    assert item.id not in waiting(database)
    judge.flush()
    assert judge.observer.window.total.count == before
    assert item.id in waiting(database)
    assert not left(database, [item])


def test_everything_that_waits_is_fetched_again_if_nothing_is_suspected_any_more(
    new_database: NewDatabase, process: NewProcess
) -> None:
    database = known(new_database, process)
    item = article(200, tags=())
    listed(database, [item])
    one = process(database)
    one.see(item)
    one.stop()
    assert not left(database, [item])
    Judge(database, get_site("epochtimes")).forget()
    assert left(database, [item]) == [item]
    assert not waiting(database)


def test_finding_that_made_a_run_hollow_before_is_looked_at_again(
    new_database: NewDatabase, process: NewProcess
) -> None:
    database = known(new_database, process)
    items = [article(number, tags=()) for number in range(200, 212)]
    listed(database, items)
    first = process(database)
    for item in items:
        first.see(item)
    assert first.judge.is_hollow
    second = Judge(database, get_site("epochtimes"))
    second.open()
    for item in items:
        second.observer.see(item, None)
        second.keep(Waiting(item.id, PUBLISH, item))
    second.conclude()
    assert not second.is_hollow
    assert second.doubt is not None
    assert second.doubt.field == "tags"
    second.clear(second.doubt)
    second.conclude()
    assert {one.article for one in second.right} == {item.id for item in items}
