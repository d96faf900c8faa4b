"""Rows are written as SQLAlchemy writes them, and what goes wrong is one of its errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from mirror.store.database import Database
from mirror.store.schema import do_many, links, listings, put, upsert

ROWS = [
    {"section": "nsc418", "article": f"n10000{n}", "title": title, "published": None}
    for n, title in enumerate(["甲", "乙"])
]


def test_rows_replace_those_of_their_key(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    with database.engine.begin() as connection:
        put(connection, upsert(database.engine, listings), ROWS)
        put(connection, upsert(database.engine, listings), [{**ROWS[0], "title": "丙"}])
        assert set(connection.scalars(select(listings.c.title))) == {"丙", "乙"}


def test_error_takes_back_the_whole_transaction(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/mirror.db")
    wrong = text("INSERT INTO links (source, target) VALUES (:source, :target)")
    with pytest.raises(DBAPIError), database.engine.begin() as connection:
        put(connection, upsert(database.engine, listings), ROWS)
        do_many(connection, wrong, [{"source": "a", "target": "b"}] * 2)
    with database.engine.connect() as connection:
        assert connection.execute(select(listings)).all() == []
        assert connection.execute(select(links)).all() == []
