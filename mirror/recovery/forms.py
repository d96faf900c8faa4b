"""A theme's article template, turned round: from the text of a page to the article's fields.

The template is rendered with a mark in the place of every value, once for each set of values that
an article may lack; each rendering becomes a pattern. What comes out is a guess as long as nobody
has rendered it again and compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape as unescape_html
from itertools import product
from typing import TYPE_CHECKING, Any

from mirror.items import ArticleItem

if TYPE_CHECKING:
    from mirror.pages.rendering import Renderer

_TEXTS = ("id", "site", "url", "section", "title", "path", "markdown")
_OPTIONAL = ("lead_image", "lead_alt", "lead_caption", "reporter", "editor")
_TIMES = ("published", "updated")
_ISO = ""  # the format of a time in ISO 8601

# The sign before the end shows which filter a value has passed; in an address of ours it stands quoted.
_MARK_RE = re.compile(r"(?:\ue000|%EE%80%80)(\w+)(`|\\`|%60)(?:\ue001|%EE%80%81)")
_ESCAPED_RE = re.compile(r"\\(.)|</?span>|<!-- -->|&(?:#\d+|amp|lt);", re.DOTALL)
_VALUE, _ESCAPED_VALUE, _BLOCKS = r".*?", r"(?:\\.|[^\\\n])*?", r"(?s:.*?)"
ALSO, BELOW = "also", "below"  # lines of links, see the methods of `Renderer` of these names
_LINKS = r"[^\n]*\[[^\n]*\]\([^\n]*\)[^\n]*"
_PLACE = "place"  # what follows from the path of a page, see `Renderer.around`


def forms(renderer: Renderer) -> list[Form]:
    """Return the forms that the pages of articles have with a theme, each once; first the one that
    tells most, because what it tells could pass for text of the article in another."""
    found: dict[str, Form] = {}
    for formats, item in _marked_articles():
        places = {name: _mark(_PLACE) for name in renderer.around(item)}
        for also, below in product(("", _mark(ALSO)), ("", _mark(BELOW))):
            page = renderer.render("article", article=item, also=also, below=below, **places)
            found.setdefault(page, Form(page, formats, item.removed))
    return [found[page] for page in sorted(found, key=len, reverse=True)]


def unescape(markdown: str) -> str:
    r"""Return a text as it was before its markup was escaped.

    >>> unescape(r"\[组图\] 5\*3 &lt;1&#126;2> \&amp;")
    '[组图] 5*3 <1~2> &amp;'
    """
    return _ESCAPED_RE.sub(lambda found: found[1] or _unescaped(found[0]), markdown)


def _unescaped(markup: str) -> str:
    """Return the character that a reference stands for, nothing for a tag or a comment."""
    return unescape_html(markup) if markup.startswith("&") else ""


class Form:
    """One form that a page can have: with or without lead image, caption and so on."""

    def __init__(self, page: str, formats: dict[str, tuple[str, str]], removed: bool):
        """`page` is a page with marks for values, `formats` the field and format of each time,
        `removed` whether it is the page of an article that its site has no more."""
        self.formats = formats
        self.removed = removed
        self.escaped: set[str] = set()
        self.between = ""  # two tags
        self.pattern = re.compile(self._pattern(_MARK_RE.split(page)))

    def fields(self, page: str) -> dict[str, Any] | None:
        """Return the fields of the article on a page, None if the page has another form."""
        found = self.pattern.fullmatch(page)
        if not found:
            return None
        values = found.groupdict()
        times = {name: values.pop(name) for name in self.formats if name in values}
        tags = values.pop("tags", None)
        fields: dict[str, Any] = {name: self._text(name, v) for name, v in values.items()}
        if tags is not None:
            parts = tags.split(self.between) if self.between else [tags]
            fields["tags"] = tuple(self._text("tags", part) for part in parts)
        return fields | self._times(times) | {"removed": self.removed}

    def _pattern(self, parts: list[str]) -> str:
        """Return a regex for text, name, coding, text, name, coding, ..., text."""
        pattern, seen = [re.escape(parts[0])], set()
        names = (name.replace("0", "_") for name in parts[1::3])
        for name, coding, after in zip(names, parts[2::3], parts[3::3], strict=True):
            if name == _PLACE:
                pattern += [_VALUE, re.escape(after)]
                continue
            if coding == r"\`" and name not in seen:
                self.escaped.add(name)
            if name == "more":
                pattern[-1] = re.escape(after)
                continue
            self.between = after if name == "tags" and not self.between else self.between
            value = _ESCAPED_VALUE if coding == r"\`" else _VALUE
            value = _BLOCKS if name in ("markdown", "tags") else value
            value = _LINKS if name in (ALSO, BELOW) else value
            group = value if name in seen else f"(?P<{name}>{value})"
            pattern += [group, re.escape(after)]
            seen.add(name)
        return "".join(pattern)

    def _text(self, name: str, value: str) -> str:
        return unescape(value) if name in self.escaped else value

    def _times(self, values: dict[str, str]) -> dict[str, datetime]:
        """Return the times that were written, each from all the pieces that show it."""
        pieces: dict[str, list[tuple[str, str]]] = {}
        for name, value in values.items():
            field, how = self.formats[name]
            pieces.setdefault(field, []).append((value, how))
        times = {field: _time(shown) for field, shown in pieces.items()}
        return {field: time for field, time in times.items() if time}


def _marked_articles() -> Iterator[tuple[dict[str, tuple[str, str]], ArticleItem]]:
    """Yield articles that have marks for values, with and without those that may be missing."""
    texts = {name: _mark(name) for name in _TEXTS}
    for *present, tagged, updated, removed in product((False, True), repeat=len(_OPTIONAL) + 3):
        formats: dict[str, tuple[str, str]] = {}
        fields: dict[str, Any] = {**texts, "body": "", "removed": removed}
        fields |= {n: _mark(n) if p else "" for n, p in zip(_OPTIONAL, present, strict=True)}
        fields |= {name: _Moment(name, formats) for name in _TIMES[: 1 + updated]}
        fields["tags"] = (_mark("tags"), _mark("more")) if tagged else ()
        yield formats, ArticleItem(**fields)


def _mark(name: str) -> str:
    return f"\ue000{name.replace('_', '0')}`\ue001"  # an underscore would be escaped


def _time(shown: list[tuple[str, str]]) -> datetime | None:
    """Return the time that some texts tell together; each has its format."""
    values, formats = zip(*shown, strict=True)
    try:
        if _ISO in formats:
            return datetime.fromisoformat(values[formats.index(_ISO)])
        return datetime.strptime("\n".join(values), "\n".join(formats))
    except (ValueError, re.error):
        return None


class _Moment:
    """Stands for a time while a template is turned round, and notes how the template writes it."""

    def __init__(self, field: str, formats: dict[str, tuple[str, str]]):
        self.field = field
        self.formats = formats

    def strftime(self, how: str) -> str:
        name = f"{self.field}{'x' * len(self.formats)}"
        self.formats[name] = (self.field, how)
        return _mark(name)

    __format__ = strftime

    def isoformat(self, *_: str) -> str:
        return self.strftime(_ISO)

    __str__ = isoformat
