"""CSS on lxml's elements: parsel's translation, without an object for each element found."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lxml.etree import XPath
from lxml.html import HtmlElement
from parsel.csstranslator import css2xpath

if TYPE_CHECKING:
    from lxml.etree import _Element


@cache
def _compiled(css: str) -> XPath:
    return XPath(css2xpath(css))


def select(node: _Element, css: str) -> list[_Element]:
    """Return the elements below a node, itself included, that match a selector, in their order."""
    return _compiled(css)(node)


def drop(node: _Element, css: str) -> None:
    """Remove the elements below a node that match a selector; the text behind them stays."""
    for found in select(node, css):
        HtmlElement.drop_tree(found)  # it works on any element
