"""Index pages: read from the database, rendered, written; only those that are out of date."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mirror.qr import qr_png
from mirror.rendering import Entry, Renderer, SectionEntry
from mirror.sites import section_names
from mirror.tree import HOME, Tree

if TYPE_CHECKING:
    from sqlalchemy import Row

    from mirror.database import Database

_NEWEST = 60  # on a section's page, as many as the predecessor showed
_NEWEST_AT_HOME = 5


def update_indexes(database: Database, renderer: Renderer, tree: Tree) -> int:
    """Write the index pages whose articles changed, then the home page; return how many changed.

    Each stays marked as out of date until it is on disk.
    """
    written = 0
    months, sections = database.stale("month"), database.stale("section")
    for key in months:
        section, _, month = key.partition("/")
        path = f"indexes/{section}/{month}.md"
        articles = _entries(path, database.month(section, month))
        name = f"{section_name(section)} {_month_name(month)}"
        written += tree.write(path, renderer.index(name, articles, []).encode())
        database.mark_fresh("month", key)
    for section in sections:
        written += tree.write(section_path(section), _section(database, renderer, section).encode())
    if sections or months:
        written += tree.write(f"{HOME}.png", qr_png(renderer.address(HOME)))
        written += tree.write(HOME, _home(database, renderer).encode())
    for section in sections:
        database.mark_fresh("section", section)
    return written


def section_path(section: str) -> str:
    """Return the path of a section's index page in the tree."""
    return f"indexes/{section}.md"


def section_name(section: str) -> str:
    """Return a section's name for readers: its id, if no site names it."""
    return section_names().get(section, section)


def _section(database: Database, renderer: Renderer, section: str) -> str:
    path = section_path(section)
    articles = _entries(path, database.newest(section, _NEWEST))
    months = [Entry(_month_name(m), f"{section}/{m}.md") for m in database.months(section)]
    return renderer.index(section_name(section), articles, months)


def _home(database: Database, renderer: Renderer) -> str:
    order = list(section_names())
    known = sorted(
        database.sections(), key=lambda s: (order.index(s) if s in order else len(order), s)
    )
    return renderer.home(
        [
            SectionEntry(
                section_name(section), section_path(section),
                _entries(HOME, database.newest(section, _NEWEST_AT_HOME)),
            )
            for section in known
        ]
    )  # fmt: skip


def _entries(index: str, articles: Iterable[Row]) -> list[Entry]:
    folder = posixpath.dirname(index)
    return [Entry(title, posixpath.relpath(path, folder or ".")) for title, path in articles]


def _month_name(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"
