"""What time it is, as far as that can be believed: nothing is put off, and no page removed for its age, on
the word of a clock that neither the site nor the runs before confirm.

A clock is wrong after a boot without a network, with a flat battery, or in another zone than it thinks; it
may be set right at any moment. So the time of a run is that of its start, until it ends. It has two
witnesses: what the site says (the header Date), and the last run whose time was believed.
"""

from __future__ import annotations

import time
from datetime import date, datetime, timezone
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Engine, Table, delete, select

from mirror.store.retrying import retried
from mirror.store.schema import Text, make_tables, metadata, put, upsert

_MAX_TIME = 2**31 - 1  # what columns of the tables hold
_DONE = -1  # in the place of the process that took an address: this run is done with it
_TOLERANCE_SECONDS = 600  # between two clocks that are both right
_MAX_GAP_SECONDS = 7 * 24 * 3600  # between two runs; more has to be confirmed by the site
_PROBATION_SECONDS = 3 * 24 * 3600  # for which a clock has to agree with itself if no site tells

times = Table(  # of runs, in seconds since 1970
    "times",
    metadata,
    Column("name", Text, primary_key=True),
    Column("time", BigInteger, nullable=False),
)
_BELIEVED = "believed"  # the last run whose time was
# Runs since, agreeing with each other.
_DOUBTED_FIRST, _DOUBTED_LAST = ("doubted first", "doubted last")


class Witnesses(NamedTuple):
    """The times of a run, in seconds since 1970; None: nobody has said anything."""

    here: int  # this machine's clock
    site: int | None
    last: int | None  # when the last run was whose time was believed

    @property
    def is_confirmed(self) -> bool:
        """Whether the site says the same."""
        return self.site is not None and abs(self.here - self.site) <= _TOLERANCE_SECONDS

    @property
    def is_believed(self) -> bool:
        """Whether the site says the same, or it follows from the run before."""
        if self.is_confirmed:
            return True
        return self.site is None if self.last is None else _follows(self.here, self.last)

    @property
    def time(self) -> int:
        """The time to reckon from: where the witnesses do not agree the earliest one, unless the site
        and the last run do. What is put off from too early a time only comes sooner."""
        here, site, last = self
        if self.is_confirmed or (self.is_believed and site is None):
            return here
        if site is not None and last is not None and not self.is_believed and _follows(site, last):
            return site
        return min(moment for moment in self if moment is not None)


class Clock:
    """The time of one run, by all that is known of it."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.begin(time.time())

    def begin(self, started: float) -> None:
        """Note when the run began by this machine's clock, in seconds since 1970."""
        self.started = min(int(started), _MAX_TIME)
        self.site: int | None = None
        self.is_in_use = False

    def hear(self, moment: float) -> None:
        """Note what the site says that the time is, in seconds since 1970. Its first word counts, and
        only as long as nothing was put off: the time of a run does not change."""
        if self.site is None and not self.is_in_use:
            self.site = min(max(0, int(moment)), _MAX_TIME)

    @property
    def witnesses(self) -> Witnesses:
        """What is known of the time."""
        return Witnesses(self.here, self.site, self._stored.get(_BELIEVED))

    @property
    def here(self) -> int:
        """When the run began by this machine's clock, in seconds since 1970. A run counts as one second
        later than the one before if it began in the same second, or by the clock some minutes earlier:
        so what that one put off to it is due."""
        last = self._stored.get(_BELIEVED)
        if last is None or not 0 <= last - self.started <= _TOLERANCE_SECONDS:
            return self.started
        return min(last + 1, _MAX_TIME)

    @property
    def latest(self) -> datetime:
        """The latest time that a witness gives."""
        latest = max(moment for moment in self.witnesses if moment is not None)
        return datetime.fromtimestamp(latest, timezone.utc)

    @property
    def day(self) -> date:
        """The day of the run, in UTC."""
        return datetime.fromtimestamp(self.witnesses.time, timezone.utc).date()

    @property
    def due_until(self) -> int:
        """What was due at this time, in seconds since 1970, is for this run to fetch."""
        return max(self.here, self.witnesses.time)

    @property
    def done(self) -> int | None:
        """What an address that was dealt with holds in the place of the process that took it: it may be
        due again by a clock that is not believed."""
        return _DONE if self.witnesses.time < self.due_until else None

    @property
    def time(self) -> int:
        """The time that pauses are reckoned from, in seconds since 1970."""
        self.is_in_use = True
        return self.witnesses.time

    def after(self, pause: int) -> int:
        """Return when a pause of some seconds is over, in seconds since 1970; not in this run."""
        return min(self.time + 1 + pause, _MAX_TIME)

    def doubt(self) -> str:
        """Return in words what contradicts this machine's clock; empty if nothing does."""
        here, site, last = self.witnesses
        says = [f"the clock of this machine said {_shown(here)} when this run began"]
        if site is not None and not self.witnesses.is_confirmed:
            says.append(f"the site {_shown(site)}")
        if last is not None and not _follows(here, last) and not self.witnesses.is_confirmed:
            says.append(f"the last run was at {_shown(last)}")
        return ", ".join(says) if len(says) > 1 else ""

    @retried
    def end(self) -> None:
        """Note the time of the run, and whether it was believed, for those that follow."""
        first, last = self._stored.get(_DOUBTED_FIRST), self._stored.get(_DOUBTED_LAST)
        if first is None or last is None or not _follows(self.here, last):
            first = self.here
        is_believed = self.witnesses.is_believed or self.here - first >= _PROBATION_SECONDS
        doubted = {_DOUBTED_FIRST: first, _DOUBTED_LAST: self.here}
        new = {_BELIEVED: self.here} if is_believed else doubted
        with self.engine.begin() as connection:
            if is_believed:
                connection.execute(delete(times))
            rows = [{"name": name, "time": moment} for name, moment in new.items()]
            put(connection, upsert(self.engine, times), rows)

    @cached_property
    def _stored(self) -> dict[str, int]:
        stored: dict[str, int] = _read(self.engine)
        return stored


@retried
def _read(engine: Engine) -> dict[str, int]:
    make_tables(engine)
    with engine.connect() as connection:
        return {str(row.name): int(row.time) for row in connection.execute(select(times))}


def _follows(moment: int, last: int) -> bool:
    """Whether a run may have come at a time after the last one was."""
    return -_TOLERANCE_SECONDS <= moment - last <= _MAX_GAP_SECONDS


def _shown(moment: int) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
