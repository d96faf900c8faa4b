"""Queries that are made for each article, compiled once. On SQLite they go past SQLAlchemy, which takes
ten times as long about them as the database does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Connection, Select

_Found = TypeVar("_Found")
_Compiled: TypeAlias = tuple[
    str, tuple[str, ...], dict[str, object]
]  # its parameters, those that are fixed


class Lookup(Generic[_Found]):
    """One such query; what it finds are text, numbers and null."""

    def __init__(self, query: Select[Any], found: Callable[..., _Found]):
        """`found` is made of the columns of a row."""
        self.query = query
        self.found = found
        self.compiled: _Compiled | None = None  # for SQLite

    def all(self, connection: Connection, **values: object) -> list[_Found]:
        """Return what there is for the values of the parameters."""
        return [self.found(*row) for row in self._rows(connection, values)]

    def first(self, connection: Connection, **values: object) -> _Found | None:
        """Return the first of it, None if there is nothing."""
        return next(iter(self.all(connection, **values)), None)

    def _rows(self, connection: Connection, values: dict[str, object]) -> Any:
        if connection.dialect.name == "sqlite":
            sql, names, fixed = self.compiled = self.compiled or self._compile(connection)
            given = {**fixed, **values}
            with suppress(sqlite3.Error):  # SQLAlchemy gets the same, and raises it as everywhere
                driver: Any = connection.connection.driver_connection
                return driver.execute(sql, [given[name] for name in names]).fetchall()
        return connection.execute(self.query, values)

    def _compile(self, connection: Connection) -> _Compiled:
        compiled: Any = self.query.compile(dialect=connection.dialect)
        return str(compiled), tuple(compiled.positiontup), compiled.params
