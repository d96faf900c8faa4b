"""Gaps: places in a section's listing behind which articles may stand that are not recorded yet.

A walk through a listing starts at the newest page and ends at a page that shows nothing new, for all
that follows is known: unless there is a gap. A walk that is cut off leaves one, one that went only as
far as it was asked to, and a page that could not be read. Each is known by the articles above it, so it
is found again however far they have moved since.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Column, Integer, Row, Table, delete, insert, select, update

from mirror.items import Link
from mirror.store.database import Database
from mirror.store.retrying import retries
from mirror.store.schema import Text, make_tables, metadata

OPEN = "open"  # to be read on
BOUNDED = "bounded"  # left on purpose: only for walks that are to go further
APART = "apart"  # behind days that an archive recorded, apart from the newest pages
SKIPPED = "skipped"  # a page that could not be read, or whose joint with the next is not certain

_HOUR_SECONDS = 3600
# Before a skipped page is tried again, the last for ever.
_PAUSES_SECONDS = (0, 6 * _HOUR_SECONDS, 24 * _HOUR_SECONDS)

gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("section", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("above", Text, nullable=False),  # ids on the last page above it, a JSON list
    Column("page", Integer),  # number of that page then; null: not known
    Column("end_page", Integer),  # that of the listing's last page then, as its newest showed it
    Column("since", Text),  # the bounds of the walk that left it
    Column("pages", Integer),
    Column("reason", Text, nullable=False, default=""),  # why a page was skipped
    Column("newest", Text),  # the days of publication in it, as far as they are known
    Column("oldest", Text),
    Column("tries", Integer, nullable=False, default=0),
    Column("due", Integer, nullable=False, default=0),  # when to try again, seconds since 1970
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


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap; `id` is 0 as long as it is not stored."""

    section: str
    above: tuple[str, ...]
    page: int | None = None
    end: int | None = None
    kind: str = OPEN
    bounds: WalkBounds = field(default_factory=WalkBounds)
    reason: str = ""
    newest: date | None = None
    oldest: date | None = None
    tries: int = 0
    due: int = 0
    id: int = 0

    def is_wanted(self, bounds: WalkBounds, now: int) -> bool:
        """Whether a walk with some bounds is to read on behind it at a time."""
        is_before = bool(bounds.since and self.newest and self.newest < bounds.since)
        is_beyond = bool(bounds.pages and self.page and self.page >= bounds.pages)
        return self.due <= now and not (is_before or is_beyond or self.bounds.cover(bounds))

    def begins_on(self, ids: Sequence[str]) -> bool:
        """Whether a page with these articles is the one above it, or was."""
        return not set(self.above).isdisjoint(ids)

    def ends_on(self, ids: Sequence[str]) -> bool:
        """Whether a page shows the last article above it, so that what follows is behind it."""
        return self.above[-1] in ids


@retries
class Gaps:
    """The gaps in the listings of all sections; every method is one transaction."""

    def __init__(self, database: Database):
        self.engine = database.engine
        self.clock = database.clock
        make_tables(self.engine)

    def next_try(self, tries: int) -> int:
        """Return when a page that could not be read so many times is asked for again, in seconds since
        1970; not in this run."""
        return self.clock.after(_PAUSES_SECONDS[min(tries, len(_PAUSES_SECONDS)) - 1])

    def of(self, section: str) -> list[Gap]:
        """Return the gaps of a section, the topmost first."""
        query = select(gaps).where(gaps.c.section == section)
        with self.engine.connect() as connection:
            found = [_gap(row) for row in connection.execute(query)]
        return sorted(found, key=lambda gap: (gap.page or 0, gap.id))

    def put(self, gap: Gap) -> int:
        """Store a gap, in place of the one of its id if it has one; return its id."""
        with self.engine.begin() as connection:
            if gap.id:
                connection.execute(update(gaps).where(gaps.c.id == gap.id).values(_row(gap)))
                return gap.id
            made = insert(gaps).values(_row(gap)).returning(gaps.c.id)
            return int(connection.execute(made).scalar_one())

    def close(self, ids: Sequence[int]) -> None:
        """Note that nothing is left to be found in some gaps."""
        with self.engine.begin() as connection:
            connection.execute(delete(gaps).where(gaps.c.id.in_(ids)))

    def set_apart(self, section: str, since: date, links: Sequence[Link], page: int) -> None:
        """Note that articles published on a day and later are about to be recorded apart from the
        newest, down to a page with these: what is known there must not end a walk above it."""
        above = tuple(link.id for link in links)
        gap = Gap(section, above, page, None, APART, WalkBounds(since), newest=_oldest(links))
        former = (gaps.c.section == section) & (gaps.c.kind == APART)
        former &= gaps.c.since == since.isoformat()
        with self.engine.begin() as connection:
            connection.execute(delete(gaps).where(former))
            connection.execute(insert(gaps).values(_row(gap)))


def _oldest(links: Sequence[Link]) -> date | None:
    return min((link.published for link in links if link.published), default=None)


def _row(gap: Gap) -> dict[str, object]:
    return {
        "section": gap.section,
        "kind": gap.kind,
        "above": json.dumps(gap.above),
        "page": gap.page,
        "end_page": gap.end,
        "since": _text(gap.bounds.since),
        "pages": gap.bounds.pages,
        "reason": gap.reason,
        "newest": _text(gap.newest),
        "oldest": _text(gap.oldest),
        "tries": gap.tries,
        "due": gap.due,
    }


def _gap(row: Row[Any]) -> Gap:
    return Gap(
        section=row.section,
        above=tuple(json.loads(row.above)),
        page=row.page,
        end=row.end_page,
        kind=row.kind,
        bounds=WalkBounds(_day(row.since), row.pages),
        reason=row.reason,
        newest=_day(row.newest),
        oldest=_day(row.oldest),
        tries=row.tries,
        due=row.due,
        id=row.id,
    )


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
