"""The limits at the end of a run: what is looked at does not grow with what is known."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from support.articles import article

from mirror.config.limits import Limits
from mirror.items import replace
from mirror.pages.ledger import store
from mirror.pages.retention import keep_within
from mirror.pages.tree import Tree
from mirror.store.database import Database
from mirror.store.schema import make_tables, outdated

TODAY = date(2021, 12, 2)
_STEPS = 10  # of SQLite's virtual machine, between two calls


class Work:
    """Counts the steps of SQLite's virtual machine."""

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self) -> int:
        self.steps += _STEPS
        return 0


def mirror(folder: Path, count: int) -> tuple[Database, Work]:
    """A database that knows some articles, all of a month, and what counts its steps."""
    folder.mkdir()
    database, work = Database(f"sqlite:///{folder}/mirror.db"), Work()
    make_tables(database.engine)
    for start in range(0, count, 500):
        known = [replace(article(n), body="") for n in range(start, min(start + 500, count))]
        with database.engine.begin() as connection:
            store(connection, database, known)
    with database.engine.begin() as connection:
        connection.execute(outdated.delete())

    @event.listens_for(database.engine, "checkout")
    def count_steps(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(work, _STEPS)

    count_steps(database.reading.connection.driver_connection)
    return database, work


def steps(database: Database, work: Work, limits: Limits, folder: Path) -> int:
    """How much a run without news does for these limits, after one that did all there was to do."""
    keep_within(limits, database, Tree(folder), TODAY)
    work.steps = 0
    assert keep_within(limits, database, Tree(folder), TODAY) == (0, 0)
    return work.steps


@pytest.mark.parametrize("limits", [Limits(), Limits(pages=20), Limits(days=1), Limits(20, 30)])
def test_end_of_a_run_does_no_more_the_more_is_known(tmp_path: Path, limits: Limits) -> None:
    few = steps(*mirror(tmp_path / "few", 100), limits, tmp_path)
    many = steps(*mirror(tmp_path / "many", 3000), limits, tmp_path)
    assert many <= few * 1.1 + 10 * _STEPS
