"""Withdrawals written down beside the database, so that they outlive it.

Never in what is published: a list of withdrawn articles would lead to just these. One copy lies beside the
database, one in the tree's `.git`, which no push takes along; only their owner can read them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from mirror.pages.tree import TEMPORARY
from mirror.store.database import Database
from mirror.store.frontier_table import WITHDRAWN, frontier
from mirror.store.schema import insert_new

if TYPE_CHECKING:
    from mirror.config.options import Options

_NAME = "withdrawn.jsonl"
_COLUMNS = ("article", "url", "section", "reason")


def write_down(options: Options, database: Database, undone: Collection[str] = ()) -> None:
    """Write down all withdrawals that the database knows, beside those that are written down; without
    those `undone`. Raises OSError."""
    known = {row["article"]: row for row in _written_down(options)}
    query = select(*(frontier.c[name] for name in _COLUMNS)).where(frontier.c.state == WITHDRAWN)
    with database.engine.connect() as connection:
        known |= {row.article: dict(row._mapping) for row in connection.execute(query)}
    rows = [known[article] for article in sorted(known.keys() - {*undone})]
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    for file in _files(options):
        if rows or file.exists():
            _write(file, text)


def take_back(options: Options, database: Database) -> tuple[int, list[str]]:
    """Have a database know the withdrawals that are written down; return how many it did not, and the
    articles that have a page again, which stay."""
    rows = _written_down(options)
    published = [row["article"] for row in rows if database.place(row["article"])]
    gone = frontier.c.state == WITHDRAWN
    withdrawn = {*database.reading.scalars(select(frontier.c.article).where(gone))}
    lacking = [row for row in rows if row["article"] not in {*published, *withdrawn}]
    values = {"state": WITHDRAWN, "attempts": 0, "due": None, "batch": ""}
    with database.engine.begin() as connection:
        for row in lacking:
            mine = frontier.c.article == row["article"]
            connection.execute(insert_new(database.engine, frontier), {**row, **values})
            connection.execute(update(frontier).where(mine).values(**row, **values))
    return len(lacking), published


def _files(options: Options) -> Iterator[Path]:
    yield options.state / _NAME
    if (options.output / ".git").is_dir():
        yield options.output / ".git" / f"mirror-{_NAME}"


def _written_down(options: Options) -> list[dict[str, str]]:
    """Return the rows of all files; a line that is no row is passed over."""
    found: dict[str, dict[str, str]] = {}
    for file in _files(options):
        with suppress(FileNotFoundError):
            for line in file.read_text("utf-8", errors="replace").splitlines():
                with suppress(ValueError, KeyError, TypeError):
                    row = json.loads(line)
                    found[row["article"]] = {name: str(row[name]) for name in _COLUMNS}
    return list(found.values())


def _write(file: Path, text: str) -> None:
    temporary = file.with_name(f"{file.name}{TEMPORARY}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(file)
