"""Articles that were not there when they were asked for: one bad answer is never the last word.

A page that is late, a cache, a deployment that went wrong and a maintenance page all look like an article
that is gone or never was. So that is believed when it was seen on three different days, with no good answer
between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Column, Connection, Engine, Integer, Table, select, text

from mirror.store.schema import Text, do_many, metadata, portions, upsert

BELIEVED_DAYS = 3
_DAY_SECONDS = 24 * 3600
# At the most for what a listing still shows, or has a page here.
_ASK_AGAIN_SECONDS = 7 * _DAY_SECONDS

absences = Table(
    "absences",
    metadata,
    Column("article", Text, primary_key=True),
    Column("days", Integer, nullable=False),  # on which it was not there
    Column("last", Text, nullable=False),  # of these days
    Column("asked", Integer, nullable=False),  # for the last time, seconds since 1970
)
_FORGET = text("DELETE FROM absences WHERE article = :article")


def note_absence(
    connection: Connection, engine: Engine, article: str, now: int, day: date | None
) -> bool:
    """Note that an article was asked for in vain (`now` in seconds since 1970), and that it was not
    there on a day if one is given; return whether that is believed."""
    query = select(absences).where(absences.c.article == article)
    known = connection.execute(query).first()
    days, last = (known.days, known.last) if known else (0, "")
    if day and day.isoformat() > last:
        days, last = days + 1, day.isoformat()
    row = {"article": article, "days": days, "last": last, "asked": now}
    connection.execute(upsert(engine, absences), row)
    return days >= BELIEVED_DAYS


def days_absent(connection: Connection, article: str) -> int:
    """Return on how many days an article was not there, without a good answer between them."""
    query = select(absences.c.days).where(absences.c.article == article)
    return connection.scalar(query) or 0


def forget_absences(connection: Connection, articles: Iterable[str]) -> None:
    """Note that articles are there."""
    do_many(connection, _FORGET, [{"article": article} for article in articles])


def asked_lately(connection: Connection, articles: Sequence[str], now: int) -> set[str]:
    """Return those of some articles that were asked for in the last seven days."""
    found: set[str] = set()
    for ids in portions(list(articles)):
        recent = absences.c.article.in_(ids), absences.c.asked > now - _ASK_AGAIN_SECONDS
        found |= set(connection.scalars(select(absences.c.article).where(*recent)))
    return found


def pause_before_asking(attempts: int, is_believed: bool) -> int:
    """Return for how many seconds not to ask for an article that was not there, by how often it has
    been asked for in vain before."""
    if is_believed:
        return _ASK_AGAIN_SECONDS
    return (0, _DAY_SECONDS // 4)[attempts] if attempts < 2 else _DAY_SECONDS
