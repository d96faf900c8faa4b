"""Pieces of markup that many sites have, and how they are read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypedDict

from mirror.content.pictures import picture_url
from mirror.content.selecting import select, text_in
from mirror.content.text import one_line, visible
from mirror.items import Link
from mirror.sites.times import feed_day

if TYPE_CHECKING:
    from datetime import tzinfo

    from lxml.etree import _Element
    from parsel import Selector

    from mirror.sites.base import Address

_HEAD_CHARACTERS = 20_000  # in which a page's own address stands
_OWN_ADDRESS_RE = re.compile(
    r"""<(?:link[^>]{1,300}?\brel=["']?canonical|meta[^>]{1,300}?\bproperty=["']?og:url)\b[^>]*>""",
    re.IGNORECASE,
)
_ADDRESS_RE = re.compile(r"""\b(?:href|content)=["']?\s*([^"'\s>]+)""", re.IGNORECASE)
_STRUCTURED = "application/ld+json"
_STRAY = "“”‘’\"' ;\t\r\n"  # round the addresses of real links
_DOUBLE_SCHEME_RE = re.compile(r"^https?:(?=https?://)", re.IGNORECASE)


class Lead(TypedDict, total=False):
    """The fields of an article's lead picture; none without one."""

    lead_image: str
    lead_alt: str
    lead_caption: str


def line(node: _Element) -> str:
    """Return the text of an element in one line."""
    return one_line(text_in(node))


def self_addresses(page: Selector) -> list[str]:
    """Return the addresses that a page or a feed gives as its own."""
    paths = (
        '//link[@rel="canonical"]/@href',
        '//meta[@property="og:url"]/@content',
        '/rss/channel/*[local-name()="link"][@rel="self"]/@href',
    )
    return [url.strip() for url in page.xpath(" | ".join(paths)).getall()]


def meta(page: _Element, css: str) -> str:
    """Return the content of a tag of the page's head, empty if it is not there."""
    head = page.find("head")
    found = select(page if head is None else head, css)
    return found[0].get("content", "") if found else ""


def structured(page: _Element, is_own: Callable[[str], bool]) -> dict[str, str]:
    """Return the texts of the page's structured data (JSON-LD) about its article; those of another
    article, by its address, do not count."""
    for script in page.iter("script"):
        if script.get("type") != _STRUCTURED:
            continue
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(data):
            url = _address(node)
            if "Article" in str(node.get("@type")) and (not url or is_own(url)):
                return {name: text for name, text in node.items() if isinstance(text, str)}
    return {}


def _address(node: dict[str, Any]) -> str:
    """Return the address of the page that an object of structured data is about, if it gives one."""
    page = node.get("url") or node.get("mainEntityOfPage") or node.get("@id")
    page = page.get("@id") if isinstance(page, dict) else page
    return page if isinstance(page, str) else ""


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of structured data: one, several, or those of a graph."""
    for node in data if isinstance(data, list) else [data]:
        if isinstance(node, dict):
            graph = node.get("@graph")
            yield from filter(
                lambda n: isinstance(n, dict), graph if isinstance(graph, list) else []
            )
            yield node


def lead(blocks: Iterable[_Element], captions: Iterable[_Element], base: str) -> Lead:
    """Return the first picture of some blocks that is one, and the first of some captions."""
    pictures = next((found for block in blocks if (found := list(block.iter("img")))), [])
    url = next(filter(None, (picture_url(picture, base) for picture in pictures)), None)
    if url is None:
        return {}
    return {
        "lead_image": url,
        "lead_alt": next(filter(None, (one_line(p.get("alt", "")) for p in pictures)), ""),
        "lead_caption": next(map(line, captions), ""),
    }


def texts(nodes: Iterable[_Element]) -> tuple[str, ...]:
    """Return the texts of some elements in their order, each once."""
    return tuple(dict.fromkeys(filter(None, map(line, nodes))))


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


def feed_links(
    feed: Selector, address: Callable[[str], Address | None], zone: tzinfo
) -> Iterator[Link]:
    """Yield the articles of an RSS feed, with the day of their publication in a zone.

    Where a feed calls the clock of a place east of Greenwich UTC, the day may be the next one: so no
    article seems older than it is.
    """
    for item in feed.xpath("//item"):
        found = address(item.xpath("string(link)").get(""))
        title = one_line(item.xpath("string(title)").get(""))
        if found:
            yield Link(*found, title, feed_day(item.xpath("string(pubDate)").get(""), zone))


def once(links: Iterable[Link]) -> list[Link]:
    """Return the links in their order, of each article the first."""
    first: dict[str, Link] = {}
    for link in links:
        first.setdefault(link.id, link)
    return list(first.values())
