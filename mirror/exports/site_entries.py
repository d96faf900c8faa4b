"""What the lists of the reader's site show of articles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from mirror.content.script import text_in
from mirror.exports.markup import plain_text
from mirror.store.schema import articles, portions

if TYPE_CHECKING:
    from mirror.store.database import Database


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """An article in a list."""

    id: str
    title: str
    day: str  # as 2021-12-29
    url: str
    tags: tuple[str, ...]

    @property
    def month(self) -> str:
        """The month of publication, as 2021-12."""
        return self.day[:7]


def entries(database: Database, ids: Sequence[str], script: str = "") -> Iterator[SiteEntry]:
    """Yield articles in the order of their ids as given, in a script."""
    columns = [articles.c[name] for name in ("id", "title", "published", "url", "tags")]
    for part in portions(ids):
        rows = database.reading.execute(select(*columns).where(articles.c.id.in_(part)))
        found = {row.id: row for row in rows}
        for row in (found[id] for id in part if id in found):
            tags = tuple(text_in(script, plain_text(tag)) for tag in json.loads(row.tags))
            title = text_in(script, plain_text(row.title))
            yield SiteEntry(row.id, title, row.published[:10], row.url, tags)
