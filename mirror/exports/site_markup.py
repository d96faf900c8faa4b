"""The text of an article as the reader's site shows it: no link leads out, addresses are notes."""

from __future__ import annotations

from dataclasses import dataclass

import lxml.html
from lxml import etree

_ENDS = ("p", "li", "h2", "h3", "h4", "tr", "blockquote", "pre", "br", "td", "th")


@dataclass(frozen=True, slots=True)
class SiteText:
    """An article's text: in `html`, links to the outside are marked with the numbers, from 1, of their
    addresses in `addresses`; `plain` is what is searched, a line for each block."""

    html: str
    addresses: tuple[str, ...]
    plain: str


def site_text(html: str) -> SiteText:
    """Return the text of an article's markup (`ExportArticle.html`)."""
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    addresses: dict[str, int] = {}
    for link in list(root.iter("a")):
        address = link.get("href") or ""
        if ":" not in address.partition("/")[0]:
            continue
        is_picture = link.get("class") == "picture"  # its words stay: the original has the rest
        link.attrib.clear()
        link.tag = "span"
        link.set("class", "picture" if is_picture else "outside")
        if not is_picture:
            link.set("data-note", str(addresses.setdefault(address, len(addresses) + 1)))
    children = (etree.tostring(child, encoding="unicode", method="xml") for child in root)
    markup = "".join([_escape(root.text or ""), *children])
    for element in root.iter(*_ENDS):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in root.text_content().splitlines())
    return SiteText(markup, tuple(addresses), "\n".join(filter(None, lines)))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
