"""The durable frontier: every article address ever discovered, and what has become of it.

An address is recorded before it is fetched and stays "discovered" until its page is on disk, so
what a run leaves unfinished, however it ends, is what the next one begins with. What is refused or gone is
due again until that was seen on three days (mirror.store.absences).

States are explained in mirror.store.frontier_table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    func,
    select,
    update,
)

from mirror.content.text import one_line
from mirror.items import Link
from mirror.store.absences import days_absent, note_absence, pause_before_asking
from mirror.store.database import Database
from mirror.store.frontier_table import (
    FETCHED,
    FIRST_DUE,
    IS_SKIPPED,
    Address,
    asked_for,
    change,
    frontier,
    insert_links,
    known_of,
    take,
)
from mirror.store.listed import Shown, compare, record
from mirror.store.retrying import retries
from mirror.store.schema import (
    articles,
    elsewhere,
    listings,
    make_tables,
    write_alone,
)

_HOUR_SECONDS = 3600
# Before the second, third and fourth try; then no more.
_RETRY_PAUSES_SECONDS = (0, 6 * _HOUR_SECONDS, 24 * _HOUR_SECONDS)
_MIN_INSISTING_TRIES = 2  # there are hours between the second and the third
_MAX_PAUSE_SECONDS = 8 * 24 * _HOUR_SECONDS  # twice the longest in mirror.store.schedule


@retries
class Frontier:
    """The addresses in a database; every method is one transaction."""

    def __init__(self, database: Database):
        self.engine = database.engine
        self.database = database
        self.clock = database.clock
        make_tables(self.engine)

    # ---- discovery

    def record(
        self, section: str, links: Sequence[Link], since: date | None = None, batch: str = ""
    ) -> int:
        """Record a listing page's articles and return how many are new to the section.

        Those without a page become due, and those with a new title, unless most have one. Articles
        that an earlier run skipped as too old count as new if `since` now includes them. What was not
        fetched yet is left to the batch, if one is given, else taken out of the one that it was left to.
        """
        if not links:
            return 0
        with self.engine.begin() as connection:
            write_alone(connection)
            return record(connection, self.database, section, links, since, batch)

    def compare(self, section: str, links: Sequence[Link], since: date | None = None) -> Shown:
        """Return what a listing page shows that is not recorded of a section."""
        with self.engine.connect() as connection:
            return compare(connection, section, links, since, known_of(connection, links))

    def reopen(self, sections: Iterable[str], since: date | None) -> None:
        """Make due again what was skipped as too old and is not, by the first day wanted."""
        mine = asked_for(sections, ()) & IS_SKIPPED
        if since:
            mine &= frontier.c.day.is_(None) | (frontier.c.day >= since.isoformat())
        values = {"state": "discovered", "due": 0, "attempts": 0}
        with self.engine.begin() as connection:
            connection.execute(update(frontier).where(mine).values(**values))

    def add(self, link: Link) -> None:
        """Record one address and make it due, whatever has become of it before."""
        with self.engine.begin() as connection:
            insert_links(connection, self.engine, "", [link])
        self.renew(link.id)

    def has(self, article: str) -> bool:
        """Whether an article's address is known."""
        with self.engine.connect() as connection:
            query = select(frontier.c.seq).where(frontier.c.article == article)
            return connection.scalar(query) is not None

    def was_tried(self, article: str) -> bool:
        """Whether an article was fetched before without success."""
        mine = (frontier.c.article == article) & frontier.c.state.in_(("failed", "refused"))
        with self.engine.connect() as connection:
            return connection.scalar(select(frontier.c.seq).where(mine)) is not None

    def has_insisted(self, article: str, reason: str) -> bool:
        """Whether an article was asked for again and again without success, for this reason at last."""
        query = select(frontier.c.attempts).where(
            frontier.c.article == article, frontier.c.reason == one_line(reason)
        )
        with self.engine.connect() as connection:
            return (connection.scalar(query) or 0) >= _MIN_INSISTING_TRIES

    def renew(self, article: str) -> None:
        """Make a known address due, whatever has become of it before."""
        with self.engine.begin() as connection:
            change(connection, [article], due=0, attempts=0, etag=None, modified=None)

    def knows(self, section: str) -> bool:
        """Whether any article of a section has been recorded."""
        with self.engine.connect() as connection:
            query = select(listings.c.article).where(listings.c.section == section).limit(1)
            return connection.scalar(query) is not None

    # ---- the articles to fetch

    def take(
        self,
        count: int,
        before: float,
        sections: Iterable[str],
        only: Iterable[str] = (),
        worker: int = 0,
    ) -> list[Address]:
        """Take up to `count` addresses that were due at a time (seconds since 1970), of some
        sections or of some ids, for a process of the crawl; rows of the table."""
        return take(self.database, count, before, asked_for(sections, only), FIRST_DUE, worker)

    def count_due(self, before: float, sections: Iterable[str], only: Iterable[str] = ()) -> int:
        """Return how many addresses were due at a time, of some sections or of some ids, those that
        a process has taken among them."""
        due = select(func.count()).where(frontier.c.due <= int(before), asked_for(sections, only))
        with self.engine.connect() as connection:
            return connection.scalar(due) or 0

    def count_new(self, before: float, sections: Iterable[str]) -> int:
        """Return how many addresses of some sections were due at a time that were never fetched."""
        new = asked_for(sections, ()) & (frontier.c.state == "discovered")
        due = select(func.count()).where(frontier.c.due <= int(before), new)
        with self.engine.connect() as connection:
            return connection.scalar(due) or 0

    def release(self, worker: int | None = None) -> int:
        """Give back what a process took and did not finish; without a number, all that is taken. Return
        how many that is."""
        held = frontier.c.taken.is_not(None) if worker is None else frontier.c.taken == worker
        with self.engine.begin() as connection:
            return connection.execute(update(frontier).where(held).values(taken=None)).rowcount

    def refresh(self, sections: Iterable[str], published_since: datetime | None) -> int:
        """Make the articles of some sections due that were fetched before, all or those published
        since a time; return how many."""
        mine = frontier.c.section.in_(list(sections)) & frontier.c.state.in_(FETCHED)
        mine &= frontier.c.article.not_in(select(elsewhere.c.article))
        if published_since:
            recent = articles.c.published >= published_since.isoformat()
            mine &= frontier.c.article.in_(select(articles.c.id).where(recent))
        with self.engine.begin() as connection:
            return connection.execute(
                update(frontier).where(mine).values(due=0, attempts=0)
            ).rowcount

    def settle(self, article: str, state: str, reason: str = "", day: str | None = None) -> None:
        """Note that there is nothing to publish at an address; it is not due any more."""
        with self.engine.begin() as connection:
            if not self._is_ours(connection, article):
                return
            change(
                connection,
                [article],
                state=state,
                reason=one_line(reason),
                day=day,
                due=None,
                etag=None,
                modified=None,
            )

    def miss(self, article: str, state: str, reason: str) -> bool:
        """Note that an address gave no article; return whether its page here is not believed to be gone
        yet. Until it is believed the address is due again after a pause that grows. If a listing shows
        the article at another address, that is asked next.

        An article with a page here is asked for again for ever; once it is believed to be gone, its page
        says so.
        """
        with self.engine.begin() as connection:
            write_alone(connection)
            row = self._ours(connection, article)
            if row is None:
                return False
            if row.other_url:
                self._turn_to(connection, article, row.other_url, reason)
                return False
            now, day = self.clock.time, self.clock.day
            is_believed = note_absence(connection, self.engine, article, now, day)
            has_page = self.database.is_stored(connection, article)
            values = {"reason": one_line(reason), "attempts": row.attempts + 1}
            values["state"] = row.state if has_page and not is_believed else state
            if is_believed and not has_page:
                change(connection, [article], due=None, etag=None, modified=None, **values)
            else:
                pause = pause_before_asking(row.attempts, is_believed)
                self._put_off(connection, article, pause, **values)
            if is_believed and state == "gone":
                self.database.mark_removed(connection, article)
            return has_page and not is_believed

    def _put_off(self, connection: Connection, article: str, pause: int, **values: object) -> None:
        due, taken = self.clock.after(pause), self.clock.done
        change(connection, [article], due=due, taken=taken, **values)

    def fail(self, article: str, reason: str) -> None:
        """Note a failed try; the address becomes due again after a pause that grows, or, after some
        tries, when a listing still shows it. If one shows the article at another address, that is asked
        next."""
        with self.engine.begin() as connection:
            row = self._ours(connection, article)
            if row is None:
                return
            if row.other_url:
                self._turn_to(connection, article, row.other_url, reason)
                return
            values = {"state": "failed", "reason": one_line(reason), "attempts": row.attempts + 1}
            if row.attempts < len(_RETRY_PAUSES_SECONDS):
                self._put_off(connection, article, _RETRY_PAUSES_SECONDS[row.attempts], **values)
            else:
                note_absence(connection, self.engine, article, self.clock.time, None)
                change(connection, [article], due=None, **values)

    def _turn_to(self, connection: Connection, article: str, url: str, reason: str) -> None:
        """Ask for an article at another address from now on."""
        values = {"url": url, "other_url": None, "state": "failed", "reason": one_line(reason)}
        self._put_off(connection, article, 0, attempts=0, etag=None, modified=None, **values)

    def is_absent(self, article: str) -> bool:
        """Whether an article was not there when it was asked for, and no good answer came since."""
        with self.engine.connect() as connection:
            return days_absent(connection, article) > 0

    def _ours(self, connection: Connection, article: str) -> Row[Any] | None:
        """Return the row of an address that this process may write, None if it is another's by now."""
        if not self._is_ours(connection, article):
            return None
        return connection.execute(select(frontier).where(frontier.c.article == article)).first()

    def _is_ours(self, connection: Connection, article: str) -> bool:
        return self.database.own is None or article in self.database.own(connection, [article])

    def bring_forward(self) -> None:
        """Make due what no clock that was right can have put off for so long."""
        too_far = frontier.c.due > self.clock.time + _MAX_PAUSE_SECONDS, frontier.c.batch == ""
        with self.engine.begin() as connection:
            connection.execute(update(frontier).where(*too_far).values(due=self.clock.time))

    def states(self, links: Sequence[Link]) -> set[str]:
        """Return the states of the articles of a listing page."""
        with self.engine.connect() as connection:
            return {row.state for row in known_of(connection, links).values()}
