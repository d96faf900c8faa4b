"""The runs of the past: when, with what arguments, how they ended."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone

from sqlalchemy import Column, Integer, Table, delete, update

from mirror.errors import without_secrets
from mirror.exits import Exit
from mirror.reporting.summary import Figures
from mirror.store.database import Database
from mirror.store.retrying import retries
from mirror.store.schema import Text, make_tables, metadata

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("spider", Text, nullable=False),
    Column("arguments", Text, nullable=False),  # a JSON object, without passwords
    Column("started", Text, nullable=False),  # ISO 8601, UTC
    Column("ended", Text),  # null: it runs, or was cut off
    Column("status", Integer),
    Column("figures", Text, nullable=False, default="{}"),  # JSON, see mirror.reporting.summary
)

_MAX_RUNS = 1000  # older ones are forgotten


@retries
class RunHistory:
    """The runs in a database; every method is one transaction."""

    def __init__(self, database: Database):
        self.engine = database.engine
        make_tables(self.engine)

    def begin(self, spider: str, arguments: Mapping[str, str], started: str) -> int:
        """Note that a run begins, forget what is long past, and return the run's number."""
        given = json.dumps(harmless(arguments))
        row = {"spider": spider, "arguments": given, "started": started}
        with self.engine.begin() as connection:
            key = connection.execute(runs.insert(), row).inserted_primary_key
            number = int(key[0]) if key else 0
            connection.execute(delete(runs).where(runs.c.id <= number - _MAX_RUNS))
        return number

    def end(self, number: int, status: Exit, figures: Figures | None) -> None:
        """Note how a run ended."""
        told = json.dumps(figures.as_json() if figures else {})
        mine = update(runs).where(runs.c.id == number)
        with self.engine.begin() as connection:
            connection.execute(mine.values(ended=now(), status=int(status), figures=told))


def harmless(arguments: Mapping[str, str]) -> dict[str, str]:
    """Return the arguments of a spider without the users and passwords in their addresses.

    >>> harmless({"urls": "https://me:secret@example.org/list.txt"})
    {'urls': 'https://***@example.org/list.txt'}
    """
    return {name: without_secrets(value) for name, value in arguments.items()}


def now() -> str:
    """Return the time, ISO 8601, UTC, to the second."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
