"""What the processes of a crawl have seen of the fields of articles: one log that all write and read.

A judgement closes a chapter of it. Runs of five articles are judged, too, as the next run goes on where
one stopped; a run that was killed leaves what it has stored, and what it has seen of it.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Column, Connection, Integer, Table, bindparam, delete, func, select, text

from mirror.quality.observer import Sightings
from mirror.quality.tallies import Tally
from mirror.store.lookups import Lookup
from mirror.store.schema import Text, do_many, make_tables, metadata, upsert

if TYPE_CHECKING:
    from mirror.quality.observer import Observer
    from mirror.sites import Site
    from mirror.store.database import Database

sightings = Table(
    "sightings",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # one of those below
    Column("content", Text, nullable=False),  # JSON
    Column("site", Text, nullable=False),
    sqlite_autoincrement=True,  # no number twice: others remember how far they have read
)
verdicts = Table(  # what runs were called hollow for
    "verdicts",
    metadata,
    Column("field", Text, primary_key=True),
    Column("day", Text, nullable=False),  # of the last of them, UTC
)
SEEN, ACCEPTED, HOLLOW = "seen", "accepted", "hollow"

tallies = Table(  # what was judged, but is to be judged on
    "tallies",
    metadata,
    Column("name", Text, primary_key=True),  # a section, or one of those below
    Column("counts", Text, nullable=False),  # JSON
)

_ADD = text("INSERT INTO sightings (kind, content, site) VALUES (:kind, :content, :site)")
_FORGET = text("DELETE FROM sightings WHERE site = :site AND seq <= :last")
_ADD_TALLY = text("INSERT INTO tallies (name, counts) VALUES (:name, :counts)")
_FORGET_TALLY = text("DELETE FROM tallies WHERE name = :name")
_LAST = Lookup(select(func.coalesce(func.max(sightings.c.seq), 0)), int)
_NAMES = Lookup(select(tallies.c.name), str)
# Behind a site's name; the last with a number, the oldest first.
_ROUND, _WINDOW, _PAST = ("#", "*", "**")


class _Row(NamedTuple):
    seq: int
    kind: str
    content: str


_MINE = sightings.c.site == bindparam("mine")
_NEWS = Lookup(
    select(*(sightings.c[name] for name in _Row._fields))
    .where(_MINE, sightings.c.seq > bindparam("last"))
    .order_by(sightings.c.seq),
    _Row,
)
_LAST_JUDGED = Lookup(
    select(func.coalesce(func.max(sightings.c.seq), 0)).where(_MINE, sightings.c.kind != SEEN), int
)


class Entry(NamedTuple):
    """An entry of the log."""

    kind: str
    content: Any


class SightingLog:
    """One process's place in the log; works within the transactions of others."""

    def __init__(self, database: Database, site: Site):
        self.site = site
        self.mine = sightings.c.site == site.name
        self.engine = database.engine
        self.last = 0  # number of the last entry that was read
        self.round = 0  # judgements so far
        make_tables(self.engine)

    def restore(self, connection: Connection, observer: Observer) -> None:
        """Have an observer go on where the log stands."""
        carried, past, window = {}, [], Sightings()
        for row in connection.execute(select(tallies).order_by(tallies.c.name)):
            counts = json.loads(row.counts)
            if row.name == f"{self.site.name}{_ROUND}":
                self.round = counts["count"]
            elif row.name == f"{self.site.name}{_WINDOW}":
                window.total = Tally.of(counts)  # as versions before this one wrote it
            elif row.name.startswith(f"{self.site.name}{_PAST}"):
                past.append(Tally.of(counts))
            elif self._is_section(row.name):
                carried[row.name] = Tally.of(counts)
        entries = self._entries(connection, self._last_judgement(connection))
        self.last = _LAST.first(connection) or 0
        seen = [Sightings.from_json(one.content) for one in entries if one.kind == SEEN]
        observer.restore(carried, past, [window, *seen])

    def news(self, connection: Connection) -> list[Entry]:
        """Return what others have written since this was called before."""
        return self._entries(connection, self.last)

    def add(self, connection: Connection, seen: Sightings) -> None:
        """Write down what was seen."""
        if seen:
            self._write(connection, SEEN, seen.as_json())

    def accept(self, connection: Connection, observer: Observer) -> None:
        """Write down that all that was seen is right, and what an observer keeps of it."""
        before = self._last_judgement(connection)
        do_many(connection, _FORGET, [{"site": self.site.name, "last": before}])
        self.round += 1
        self._write(connection, ACCEPTED, self.round)
        rows = {
            f"{self.site.name}{_PAST}{number:03}": tally
            for number, tally in enumerate(observer.past)
        }
        rows |= {**observer.carried, f"{self.site.name}{_ROUND}": Tally(self.round)}
        self._delete_tallies(connection)
        kept = [{"name": name, "counts": json.dumps(vars(tally))} for name, tally in rows.items()]
        do_many(connection, _ADD_TALLY, kept)

    def condemn(self, connection: Connection, words: str) -> set[str]:
        """Write down that something is wrong, and forget all else; return the ids of the articles
        that nobody has judged."""
        entries = self._entries(connection, self._last_judgement(connection))
        seen = [one.content["articles"] for one in entries if one.kind == SEEN]
        self.forget(connection)
        self._write(connection, HOLLOW, words)
        return {article for articles in seen for article in articles}

    def note_verdict(self, connection: Connection, field: str, day: date) -> None:
        """Remember what a run is called hollow for."""
        row = {"field": field, "day": day.isoformat()}
        connection.execute(upsert(self.engine, verdicts), row)

    def verdicts(self, connection: Connection, since: date) -> set[str]:
        """Return the fields for which runs were called hollow since a day."""
        recent = verdicts.c.day >= since.isoformat()
        return set(connection.scalars(select(verdicts.c.field).where(recent)))

    def forget(self, connection: Connection) -> None:
        """Begin again: what was seen before is no measure of what comes."""
        connection.execute(delete(sightings).where(self.mine))
        self._delete_tallies(connection)

    def _delete_tallies(self, connection: Connection) -> None:
        names = _NAMES.all(connection)
        marks = (f"{self.site.name}{_ROUND}", f"{self.site.name}{_WINDOW}", _WINDOW)
        own = [name for name in names if name.startswith(marks) or self._is_section(name)]
        do_many(connection, _FORGET_TALLY, [{"name": name} for name in own])

    def _is_section(self, name: str) -> bool:
        return self.site.is_section(name) or name == self.site.unsectioned

    def _write(self, connection: Connection, kind: str, content: object) -> None:
        row = {"kind": kind, "content": json.dumps(content), "site": self.site.name}
        do_many(connection, _ADD, [row])
        self.last = _LAST.first(connection) or 0

    def _entries(self, connection: Connection, after: int) -> list[Entry]:
        rows = _NEWS.all(connection, mine=self.site.name, last=after)
        if rows:
            self.last = rows[-1].seq
        return [Entry(row.kind, json.loads(row.content)) for row in rows]

    def _last_judgement(self, connection: Connection) -> int:
        return _LAST_JUDGED.first(connection, mine=self.site.name) or 0
