"""An article's HTML as a tree: refused where it is no article's, without junk, its text visible."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from lxml.etree import HTMLParser, fromstring

from mirror.content.markup_limits import BODY, markup_excess
from mirror.content.selecting import drop
from mirror.content.text import visible
from mirror.errors import MirrorError

if TYPE_CHECKING:
    from lxml.etree import _Element

# Behind others, such as &#8203; or &#115;, hides what is seen only in the tree.
_HIDING_RE = re.compile("&(?!(?:nbsp|amp|lt|gt|quot);)")
_IMPLIED = b"<html><head><body><p>"  # which a parser adds where they are missing
_SIMPLE_RE = re.compile(r"[\w-]*(?:[.#][\w-]+)*", re.ASCII)


def parsed(html: str, base: str, junk: Iterable[str]) -> _Element:
    """Return the tree of an article's body, without what the CSS selectors of `junk` match.

    `base` is the article's address. Raises MirrorError for tags nested two thousand deep, and for
    more of them, or of attributes, than a parser bears.
    """
    if excess := markup_excess(html, BODY):
        raise MirrorError(f"Too much for an article, {excess}: {base}")
    html = visible(html)
    root = _tree(html, base)
    may_hide = _HIDING_RE.search(html)
    if may_hide:
        _show_only_visible(root)
    if may_hide or _may_hold(html, junk):
        drop(root, tuple(junk))
    return root


def _tree(html: str, base: str) -> _Element:
    parser = HTMLParser(encoding="utf-8", huge_tree=True)
    root = fromstring(f"<body>{html}".encode(), parser)
    if fatal := parser.error_log.filter_from_fatals():  # all that follows is missing
        raise MirrorError(f"{fatal[0].message}: {base}")
    return root


def _show_only_visible(root: _Element) -> None:
    for node in root.iter():
        if node.text and isinstance(node.tag, str):
            node.text = visible(node.text)
        if node.tail:
            node.tail = visible(node.tail)


def _may_hold(html: str, selectors: Iterable[str]) -> bool:
    """Whether one of the selectors may match something: its names have to stand in the text."""
    text = _IMPLIED + html.encode("ascii", "ignore").lower()  # a Chinese text is hardly any then
    return any(all(name in text for name in _names(selector)) for selector in selectors)


@cache
def _names(selector: str) -> tuple[bytes, ...]:
    """Return the tag, classes and ids that are all of a selector, none for any other one."""
    if not _SIMPLE_RE.fullmatch(selector):
        return ()
    return tuple(name.lower().encode() for name in re.findall(r"[\w-]+", selector))
