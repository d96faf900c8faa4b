"""Articles as rows of their table, and back."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row

from mirror.items import ArticleItem
from mirror.store.schema import articles

STORED = tuple(column.name for column in articles.columns if column.name != "fingerprint")
_OWN = tuple(name for name in STORED if name not in ("site", "url", "section", "removed", "path"))


def fingerprint(item: ArticleItem) -> str:
    """Return a hash of what the site says of an article; equal as long as nothing of it changed."""
    return _fingerprint(row_of(item))


def whole_row(item: ArticleItem) -> dict[str, Any]:
    """Return an article as a row of the table."""
    row = row_of(item)
    return row | {"fingerprint": _fingerprint(row)}


def _fingerprint(row: dict[str, Any]) -> str:
    return sha256(json.dumps([row[name] for name in _OWN], ensure_ascii=True).encode()).hexdigest()


def row_of(item: ArticleItem) -> dict[str, Any]:
    """Return an article as a row of the table, without its fingerprint."""
    row = {name: getattr(item, name) for name in STORED}
    row["published"] = item.published.isoformat()
    row["updated"] = item.updated.isoformat() if item.updated else None
    row["tags"] = json.dumps(item.tags, ensure_ascii=False)
    return row


def item_of(row: Row[Any]) -> ArticleItem:
    """Return the article of a row of STORED and its adopted Markdown."""
    values = dict(zip((*STORED, "adopted"), row, strict=True))
    values["adopted"] = values["adopted"] or ""
    values["published"] = datetime.fromisoformat(values["published"])
    values["updated"] = datetime.fromisoformat(values["updated"]) if values["updated"] else None
    values["tags"] = tuple(json.loads(values["tags"]))
    return ArticleItem(**values)
