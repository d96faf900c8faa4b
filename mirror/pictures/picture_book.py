"""What has become of the lead picture of every article.

waiting -> kept       it is on the shelf, small
        -> refused    broken, animated, too large, or at a host that is not the site's
        -> failed     tried without success; again after a pause, three times in all
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Integer, Row, Table, func, select, update

from mirror.config.pictures import Pictures
from mirror.content.text import one_line
from mirror.store.database import Database
from mirror.store.retrying import retries
from mirror.store.schema import Text, articles, insert_new, make_tables, metadata, portions, put

_RETRY_PAUSES_SECONDS = (6 * 3600, 24 * 3600)  # before the second and third try; then no more
_BATCH_SIZE = 500  # rows in one transaction

pictures = Table(
    "pictures",
    metadata,
    Column("url", Text, primary_key=True),  # of the picture, as the article gives it
    Column("article", Text, nullable=False),  # the first one that has it
    Column("site", Text, nullable=False),
    Column("section", Text, nullable=False),
    Column("published", Text, nullable=False),  # the time of that article
    Column("state", Text, nullable=False, default="waiting"),
    Column("reason", Text, nullable=False, default=""),
    Column("name", Text),  # on the shelf
    Column("bytes", Integer, nullable=False, default=0),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due", Integer, default=0),  # when to fetch it, seconds since 1970; null: never
    Column("taken", Integer),  # the process of a running crawl that took it
    Index("pictures_due", "site", "section", "due"),
    Index("pictures_of", "article"),
    Index("pictures_named", "name"),
)


@retries
class PictureBook:
    """The pictures of the articles of one site; every method is one transaction."""

    def __init__(self, database: Database, site: str, limits: Pictures):
        self.engine = database.engine
        self.clock = database.clock
        self.site = site
        self.limits = limits
        make_tables(self.engine)

    def record(self, sections: Iterable[str], is_own: Callable[[str], bool]) -> int:
        """Record the lead pictures of the articles of some sections, of all if none is named; return
        how many are new. Those whose address is not the site's own are never asked for."""
        new = select(
            articles.c.lead_image, articles.c.id, articles.c.section, articles.c.published
        ).where(
            articles.c.site == self.site,
            articles.c.lead_image != "",
            articles.c.lead_image.not_in(select(pictures.c.url)),
        )
        if names := list(sections):
            new = new.where(articles.c.section.in_(names))
        with self.engine.connect() as connection:
            found = connection.execute(new.order_by(articles.c.id)).all()
        rows = {row.lead_image: self._row(row, is_own(row.lead_image)) for row in reversed(found)}
        for portion in _portions(list(rows.values())):
            with self.engine.begin() as connection:
                put(connection, insert_new(self.engine, pictures), portion)
        return len(rows)

    def _row(self, row: Row[Any], is_own: bool) -> dict[str, object]:
        return {
            "url": row.lead_image,
            "article": row.id,
            "site": self.site,
            "section": row.section,
            "published": row.published,
            "state": "waiting" if is_own else "refused",
            "reason": "" if is_own else "not at a host of the site",
            "bytes": 0,
            "attempts": 0,
            "due": 0 if is_own else None,
        }

    def take(
        self, count: int, before: float, sections: Iterable[str], worker: int
    ) -> list[Row[Any]]:
        """Take up to `count` pictures that were due at a time (seconds since 1970), the newest
        articles' first, and no more of a section than its share has room for."""
        room = self._room()
        newest = self._due(before, sections, room).order_by(
            pictures.c.published.desc(), pictures.c.url
        )
        with self.engine.begin() as connection:
            chosen = []
            for row in connection.execute(newest.limit(count)):
                room[row.section] = room.get(row.section, self._most) - 1
                if room[row.section] >= 0:
                    chosen.append(row.url)
            mine = pictures.c.url.in_(chosen)
            taken = update(pictures).where(mine).values(taken=worker).returning(pictures)
            return sorted(connection.execute(taken), key=lambda row: (row.published, row.url))[::-1]

    def count_due(self, before: float, sections: Iterable[str]) -> int:
        """Return how many pictures were due at a time, of the sections that have room for more."""
        due = self._due(before, sections, self._room()).subquery()
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(due)) or 0

    def _due(self, before: float, sections: Iterable[str], room: dict[str, int]) -> Any:
        mine = [pictures.c.site == self.site]
        if names := list(sections):
            mine.append(pictures.c.section.in_(names))
        if full := [section for section, left in room.items() if left < 1]:
            mine.append(pictures.c.section.not_in(full))
        is_due = pictures.c.due <= int(before), pictures.c.taken.is_(None)
        return select(pictures.c.url, pictures.c.section).where(*mine, *is_due)

    @property
    def _most(self) -> int:
        """How many pictures a section has room for at least."""
        return self.limits.section_bytes // self.limits.bytes

    def _room(self) -> dict[str, int]:
        """Return for how many pictures more there is room, by section, those under way counted as
        large as they may be."""
        used, under_way = func.sum(pictures.c.bytes), func.count(pictures.c.taken)
        query = select(pictures.c.section, used, under_way).where(pictures.c.site == self.site)
        limits = self.limits
        with self.engine.connect() as connection:
            rows = connection.execute(query.group_by(pictures.c.section))
            return {
                section: (limits.section_bytes - size) // limits.bytes - taken
                for section, size, taken in rows
            }

    def keep(self, url: str, name: str, size: int) -> None:
        """Note that a picture is on the shelf, by a name."""
        self._settle(url, state="kept", reason="", name=name, bytes=size)

    def refuse(self, url: str, reason: str) -> None:
        """Note that a picture is none that is kept."""
        self._settle(url, state="refused", reason=one_line(reason))

    def fail(self, url: str, reason: str) -> None:
        """Note a failed try; the picture becomes due again after a pause that grows, or never."""
        with self.engine.connect() as connection:
            mine = pictures.c.url == url
            tries = connection.scalar(select(pictures.c.attempts).where(mine)) or 0
        pauses = _RETRY_PAUSES_SECONDS[tries : tries + 1]
        due = self.clock.after(pauses[0]) if pauses else None
        self._settle(url, state="failed", reason=one_line(reason), attempts=tries + 1, due=due)

    def release(self) -> None:
        """Give back what a crawl took and did not finish."""
        self._update(pictures.c.taken.is_not(None), taken=None)

    def _settle(self, url: str, **values: object) -> None:
        self._update(pictures.c.url == url, **{"due": None, "taken": None, **values})

    def _update(self, which: ColumnElement[bool], **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(update(pictures).where(which).values(**values))


def names_on_shelf(database: Database, urls: Sequence[str]) -> dict[str, str]:
    """Return the names of the pictures that are kept, by their addresses."""
    make_tables(database.engine)
    found: dict[str, str] = {}
    for portion in portions(list(urls)):
        query = select(pictures.c.url, pictures.c.name).where(
            pictures.c.url.in_(portion), pictures.c.name.is_not(None)
        )
        found |= {row.url: row.name for row in database.reading.execute(query)}
    return found


def all_names(database: Database) -> set[str]:
    """Return the names of all pictures that are kept."""
    return {*database.reading.scalars(select(pictures.c.name).where(pictures.c.name.is_not(None)))}


def names_only_of(database: Database, ids: Sequence[str]) -> list[str]:
    """Return the names of the pictures of some articles that no other article has."""
    make_tables(database.engine)
    mine = pictures.c.article.in_(ids)
    names = {*database.reading.scalars(select(pictures.c.name).where(mine))} - {None}
    others = pictures.c.name.in_(sorted(names)) & ~mine
    return sorted(names - {*database.reading.scalars(select(pictures.c.name).where(others))})


def _portions(rows: list[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    for start in range(0, len(rows), _BATCH_SIZE):
        yield rows[start : start + _BATCH_SIZE]
