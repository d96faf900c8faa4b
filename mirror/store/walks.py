"""The way through a section's listing, page by page, remembered beyond a run.

A page that holds nothing new ends a walk, for all that follows is known: unless an earlier walk was
cut off on its way, or went only so far as it was asked to. What such a walk reached has to be passed
first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Row, Table, delete, select, true

from mirror.items import Link
from mirror.store.database import Database
from mirror.store.retrying import retries
from mirror.store.schema import Text, make_tables, metadata, put, upsert

walks = Table(  # where walks ended before the listing did
    "walks",
    metadata,
    Column("section", Text, primary_key=True),
    Column("kind", Text, primary_key=True),  # "open": cut off; "bounded": as far as was asked;
    # "2018-01-01": an archive from that day on, apart from the newest pages
    Column("reached", Text, nullable=False),  # ids on the last page that was recorded, a JSON list
    Column("since", Text),  # the bounds of a bounded one
    Column("pages", Integer),
)


@dataclass(frozen=True, slots=True)
class WalkBounds:
    """How far a walk is to go: to articles published on a day, to a number of pages."""

    since: date | None = None
    pages: int | None = None

    def cover(self, other: WalkBounds) -> bool:
        """Whether a walk with these bounds went at least as far as one with others would."""
        by_day = self.since and other.since and self.since <= other.since
        by_pages = self.pages and other.pages and self.pages >= other.pages
        return bool(by_day or by_pages)


@dataclass(slots=True)
class Walk:
    """One walk: what it has yet to pass, and what it has seen."""

    section: str
    ahead: list[set[str]]  # articles that earlier walks reached and this one has not
    joins: bool  # articles of the section were known before
    kept: frozenset[str] = frozenset()  # kinds of earlier ones that went beyond its bounds
    pages: set[str] = field(default_factory=set)
    previous: Sequence[Link] = ()

    @property
    def is_inner(self) -> bool:
        """Whether an earlier walk from the newest page on went beyond the bounds of this one."""
        return "bounded" in self.kept

    @property
    def has_passed(self) -> bool:
        return not self.ahead

    def look(self, links: Sequence[Link]) -> None:
        """Take notice of a page's articles."""
        self.previous = links
        shown = {link.id for link in links}
        self.ahead = [reached for reached in self.ahead if not reached & shown]


@retries
class Walks:
    """What is remembered of walks; every method is one transaction."""

    def __init__(self, database: Database):
        self.engine = database.engine
        make_tables(self.engine)

    def begin(self, section: str, bounds: WalkBounds, joins: bool) -> Walk:
        """Return a new walk; `joins` tells whether articles of the section are known."""
        with self.engine.connect() as connection:
            rows = list(connection.execute(select(walks).where(walks.c.section == section)))
        kept = frozenset(row.kind for row in rows if _bounds(row).cover(bounds))
        ahead = [set(json.loads(row.reached)) for row in rows if row.kind not in kept]
        return Walk(section, ahead, joins, kept)

    def reach(self, walk: Walk, links: Sequence[Link]) -> None:
        """Note that a walk has come to a page, before the page is recorded."""
        self._put(walk.section, "open", links, WalkBounds())

    def end_at(self, walk: Walk, links: Sequence[Link], bounds: WalkBounds) -> None:
        """Note that a walk went as far as it was asked to, on a page with these articles."""
        if not walk.is_inner:
            self._put(walk.section, "bounded", links, bounds)
        self._forget(walk, walks.c.kind == "open")

    def end(self, walk: Walk) -> None:
        """Note that nothing is left to find behind a walk, or behind an earlier one round it."""
        self._forget(walk, walks.c.kind.not_in(walk.kept))

    def end_of_listing(self, walk: Walk) -> None:
        """Note that a walk came to the listing's last page."""
        self._forget(walk, true())

    def set_apart(self, section: str, since: date, links: Sequence[Link]) -> None:
        """Note that articles published on a day and later are about to be recorded apart from the
        newest, down to a page with these: what is known there must not end a walk above it."""
        self._put(section, since.isoformat(), links, WalkBounds(since))

    def _forget(self, walk: Walk, which: ColumnElement[bool]) -> None:
        with self.engine.begin() as connection:
            connection.execute(delete(walks).where(walks.c.section == walk.section, which))

    def _put(self, section: str, kind: str, links: Sequence[Link], bounds: WalkBounds) -> None:
        row = {
            "section": section,
            "kind": kind,
            "reached": json.dumps([link.id for link in links]),
            "since": bounds.since.isoformat() if bounds.since else None,
            "pages": bounds.pages,
        }
        with self.engine.begin() as connection:
            put(connection, upsert(self.engine, walks), [row])


def _bounds(row: Row[Any]) -> WalkBounds:
    return WalkBounds(date.fromisoformat(row.since) if row.since else None, row.pages)
