"""The lines of the indexes, by what the database says."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from mirror.config.page_paths import public_address
from mirror.content.links import relative
from mirror.pages.first_words import first_words
from mirror.pages.rendering import Entry, section_name
from mirror.store.closed_homes import old_homes
from mirror.store.database import SHOWN
from mirror.store.schema import articles, elsewhere

if TYPE_CHECKING:
    import re

    from sqlalchemy import Row

    from mirror.store.database import Database


def entries(database: Database, index: str, rows: Iterable[Row[Any]]) -> list[Entry]:
    """Return the lines of some articles on the index at a path."""
    folder = posixpath.dirname(index)
    return [
        Entry(
            row.title,
            relative(row.path, folder),
            datetime.fromisoformat(row.published),
            section_name(row.section),
            row.reporter,
            row.lead_image,
            partial(first_words, database, row.id),
        )
        for row in rows
    ]


def newest(
    database: Database, section: str, count: int, hidden: re.Pattern[str] | None
) -> list[Row[Any]]:
    """Return a section's newest articles but for those in whose titles `hidden` finds something."""
    asked = count
    while True:
        rows = database.newest(section, asked)
        shown = [row for row in rows if not (hidden and hidden.search(row.title))]
        if len(shown) >= count or len(rows) < asked:
            return shown[:count]
        asked *= 4


def pinned(database: Database, ids: Sequence[str]) -> list[Row[Any]]:
    """Return those of some articles that have a page here, in their order."""
    if not ids:
        return []
    query = select(*(articles.c[name] for name in SHOWN)).where(
        articles.c.id.in_(ids), articles.c.id.not_in(select(elsewhere.c.article))
    )
    rows = database.reading.execute(query)
    return sorted(rows, key=lambda row: ids.index(row.id))


def closed_homes(database: Database, name: str, path: str, section: str = "") -> list[Entry]:
    """Return a line for each closed home that has a file: name and day, and its address there."""
    return [
        Entry(f"{name}（{home.day}以前）", public_address(home.url, path))
        for home in old_homes(database, section)
    ]
