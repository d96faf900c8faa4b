"""Whether the folder and the database belong together, before a run writes to either of them.

Looks at the newest articles of each section, so that it costs the same however many there are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from mirror.config.page_paths import ID_PATTERN
from mirror.errors import ArgumentError
from mirror.pages.retention import beyond
from mirror.pages.tree import Tree
from mirror.store.database import Database, open_database
from mirror.store.frontier_table import frontier
from mirror.store.schema import articles, listings
from mirror.store.signposts import standing

if TYPE_CHECKING:
    from mirror.config.options import Options

_SAMPLE_SIZE = 20  # articles of each section
_BATCH_SIZE = 300  # pages looked up together
_MIN_SHARE = 0.05  # of the pages looked at; what is less is left to scrapy verify
_MIN_PAGES = 3
_LINK_RE = re.compile(r"\]\(([^():\s]+\.md)\)")
_ID_RE = re.compile(rf"(?<![A-Za-z0-9]){ID_PATTERN}")


def check_agreement(options: Options) -> None:
    """Raise ArgumentError if the database does not know the pages of the tree, as after a loss, or if
    pages are not there that it has; the message names the command that mends it."""
    database, tree = open_database(options.database_url), Tree(options.output)
    sections = database.sections()
    if unknown := _unknown(database, tree) if sections else _unknown_at_all(database, tree):
        raise ArgumentError(
            "MIRROR_DATABASE_URL",
            options.database_url,
            f"it does not know pages that are in {options.output}, such as {unknown}: was it lost, or "
            "put back from a backup? scrapy adopt takes them over; for a mirror without them set "
            "MIRROR_OUTPUT to an empty folder",
        )
    if options.redis_url:
        return  # other machines fetch pages that are not here yet
    sample = [row.path for section in sections for row in database.newest(section, _SAMPLE_SIZE)]
    missing = {path for path in sample if not (tree.folder / path).exists()}
    if _is_much(missing, sample):
        missing -= _beyond(options, database, missing)  # a purge was cut off
    if _is_much(missing, sample):
        missing -= _not_moved_yet(database, tree)  # moving them was cut off
    if _is_much(missing, sample):
        raise ArgumentError(
            "MIRROR_OUTPUT",
            options.output,
            f"{len(missing)} of the {len(sample)} newest pages are missing there that the database "
            f"has, such as {min(missing)}: is it the right folder, on the right disk? scrapy verify "
            "--repair writes what is missing again",
        )


def _is_much(some: Collection[str], sample: Collection[str]) -> bool:
    return len(some) >= max(_MIN_PAGES, _MIN_SHARE * len(sample))


def _unknown(database: Database, tree: Tree) -> str:
    """Return one of the newest pages of the tree if the database has never heard of many of them."""
    shown = [path for path in _shown(tree) if (tree.folder / path).exists()]
    unknown = list(_strange(database, shown))
    return unknown[0] if _is_much(unknown, shown) else ""


def _unknown_at_all(database: Database, tree: Tree) -> str:
    """Return a page of the tree that an empty database has never heard of, "" if there is none. It
    knows the pages of a run that was killed before the first was written down."""
    return next(_strange(database, tree.files()), "")


def _strange(database: Database, paths: Iterable[str]) -> Iterator[str]:
    """Yield the pages whose article the database has never heard of."""
    pages = (path for path in paths if path.endswith(".md") and _ID_RE.search(path))
    while portion := list(islice(pages, _BATCH_SIZE)):
        ids = {path: _ID_RE.findall(path) for path in portion}
        known = _known(database, [article for found in ids.values() for article in found])
        yield from (path for path, found in ids.items() if known.isdisjoint(found))


def _shown(tree: Tree) -> Iterator[str]:
    """Yield the paths of the pages that the indexes of the sections show first."""
    for index in sorted((tree.folder / "indexes").glob("*.md")):
        text = index.read_text(encoding="utf-8", errors="replace")
        for link in _LINK_RE.findall(text)[:_SAMPLE_SIZE]:
            yield posixpath.normpath(posixpath.join("indexes", link))


def _known(database: Database, ids: list[str]) -> set[str]:
    """Return which articles are stored, found or listed."""
    known: set[str] = set()
    for column in (articles.c.id, frontier.c.article, listings.c.article):
        known |= {*database.reading.scalars(select(column).where(column.in_(ids)))}
    return known


def _not_moved_yet(database: Database, tree: Tree) -> set[str]:
    """Return the pages of which there is something at their old place."""
    return {post.target for post in standing(database) if (tree.folder / post.path).exists()}


def _beyond(options: Options, database: Database, paths: set[str]) -> set[str]:
    """Return which pages are beyond the operator's limits."""
    ids = beyond(options.keep, database, database.clock.day)
    rows = database.reading.execute(
        select(articles.c.id, articles.c.path).where(articles.c.path.in_(paths))
    )
    return {row.path for row in rows if row.id in ids}
