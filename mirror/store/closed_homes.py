"""Homes: where a mirror was published before, and when the present home is full.

A home that is closed keeps its pages as they are; what is published later goes to the next one and
links to the old pages by their addresses.
"""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from sqlalchemy import Column, Connection, Row, Table, delete, func, select, update

from mirror.config.page_paths import public_address
from mirror.errors import ArgumentError
from mirror.store.database import Database, open_database
from mirror.store.frontier_table import frontier
from mirror.store.moves import Move, note_move, present_address
from mirror.store.schema import (
    Text,
    articles,
    elsewhere,
    listings,
    make_tables,
    metadata,
    outdated,
    write_alone,
)

if TYPE_CHECKING:
    from mirror.config.options import Options

_BATCH_SIZE = 500  # ids in one statement

homes = Table(  # the closed homes, and which sections have an index there
    "homes",
    metadata,
    Column("url", Text, primary_key=True),  # its public address
    Column("section", Text, primary_key=True),
    Column("closed", Text, nullable=False),  # ISO 8601, UTC
)


def close_home(database: Database, move: Move) -> None:
    """Close the present home, all at once: its articles stay at the old address of a move, which is
    under way from then on."""
    url, closed = move.old, datetime.now(timezone.utc).isoformat(timespec="seconds")
    make_tables(database.engine)
    with database.engine.begin() as connection:
        write_alone(connection)
        shown = select(listings.c.section).where(listings.c.published.is_not(None)).distinct()
        for section in list(connection.scalars(shown)):
            connection.execute(homes.insert(), {"url": url, "section": section, "closed": closed})
        ids = list(
            connection.scalars(
                select(articles.c.id).where(articles.c.id.not_in(select(elsewhere.c.article)))
            )
        )
        leave(connection, ids, url)
        connection.execute(delete(outdated))
        note_move(connection, move)


def count_left(database: Database, home: str) -> int:
    """Return how many articles have their page at a closed home."""
    query = select(func.count()).where(elsewhere.c.home == home)
    return database.reading.scalar(query) or 0


def count_here(database: Database) -> int:
    """Return how many articles have their page at the present home."""
    there = select(func.count()).select_from(articles)
    query = there.where(articles.c.id.not_in(select(elsewhere.c.article)))
    return database.reading.scalar(query) or 0


def leave(connection: Connection, ids: list[str], home: str) -> None:
    """Note that articles have no page in this tree any more: no index shows them, nothing of them
    is fetched by itself."""
    rest = iter(ids)
    while portion := list(islice(rest, _BATCH_SIZE)):
        connection.execute(elsewhere.insert(), [{"article": id, "home": home} for id in portion])
        for table, values in ((listings, {"published": None}), (frontier, {"due": None})):
            gone = table.c.article.in_(portion)
            connection.execute(update(table).where(gone).values(**values))


def old_homes(database: Database, section: str = "") -> list[Row[Any]]:
    """Return the address and the day of closing of the closed homes, of those with an index of a
    section if it is given, as rows of `url` and `day`; the one closed last comes first."""
    day = func.substr(homes.c.closed, 1, 10).label("day")
    query = select(homes.c.url, day, homes.c.closed).distinct()
    if section:
        query = query.where(homes.c.section == section)
    return list(database.reading.execute(query.order_by(homes.c.closed.desc(), homes.c.url)))


def old_addresses(database: Database) -> dict[str, str]:
    """Return the articles at closed homes by the addresses of their pages, nothing quoted."""
    query = select(articles.c.id, articles.c.path, elsewhere.c.home).join(
        elsewhere, elsewhere.c.article == articles.c.id
    )
    rows = database.reading.execute(query.where(elsewhere.c.home != ""))
    return {unquote(public_address(row.home, row.path)): row.id for row in rows}


def check_open(options: Options) -> None:
    """Raise ArgumentError if the public address is that of a home that was closed."""
    database = open_database(options.database_url)
    closed = {home.url: home.day for home in old_homes(database)}
    if day := closed.get(options.public_url):
        url = present_address(database)
        new = f" ({url})" if url not in closed else ""
        raise ArgumentError(
            "MIRROR_PUBLIC_URL",
            options.public_url,
            f"this home was closed on {day}; set it, and MIRROR_OUTPUT, to the new home's{new}",
        )
