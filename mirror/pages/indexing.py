"""Index pages: read from the database, rendered, written; only those that are out of date."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from mirror.config.page_paths import HOME, public_address
from mirror.content.links import relative
from mirror.pages.feeds import Feeds, feed_paths
from mirror.pages.first_words import first_words
from mirror.pages.index_paths import MAX_MONTH_ENTRIES, Index, month_indexes, section_path
from mirror.pages.qr import qr_png
from mirror.pages.rendering import Entry, Renderer, SectionEntry, section_name
from mirror.pages.tree import Tree
from mirror.sites import section_names
from mirror.store.closed_homes import old_homes

if TYPE_CHECKING:
    from sqlalchemy import Row

    from mirror.store.database import Database

_NEWEST_IN_SECTION = 60  # on a section's page, as many as the predecessor showed
_NEWEST_AT_HOME = 5
_BATCH_SIZE = 32  # months


def update_indexes(database: Database, renderer: Renderer, tree: Tree, feeds: Feeds) -> int:
    """Write the index pages and feeds whose articles changed, then those of the home page; return how
    many changed.

    Each stays marked as out of date until it is on disk.
    """
    months, sections = database.outdated("month"), database.outdated("section")
    written = 0
    for start in range(0, len(months), _BATCH_SIZE):
        written += _update_months(database, renderer, tree, months[start : start + _BATCH_SIZE])
    with database.remaking("section", sections):
        kept = [section for section in sections if database.newest(section, 1)]
        left = [section for section in sections if section not in kept]
        gone = (path for s in left for path in (section_path(s), *feed_paths(s)))
        written += tree.write_all(section_page(database, renderer, section) for section in kept)
        written += tree.write_all(file for section in kept for file in feeds.files(section))
        written += sum(map(tree.remove, gone))
        if sections or months:
            written += tree.write_all([*home_page(database, renderer), *feeds.files()])
    return written


def _update_months(database: Database, renderer: Renderer, tree: Tree, keys: list[str]) -> int:
    with database.remaking("month", keys):
        written = 0
        for section, month in (key.split("/") for key in keys):
            pages = month_pages(database, renderer, section, month)
            written += tree.write_all(pages) + _remove_beyond(tree, section, month, len(pages))
        return written


def _remove_beyond(tree: Tree, section: str, month: str, pages: int) -> int:
    """Remove the pages of a month beyond so many; return how many there were."""
    removed = 0 if pages else int(tree.remove(Index(section, month).path))
    number = max(pages, 1)
    while tree.remove(Index(section, month, number).path):
        removed, number = removed + 1, number + 1
    return removed


def all_indexes(
    database: Database, renderer: Renderer, feeds: Feeds | None = None
) -> Iterator[tuple[str, bytes]]:
    """Yield every index file and feed as it should be: its path and content."""
    for section in database.sections():
        for month in database.months(section):
            yield from month_pages(database, renderer, section, month)
        yield section_page(database, renderer, section)
        yield from feeds.files(section) if feeds else ()
    yield from home_page(database, renderer)
    yield from feeds.files() if feeds else ()


def month_pages(
    database: Database, renderer: Renderer, section: str, month: str
) -> list[tuple[str, bytes]]:
    """Return path and content of the pages with all of a section's articles of a month, none if it has
    none; the page with the oldest first."""
    rows = database.month(section, month)
    pages = list(month_indexes(section, month, len(rows)))
    made = []
    for place, page in enumerate(pages):
        end = len(rows) - place * MAX_MONTH_ENTRIES
        shown = rows[max(end - MAX_MONTH_ENTRIES, 0) : end]
        around = (pages[place - 1] if place else None, *pages[place + 1 : place + 2])
        made.append((page.path, _month_page(database, renderer, page, shown, around).encode()))
    return made


def _month_page(
    database: Database,
    renderer: Renderer,
    page: Index,
    rows: Sequence[Row[Any]],
    around: Sequence[Index | None],
) -> str:
    """Return a page of a month; `around` are the page with the articles before, and that after it."""
    folder = posixpath.dirname(page.path)
    section = Entry(section_name(page.section), relative(section_path(page.section), folder))
    older, newer = (
        Entry(name, posixpath.basename(index.path)) if index else None
        for name, index in zip(("较早文章", "较新文章"), (*around, None), strict=False)
    )
    name = f"{section.title} {_month_name(page.month)}"
    articles = _entries(database, page.path, rows)
    return renderer.index(page.path, name, articles, section=section, around=(older, newer))


def section_page(database: Database, renderer: Renderer, section: str) -> tuple[str, bytes]:
    """Return path and content of the page with a section's newest articles and its months."""
    path = section_path(section)
    articles = _entries(database, path, database.newest(section, _NEWEST_IN_SECTION))
    months = [Entry(_month_name(m), f"{section}/{m}.md") for m in database.months(section)]
    name = section_name(section)
    homes = _homes(database, name, path, section)
    return path, renderer.index(path, name, articles, months=months, homes=homes).encode()


def home_page(database: Database, renderer: Renderer) -> list[tuple[str, bytes]]:
    """Return path and content of the home page's QR code and of the home page."""
    order = list(section_names())
    known = sorted(
        database.sections(), key=lambda s: (order.index(s) if s in order else len(order), s)
    )
    sections, shown = [], set[str]()
    for section in known:
        newest = database.newest(section, _NEWEST_AT_HOME * len(known))
        unseen = [row for row in newest if row.path not in shown][:_NEWEST_AT_HOME]
        shown |= {row.path for row in unseen}
        entries = _entries(database, HOME, unseen)
        sections.append(SectionEntry(section_name(section), section_path(section), entries))
    return [
        (f"{HOME}.png", qr_png(renderer.address(HOME))),
        (HOME, renderer.home(sections, _homes(database, "新闻", HOME)).encode()),
    ]


def _entries(database: Database, index: str, articles: Iterable[Row[Any]]) -> list[Entry]:
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
        for row in articles
    ]


def _homes(database: Database, name: str, path: str, section: str = "") -> list[Entry]:
    """Return an entry for each closed home that has a file: name and day, and its address there."""
    return [
        Entry(f"{name}（{home.day}以前）", public_address(home.url, path))
        for home in old_homes(database, section)
    ]


def _month_name(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"
