from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from support import previous

from mirror.errors import ArgumentError
from mirror.store import migrations
from mirror.store.database import Database, open_database
from mirror.store.frontier import Frontier
from mirror.store.migrations import MIGRATIONS, check_current

KILLED_IN_THE_MIDDLE = """
import os, signal, sys
from mirror.store import frontier, migrations
from mirror.store.database import Database
migrations.MIGRATIONS = (*migrations.MIGRATIONS, lambda _: os.kill(os.getpid(), signal.SIGKILL))
Database(sys.argv[1])
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Give addresses of empty databases."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_database
    numbers = iter(range(9))
    return lambda: f"sqlite:///{tmp_path}/mirror{next(numbers)}.db"


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The address of a database of the version before."""
    url = new_url()
    previous.make_database(url)
    return url


def shape(engine: Engine) -> dict[str, object]:
    """What the tables are made of, whatever made them."""
    found = inspect(engine)
    return {
        table: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)),
            sorted((i["name"] or "", tuple(i["column_names"])) for i in found.get_indexes(table)),
            tuple(found.get_pk_constraint(table)["constrained_columns"]),
        )
        for table in found.get_table_names()
    }


def test_all_that_was_known_is_taken_over(url: str) -> None:
    before = previous.contents(url)
    Frontier(Database(url))
    after = previous.contents(url)
    assert after["elsewhere"] == before["away"]
    assert after["outdated"] == before["stale"]
    walks = {(section, reached) for section, _, reached, *_ in before["walks"]}
    assert {(section, above) for _, section, _, above, *_ in after["gaps"]} == walks
    assert not {"away", "stale", "walks"} & after.keys()
    same = before.keys() - {"away", "stale", "walks"}
    assert {name: after[name] for name in same - {"frontier"}} == {
        name: before[name] for name in same - {"frontier"}
    }
    assert after["frontier"] == [(*row, None) for row in before["frontier"]]  # no other address


def test_tables_become_those_of_a_new_database(url: str, new_url: Callable[[], str]) -> None:
    new, old = Database(new_url()), Database(url)
    made, taken_over = shape(new.engine), shape(old.engine)
    assert {table: taken_over[table] for table in made} == made


def test_database_of_the_first_days_is_taken_over(url: str) -> None:
    with create_engine(url).begin() as connection:
        for statement in (
            "DROP INDEX waiting",
            "DROP INDEX waiting_by_day",
            "ALTER TABLE frontier DROP COLUMN batch",
            "CREATE INDEX due ON frontier (due)",
        ):
            connection.execute(text(statement))
    frontier = Frontier(Database(url))
    frontier.refresh(["nsc418"], None)
    taken = frontier.take(100, 2e9, ["nsc418"])
    assert "n13460074" in {row.article for row in taken}
    assert {row.batch for row in taken} == {""}
    indexes = {index["name"] for index in inspect(frontier.engine).get_indexes("frontier")}
    assert {"waiting", "waiting_by_day"} <= indexes
    assert "due" not in indexes


def test_killed_migration_changes_nothing_and_is_done_by_the_next_run(url: str) -> None:
    before = previous.contents(url)
    killed = subprocess.run([sys.executable, "-c", KILLED_IN_THE_MIDDLE, url], check=False)
    assert killed.returncode == -9
    assert previous.contents(url) == before
    Frontier(Database(url))
    assert previous.contents(url)["elsewhere"] == before["away"]


def test_several_processes_may_take_a_database_over_at_once(url: str) -> None:
    before, together, errors = previous.contents(url), Barrier(4), []

    def take_over() -> None:
        together.wait()
        try:
            Frontier(Database(url))
        except Exception as error:
            errors.append(error)

    threads = [Thread(target=take_over) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert previous.contents(url)["elsewhere"] == before["away"]
    assert previous.contents(url)["schema_version"] == [(len(MIGRATIONS),)]


def test_step_is_taken_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Database(url)
    taken: list[object] = []
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, taken.append))
    Database(url)
    Database(url)
    assert len(taken) == 1


def test_database_of_an_earlier_version_is_not_read_as_it_is(url: str) -> None:
    with (
        create_engine(url).connect() as connection,
        pytest.raises(ArgumentError, match="next crawl"),
    ):
        check_current(connection)
    Frontier(Database(url))
    with create_engine(url).connect() as connection:
        check_current(connection)


def test_database_of_a_later_version_is_refused(new_url: Callable[[], str]) -> None:
    url = new_url()
    Database(url)
    with create_engine(url).begin() as connection:
        connection.execute(text("UPDATE schema_version SET number = 99"))
    before = previous.contents(url)
    with pytest.raises(ArgumentError, match=r"MIRROR_DATABASE_URL=.*number 99.*update the project"):
        open_database(url)
    assert previous.contents(url) == before
