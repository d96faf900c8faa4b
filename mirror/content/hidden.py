"""What a body holds that is not part of the text, and the text that such a tag swallowed when
nobody closed it."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

HIDDEN = frozenset(
    "style template svg button select textarea input noframes link meta head title form "
    "annotation annotation-xml".split()
)
_TEXTS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "table", "figure", "dd")
_ENDS_SVG = (  # html.spec.whatwg.org, "The rules for parsing tokens in foreign content"
    *("b", "big", "blockquote", "body", "br", "center", "code", "dd", "div", "dl", "dt", "em"),
    *("embed", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "i", "img", "li", "listing"),
    *("menu", "meta", "nobr", "ol", "p", "pre", "ruby", "s", "small", "span", "strong", "strike"),
    *("sub", "sup", "table", "tt", "u", "ul", "var"),
)
_SENTENCE_RE = re.compile("[。！？；：，,;:]|[.!?] ")
_MIN_DRAWN_CHARACTERS = 20  # with fewer it is an icon, no chart
_MIN_ARTICLE_CHARACTERS = 100  # with fewer, paragraphs of a form or a player are its own


def is_left_out(node: _Element) -> bool:
    """Whether nothing in an element of HIDDEN belongs to the text."""
    tag = node.tag
    if tag == "svg":
        return _is_whole(node)
    if tag == "button":
        return not (_holds(node, _TEXTS) or _SENTENCE_RE.search(_text(node)))
    if tag == "select":
        return not _holds(node, _TEXTS)
    if tag == "form":
        return _holds(node, ("input",)) and not swallowed(node)
    return True


def is_chart(node: _Element) -> bool:
    """Whether so much text is drawn in an svg that something is missing without it."""
    if node.tag != "svg":
        return False
    return sum(len(_text(label)) for label in node.iter("text")) > _MIN_DRAWN_CHARACTERS


def swallowed(node: _Element) -> bool:
    """Whether a player, form or the like holds so much text that it must be the article's."""
    texts = (_text(part) for part in node.iter(*_TEXTS))
    return sum(map(len, texts)) > _MIN_ARTICLE_CHARACTERS


def is_invisible(node: _Element) -> bool:
    """Whether an element is not shown, by its own attributes."""
    style = node.get("style")
    if style and re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style, re.IGNORECASE):
        return True
    sizes = (node.get("width"), node.get("height"))
    return node.get("hidden") is not None or any(size in ("0", "1") for size in sizes)


def _is_whole(svg: _Element) -> bool:
    """Whether a drawing ends where it ends; if HTML ends it before, what is drawn goes."""
    first = next(svg.iter(*_ENDS_SVG), None)
    if first is None:
        return True
    around = set(first.iterancestors())
    for part in takewhile(lambda node: node is not first, svg.iter()):
        part.text = None
        if part not in around:
            part.tail = None
    return False


def _holds(node: _Element, tags: tuple[str, ...]) -> bool:
    return next(node.iterdescendants(*tags), None) is not None


def _text(node: _Element) -> str:
    return " ".join("".join(node.itertext()).split())
