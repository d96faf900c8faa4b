"""The articles of a ZIM that this project made. It may come from anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import lxml.html
from lxml import etree

from mirror.errors import ArgumentError, UnreadableError
from mirror.items import ArticleItem
from mirror.sites import get_site, site_names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAGIC = b"ZIM\x04"
_MAX_FILE_BYTES = 8_000_000
_HOME = "home"
_SCRIPT = "X-Script"
_FACTS = "mirror"  # the name of the meta element with what an article's text does not say
_TEXTS = ("title", "lead_image", "lead_alt", "lead_caption", "reporter", "editor")
_PICTURE = "［图：", "］"
_OTHER = "other"  # the section of an article that no section shows


class FoundArticle(NamedTuple):
    """An article of an archive, without a path, and the sections that showed it."""

    item: ArticleItem
    sections: tuple[str, ...]


class ZimReader:
    """Reads an archive, month by month. Raises ArgumentError for what is none, or is damaged."""

    def __init__(self, file: Path):
        if find_spec("libzim") is None:
            allowed = "a ZIM needs libzim: pip install -r requirements-exports.txt"
            raise ArgumentError("file", file, allowed)
        from libzim.reader import Archive

        try:
            self._archive = Archive(file)
            is_whole = self._archive.check()
        except RuntimeError as error:
            raise ArgumentError("file", file, f"is no ZIM that can be read: {error}") from None
        if not is_whole:
            raise ArgumentError("file", file, "is damaged: its checksum is another one")
        if not self._archive.has_entry_by_path(_HOME):
            raise ArgumentError("file", file, "is no ZIM that scrapy export made")
        if _SCRIPT in self._archive.metadata_keys:
            allowed = "has other characters than its source: take one that was made without script="
            raise ArgumentError("file", file, allowed)

    def paths(self) -> Iterator[str]:
        """Yield the paths of the articles, the newest month first, each once."""
        seen: set[str] = set()
        for month in self._links(_HOME):
            for path in self._links(month):
                if path not in seen:
                    seen.add(path)
                    yield path

    def url(self, path: str) -> str:
        """Return the original address of an article. Raises UnreadableError."""
        return self._facts(path, self._page(path))[0]

    def article(self, path: str, urls: dict[str, str]) -> FoundArticle:
        """Return an article; `urls` has the address of each article inside, to which links lead.

        Raises UnreadableError.
        """
        page = self._page(path)
        url, facts = self._facts(path, page)
        site = next(get_site(name) for name in site_names() if get_site(name).article_id(url))
        sections = tuple(filter(site.is_section, _names(facts.get("sections"))))
        body = page.find(".//div[@class='text']")
        if body is None:
            raise UnreadableError("has no text")
        try:
            times = {
                n: datetime.fromisoformat(facts[n]) for n in ("published", "updated") if facts[n]
            }
            published = times["published"]
            if not all(time.tzinfo for time in times.values()):
                raise ValueError("no time zone")
        except (KeyError, TypeError, ValueError):
            raise UnreadableError("has no time of publication") from None
        texts = {name: _text(facts.get(name)) for name in _TEXTS}
        if not texts["lead_image"].startswith(("https://", "http://")):
            texts["lead_image"] = ""
        section = _text(facts.get("section"))
        item = ArticleItem(
            id=path,
            site=site.name,
            url=url,
            section=section if site.is_section(section) else next(iter(sections), _OTHER),
            body=_original(body, urls),
            published=published,
            updated=times.get("updated"),
            tags=_names(facts.get("tags")),
            removed=facts.get("removed") is True,
            **texts,  # type: ignore[arg-type]
        )
        return FoundArticle(item, sections)

    def _page(self, path: str) -> HtmlElement:
        try:
            item = self._archive.get_entry_by_path(path).get_item()
            if item.size > _MAX_FILE_BYTES:
                raise UnreadableError(f"has {item.size} bytes")
            content = bytes(item.content).decode()
            return lxml.html.document_fromstring(content)
        except (KeyError, RuntimeError, UnicodeDecodeError, etree.ParserError) as error:
            raise UnreadableError(f"cannot be read: {error}") from None

    def _links(self, path: str) -> list[str]:
        try:
            links = self._page(path).iterfind(".//li/a")
        except UnreadableError:
            return []
        return [link.get("href") or "" for link in links]

    def _facts(self, path: str, page: HtmlElement) -> tuple[str, dict[str, Any]]:
        """Return an article's address and all that is known of it beside its text."""
        found = page.find(f".//meta[@name='{_FACTS}']")
        try:
            facts = json.loads(found.get("content") or "") if found is not None else None
        except ValueError:
            facts = None
        if not isinstance(facts, dict):
            raise UnreadableError("does not say what it is: made by another program, or too early")
        given = _text(facts.get("url"))
        for site in map(get_site, site_names()):
            if site.article_id(given) == path and (url := site.canonical_url(given)):
                return url, facts
        raise UnreadableError("its source is not the article of a site known that it is named for")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _names(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else []
    return tuple(name for name in values if isinstance(name, str) and name)


def _original(body: HtmlElement, urls: dict[str, str]) -> str:
    """Return the HTML of a text as a site would give it: pictures, and links to original addresses."""
    for element in body.iter("a", "ul"):
        target, kind = element.get("href") or "", element.get("class")
        if element.tag == "ul":
            if kind:
                element.set("type", kind)
        elif kind == "picture":
            words = element.text_content()
            start, end = _PICTURE
            alt = words.removeprefix(start).removesuffix(end) if words.startswith(start) else ""
            tail = element.tail
            element.clear()
            element.tag, element.tail = "img", tail
            element.set("src", target)
            element.set("alt", alt)
        elif target in urls:
            element.set("href", urls[target])
    inside = (etree.tostring(child, encoding="unicode", method="html") for child in body)
    return "".join([_escape(body.text or ""), *inside])


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
