"""Feeds of the newest articles, with their whole text: Atom (RFC 4287) and JSON Feed 1.1, for the home page
and for each section. Addresses in them are public ones, as a feed is read elsewhere than where it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from mirror.config.page_paths import HOME
from mirror.content.script import LANGUAGES, html_in, text_in
from mirror.errors import RefusedError
from mirror.pages.rendering import section_name

if TYPE_CHECKING:
    from lxml.etree import _Element

    from mirror.config.options import Options
    from mirror.items import ArticleItem
    from mirror.pages.page_maker import PageMaker

HOME_FEED = ""  # in place of a section
_MAX_FEED_BYTES = 1_000_000  # of the articles' texts
_ATOM = "http://www.w3.org/2005/Atom"
_AUTHOR = "新闻"  # where an article names no reporter


class FeedEntry(NamedTuple):
    """An article in a feed."""

    id: str  # its address at the source: the same wherever the mirror moves
    url: str  # of its page
    title: str
    html: str
    author: str
    published: datetime
    updated: datetime
    tags: tuple[str, ...]


class Feeds:
    """Makes the feeds of a tree; none if they hold no article."""

    def __init__(self, maker: PageMaker, count: int):
        """`count` is how many articles a feed holds; 0: there are no feeds."""
        self.maker = maker
        self.database = maker.database
        self.count = count

    @classmethod
    def from_options(cls, options: Options, maker: PageMaker) -> Feeds:
        """Return those that the operator has set."""
        return cls(maker, options.feeds)

    def files(self, section: str = HOME_FEED) -> list[tuple[str, bytes]]:
        """Return path and content of the feeds of a section, or of all of them for the home page."""
        entries = list(self._entries(section))
        if not entries:
            return []
        page = f"indexes/{section}.md" if section else HOME
        atom, other = feed_paths(section)
        address = self.maker.renderer.address
        script = self.maker.renderer.script
        title = text_in(script, section_name(section) if section else _AUTHOR)
        language = LANGUAGES[script]
        return [
            (atom, _atom(language, title, address(page), address(atom), entries)),
            (other, _json(language, title, address(page), address(other), entries)),
        ]

    def paths(self) -> set[str]:
        """Return the paths of all feeds there are to be."""
        if not self.count:
            return set()
        known = self.database.sections()
        return {path for section in (HOME_FEED, *known) for path in feed_paths(section)}

    def _entries(self, section: str) -> Iterator[FeedEntry]:
        size = 0
        ids = self.database.newest_ids(section, self.count) if self.count else []
        stored = {item.id: item for item in self.database.stored(ids)}
        hidden = self.maker.renderer.front.hidden
        for item in (stored[article] for article in ids if article in stored):
            if hidden and hidden.search(item.title):
                continue
            if entry := self._entry(item):
                size += len(entry.html.encode())
                if size > _MAX_FEED_BYTES:
                    return
                yield entry

    def _entry(self, item: ArticleItem) -> FeedEntry | None:
        try:
            html = self.maker.clean(item).html
        except RefusedError:
            return None
        url, script = self.maker.renderer.address(item.path), self.maker.renderer.script
        return FeedEntry(
            item.url,
            url,
            text_in(script, item.title),
            html_in(script, _lead(item) + absolute_links(html, url)),
            text_in(script, item.reporter or _AUTHOR),
            item.published,
            max(item.published, item.updated or item.published),
            tuple(text_in(script, tag) for tag in item.tags),
        )


def feed_paths(section: str) -> tuple[str, str]:
    """Return the paths of a section's feeds, Atom and JSON; those of the home page for none.

    >>> feed_paths("nsc418"), feed_paths("")
    (('feeds/nsc418.xml', 'feeds/nsc418.json'), ('feeds/home.xml', 'feeds/home.json'))
    """
    name = f"feeds/{section or 'home'}"
    return f"{name}.xml", f"{name}.json"


def absolute_links(html: str, url: str) -> str:
    """Return safe HTML with its links as whole addresses; `url` is where it stands.

    >>> absolute_links('<p>见<a href="n2.md">此</a></p>', "https://a.example/pages/n1.md")
    '<p>见<a href="https://a.example/pages/n2.md">此</a></p>'
    """
    from lxml.html import fragment_fromstring, tostring

    body = fragment_fromstring(html, create_parent="div")
    body.make_links_absolute(url, resolve_base_href=False)
    inner = tostring(body, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    return str(inner)


def _lead(item: ArticleItem) -> str:
    """Return the lead picture. Where no text tells what it shows, its caption is read below it; a picture
    without one goes by the title, as an empty text would say that it is an ornament."""
    if not item.lead_image:
        return ""
    alt = item.lead_alt or ("" if item.lead_caption else item.title)
    picture = f'<img src="{escape(item.lead_image)}" alt="{escape(alt)}">'
    caption = f"<figcaption>{escape(item.lead_caption)}</figcaption>" if item.lead_caption else ""
    return f"<figure>{picture}{caption}</figure>"


def _atom(language: str, title: str, page: str, own: str, entries: list[FeedEntry]) -> bytes:
    from lxml import etree

    feed = etree.Element(
        "feed", nsmap={None: _ATOM}
    )  # lxml has names of a namespace in no other way
    feed.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    _add(feed, "title", title)
    _add(feed, "id", own)
    _add(feed, "link", rel="self", href=own)
    _add(feed, "link", rel="alternate", href=page)
    _add(feed, "updated", max(entry.updated for entry in entries).isoformat())
    for entry in entries:
        made = etree.SubElement(feed, "entry")
        _add(made, "title", entry.title)
        _add(made, "id", entry.id)
        _add(made, "link", rel="alternate", href=entry.url)
        _add(made, "published", entry.published.isoformat())
        _add(made, "updated", entry.updated.isoformat())
        _add(_add(made, "author"), "name", entry.author)
        for tag in entry.tags:
            _add(made, "category", term=tag)
        _add(made, "content", entry.html, type="html")
    text: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return text + b"\n"


def _add(parent: _Element, name: str, text: str | None = None, **attributes: str) -> _Element:
    from lxml import etree

    made = etree.SubElement(parent, name, attributes)
    made.text = text
    return made


def _json(language: str, title: str, page: str, own: str, entries: list[FeedEntry]) -> bytes:
    items: list[dict[str, Any]] = [
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.html,
            "date_published": entry.published.isoformat(),
            "date_modified": entry.updated.isoformat(),
            "authors": [{"name": entry.author}],
            "tags": list(entry.tags),
        }
        for entry in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": page,
        "feed_url": own,
        "language": language,
        "items": items,
    }
    return (json.dumps(feed, ensure_ascii=False, indent=1) + "\n").encode()
