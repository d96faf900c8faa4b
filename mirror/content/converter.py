"""Markdown of tables and of what is nested, by markdownify: what takes a parser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, NavigableString
from markdownify import MarkdownConverter

from mirror.content.blocks import bullet, list_item
from mirror.content.emphasis import emphasis, tagged
from mirror.content.escaping import (
    escape,
    escape_address,
    escape_alt,
    escape_last_hashes,
    escape_start,
)

if TYPE_CHECKING:
    from bs4 import Tag

_BLANKS_RE = re.compile(r"[\t \r\n]+")


class _Converter(MarkdownConverter):
    class Options:
        bs4_options = "lxml"
        heading_style = "atx"
        bullets = "-"
        keep_inline_images_in = ("td", "th", "h4", "h5", "h6")
        table_infer_header = True
        autolinks = False

    def convert_soup(self, soup: BeautifulSoup) -> str:
        # nh3 takes the addresses away that no browser would follow
        if broken := [*soup("a", href=False), *soup("img", src=False)]:
            for link in broken:
                link.unwrap()
            soup.smooth()
        return super().convert_soup(soup)

    def escape(self, text: str, parent_tags: set[str]) -> str:
        return escape(text)

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = escape_start(text).strip(" \t\r\n")
        if "_inline" in parent_tags:
            return f" {text} "
        return f"\n\n{text}\n\n" if text else ""

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        around, before = el.parent, el.find_previous_sibling("li")
        if around is None:
            return text
        number = int(str(before["value"])) + 1 if before else int(str(around.get("start") or 1))
        el["value"] = str(number)  # for the next one
        apart = str(around.get("type") or "")
        return list_item(bullet(around.name, number, apart), text) + "\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = escape_last_hashes(text.strip())
        if "_inline" in parent_tags:
            return text
        return f"\n\n{'#' * n} {_BLANKS_RE.sub(' ', text.strip())}\n\n"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "<br>" if "_inline" in parent_tags else "  \n"  # in a cell or a heading

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"[{text}]({escape_address(str(el['href']))})" if text.strip() else text

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"![{escape_alt(str(el.get('alt') or ''))}]({escape_address(str(el['src']))})"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n"

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return tagged(el.name, text)

    convert_sub = convert_sup

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, "*")

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, "~~")


CONVERTER = _Converter()


def _emphasised(el: Tag, text: str, mark: str) -> str:
    return emphasis(el.name, text, mark, _neighbour(el, "previous"), _neighbour(el, "next"))


def _neighbour(el: Tag, side: str) -> str:
    """Return the character beside an element as Markdown will have it, "" at a line's edge."""
    sibling = getattr(el, f"{side}_sibling")
    if isinstance(sibling, NavigableString):
        return str(sibling)[-1 if side == "previous" else 0]
    if sibling is not None:
        return {"strong": "*", "em": "*", "del": "~", "br": ""}.get(sibling.name, ")")
    parent = el.parent
    if parent is not None and parent.name in ("strong", "em", "del"):
        return _neighbour(parent, side)
    return ")" if parent is not None and parent.name in ("a", "sup", "sub") else ""
