"""Pages of the gfw-breaker mirror (2018-2021): HTML between a title and a share block."""

from __future__ import annotations

import re
from typing import Any

from lxml.etree import tostring
from parsel import Selector

from mirror.content.text import one_line

_PAGE_RE = re.compile(
    r"### (?P<title>[^\n]*)\n-{3,}\s*\n"
    r"(?:\s*####[^\n]*\n)*"  # the menu
    r"(?:(?P<lead>(?:(?!\n####).)*?<hr/?>)\s*\n(?:\s*####[^\n]*\n)+)?"  # promoted links follow
    r"(?P<body>.*)"
    r"\n<hr/?>\s*手机上长按并复制下列链接或二维码分享本文章.*"
    r"\n原文地址[^\n]*?：\s*(?P<url>https?://[^\s<]+)",
    re.DOTALL,
)


def read_page(page: str) -> dict[str, Any] | None:
    """Return the fields of the article on a page, None if it is no such page."""
    found = _PAGE_RE.match(page.lstrip("\ufeff").replace("\r\n", "\n"))
    if not found:
        return None
    body = _with_links(found["body"])
    fields = {"title": one_line(found["title"]), "url": found["url"], "body": body}
    return fields | _lead(found["lead"] or "")


def _lead(html: str) -> dict[str, str]:
    block = Selector(html or " ", type="html")
    images = block.css("img[src]")
    if not images:
        return {}
    return {
        "lead_image": images[0].attrib["src"].strip(),
        "lead_alt": one_line(images[0].attrib.get("alt", "")),
        "lead_caption": one_line(block.css(".caption").xpath("string()").get("")),
    }


def _with_links(html: str) -> str:
    """Return the body with its links alive again: they had been made inert by renaming the tag."""
    page = Selector(html.strip() or " ", type="html")
    for link in page.css("ok"):
        link.root.tag = "a"
    return "\n".join(
        tostring(block, encoding="unicode", method="html").strip()
        for block in page.xpath("/html/body").xpath("./*")
        for block in [block.root]
    )
