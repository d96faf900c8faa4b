"""The workers of a crawl, as the database knows them: who is there, who walks the listings, who
fetches what, and whether all is done.

What a worker held that is dead (see mirror.cluster.roster) is others' to take.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    Row,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from mirror.cluster.job import Job, State
from mirror.cluster.roster import NOW, UP_SINCE, crawls, living, presence, workers
from mirror.store.database import Database
from mirror.store.frontier_table import asked_for, frontier
from mirror.store.retrying import retries
from mirror.store.schema import Text, insert_new, make_tables, metadata, upsert

logger = logging.getLogger(__name__)

claims = Table(  # the articles that a run hands out, until it ends
    "claims",
    metadata,
    Column("article", Text, primary_key=True),
    Column("crawl", Text, nullable=False),
    Column("worker", Integer, nullable=False),  # or one of the numbers below
    Column("at", Integer, nullable=False),  # when it was handed out
    Index("claimed_by", "crawl", "worker"),
)

_QUEUED, _LOST, _LEFT = 0, -1, -2  # waits in Redis; was lost there; an error, so not in this run
_ONE_AT_A_TIME = select(func.pg_advisory_xact_lock(0x6D6972726F73))  # to hand out articles
_REMEMBERED_SECONDS = 7 * 24 * 3600  # for which workers are listed after their end


@retries
class Claims:
    """One worker's view of its crawl; every method is one transaction."""

    def __init__(self, database: Database, job: Job, lease: int, name: str):
        """`lease` in seconds; `name` is for the operator. Works with PostgreSQL alone."""
        self.engine = database.engine
        self.database = database
        self.clock = database.clock
        self.job = job
        self.lease = lease
        self.name = name
        self.worker = self.run = self.started = 0
        make_tables(self.engine)

    # ---- coming and going

    def join(self) -> None:
        """Become a worker of the run that is under way, or of a new one."""
        mine = crawls.c.crawl == self.job.key
        with self.engine.begin() as connection:
            first = {"crawl": self.job.key, "asked": self.job.asked, "run": 0}
            connection.execute(insert_new(self.engine, crawls), first)
            crawl = connection.execute(select(crawls).where(mine).with_for_update()).one()
            if crawl.finished or not connection.scalar(self._members(crawl.run).limit(1)):
                crawl = self._begin(connection)
            self.run, self.started = crawl.run, crawl.started
            self.clock.begin(self.started)
            values = {"name": self.name, "crawl": self.job.key, "run": self.run}
            new = insert(workers).values(**values, started=NOW, seen=NOW).returning(workers.c.id)
            self.worker = connection.scalar(new) or 0
        self.database.own = self.still_held
        self._connect()

    def _connect(self) -> None:
        """Hold a lock for as long as this process lives."""
        self.line = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if self.worker:
            self.line.execute(select(presence(self.worker)))

    def _begin(self, connection: Connection) -> Row:
        connection.execute(delete(claims).where(claims.c.crawl == self.job.key))
        connection.execute(delete(workers).where(workers.c.seen < NOW - _REMEMBERED_SECONDS))
        held = frontier.c.taken.is_not(None)
        connection.execute(update(frontier).where(held).values(taken=None))
        # A second back: what a run before has just put off until now is not due again in this one.
        values = {"run": crawls.c.run + 1, "started": NOW - 1, "finished": None, "walker": None}
        begin = update(crawls).where(crawls.c.crawl == self.job.key)
        begin = begin.values(**values, begun=False, discovered=False)
        return connection.execute(begin.returning(crawls)).one()

    def beat(self, answers: int, rate: float) -> State:
        """Show a sign of life and what was done so far; return how the run stands."""
        me = workers.c.id == self.worker
        with self._quickly() as connection:
            values = {"seen": NOW, "answers": answers, "rate": rate}
            connection.execute(update(workers).where(me).values(**values))
            crawl = connection.execute(select(crawls).where(crawls.c.crawl == self.job.key)).one()
            living = len(connection.scalars(self._members(self.run)).all())
        return State(
            is_over=crawl.finished is not None or crawl.run != self.run,
            is_discovered=bool(crawl.discovered),
            is_walker=crawl.walker == self.worker,
            workers=living,
        )

    def leave(self) -> None:
        """Stop being a worker; what it holds is others' to take."""
        with self.engine.begin() as connection:
            connection.execute(
                update(workers).where(workers.c.id == self.worker).values(seen=NOW, ended=NOW)
            )

    def _members(self, run: int) -> Select:
        mine = workers.c.crawl == self.job.key, workers.c.run == run
        return living(self.lease).where(*mine)

    # ---- the walk through the listings: one worker's at a time

    def walk(self) -> Row | None:
        """Become the one that walks, if none is at it; returns the crawl then."""
        free = or_(crawls.c.walker.is_(None), crawls.c.walker.not_in(living(self.lease)))
        query = update(crawls).where(*self._this_run(), crawls.c.discovered.is_(False), free)
        with self.engine.begin() as connection:
            query = query.values(walker=self.worker).returning(crawls)
            return connection.execute(query).first()

    def note_begun(self) -> None:
        """Note that what is done once, at the start of a run, is done."""
        self._note(begun=True)

    def note_discovered(self) -> None:
        """Note that the listings are walked as far as was asked."""
        self._note(discovered=True)

    def _note(self, **values: bool) -> None:
        mine = (*self._this_run(), crawls.c.walker == self.worker)
        with self.engine.begin() as connection:
            connection.execute(update(crawls).where(*mine).values(**values))

    def _this_run(self):
        return crawls.c.crawl == self.job.key, crawls.c.run == self.run

    # ---- the articles

    def queue(self, count: int) -> list[Row]:
        """Mark up to `count` articles as waiting in Redis; returns their rows of the frontier, to
        be put there."""
        return self._hand_out(_QUEUED, count)

    def take(self, count: int) -> list[Row]:
        """Hold up to `count` articles, past Redis; returns their rows of the frontier."""
        return self._hand_out(self.worker, count)

    def claim(self, articles: Iterable[str]) -> list[Row]:
        """Hold those of some articles out of Redis that are still to be done and nobody else's;
        returns their rows of the frontier."""
        waiting = (claims.c.crawl == self.job.key, claims.c.worker == _QUEUED)
        query = update(claims).where(
            claims.c.article.in_(list(articles)),
            *waiting,
            frontier.c.article == claims.c.article,
            *self._undone(),
        )
        with self._quickly() as connection:
            query = query.values(worker=self.worker, at=NOW).returning(frontier)
            return sorted(connection.execute(query), key=lambda row: (row.due, row.seq))

    def still_held(self, connection: Connection, articles: Sequence[str]) -> set[str]:
        """Return those of some articles that this worker holds, and has until the transaction ends:
        what it lost with its lease may be newer by now than what it has."""
        mine = claims.c.crawl == self.job.key, claims.c.worker == self.worker
        query = select(claims.c.article).where(claims.c.article.in_(articles), *mine)
        held = set(connection.scalars(query.order_by(claims.c.article).with_for_update()))
        if len(held) < len(set(articles)):
            lost = {"lost": len(set(articles)) - len(held)}
            logger.warning("%(lost)d articles are another worker's by now: not written", lost)
        return held

    def lose_queue(self) -> None:
        """Note that Redis holds nothing: whatever waited there was lost, or is about to be claimed.

        The claim fails then, and the article is handed out anew.
        """
        self._change(_QUEUED, _LOST)

    def leave_rest(self) -> int:
        """Put off to the next run what this worker holds and knows nothing of any more: an error in
        the program came between. Return how many that are."""
        return self._change(self.worker, _LEFT)

    def _change(self, before: int, after: int) -> int:
        mine = claims.c.crawl == self.job.key, claims.c.worker == before
        is_due = exists().where(frontier.c.article == claims.c.article, *self._undone())
        query = update(claims).where(*mine, is_due).values(worker=after)
        with self._quickly() as connection:
            return connection.execute(query).rowcount

    def _hand_out(self, worker: int, count: int) -> list[Row]:
        with self._quickly() as connection:
            connection.execute(_ONE_AT_A_TIME)
            under_way = select(crawls.c.run).where(*self._this_run(), crawls.c.finished.is_(None))
            if connection.scalar(under_way) is None:
                return []  # complete, or a new run has begun without this worker
            free = select(frontier).where(self._due(), ~self._is_held())
            if (left := self._below_limit(connection)) is not None:
                again = exists().where(claims.c.article == frontier.c.article, self._is_mine())
                free, count = (free, min(count, left)) if left else (free.where(again), count)
            free = free.order_by(frontier.c.due, frontier.c.seq).limit(count)
            rows = list(connection.execute(free))
            if rows:
                values = {"crawl": self.job.key, "worker": worker, "at": NOW}
                new = [{"article": row.article, **values} for row in rows]
                connection.execute(upsert(self.engine, claims).values(new))
        return rows

    @contextmanager
    def _quickly(self) -> Iterator[Connection]:
        """Begin a transaction that does not wait for the disk: should the database's machine fail,
        what it wrote is found out again."""
        with self.engine.begin() as connection:
            connection.execute(text("SET LOCAL synchronous_commit TO off"))
            yield connection

    def _due(self):
        """Whether an article is for this run to fetch."""
        mine = asked_for(self.job.sections, self.job.only)
        return and_(*self._undone(), mine)

    def _undone(self) -> tuple[ColumnElement[bool], ...]:
        """Return what holds for the addresses that this run is not done with."""
        return frontier.c.due <= self.started, frontier.c.taken.is_(None)

    def _is_mine(self):
        return claims.c.crawl == self.job.key

    def _is_held(self):
        """Whether an article of the frontier is in somebody's hands."""
        recent = func.greatest(claims.c.at, UP_SINCE) > NOW - self.lease
        return exists().where(
            claims.c.article == frontier.c.article,
            or_(
                and_(claims.c.worker == _QUEUED, recent),
                and_(claims.c.worker == _LEFT, self._is_mine()),
                claims.c.worker.in_(living(self.lease)),
            ),
        )

    def _below_limit(self, connection: Connection) -> int | None:
        """Return how many articles more this run may hand out; None: any number."""
        if self.job.limit is None:
            return None
        handed = select(func.count()).select_from(claims).where(self._is_mine())
        return max(0, self.job.limit - (connection.scalar(handed) or 0))

    # ---- the end

    def is_complete(self) -> bool:
        """Whether nothing is left to discover nor to fetch, in anybody's hands."""
        with self.engine.begin() as connection:
            crawl = connection.execute(select(crawls).where(*self._this_run())).first()
            if crawl is None or not crawl.discovered:
                return False
            left = exists().where(
                claims.c.article == frontier.c.article, claims.c.worker == _LEFT, self._is_mine()
            )
            undone = select(frontier.c.seq).where(self._due(), ~left)
            if self._below_limit(connection) == 0:
                handed = exists().where(claims.c.article == frontier.c.article, self._is_mine())
                undone = undone.where(handed)
            return connection.scalar(undone.limit(1)) is None

    def finish(self) -> None:
        """Note that the run is complete."""
        with self.engine.begin() as connection:
            connection.execute(_ONE_AT_A_TIME)
            query = update(crawls).where(*self._this_run(), crawls.c.finished.is_(None))
            if connection.execute(query.values(finished=NOW)).rowcount:
                connection.execute(delete(claims).where(self._is_mine()))
