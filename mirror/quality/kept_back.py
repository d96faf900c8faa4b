"""Articles that wait until others can be compared with them: on disk, so that a run that dies keeps them.

They are not due while they wait, as what there is to fetch of them is here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Table,
    bindparam,
    delete,
    select,
    text,
    update,
)

from mirror.items import ArticleItem
from mirror.store.database import Database
from mirror.store.frontier_table import WITHDRAWN, frontier
from mirror.store.lookups import Lookup
from mirror.store.schema import Text, do_many, make_tables, metadata, put, upsert

kept_back = Table(
    "kept_back",
    metadata,
    Column("article", Text, primary_key=True),
    Column("round", Integer, nullable=False),  # judgements before it was seen
    Column("fate", Text, nullable=False),  # what to do if all is well, see Waiting
    Column("content", Text, nullable=False),  # JSON
    Column("released", Boolean, nullable=False),  # all is well
    Column("site", Text, nullable=False),
)

PUBLISH = "publish"

_FORGET = text("DELETE FROM kept_back WHERE article = :article")
_HOLD = text(
    "UPDATE frontier SET taken = NULL, due = NULL WHERE article = :article AND state != :withdrawn"
)

_BATCH_SIZE = 500  # ids in one statement
_TIMES = ("published", "updated")


class Waiting(NamedTuple):
    """What waits: an article, or a page that holds none, and what to do if that is no more than usual."""

    article: str
    fate: str  # PUBLISH, or what mirror.quality.failures calls it
    item: ArticleItem | None = None
    losses: tuple[str, ...] = ()  # what it would lose if it is an update
    url: str = ""  # of a page without an article
    reason: str = ""


class _Kept(NamedTuple):
    """A row of what waits, as far as it tells what to do."""

    article: str
    fate: str
    content: str


_NEVER = 1 << 31 - 1  # no crawl has so many judgements
_RELEASE = Lookup(
    update(kept_back)
    .where(
        kept_back.c.site == bindparam("mine"),
        kept_back.c.round < bindparam("before"),
        kept_back.c.released.is_(False),
    )
    .values(released=True)
    .returning(*(kept_back.c[name] for name in _Kept._fields)),
    _Kept,
)


class KeptBack:
    """What waits in a database; works within the transactions of others."""

    def __init__(self, database: Database, site: str):
        self.site = site
        self.engine = database.engine
        make_tables(self.engine)

    @property
    def _mine(self) -> ColumnElement[bool]:
        return kept_back.c.site == self.site

    def add(self, connection: Connection, waiting: Sequence[Waiting], round: int) -> None:
        """Keep articles back; they are not to be fetched for now."""
        if not waiting:
            return
        rows = [
            {
                "article": one.article,
                "round": round,
                "fate": one.fate,
                "content": json.dumps(_content(one), ensure_ascii=False),
                "released": False,
                "site": self.site,
            }
            for one in waiting
        ]
        put(connection, upsert(self.engine, kept_back), rows)
        ids = ({"article": one.article, "withdrawn": WITHDRAWN} for one in waiting)
        do_many(connection, _HOLD, [*ids])

    def release(self, connection: Connection, before: int = _NEVER) -> list[Waiting]:
        """Mark as right what was seen before a number of judgements, or all; return it."""
        return _waiting(_RELEASE.all(connection, mine=self.site, before=before))

    def released(self, connection: Connection) -> list[Waiting]:
        """Return what was found to be right and is not dealt with yet."""
        return _waiting(
            connection.execute(select(kept_back).where(self._mine, kept_back.c.released.is_(True)))
        )

    def still_released(self, connection: Connection, articles: Collection[str]) -> set[str]:
        """Return those of some articles that were found to be right and are not dealt with yet."""
        mine = kept_back.c.article.in_(articles), kept_back.c.released.is_(True)
        return set(connection.scalars(select(kept_back.c.article).where(*mine)))

    def undecided(self, connection: Connection) -> list[ArticleItem]:
        """Return the articles that wait for a judgement."""
        rows = connection.execute(
            select(kept_back).where(self._mine, kept_back.c.released.is_(False))
        )
        return [one.item for one in _waiting(rows) if one.item]

    def forget(self, connection: Connection, articles: Iterable[str]) -> None:
        """Note that articles have been dealt with."""
        do_many(connection, _FORGET, [{"article": article} for article in articles])

    def give_back(self, connection: Connection) -> None:
        """Make due again all that waits for a judgement."""
        self._give_back(connection, self._mine & kept_back.c.released.is_(False))

    def give_back_all(self, connection: Connection) -> None:
        """Make due again all that is kept here."""
        self._give_back(connection, self._mine)

    def _give_back(self, connection: Connection, which: ColumnElement[bool]) -> None:
        renew(connection, list(connection.scalars(select(kept_back.c.article).where(which))))
        connection.execute(delete(kept_back).where(which))


def renew(connection: Connection, articles: Iterable[str]) -> None:
    """Make articles due again, to be fetched whole whatever has become of them."""
    _update(connection, articles, due=0, attempts=0, etag=None, modified=None)


def _update(connection: Connection, articles: Iterable[str], **values: object) -> None:
    for ids in _batches(articles):
        mine = frontier.c.article.in_(ids) & (frontier.c.state != WITHDRAWN)
        connection.execute(update(frontier).where(mine).values(taken=None, **values))


def _batches(articles: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(articles)
    while ids := list(islice(rest, _BATCH_SIZE)):
        yield ids


def _waiting(rows: Iterable[Row[Any] | _Kept]) -> list[Waiting]:
    made = []
    for row in rows:
        content = json.loads(row.content)
        item = _item(content["item"]) if "item" in content else None
        losses = tuple(content.get("losses", ()))
        url, reason = content.get("url", ""), content.get("reason", "")
        made.append(Waiting(row.article, row.fate, item, losses, url, reason))
    return made


def _content(one: Waiting) -> dict[str, Any]:
    if one.item is None:
        return {"url": one.url, "reason": one.reason}
    item = {n: _as_json(value) for n, value in vars(one.item).items() if value and n != "qr"}
    return {"item": item, "losses": one.losses}


def _as_json(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _item(values: dict[str, Any]) -> ArticleItem:
    for name in _TIMES:
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    for name in ("tags", "links"):
        values[name] = tuple(values.get(name, ()))
    values.setdefault("body", "")
    return ArticleItem(**values)
