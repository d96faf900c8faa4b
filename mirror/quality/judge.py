"""The judgement of a crawl, shared by all its processes: what waits, what is right, what is hollow.

What one process has seen and kept back is written in the transaction that stores what it found to be
complete. So a run that is killed leaves articles that wait and articles that are stored in the shares
in which the site gave them, and no run after it takes the rest for a change of the site.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from mirror.quality.coverage import UsualCoverage
from mirror.quality.features import PAGE
from mirror.quality.kept_back import KeptBack, Waiting, renew
from mirror.quality.observer import Finding, Observer, Sightings
from mirror.quality.sightings import ACCEPTED, HOLLOW, Entry, SightingLog
from mirror.store.retrying import retried
from mirror.store.schema import write_alone

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from mirror.sites import Site
    from mirror.store.database import Database, Ownership

_MAX_UNWRITTEN = 16  # articles kept back, in memory alone
_MAX_UNWRITTEN_SECONDS = 5
_VERDICT_DAYS = 30  # for which it is remembered what a run was called hollow for


class Judge:
    """One process's part in the judgement of a crawl."""

    def __init__(self, database: Database, site: Site):
        self.site = site
        self.engine = database.engine
        self.database = database
        self.log = SightingLog(database, site)
        self.kept_back = KeptBack(database, site.name)
        self.observer = Observer(UsualCoverage(database), site.irregular)
        self.is_hollow = False
        self.words = ""  # what is wrong, if this process found it
        self.doubt: Finding | None = None  # what is to be looked at again before it is believed
        self.right: list[Waiting] = []  # waited, and is for the crawl to deal with
        self.doubtful: set[str] = set()  # ids of what was stored before the run was found hollow
        self._waiting: set[str] = set()  # ids
        self._unwritten: dict[str, Waiting] = {}
        self._settled: set[str] = set()  # ids of what waits no more
        self._doubted: set[str] = set()  # fields for which runs before were called hollow
        self._written = time.monotonic()
        self._handed: set[str] = set()  # ids of what is for this process to deal with
        self._step = _Step()

    @retried
    def open(self) -> None:
        """Go on where the log stands."""
        with self.engine.begin() as connection:
            write_alone(connection)
            undecided = self.kept_back.undecided(connection)
            self.observer = Observer(UsualCoverage(self.database, undecided), self.site.irregular)
            self.log.restore(connection, self.observer)
            self.right = self.kept_back.released(connection)
            since = self.database.clock.day - timedelta(days=_VERDICT_DAYS)
            self._doubted = self.log.verdicts(connection, since)
        if self.database.own:
            self.database.own = partial(self._own, self.database.own)
        self._handed = {one.article for one in self.right}
        self._waiting = self._handed | {item.id for item in undecided}

    # ---- what a process sees

    def keep(self, waiting: Waiting) -> None:
        """Keep something back until a judgement, or two of them, found it to be right."""
        self._unwritten[waiting.article] = waiting
        self._waiting.add(waiting.article)

    def settle(self, article: str) -> None:
        """Note that an article waits no more, if it did."""
        if article in self._waiting:
            self._waiting.remove(article)
            self._unwritten.pop(article, None)
            self._settled.add(article)

    @property
    def is_time(self) -> bool:
        """Whether it is time to write down what was seen, and to judge."""
        is_late = time.monotonic() - self._written > _MAX_UNWRITTEN_SECONDS
        return self.observer.is_full or len(self._unwritten) >= _MAX_UNWRITTEN or is_late

    # ---- judgements, each one transaction

    @retried
    def flush(self) -> None:
        """Write down what was seen, and judge if there is enough of it."""
        with self._alone() as connection:
            self.write(connection, ())

    @retried
    def conclude(self) -> None:
        """Judge all that is left, now that nothing more comes."""
        with self._alone() as connection:
            self.write(connection, ())
            if finding := self.observer.finding():
                self._find(connection, finding)
            elif not (self.is_hollow or self._step.is_hollow):
                self.kept_back.release(connection)
                left = self.kept_back.released(connection)  # also by a process that died since
                handed = self._handed | {one.article for one in self._step.released}
                self._step.released += [one for one in left if one.article not in handed]

    @retried
    def find(self, finding: Finding) -> None:
        """Take notice of a finding: the crawl is hollow, or in doubt."""
        with self._alone() as connection:
            self.write(connection, ())
            self._find(connection, finding)

    @retried
    def condemn(self, finding: Finding) -> None:
        """Call the crawl hollow."""
        self.doubt = None
        with self._alone() as connection:
            self.write(connection, ())
            self._condemn(connection, finding)

    def clear(self, finding: Finding) -> None:
        """Take back a doubt: what is missing is missing at the site, too."""
        self.doubt = None
        self.observer.cleared.add(finding.field)

    @retried
    def leave(self) -> None:
        """Make due again what was stored shortly before the crawl was found hollow."""
        with self.engine.begin() as connection:
            renew(connection, self.doubtful)

    @retried
    def forget(self) -> None:
        """Begin again: what was seen is no measure, and what waits is to be fetched again."""
        with self.engine.begin() as connection:
            write_alone(connection)
            self.log.forget(connection)
            self.kept_back.give_back_all(connection)

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            write_alone(connection)
            yield connection
        self.written()

    # ---- within the transaction of whoever stores articles, in which nobody else writes

    def write(self, connection: Connection, articles: Collection[str]) -> None:
        """Write down what was seen, and that some articles are stored."""
        if self._step.is_begun:  # the last transaction may have come to nothing
            self._take_back(connection)
        self._step.is_begun = True
        self.kept_back.forget(connection, self._settled | self._waiting.intersection(articles))
        self._hear(connection)
        if self.is_hollow or self._step.is_hollow:
            self.doubtful |= self.observer.pending.articles
            return
        self._step.written = self.observer.pending
        self.log.add(connection, self.observer.pending)
        self.kept_back.add(connection, self._mine(connection), self.log.round)
        self.observer.publish()
        if self.observer.is_full:
            self._judge(connection)

    def written(self) -> None:
        """Note that the transaction came to its end."""
        self.is_hollow |= self._step.is_hollow
        self.words = self.words or self._step.words
        self.right += self._step.released
        self._handed |= {one.article for one in self._step.released}
        self._waiting |= self._handed
        self._step = _Step()
        self._unwritten.clear()
        self._settled.clear()
        self._written = time.monotonic()

    def _mine(self, connection: Connection) -> list[Waiting]:
        """Return what is to be kept back and not another worker's by now."""
        if not (self.database.own and self._unwritten):
            return list(self._unwritten.values())
        mine = self.database.own(connection, list(self._unwritten))
        return [one for one in self._unwritten.values() if one.article in mine]

    def _own(self, claimed: Ownership, connection: Connection, articles: Sequence[str]) -> set[str]:
        """Return those of some articles that this process may write of: those that it fetched, and
        those that were handed to it, whoever fetched them."""
        handed = self._handed.intersection(articles)
        mine = self.kept_back.still_released(connection, handed) if handed else set()
        rest = [article for article in articles if article not in mine]
        return mine | claimed(connection, rest) if rest else mine

    def _take_back(self, connection: Connection) -> None:
        pending = self._step.written
        pending.include(self.observer.pending)
        pending.given += self.observer.pending.given
        self.observer.pending, self._step = pending, _Step()
        self.log.restore(connection, self.observer)

    def _hear(self, connection: Connection) -> None:
        for entry in self.log.news(connection):
            if not self._follow(entry):
                self.log.restore(connection, self.observer)
                return

    def _follow(self, entry: Entry) -> bool:
        """Do what another process did; tell whether that is possible."""
        if entry.kind == HOLLOW:
            self._step.is_hollow = True
        elif entry.kind == ACCEPTED:
            if entry.content != self.log.round + 1:
                return False  # this process missed something
            self.log.round += 1
            self.observer.accept()
        else:
            self.observer.hear(Sightings.from_json(entry.content))
        return True

    def _judge(self, connection: Connection) -> None:
        if finding := self.observer.finding():
            self._find(connection, finding)
            return
        self._step.released += self.kept_back.release(connection, self.log.round)
        self.observer.accept()
        self.log.accept(connection, self.observer)

    def _find(self, connection: Connection, finding: Finding) -> None:
        if finding.field != PAGE and finding.field in self._doubted:
            self.doubt = finding
        else:
            self._condemn(connection, finding)

    def _condemn(self, connection: Connection, finding: Finding) -> None:
        if self.is_hollow or self._step.is_hollow:
            return
        if finding.field:
            self.log.note_verdict(connection, finding.field, self.database.clock.day)
        self._step.is_hollow, self._step.words = True, finding.words
        self.doubtful |= self.log.condemn(connection, finding.words)
        renew(connection, self.doubtful)
        self.kept_back.give_back(connection)


@dataclass(slots=True)
class _Step:
    """What follows from a transaction, if it comes to its end."""

    is_begun: bool = False
    written: Sightings = field(default_factory=Sightings)
    released: list[Waiting] = field(default_factory=list)
    is_hollow: bool = False
    words: str = ""
