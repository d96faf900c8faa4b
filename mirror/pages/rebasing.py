"""The public address that the published files show, and writing all of them for another one."""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, Row, Table, delete, select

from mirror.errors import ArgumentError
from mirror.pages.indexing import update_indexes
from mirror.pages.rendering import Renderer
from mirror.pages.tree import Tree, page_files
from mirror.store.database import Database, open_database
from mirror.store.retrying import retried
from mirror.store.schema import Text, metadata, write_alone

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.pages.page_maker import PageMaker

_AT_ONCE = 200  # articles written together

present = Table(  # one row
    "present",
    metadata,
    Column("url", Text, primary_key=True),  # the public address that the files of the tree show
    Column("whole", Boolean, nullable=False),  # whether all of them do
)


@retried
def present_address(database: Database) -> Row | None:
    """Return (url, whole) of the public address that the published files show, None if no run has
    noted it yet."""
    return database.reading.execute(select(present.c.url, present.c.whole)).first()


def check_address(options: Options) -> None:
    """Raise ArgumentError if the published files show another public address than the one set: a
    run would write some of them anew, and leave the others."""
    database, url = open_database(options.database_url), options.public_url
    row = present_address(database)
    if row is None or (row.url != url and not database.sections()):
        _note(database, url, whole=True)
    elif not row.whole:
        raise ArgumentError(
            "MIRROR_PUBLIC_URL",
            url,
            f"moving the pages in {options.output} to {row.url} was cut off; "
            f"finish it with scrapy rebase --public-url {row.url}",
        )
    elif row.url != url:
        raise ArgumentError(
            "MIRROR_PUBLIC_URL",
            url,
            f"the pages in {options.output} show {row.url}; set it to that, or move them with "
            f"scrapy rebase --public-url {url}",
        )


def rewrite(options: Options, maker: PageMaker) -> int:
    """Write all pages, QR codes and indexes from the database; return how many articles.

    From before the first file until all are on disk no run accepts the tree. Raises OSError.
    """
    database, tree = open_database(options.database_url), Tree(options.output)
    _note(database, options.public_url, whole=False)
    os.sync()  # SQLite leaves that to chance
    count, pages = 0, maker.make_all(database.stored())
    while portion := list(islice(pages, _AT_ONCE)):
        tree.write_all(file for page in portion for file in page_files(page))
        count += len(portion)
    database.mark_all_outdated()
    update_indexes(database, Renderer.from_options(options), tree)
    _note(database, options.public_url, whole=True)
    return count


@retried
def _note(database: Database, url: str, *, whole: bool) -> None:
    with database.engine.begin() as connection:
        write_alone(connection)
        connection.execute(delete(present))
        connection.execute(present.insert(), {"url": url, "whole": whole})
