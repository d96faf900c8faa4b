"""The tree as the database says: what is missing or out of date, or all of it, or the differences.

Where several machines crawl, this is how the one that publishes gets their articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, select

from mirror.config.page_paths import HOME
from mirror.pages.advance import advance
from mirror.pages.feeds import HOME_FEED, Feeds, feed_paths
from mirror.pages.index_paths import month_indexes, section_files
from mirror.pages.rebasing import rewrite
from mirror.pages.refreshing import Finished, finish
from mirror.pages.retention import around, keep_within, paths_of, trimming
from mirror.pages.tree import Tree
from mirror.pages.verifying import Verifier
from mirror.store.closed_homes import count_here
from mirror.store.database import Database, open_database
from mirror.store.moves import note_address
from mirror.store.schema import (
    articles,
    elsewhere,
    filled,
    make_tables,
    mark_outdated,
    upsert,
)
from mirror.store.scripts import present_scripts

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.pages.page_maker import PageMaker

_BATCH_SIZE = 100  # articles in one transaction
_OF_PAGES = ("page", "below")  # what is out of date of pages, not of indexes
_VERSION = articles.c.fingerprint + case((articles.c.removed, "-"), else_="")


class Synced(NamedTuple):
    """How many articles' pages were made, and what was done after that."""

    pages: int
    finished: Finished


def sync(options: Options, maker: PageMaker) -> Synced:
    """Write the pages and indexes that are missing or out of date. Crawls may go on meanwhile.

    Raises OSError and sqlalchemy.exc.DBAPIError.
    """
    database, tree = open_database(options.database_url), Tree(options.output)
    make_tables(database.engine)
    if present_scripts(database) != options.scripts:
        return Synced(sync_all(options, maker), finish(options, maker))
    purged, restored = keep_within(options.keep, database, tree, database.clock.day)
    on_disk, pages = set(tree.files()), 0
    missing = dict(_missing(database, on_disk))
    portions = list(_portions(missing))
    for ids, _ in zip(portions, maker.for_all(partial(maker.write, tree), portions), strict=True):
        _note(database, {article: missing[article] for article in ids})
        pages += len(ids)
        advance("pages", pages, len(missing))
    _mark_indexes(database, on_disk, Feeds.from_options(options, maker).paths())
    return Synced(pages, finish(options, maker)._replace(purged=purged, restored=restored))


def would_sync(options: Options, maker: PageMaker) -> Iterator[str]:
    """Yield lines that say what `sync` would do, in names and figures."""
    database = open_database(options.database_url)
    on_disk = set(Tree(options.output).files())
    purged, restored = trimming(options.keep, database, database.clock.day)
    if present_scripts(database) != options.scripts:
        count = count_here(database) - len(purged) + len(restored)
        yield f"all {count} pages and the indexes would be made anew: the scripts set are others"
        return
    missing = {id for id, _ in _missing(database, on_disk)} - {*purged}
    paths = paths_of(database, sorted(missing | {*restored}))
    for path in sorted(paths):
        yield f"would be made: {path}"
    with database.engine.connect() as connection:
        outputs = {*around(connection, [*purged, *restored])}
    outputs |= {("page", article) for article in restored}
    outputs |= {*_missing_indexes(database, on_disk, Feeds.from_options(options, maker).paths())}
    for kind in (*_OF_PAGES, "section", "month"):
        outputs |= {(kind, key) for key in database.outdated(kind)}
    pages = {key for kind, key in outputs if kind in _OF_PAGES} - {*purged}
    yield (
        f"{len(paths)} pages would be made, {len(purged)} purged, {len(restored)} restored, "
        f"{len(pages)} relinked, {sum(kind not in _OF_PAGES for kind, _ in outputs)} indexes made anew"
    )


def missing_here(options: Options) -> list[str]:
    """Return the articles whose pages are to be made."""
    on_disk = set(Tree(options.output).files())
    return [article for article, _ in _missing(open_database(options.database_url), on_disk)]


def sync_all(options: Options, maker: PageMaker) -> int:
    """Write all pages, QR codes and indexes; return how many articles. Raises OSError."""
    database, tree = open_database(options.database_url), Tree(options.output)
    keep_within(options.keep, database, tree, database.clock.day)
    *_, count = rewrite(options, maker)
    note_address(database, options.public_url)
    return count


def verifier(options: Options, maker: PageMaker) -> Verifier:
    """Return what finds the differences between the tree and the database, and mends them."""
    return Verifier(
        open_database(options.database_url),
        Tree(options.output),
        maker,
        Feeds.from_options(options, maker),
    )


def _missing(database: Database, on_disk: set[str]) -> list[tuple[str, str]]:
    """Return the articles, by id and version, whose pages are to be made: those that are not there,
    and where others crawl as well, those of which this tree may have an older version."""
    is_shared = database.engine.dialect.name != "sqlite"
    query = (
        select(articles.c.id, articles.c.path, _VERSION.label("now"), filled.c.version)
        .outerjoin(filled, filled.c.article == articles.c.id)
        .where(articles.c.id.not_in(select(elsewhere.c.article)))
        .order_by(articles.c.id)
    )
    with database.engine.connect() as connection:
        return [
            (row.id, row.now)
            for row in connection.execute(query)
            if (is_shared and row.now != row.version)
            or not {row.path, f"{row.path}.png"} <= on_disk
        ]


def _portions(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while portion := list(islice(rest, _BATCH_SIZE)):
        yield portion


def _note(database: Database, versions: dict[str, str]) -> None:
    rows = [{"article": article, "version": version} for article, version in versions.items()]
    with database.engine.begin() as connection:
        connection.execute(upsert(database.engine, filled), rows)


def _mark_indexes(database: Database, on_disk: set[str], feeds: set[str]) -> None:
    """Mark the indexes that are missing as out of date, and those whose feeds are."""
    with database.engine.begin() as connection:
        mark_outdated(connection, database.engine, [*_missing_indexes(database, on_disk, feeds)])


def _missing_indexes(
    database: Database, on_disk: set[str], feeds: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the indexes that are not there, or whose feed is not, by kind and key; the home page is made
    with any of a section."""
    for section in database.sections():
        for month in database.months(section):
            indexes = month_indexes(section, month, database.month_size(section, month))
            if any(index.path not in on_disk for index in indexes):
                yield "month", f"{section}/{month}"
        beside = feeds.intersection((*feed_paths(section), *feed_paths(HOME_FEED)))
        if not {*section_files(section), HOME, f"{HOME}.png", *beside} <= on_disk:
            yield "section", section
