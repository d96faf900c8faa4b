"""CSS on lxml's elements, in parsel's translation, without an object for each element found; and what
is in an element."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from lxml.etree import ElementDefaultClassLookup, HTMLParser, XPath, fromstring, tostring
from lxml.html import HtmlComment, HtmlElement
from parsel import Selector
from parsel.csstranslator import css2xpath

from mirror.content.mending import as_browsers_read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import _Element

_NAME_RE = re.compile(r"([#.]?)([\w-]+)")
_STRING = XPath("string()", smart_strings=False)
_NOTHING = ":not(*)"
_PARSER = HTMLParser(encoding="utf-8", huge_tree=True)
_PARSER.set_element_class_lookup(  # parsel's asks Python for the class of each element
    ElementDefaultClassLookup(element=HtmlElement, comment=HtmlComment)
)


def selector_of(html: str) -> Selector:
    """Return a page, or a part of one, as parsel would parse it, in less time."""
    html = as_browsers_read(html.strip().replace("\x00", ""))
    root = fromstring(html.encode() or b"<html/>", _PARSER)
    return Selector(root=fromstring(b"<html/>", _PARSER) if root is None else root, type="html")


def select(node: _Element, css: str) -> list[_Element]:
    """Return the elements below a node, itself included, that match a selector, in their order."""
    found: list[_Element] = _compiled(css)(node)
    return found


def first_of(places: Iterable[_Element], *selectors: str) -> list[_Element]:
    """Return what the first selector finds that finds anything, in the first place where one does."""
    return next(
        (found for place in places for css in selectors if (found := select(place, css))), []
    )


def text_in(node: _Element) -> str:
    """Return all text below a node."""
    text: str = (_STRING(node) if len(node) else node.text) or ""
    return text


def inner_html(node: _Element) -> str:
    """Return what is in a node as HTML; its attributes and first text are gone then, one call for
    all of it costs less than one for each child."""
    text, node.text = node.text or "", None
    node.attrib.clear()
    html: str = tostring(node, encoding="unicode", method="html", with_tail=False)
    inside = html.removeprefix(f"<{node.tag}>").removesuffix(f"</{node.tag}>")
    return (escape(text) + inside).strip()


def drop(node: _Element, selectors: tuple[str, ...]) -> None:
    """Remove the elements below a node that match one of the selectors; the text behind them stays."""
    tags, ids, has_class, others = _names(selectors)
    found = [
        element
        for element in node.iter("*")
        if element.tag in tags
        or element.get("id") in ids
        or ((names := element.get("class")) and has_class(names))
    ]
    for element in dict.fromkeys([*found, *others(node)]):
        HtmlElement.drop_tree(element)  # it works on any element


@cache
def _compiled(css: str) -> XPath:
    return XPath(css2xpath(css))


class _Names(NamedTuple):
    """What most selectors of a list are: no more than a tag, an id or a class. One look at each
    element serves all of these; of XPath each would be a walk of its own."""

    tags: set[str]
    ids: set[str]
    has_class: Callable[[str], object]
    others: XPath


@cache
def _names(selectors: tuple[str, ...]) -> _Names:
    named: dict[str, set[str]] = {"": set(), "#": set(), ".": set()}
    others = []
    for selector in selectors:
        if found := _NAME_RE.fullmatch(selector):
            named[found[1]].add(found[2])
        else:
            others.append(selector)
    classes = "|".join(map(re.escape, named["."])) or "(?!)"
    has_class = re.compile(rf"(?<![^ \t\r\n])(?:{classes})(?![^ \t\r\n])").search
    return _Names(named[""], named["#"], has_class, _compiled(", ".join(others) or _NOTHING))
