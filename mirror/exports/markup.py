"""Clean HTML as markup that is HTML and XHTML alike, and makes no reader's program ask anybody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import lxml.html
from lxml import etree

from mirror.content.text import one_line

if TYPE_CHECKING:
    from lxml.etree import _Element

_NOT_XML_RE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_VOID = frozenset(("br", "hr", "img"))  # of what `cleaning.clean` leaves
_LEVELS = {"h4": "h2", "h5": "h3", "h6": "h4"}  # the title is h1 here, h3 on a page
_URL_CHARACTERS = "-._~:/?#@!$&'()*+,;=%"
_BAD_PERCENT_RE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def polyglot(html: str, title: str = "") -> str:
    """Return clean HTML (see `cleaning.clean`) as well-formed markup without pictures from outside:
    in place of each stands a link to it, with its text if that is not the article's title."""
    root = lxml.html.fragment_fromstring(_NOT_XML_RE.sub("", html), create_parent="div")
    for element in list(root.iter()):
        _mend(element, title)
    parts = [_escape(root.text or "")]
    parts += (etree.tostring(child, encoding="unicode", method="xml") for child in root)
    return "".join(parts)


def plain_text(text: str) -> str:
    """Return a text without the characters that XML does not allow."""
    return _NOT_XML_RE.sub("", text)


def web_address(url: str) -> str:
    """Return an address as XHTML and epubcheck accept it: of ASCII, escaped where it has to be.

    >>> web_address("https://a.example/图 1?q=50%&b[]=1")
    'https://a.example/%E5%9B%BE%201?q=50%25&b%5B%5D=1'
    """
    safe = quote(_BAD_PERCENT_RE.sub("%25", plain_text(url)), safe=_URL_CHARACTERS)
    address, mark, fragment = safe.partition("#")
    return address + mark + fragment.replace("#", "%23")


def _mend(element: _Element, title: str) -> None:
    if element.tag in _LEVELS:
        element.tag = _LEVELS[element.tag]
    if element.tag == "img":
        _replace_picture(element, title)
    elif element.tag == "ul" and element.get("type"):
        element.set("class", element.attrib.pop("type"))
    if href := element.get("href"):
        element.set("href", web_address(href))
    if element.tag not in _VOID and element.text is None and not len(element):
        element.text = ""  # else it would be written as <td/>, which is no end in HTML


def _replace_picture(image: _Element, title: str) -> None:
    """Put a link to a picture in its place; its words alone where it is part of a link already."""
    text, address = one_line(image.get("alt") or ""), image.get("src") or ""
    is_linked = any(parent.tag == "a" for parent in image.iterancestors())
    image.attrib.clear()
    image.tag = "span" if is_linked else "a"
    if not is_linked:
        image.set("href", web_address(address))
    image.set("class", "picture")
    image.text = f"［图：{text}］" if text and text != one_line(title) else "［图］"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
