"""Queries that are made for each article or a few, compiled once. On SQLite they go past SQLAlchemy, which
takes ten times as long about them as the database does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Generic, TypeAlias, TypeVar

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.sql.dml import ReturningUpdate

from mirror.store.reader import Reader

_Found = TypeVar("_Found")
_Compiled: TypeAlias = tuple[
    str, tuple[str, ...], dict[str, object]
]  # its parameters, those that are fixed


class Lookup(Generic[_Found]):
    """One such query; what it finds are text, numbers and null. The value of an expanding parameter, behind
    IN, is a list."""

    def __init__(self, query: Select[Any] | ReturningUpdate[Any], found: Callable[..., _Found]):
        """`found` is made of the columns of a row, or of what an update returns of those that it changed."""
        self.query = query
        self.found = found
        self.compiled: _Compiled | None = None  # for SQLite

    def all(self, source: Connection | Reader, **values: object) -> list[_Found]:
        """Return what there is for the values of the parameters."""
        return [self.found(*row) for row in self._rows(source, values)]

    def first(self, source: Connection | Reader, **values: object) -> _Found | None:
        """Return the first of it, None if there is nothing."""
        row = next(iter(self._rows(source, values)), None)
        return None if row is None else self.found(*row)

    def _rows(self, source: Connection | Reader, values: dict[str, object]) -> Any:
        if source.dialect.name == "sqlite":
            sql, names, fixed = self.compiled = self.compiled or self._compile(source.dialect)
            bound: list[Any] = []
            for name in names:
                value = values[name] if name in values else fixed[name]
                if isinstance(value, list):
                    sql = sql.replace(f"__[POSTCOMPILE_{name}]", ",".join("?" * len(value)))
                    bound += value
                else:
                    bound.append(value)
            driver: Any = source.connection.driver_connection
            try:
                return driver.execute(sql, bound).fetchall()
            except sqlite3.Error:  # SQLAlchemy gets the same, and raises it as everywhere
                return source.execute(self.query, values)
        return source.execute(self.query, values)

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self.query.compile(dialect=dialect)
        return str(compiled), tuple(compiled.positiontup), compiled.params
