"""Queries that stand alone go on when PostgreSQL has cut the connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text
from support.articles import article

from mirror.quality.mistaken import known_titles, shown_instead
from mirror.quality.quarantine import Quarantine
from mirror.store.database import Database
from mirror.store.near_duplicates import near_duplicates_of
from mirror.store.schema import articles

if TYPE_CHECKING:
    from support.servers import PostgresServer

_CUT = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = :pid")


@pytest.fixture(scope="module")
def database(postgres: PostgresServer) -> Database:
    return Database(postgres.new_database())


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda d: d.reading.scalar(select(func.count()).select_from(articles)), 0),
        (lambda d: d.reading.scalars(select(articles.c.id)), []),
        (lambda d: d.reading.execute(select(articles.c.id)).all(), []),
        (lambda d: d.place("n1"), None),
        (lambda d: d.stored(["n1"]), []),
        (lambda d: known_titles(d, "n1"), []),
        (lambda d: shown_instead(d, article(1), ["桥修好了"]), None),
        (lambda d: near_duplicates_of(d, "n1"), []),
        (lambda d: Quarantine(d).all(), []),
    ],
)
def test_answer_is_the_same_after_a_cut(
    database: Database, ask: Callable[[Database], Any], answer: object
) -> None:
    pid = database.reading.scalar(select(func.pg_backend_pid()))
    with database.engine.connect() as other:
        other.execute(_CUT, {"pid": pid})
    assert ask(database) == answer
    assert database.reading.scalar(select(func.pg_backend_pid())) != pid


def test_forgetting_an_update_is_done_again_after_a_cut(database: Database) -> None:
    held = Quarantine(database)
    held.hold(article(1), ["shorter"], database.clock.day)
    with database.engine.connect() as pooled:
        pid = pooled.scalar(select(func.pg_backend_pid()))
    database.reading.execute(_CUT, {"pid": pid})
    held.forget(article(1).id)
    assert Quarantine(database).all() == []
