"""The values that travel: a link from a listing to the spider, an article through the pipelines."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ArticleItem:
    """One article as its site gives it, and below that what the pipelines make of it.

    Times are aware, in the site's own time zone. `body` is the site's HTML of the article alone,
    without the page round it.
    """

    id: str
    site: str
    url: str
    section: str
    title: str
    body: str
    published: datetime
    updated: datetime | None = None
    lead_image: str = ""
    lead_alt: str = ""
    lead_caption: str = ""
    reporter: str = ""
    editor: str = ""
    tags: tuple[str, ...] = ()
    removed: bool = False  # gone at the source; the page stays and says so
    etag: str = ""  # names the version of the page that was fetched, as the site gave it
    modified: str = ""  # its Last-Modified

    is_update: bool = False  # a page of it was published before
    is_judged: bool = False  # it waited until others were compared with it, and is right
    path: str = ""  # of the page in the published tree
    adopted: str = ""  # Markdown found in a published page whose article was lost; then no body
    html: str = ""  # the body after Clean
    links: tuple[str, ...] = ()  # ids of the articles that the body links to
    markdown: str = ""  # the body after Markdown
    qr: bytes | None = None  # PNG, from Qr to Write alone: bytes cannot go into a JSON feed
    page: str = ""  # the whole page after Render


@dataclass(frozen=True, slots=True)
class Link:
    """An article as a listing page or feed shows it."""

    id: str
    url: str  # canonical
    title: str
    published: date | None = None  # only where the listing shows it


_NAMES = frozenset(field.name for field in fields(ArticleItem))


def replace(item: ArticleItem, **changes: Any) -> ArticleItem:
    """Return the article with other values, as dataclasses.replace does, in a seventh of its time: each
    stage asks for it."""
    if not _NAMES.issuperset(changes):
        raise TypeError(f"an article has no {', '.join(sorted(changes.keys() - _NAMES))}")
    changed = object.__new__(ArticleItem)
    vars(changed).update(vars(item), **changes)
    return changed
