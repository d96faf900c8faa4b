"""Addresses left to one crawl alone: a section's archive, or a file's addresses.

A batch is a mark on addresses of the frontier that were never fetched: the section, or the file's
name. Other crawls of their section pass them by, until its listing shows them the article.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, update

from mirror.archive.ranges import Span
from mirror.items import Link
from mirror.store.database import Database
from mirror.store.frontier import Frontier
from mirror.store.frontier_table import (
    FIRST_DUE,
    UNFETCHED,
    Address,
    frontier,
    insert_links,
    known_of,
    take,
)
from mirror.store.listed import titles_of
from mirror.store.schema import articles, listings

_NEWEST = (frontier.c.day.desc(), frontier.c.due.desc(), frontier.c.seq.desc())  # as the index runs


class Accepted(NamedTuple):
    """How many of some addresses were new, how many wait from before, how many were fetched."""

    new: int
    waiting: int
    fetched: int


class Batches:
    """The batches of a database; every method is one transaction."""

    def __init__(self, database: Database):
        self.database = database
        self.engine = Frontier(database).engine

    def accept(self, batch: str, links: Sequence[Link]) -> Accepted:
        """Record addresses, each article once, and leave those that were never fetched to a batch."""
        with self.engine.begin() as connection:
            known = known_of(connection, links)
            new = [link for link in links if link.id not in known]
            insert_links(connection, self.engine, "", new, batch)
            waiting = [row for row in known.values() if row.state in UNFETCHED]
            others = [
                row.article for row in waiting if row.batch != batch or row.state == "skipped"
            ]
            if others:
                due = func.coalesce(frontier.c.due, 0)
                values = {"batch": batch, "day": None, "due": due, "state": "discovered"}
                mine = frontier.c.article.in_(others)
                connection.execute(update(frontier).where(mine).values(**values))
        return Accepted(len(new), len(waiting), len(known) - len(waiting))

    def count(self, links: Sequence[Link]) -> Accepted:
        """Return what `accept` would, and record nothing."""
        with self.engine.connect() as connection:
            known = known_of(connection, links)
        waiting = sum(row.state in UNFETCHED for row in known.values())
        return Accepted(len(links) - len(known), waiting, len(known) - waiting)

    def take(self, count: int, before: float, batch: str, worker: int) -> list[Address]:
        """Take up to `count` addresses of a batch that were due at a time; see Frontier.take."""
        mine = _undated(batch)
        return take(self.database, count, before, mine, FIRST_DUE, worker) if count > 0 else []

    def take_days(
        self, count: int, before: float, batch: str, span: Span, worker: int
    ) -> list[Address]:
        """Take up to `count` addresses of a batch that were published on some days, the newest
        first, then such of which the day is not known."""
        rows = take(self.database, count, before, _dated(batch, span), _NEWEST, worker)
        return rows + self.take(count - len(rows), before, batch, worker)

    def published(self, article: str) -> date | None:
        """Return an article's day of publication, None as long as it is not known."""
        stored = select(articles.c.published).where(articles.c.id == article)
        shown = select(frontier.c.day).where(frontier.c.article == article)
        with self.engine.connect() as connection:
            found = connection.scalar(stored) or connection.scalar(shown)
        return date.fromisoformat(found[:10]) if found else None

    def unlisted(self, section: str, links: Sequence[Link]) -> list[Link]:
        """Return those of some articles that a section is not known to show."""
        with self.engine.connect() as connection:
            listed = titles_of(connection, section, links)
        return [link for link in links if link.id not in listed]

    def published_within(self, section: str, span: Span) -> int:
        """Return how many articles of a section are stored that were published on some days."""
        days = listings.c.published.between(span.since.isoformat(), f"{span.until}~")  # after "T"
        query = select(func.count()).where(listings.c.section == section, days)
        with self.engine.connect() as connection:
            return connection.scalar(query) or 0

    def waiting(self, batch: str) -> int:
        """Return how many addresses of a batch wait of which the day is not known."""
        mine = _undated(batch) & frontier.c.due.is_not(None)
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(mine)) or 0

    def waiting_within(self, batch: str, span: Span) -> int:
        """Return how many addresses of a batch wait that were published on some days."""
        waiting = _dated(batch, span) & frontier.c.due.is_not(None)
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).where(waiting)) or 0


@lru_cache(maxsize=8)
def _undated(batch: str) -> ColumnElement[bool]:
    """Return what holds for the addresses of a batch of which the day is not known."""
    return (frontier.c.batch == batch) & frontier.c.day.is_(None)


@lru_cache(maxsize=8)
def _dated(batch: str, span: Span) -> ColumnElement[bool]:
    """Return what holds for those that were published on some days."""
    days = frontier.c.day.between(span.since.isoformat(), span.until.isoformat())
    return (frontier.c.batch == batch) & days
