"""Moving the pages of a tree to other paths, by another pattern of MIRROR_PAGE_PATH."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from mirror.config.page_paths import page_path
from mirror.store.database import Database
from mirror.store.moves import Move, note_move, present_address
from mirror.store.schema import make_tables, write_alone
from mirror.store.signposts import note_moved, paths_here

_FILES_PER_PAGE = 2  # the page and its QR code


class Moved(NamedTuple):
    """An article whose page moves."""

    article: str
    old: str
    new: str


class Repathing(NamedTuple):
    """What another pattern comes to; the fullest folders as (path, files)."""

    moved: list[Moved]
    before: tuple[str, int]
    after: tuple[str, int]


def repathing(database: Database, pattern: str) -> Repathing:
    """Return which pages another pattern moves; those at closed homes stay."""
    moved, before, after = [], [], []
    make_tables(database.engine)
    with database.engine.connect() as connection:
        for article, section, published, path in paths_here(connection):
            new = page_path(pattern, section, article, datetime.fromisoformat(published))
            before.append(path)
            after.append(new)
            if new != path:
                moved.append(Moved(article, path, new))
    return Repathing(moved, _fullest(before), _fullest(after))


def begin_repathing(
    database: Database, url: str, moved: Iterable[Moved], today: date, days: int
) -> None:
    """Give the articles their new paths, all at once; `days` is for how long the old ones lead on.

    From then on all files are to be written again (mirror.pages.rebasing); whatever ends a run, the
    next one finishes that. `url` is the public address of the tree.
    """
    until = (today + timedelta(days=days)).isoformat()
    with database.engine.begin() as connection:
        write_alone(connection)
        note_moved(connection, moved, until)
        note_move(connection, Move(present_address(database) or url, url))


def _fullest(paths: Iterable[str]) -> tuple[str, int]:
    folders = Counter(posixpath.dirname(path) for path in paths)
    folder, pages = max(folders.items(), key=lambda item: item[1], default=("", 0))
    return folder or ".", pages * _FILES_PER_PAGE
