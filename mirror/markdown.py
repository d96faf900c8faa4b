"""From clean HTML to Markdown that GitHub shows as the article and nothing else."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, NavigableString
from markdownify import MarkdownConverter

from mirror.escaping import (
    emphasis,
    escape,
    escape_address,
    escape_alt,
    escape_last_hashes,
    escape_start,
    tagged,
)
from mirror.inline import inline_markdown

if TYPE_CHECKING:
    from bs4 import Tag

_BLOCK_RE = re.compile(r"<(p|h[456])>(.*)</\1>")
_NESTING_RE = re.compile(r"<(/?)(?:blockquote|ul|ol|li|table|pre)\b")
_NO_BREAK = ("td", "th", "h4", "h5", "h6")


def to_markdown(html: str) -> str:
    """Return clean HTML (see `cleaning.clean`) as Markdown, without a line break at the end.

    Most blocks are a line of text; only lists, quotes, tables and the like are worth a parser.
    """
    blocks, marked, depth = [], [], 0
    for line in [*html.split("\n"), "<p></p>"]:
        block = _block(line) if not depth else None
        if block is None:
            marked.append(line)
            depth += sum(-1 if closing else 1 for closing in _NESTING_RE.findall(line))
            continue
        if marked:
            blocks.append(_Converter().convert("\n".join(marked)))
            marked = []
        blocks.append(block)
    return "\n\n".join(filter(None, blocks))


def _block(line: str) -> str | None:
    """Return a paragraph or heading as Markdown, None if it takes a parser."""
    is_paragraph = line.startswith("<p>") and line.endswith("</p>")
    if is_paragraph and line.count("<") == line.count("<br>") + 2:
        lines = (escape(unescape(part)) for part in line[3:-4].split("<br>"))
        return escape_start("  \n".join(lines).strip(" \n"))  # not U+3000: it indents
    found = _BLOCK_RE.fullmatch(line)
    if not found:
        return None
    tag, html = found.groups()
    text = inline_markdown(html, "  \n" if tag == "p" else "<br>")
    if text is None or tag == "p":
        return text and escape_start(text.strip(" \n"))
    text = escape_last_hashes(text.strip())
    return f"{'#' * int(tag[1])} {text}" if text else ""


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
        return super().convert_p(el, escape_start(text), parent_tags)

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        bullet = "- "
        if el.parent.name == "ol":
            before = el.find_previous_sibling("li")
            el["value"] = int(before["value"]) + 1 if before else int(el.parent.get("start", 1))
            bullet = f"{el['value']}. "
        return bullet + _indent(text.strip(" \n"), " " * len(bullet)) + "\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = escape_last_hashes(text.strip())
        return super().convert_hN(n, el, text, parent_tags)

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "<br>" if el.find_parent(_NO_BREAK) else "  \n"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"[{text}]({escape_address(el['href'])})" if text.strip() else text

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"![{escape_alt(el.get('alt', ''))}]({escape_address(el['src'])})"

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


def _emphasised(el: Tag, text: str, mark: str) -> str:
    return emphasis(el.name, text, mark, _neighbour(el, "previous"), _neighbour(el, "next"))


def _indent(text: str, by: str) -> str:
    return re.sub(r"\n(?=.)", f"\n{by}", text)


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
