"""Index pages: read from the database, rendered, written; only those that are out of date."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from mirror.content.links import relative
from mirror.pages.entries import closed_homes, entries, newest
from mirror.pages.feeds import Feeds, feed_paths
from mirror.pages.home import home_page, write_home
from mirror.pages.index_paths import (
    MAX_MONTH_ENTRIES,
    Index,
    month_indexes,
    section_files,
    section_path,
)
from mirror.pages.qr import qr_png
from mirror.pages.rendering import Entry, Renderer, section_name
from mirror.pages.tree import Tree

if TYPE_CHECKING:
    from sqlalchemy import Row

    from mirror.store.database import Database

_NEWEST_IN_SECTION = 60  # on a section's page, as many as the predecessor showed
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
        gone = (path for s in left for path in (*section_files(s), *feed_paths(s)))
        written += tree.write_all(
            file for section in kept for file in section_page(database, renderer, section)
        )
        written += tree.write_all(file for section in kept for file in feeds.files(section))
        written += sum(map(tree.remove, gone))
        if sections or months:
            written += write_home(database, renderer, tree) + tree.write_all(feeds.files())
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
        yield from section_page(database, renderer, section)
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
    ends = [len(rows) - place * MAX_MONTH_ENTRIES for place in range(len(pages))]
    cut = [rows[max(end - MAX_MONTH_ENTRIES, 0) : end] for end in ends]
    made = []
    for place, page in enumerate(pages):
        is_newest = place == len(pages) - 1  # it changes with each article anyway
        days = _days(pages, cut) if is_newest else _days([page], [cut[place]])
        around = (_beside(pages, place - 1, "较早文章"), _beside(pages, place + 1, "较新文章"))
        text = _month_page(database, renderer, page, cut[place], days, filter(None, around))
        made.append((page.path, text.encode()))
    return made


def _days(pages: Sequence[Index], cut: Sequence[Sequence[Row[Any]]]) -> list[Entry]:
    """Return links to the days of some pages of a month on the last of them, the newest first."""
    found: dict[str, str] = {}
    for page, rows in reversed(list(zip(pages, cut, strict=True))):
        name = "" if page == pages[-1] else posixpath.basename(page.path)
        for row in rows:
            found.setdefault(row.published[:10], name)
    return [Entry(f"{int(day[8:])}日", f"{name}#{day}") for day, name in found.items()]


def _beside(pages: Sequence[Index], place: int, title: str) -> Entry | None:
    """Return a link to one of the pages of a month, None if there is none."""
    is_there = 0 <= place < len(pages)
    return Entry(title, posixpath.basename(pages[place].path)) if is_there else None


def _month_page(
    database: Database,
    renderer: Renderer,
    page: Index,
    rows: Sequence[Row[Any]],
    days: Sequence[Entry],
    around: Iterable[Entry],
) -> str:
    folder = posixpath.dirname(page.path)
    section = Entry(section_name(page.section), relative(section_path(page.section), folder))
    name = f"{section.title} {_month_name(page.month)}"
    articles = entries(database, page.path, rows)
    beside = {"days": days, "around": list(around)}
    return renderer.index(page.path, name, articles, section=section, **beside)


def section_page(database: Database, renderer: Renderer, section: str) -> list[tuple[str, bytes]]:
    """Return path and content of a section's QR code, and of the page with its newest articles and its
    months."""
    code, path = section_files(section)
    rows = newest(database, section, _NEWEST_IN_SECTION, renderer.front.hidden)
    articles = entries(database, path, rows)
    months = [Entry(_month_name(m), f"{section}/{m}.md") for m in database.months(section)]
    name = section_name(section)
    homes = closed_homes(database, name, path, section)
    page = renderer.index(path, name, articles, months=months, homes=homes)
    return [(code, qr_png(renderer.address(path))), (path, page.encode())]


def _month_name(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year}年{int(number)}月"
