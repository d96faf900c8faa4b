"""The first words of an article, for themes whose indexes show them.

They are made of the stored article when a theme asks for them: a run with another theme reads no text
of an article for an index.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mirror.content.text import one_line
from mirror.errors import MirrorError
from mirror.sites import get_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mirror.items import ArticleItem
    from mirror.store.database import Database

MAX_CHARACTERS = 100
_MAX_BODY_CHARACTERS = 8_000  # of the body, in which they are looked for
# 【大纪元2021年12月29日讯】（大纪元记者李林报导）: an entry has the day and the reporter beside.
_DATELINE_RE = re.compile(
    r"\A[【\[][^】\]]{0,40}[讯訊电電][】\]]\s*(?:[（(][^()（）]{2,80}[)）]\s*)?"
)


def first_words(database: Database, article: str) -> str:
    """Return the beginning of a stored article's text without its dateline, at most MAX_CHARACTERS and
    "…" if more follows; "" if it has no text."""
    item = database.article(article)
    text = _DATELINE_RE.sub("", " ".join(_paragraphs(_html(item)))) if item else ""
    return text if len(text) <= MAX_CHARACTERS else f"{text[: MAX_CHARACTERS - 1].rstrip()}…"


def _html(item: ArticleItem) -> str:
    """Return safe HTML of the beginning of an article, "" if it has none."""
    if item.adopted:
        from markdown_it import MarkdownIt

        return str(MarkdownIt("commonmark").render(item.adopted[:_MAX_BODY_CHARACTERS]))
    from mirror.content.cleaning import clean

    try:
        return clean(_cut(item.body), item.url, get_site(item.site).junk, lambda href: None)
    except MirrorError:
        return ""


def _cut(body: str) -> str:
    """Return the beginning of a body that does not end within a tag."""
    start = body[:_MAX_BODY_CHARACTERS]
    opened = start.rfind("<")
    return start[:opened] if opened > start.rfind(">") else start


def _paragraphs(html: str) -> Iterator[str]:
    """Yield the texts of paragraphs without pictures, as many as the first words may stand in."""
    from lxml.html import fragment_fromstring

    size = 0
    for paragraph in fragment_fromstring(html, create_parent="div").iterfind("p"):
        text = "" if paragraph.find(".//img") is not None else one_line(paragraph.text_content())
        if text:
            yield text
            size += len(text)
        if size > 3 * MAX_CHARACTERS:  # with a dateline
            return
