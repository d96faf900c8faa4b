"""Which days of a section's archive are complete: all that its listing shows of them is in the
frontier. What is left of a range is never walked twice, whatever stopped the run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select

from mirror.store.database import Database
from mirror.store.schema import Text, make_tables, metadata, upsert

_DAY = timedelta(days=1)

ranges = Table(  # days of publication, the first and the last of each range; ranges never touch
    "ranges",
    metadata,
    Column("section", Text, primary_key=True),
    Column("since", Text, primary_key=True),
    Column("until", Text, nullable=False),
)


places = Table(  # where a day was seen in a section's listing: a place to begin a search at
    "places",
    metadata,
    Column("section", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("page", Integer, nullable=False),
)


class Span(NamedTuple):
    """Days of publication, both ends included."""

    since: date
    until: date

    def holds(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.since <= day <= self.until


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same days as ranges that neither overlap nor touch, the oldest first.

    >>> may = [Span(date(2018, 5, 1), date(2018, 5, 9)), Span(date(2018, 5, 10), date(2018, 5, 20))]
    >>> [(span.since.day, span.until.day) for span in merged(may)]
    [(1, 20)]
    """
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.since <= found[-1].until + _DAY:
            found[-1] = Span(found[-1].since, max(found[-1].until, span.until))
        else:
            found.append(span)
    return found


def left_of(span: Span, done: Sequence[Span]) -> list[Span]:
    """Return the parts of a range that are not done, the newest first.

    >>> may = Span(date(2018, 5, 1), date(2018, 5, 31))
    >>> rest = left_of(may, [Span(date(2018, 5, 11), date(2018, 5, 20))])
    >>> [(span.since.day, span.until.day) for span in rest]
    [(21, 31), (1, 10)]
    """
    left, until = [], span.until
    for known in reversed(merged(done)):
        if known.since > until or known.until < span.since:
            continue
        if known.until < until:
            left.append(Span(known.until + _DAY, until))
        until = known.since - _DAY
    return [*left, Span(span.since, until)] if until >= span.since else left


class Ranges:
    """What is remembered of the sections' archives; every method is one transaction."""

    def __init__(self, database: Database):
        self.engine = database.engine
        make_tables(self.engine)

    def done(self, section: str) -> list[Span]:
        """Return the days of a section that are complete, the oldest first."""
        with self.engine.connect() as connection:
            return _spans(connection, section)

    def complete(self, section: str, span: Span) -> None:
        """Note that some days of a section are complete."""
        with self.engine.begin() as connection:
            spans = merged([*_spans(connection, section), span])
            connection.execute(delete(ranges).where(ranges.c.section == section))
            rows = [
                {"section": section, "since": since.isoformat(), "until": until.isoformat()}
                for since, until in spans
            ]
            connection.execute(insert(ranges), rows)


class Places:
    """Where days were seen in one section's listing; it may have moved since."""

    def __init__(self, database: Database, section: str):
        self.engine, self.section = database.engine, section
        make_tables(self.engine)

    def near(self, day: date) -> int | None:
        """Return the number of the page that showed the nearest day, None if none is known."""
        mine = select(places.c.day, places.c.page).where(places.c.section == self.section)
        text = day.isoformat()
        with self.engine.connect() as connection:
            newer = mine.where(places.c.day >= text).order_by(places.c.day).limit(1)
            older = mine.where(places.c.day < text).order_by(places.c.day.desc()).limit(1)
            rows = [*connection.execute(newer), *connection.execute(older)]
        nearest = min(rows, key=lambda row: abs(date.fromisoformat(row.day) - day), default=None)
        return nearest.page if nearest else None

    def note(self, day: date, number: int) -> None:
        """Note that a page shows a day."""
        row = {"section": self.section, "day": day.isoformat(), "page": number}
        with self.engine.begin() as connection:
            connection.execute(upsert(self.engine, places), row)


def _spans(connection: Connection, section: str) -> list[Span]:
    query = select(ranges.c.since, ranges.c.until).where(ranges.c.section == section)
    rows = connection.execute(query.order_by(ranges.c.since))
    return [Span(date.fromisoformat(since), date.fromisoformat(until)) for since, until in rows]
