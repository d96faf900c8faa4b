"""Homes: where a mirror was published before, and when the present home is full.

A home that is closed keeps its pages as they are; what is published later goes to the next one and
links to the old pages by their addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sqlalchemy import Column, Row, Table, delete, func, select

from mirror.database import Database
from mirror.keeping import leave
from mirror.patience import outlasting
from mirror.schema import Text, articles, away, listings, make_tables, metadata, stale
from mirror.tree import public_address

if TYPE_CHECKING:
    from mirror.tree import Tree

homes = Table(  # the closed homes, and which sections have an index there
    "homes", metadata,
    Column("url", Text, primary_key=True),  # its public address
    Column("section", Text, primary_key=True),
    Column("closed", Text, nullable=False),  # ISO 8601, UTC
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fullness:
    """What a tree may hold; 0 is no limit."""

    pages: int = 0
    bytes: int = 0

    def excess(self, tree: Tree) -> str:
        """Return in words which limit a tree exceeds; empty if none."""
        if not self.pages and not self.bytes:
            return ""
        pages, size = tree.size()
        if self.pages and pages > self.pages:
            return f"{pages} pages, more than MIRROR_FULL_PAGES={self.pages}"
        if self.bytes and size > self.bytes:
            return f"{size} bytes, more than MIRROR_FULL_BYTES={self.bytes}"
        return ""


def close_home(database: Database, url: str) -> int:
    """Close the present home, all at once: its articles stay at this public address. Return how
    many they are."""
    closed = datetime.now(timezone.utc).isoformat(timespec="seconds")
    make_tables(database.engine)
    elsewhere = select(away.c.article)
    with database.engine.begin() as connection:
        shown = select(listings.c.section).where(listings.c.published.is_not(None)).distinct()
        for section in list(connection.scalars(shown)):
            connection.execute(homes.insert(), {"url": url, "section": section, "closed": closed})
        ids = list(connection.scalars(select(articles.c.id).where(articles.c.id.not_in(elsewhere))))
        leave(connection, ids, url)
        connection.execute(delete(stale))
    return len(ids)


@outlasting
def old_homes(database: Database, section: str = "") -> list[Row]:
    """Return the address and the day of closing of the closed homes, of those with an index of a
    section if it is given, as rows of `url` and `day`; the one closed last comes first."""
    day = func.substr(homes.c.closed, 1, 10).label("day")
    query = select(homes.c.url, day, homes.c.closed).distinct()
    if section:
        query = query.where(homes.c.section == section)
    with database.engine.connect() as connection:
        return list(connection.execute(query.order_by(homes.c.closed.desc(), homes.c.url)))


def old_addresses(database: Database) -> dict[str, str]:
    """Return the articles at closed homes by the addresses of their pages, nothing quoted."""
    query = select(articles.c.id, articles.c.path, away.c.home).join(
        away, away.c.article == articles.c.id
    )
    with database.engine.connect() as connection:
        rows = connection.execute(query.where(away.c.home != ""))
        return {unquote(public_address(row.home, row.path)): row.id for row in rows}
