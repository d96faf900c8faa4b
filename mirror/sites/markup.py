"""Pieces of markup that many sites have, and how they are read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mirror.content.selecting import select, text_in
from mirror.content.text import one_line, visible
from mirror.items import Link

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEAD_CHARACTERS = 20_000  # in which a page's own address stands
_OWN_ADDRESS_RE = re.compile(
    r"""<(?:link[^>]{1,300}?\brel=["']?canonical|meta[^>]{1,300}?\bproperty=["']?og:url)\b[^>]*>""",
    re.IGNORECASE,
)
_ADDRESS_RE = re.compile(r"""\b(?:href|content)=["']?\s*([^"'\s>]+)""", re.IGNORECASE)
_STRAY = "“”‘’\"' ;\t\r\n"  # round the addresses of real links
_DOUBLE_SCHEME_RE = re.compile(r"^https?:(?=https?://)", re.IGNORECASE)


def line(node: _Element) -> str:
    """Return the text of an element in one line."""
    return one_line(text_in(node))


def meta(page: _Element, css: str) -> str:
    """Return the content of a tag of the page's head, empty if it is not there."""
    head = page.find("head")
    found = select(page if head is None else head, css)
    return found[0].get("content", "") if found else ""


def around(body: _Element) -> _Element:
    """Return the part of the page that holds a body and its title: a tenth of the whole to search."""
    root = body.getroottree().getroot()
    return next(
        (part for part in body.iterancestors() if next(part.iter("h1"), None) is not None), root
    )


def own_address(html: str) -> str:
    """Return the address in a page's canonical link or og:url, empty if it has neither."""
    start = max(0, html.find("<meta", 0, _HEAD_CHARACTERS))
    tag = _OWN_ADDRESS_RE.search(html, start, _HEAD_CHARACTERS)
    found = _ADDRESS_RE.search(tag[0]) if tag else None
    return found[1] if found else ""


def plain_address(href: str) -> str:
    """Return an address without what stands round it by mistake.

    >>> plain_address(" “http:https://a.example/x;” ")
    'https://a.example/x'
    """
    return _DOUBLE_SCHEME_RE.sub("", href.strip(_STRAY))


def mend_links(body: _Element) -> None:
    """Take off what stands round the addresses of links: as it is written out it would be escaped."""
    for link in body.iter("a"):
        href = link.get("href", "")
        if href != (plain := visible(href).strip(_STRAY)):
            link.set("href", plain)


def once(links: Iterable[Link]) -> list[Link]:
    """Return the links in their order, of each article the first."""
    first: dict[str, Link] = {}
    for link in links:
        first.setdefault(link.id, link)
    return list(first.values())
