"""An article's HTML as a tree: refused where it is no article's, without junk, its text visible."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from lxml.etree import HTMLParser, fromstring

from mirror.content.selecting import drop
from mirror.content.text import is_crowded, visible
from mirror.errors import MirrorError

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 300_000  # elements or entities: half a minute's work, where an article has hundreds
_MOST_OF_A_TAG = 3  # elements: a parser adds <html>, <body> and the like
# Behind others, such as &#8203; or &#115;, hides what is seen only in the tree.
_HIDING_RE = re.compile("&(?!(?:nbsp|amp|lt|gt|quot);)")
_IMPLIED = "<html><head><body><p>"  # which a parser adds where they are missing
_SIMPLE_RE = re.compile(r"[\w-]*(?:[.#][\w-]+)*")


def parsed(html: str, base: str, junk: Iterable[str]) -> _Element:
    """Return the tree of an article's body, without what the CSS selectors of `junk` match.

    `base` is the article's address. Raises MirrorError for tags nested two thousand deep, attributes
    by the thousand, tags by the hundred thousand.
    """
    # The time that the parsers take grows with the square of these.
    if is_crowded(html) or html.count("&") > _MOST:
        raise MirrorError(f"Too many attributes or entities: {base}")
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
    could_be_many = html.count("<") > _MOST // _MOST_OF_A_TAG
    if could_be_many and next(islice(root.iter(), _MOST, None), None) is not None:
        raise MirrorError(f"Too many elements: {base}")
    return root


def _show_only_visible(root: _Element) -> None:
    for node in root.iter():
        if node.text and isinstance(node.tag, str):
            node.text = visible(node.text)
        if node.tail:
            node.tail = visible(node.tail)


def _may_hold(html: str, selectors: Iterable[str]) -> bool:
    """Whether one of the selectors may match something: its names have to stand in the text."""
    text = f"{_IMPLIED}{html.lower()}"
    return any(all(name in text for name in _names(selector)) for selector in selectors)


@cache
def _names(selector: str) -> tuple[str, ...]:
    """Return the tag, classes and ids that are all of a selector, none for any other one."""
    if not _SIMPLE_RE.fullmatch(selector):
        return ()
    return tuple(name.lower() for name in re.findall(r"[\w-]+", selector))
