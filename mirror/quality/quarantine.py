"""Updates that would lose what an article had: held back until they are seen again on a later day,
or accepted by hand (scrapy accept)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

from sqlalchemy import Column, Row, Table, delete, select, update

from mirror.drops import Rejected
from mirror.items import ArticleItem
from mirror.quality.features import text_of
from mirror.store.database import open_database
from mirror.store.frontier_table import frontier
from mirror.store.retrying import retries
from mirror.store.rows import fingerprint, row_of
from mirror.store.schema import Text, articles, make_tables, metadata, upsert

if TYPE_CHECKING:
    from mirror.config.options import Options
    from mirror.store.database import Database

_MIN_TITLE_CHARACTERS = 4  # characters that a title has at least
_PICTURE_RE = re.compile(r"<(?:img|svg|picture)\b", re.IGNORECASE)

held = Table(
    "held",
    metadata,
    Column("article", Text, primary_key=True),
    Column("day", Text, nullable=False),  # on which it was first seen, UTC
    Column("reason", Text, nullable=False),
    Column("version", Text, nullable=False),  # the update, as JSON
)


def losses(former: ArticleItem, item: ArticleItem) -> list[str]:
    """Return in words what an update would lose: most of the text, its title, all its pictures."""
    before, after = len(text_of(former.body)), len(text_of(item.body))
    had = bool(former.lead_image or _PICTURE_RE.search(former.body))
    has = bool(item.lead_image or _PICTURE_RE.search(item.body))
    lost = {
        f"most of its text ({after} of {before} characters are left)": after * 2 < before,
        f"its title ({item.title!r} is left)": len(item.title)
        < _MIN_TITLE_CHARACTERS
        <= len(former.title),
        "all its pictures": had and not has,
    }
    return [what for what, is_lost in lost.items() if is_lost]


REJECTED = "9999-12-31"  # the day of an update that the operator does not want; no day is later


@retries
class Quarantine:
    """The updates held back; every method is one transaction."""

    def __init__(self, database: Database):
        self.database, self.engine = database, database.engine
        self.clock = database.clock
        make_tables(self.engine)
        self.days = {row.article: row.day for row in self.all()}
        self.rejected = self._rejected()  # hashes of the updates that the operator does not want

    @classmethod
    def from_options(cls, options: Options) -> Quarantine:
        """Return the updates that are held in the database that the operator has set."""
        return cls(open_database(options.database_url))

    def all(self) -> list[Row]:
        """Return (article, day, reason) of all that are held, sorted by id."""
        query = select(held.c.article, held.c.day, held.c.reason).order_by(held.c.article)
        return list(self.database.reading.execute(query))

    def _rejected(self) -> dict[str, str]:
        query = select(held.c.article, held.c.version).where(held.c.day == REJECTED)
        rows = self.database.reading.execute(query)
        return {row.article: fingerprint(_item(json.loads(row.version))) for row in rows}

    def passed_on(self, item: ArticleItem) -> ArticleItem:
        """Return an article, unless it is the update that the operator has rejected; a later one is
        another. Raises Rejected."""
        if item.is_update and self.rejected.get(item.id) == fingerprint(item):
            raise Rejected(item)
        return item

    def is_confirmed(self, article: str, today: date) -> bool:
        """Whether an update of an article was held back on an earlier day."""
        return article in self.days and self.days[article] < today.isoformat()

    def hold(self, item: ArticleItem, reasons: Sequence[str], today: date) -> None:
        """Hold an update back, and look at its article again on the next day."""
        if self.rejected.pop(item.id, None):  # that was another one
            del self.days[item.id]
        row = {
            "article": item.id,
            "day": self.days.setdefault(item.id, today.isoformat()),
            "reason": ", ".join(reasons),
            "version": json.dumps(row_of(item), ensure_ascii=False),
        }
        tomorrow = datetime.combine(today + timedelta(days=1), time(), timezone.utc)
        due = max(int(tomorrow.timestamp()), self.clock.after(0))
        again = {"taken": self.clock.done, "due": due, "etag": None, "modified": None}
        with self.engine.begin() as connection:
            connection.execute(upsert(self.engine, held), row)
            connection.execute(
                update(frontier).where(frontier.c.article == item.id).values(**again)
            )

    def version(self, article: str) -> ArticleItem | None:
        """Return the update of an article that is held back, None if none is."""
        query = select(held.c.version, articles.c.path, articles.c.section)
        query = query.join(articles, articles.c.id == held.c.article)
        row = self.database.reading.execute(query.where(held.c.article == article)).first()
        return (
            replace(_item(json.loads(row.version)), path=row.path, section=row.section)
            if row
            else None
        )

    def reject(self, article: str) -> None:
        """Keep an article as it is for good: no later day confirms this update, nor is it told again."""
        self.days[article] = REJECTED
        with self.engine.begin() as connection:
            mine = update(held).where(held.c.article == article)
            connection.execute(mine.values(day=REJECTED))
            again = update(frontier).where(frontier.c.article == article)
            connection.execute(again.values(due=None))
        self.rejected = self._rejected()

    def forget(self, article: str) -> None:
        """Note that an article was published, or is as it was before the update."""
        self.rejected.pop(article, None)
        if article in self.days:
            with self.engine.begin() as connection:
                connection.execute(delete(held).where(held.c.article == article))
            del self.days[article]


def _item(row: dict) -> ArticleItem:
    times = {k: datetime.fromisoformat(row[k]) for k in ("published", "updated") if row[k]}
    return ArticleItem(**{**row, **times, "tags": tuple(json.loads(row["tags"]))})
