"""The text of one block as Markdown: marks, links, pictures and line breaks, without a parser.

Clean HTML (see `cleaning.clean`) has few forms, and nearly all blocks of an article are one line of
text with few tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from mirror.content.emphasis import emphasis, tagged
from mirror.content.escaping import escape, escape_address, escape_alt

_TAG_RE = re.compile(r'<(/?)([a-z]+)((?: [a-z]+="[^"]*")*)>')
_ATTRIBUTE_RE = re.compile(r' ([a-z]+)="([^"]*)"')
_MARKS = {"strong": "**", "em": "*", "del": "~~"}
_RAISED = ("sup", "sub")
_EDGE = ")"  # what a mark meets at the edge of a link or a picture
_BESIDE = {"strong": "*", "em": "*", "del": "~", "br": ""}  # what it meets beside these


class Token(NamedTuple):
    """A tag, or a stretch of text (`tag` is empty)."""

    tag: str
    is_end: bool = False
    text: str = ""
    attributes: str = ""


def inline_markdown(html: str, line_break: str) -> str | None:
    """Return the inside of a block as Markdown, with `line_break` for each br; None if it holds
    what this function does not know."""
    tokens = list(_tokens(html))
    open_at: list[tuple[int, list[str]]] = [(-1, [])]  # where each open tag stands, what is inside
    for n, token in enumerate(tokens):
        tag, inside = token.tag, open_at[-1][1]
        if not tag:
            inside.append(escape(token.text))
        elif tag == "br":
            inside.append(line_break)
        elif tag == "img":
            picture = _picture(token)
            if picture is None:
                return None
            inside.append(picture)
        elif tag not in _MARKS and tag not in _RAISED and tag != "a":
            return None
        elif not token.is_end:
            open_at.append((n, []))
        else:
            start, parts = open_at.pop()
            shown = _shown(tokens, start, n, "".join(parts)) if open_at else None
            if shown is None:
                return None
            open_at[-1][1].append(shown)
    return "".join(open_at[0][1]) if len(open_at) == 1 else None


def _tokens(html: str) -> Iterator[Token]:
    end = 0
    for found in _TAG_RE.finditer(html):
        if found.start() > end:
            yield Token("", text=unescape(html[end : found.start()]))
        yield Token(found[2], bool(found[1]), attributes=found[3])
        end = found.end()
    if end < len(html):
        yield Token("", text=unescape(html[end:]))


def _shown(tokens: list[Token], start: int, end: int, text: str) -> str | None:
    """Return what stands between a tag and its end, as Markdown."""
    tag = tokens[start].tag
    if tag != tokens[end].tag:
        return None
    if tag == "a":
        href = _attributes(tokens[start]).get("href")
        if href is None:
            return None
        return f"[{text}]({escape_address(href)})" if text.strip() else text
    if tag in _RAISED:
        return tagged(tag, text)
    before = _neighbour(tokens[start - 1 :: -1] if start else [], -1)
    return emphasis(tag, text, _MARKS[tag], before, _neighbour(tokens[end + 1 :], 0))


def _neighbour(tokens: list[Token], side: int) -> str:
    """Return the character that a mark meets in the tokens beside it, nearest first; "" at a line's
    edge. `side` is the place in a text that is nearest: 0 behind the mark, -1 before it."""
    for token in tokens:
        if not token.tag:
            return token.text[side]
        if token.tag in ("br", "img") or token.is_end != (side == 0):
            return _BESIDE.get(token.tag, _EDGE)
        if token.tag not in _MARKS:
            return _EDGE
    return ""


def _picture(token: Token) -> str | None:
    attributes = _attributes(token)
    if "src" not in attributes:
        return None
    return f"![{escape_alt(attributes.get('alt', ''))}]({escape_address(attributes['src'])})"


def _attributes(token: Token) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE_RE.findall(token.attributes)}
