"""Lookups give what SQLAlchemy gives."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, bindparam, create_engine, literal_column, select, text
from sqlalchemy.exc import DBAPIError

from mirror.store.lookups import Lookup


class Found(NamedTuple):
    one: str
    two: int | None


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    connection = create_engine(f"sqlite:///{tmp_path}/x.db").connect()
    connection.execute(text("CREATE TABLE things (one TEXT, two INTEGER)"))
    connection.execute(text("INSERT INTO things VALUES ('a', 1), ('a', NULL), ('国', 3)"))
    return connection


def lookup(where: str = "one") -> Lookup[Found]:
    one, two = literal_column("one"), literal_column("two")
    query = select(one, two).select_from(text("things"))
    wanted = literal_column(where) == bindparam("which")
    return Lookup(query.where(wanted, one != bindparam("without")).order_by(two), Found)


def test_rows_are_those_of_the_query_whatever_the_order_of_its_parameters(
    connection: Connection,
) -> None:
    found = lookup()
    assert found.all(connection, without="x", which="a") == [Found("a", None), Found("a", 1)]
    assert found.first(connection, which="国", without="x") == Found("国", 3)
    assert found.first(connection, which="b", without="x") is None
    assert found.all(connection, which="a", without="a") == []


def test_error_is_one_of_sqlalchemys(connection: Connection) -> None:
    with pytest.raises(DBAPIError) as raised:
        lookup("nowhere").all(connection, which="a", without="x")
    assert isinstance(raised.value.orig, sqlite3.OperationalError)


@pytest.mark.parametrize("among", [[], ["a"], ["国", "a", "b"]])
def test_list_is_what_a_column_has_one_of(connection: Connection, among: list[str]) -> None:
    one, two = literal_column("one"), literal_column("two")
    query = select(one, two).select_from(text("things"))
    wanted = one.in_(bindparam("among", expanding=True)), two > bindparam("more")
    found = Lookup(query.where(*wanted).order_by(two), Found)
    expected = [row for row in (Found("a", 1), Found("国", 3)) if row.one in among]
    for _ in range(2):
        assert found.all(connection, more=0, among=among) == expected
