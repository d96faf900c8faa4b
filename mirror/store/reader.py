"""A connection for queries that each stand alone: made for each article, they need no transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CursorResult, Dialect, Engine, Executable
from sqlalchemy.pool import PoolProxiedConnection

from mirror.store.retrying import retried


class Reader:
    """Asks the database one thing at a time, and outlasts an absence of PostgreSQL."""

    def __init__(self, engine: Engine):
        self.engine = engine
        retried(Reader._connect)(self)

    def _connect(self) -> None:
        self._connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    @property
    def dialect(self) -> Dialect:
        """The database's kind, as SQLAlchemy names it."""
        return self.engine.dialect

    @property
    def connection(self) -> PoolProxiedConnection:
        """The driver's connection, as SQLAlchemy's Connection has it."""
        return self._connection.connection

    @retried
    def execute(self, query: Executable, values: dict[str, Any] | None = None) -> CursorResult[Any]:
        """Return the rows of a query."""
        return self._connection.execute(query, values)

    def scalars(self, query: Executable, values: dict[str, Any] | None = None) -> list[Any]:
        """Return the first column of a query's rows."""
        return list(self.execute(query, values).scalars())

    def scalar(self, query: Executable, values: dict[str, Any] | None = None) -> Any:
        """Return the first column of a query's first row, None if there is no row."""
        return self.execute(query, values).scalar()

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def reopen(self) -> None:
        """Connect again, in a process that was forked: what was open stays to the one that opened it."""
        self._left = self._connection  # kept, else it is closed, which a file of SQLite's minds
        self.engine.dispose(close=False)
        self._connect()
