"""Databases of earlier versions: what their tables lack."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, Index, inspect, text


def add_batch(engine: Engine, indexes: Sequence[Index]) -> None:
    """Give the frontier its column `batch`, and the indexes with it, if it has none."""
    if "batch" in (column["name"] for column in inspect(engine).get_columns("frontier")):
        return
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE frontier ADD COLUMN batch TEXT NOT NULL DEFAULT ''"))
        connection.execute(text("DROP INDEX IF EXISTS due"))
        for index in indexes:
            index.create(connection, checkfirst=True)
