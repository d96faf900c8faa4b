"""From clean HTML to Markdown that GitHub shows as the article and nothing else.

Every character of the article that could be markup is escaped; emphasis is placed where CommonMark
recognises it between Chinese characters (commonmark-spec issue 650).
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup, NavigableString
from markdownify import MarkdownConverter

from mirror.text import one_line, visible

if TYPE_CHECKING:
    from bs4 import Tag

_PLAIN_RE = re.compile(r"<p>((?:[^<]|<br>)*)</p>")
_NESTING_RE = re.compile(r"<(/?)(?:blockquote|ul|ol|li|table|pre)\b")
_MARKUP_RE = re.compile(
    r"[\\`*_\[\]<>|~$^]|&(?=#?\w{0,40}(?:;|$))|!$|(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE
)
_XMPP_RE = re.compile(r"xmpp:", re.IGNORECASE)  # GFM links xmpp:a@b.c, escaped or not
_LINE_START_RE = re.compile(r"^(\s*)(?:([#+\-=:])|(\d{1,9})([.)])(?=\s|$))", re.MULTILINE)
_LAST_HASHES_RE = re.compile(r"(?<!#)#+\s*$")
_TOKEN_RE = re.compile(r"\\.|.", re.DOTALL)
_IN_ADDRESS_RE = re.compile(r"[\s()<>\[\]\\`|\"'{}^*_~$]|&(?=#?\w{1,40};)")
_EDGES = {"Zs", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"}
_NO_BREAK = ("td", "th", "h4", "h5", "h6")


def to_markdown(html: str) -> str:
    """Return clean HTML (see `cleaning.clean`) as Markdown, without a line break at the end.

    Most blocks are a paragraph of text alone; only the others are worth a parser.
    """
    blocks, marked, depth = [], [], 0
    for line in [*html.split("\n"), "<p></p>"]:
        plain = _PLAIN_RE.fullmatch(line) if not depth else None
        if not plain:
            marked.append(line)
            depth += sum(-1 if closing else 1 for closing in _NESTING_RE.findall(line))
            continue
        if marked:
            blocks.append(_Converter().convert("\n".join(marked)))
            marked = []
        blocks.append(_plain_paragraph(plain[1]))
    return "\n\n".join(filter(None, blocks))


def _plain_paragraph(html: str) -> str:
    lines = (_escape(unescape(line)) for line in html.split("<br>"))
    return _escape_start("  \n".join(lines).strip(" \n"))  # not U+3000: it indents


def escape_line(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is, in a heading or a paragraph.

    >>> print(escape_line("# 1. [a](b) *c* C #"))
    \\# 1. \\[a\\](b) \\*c\\* C \\#
    """
    return _escape_start(_LAST_HASHES_RE.sub(r"\\\g<0>", _escape(one_line(text))))


def escape_address(url: str) -> str:
    """Return an address that can stand in the brackets of a Markdown link."""
    return _IN_ADDRESS_RE.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), visible(url))


def _escape(text: str) -> str:
    text = _MARKUP_RE.sub(r"\\\g<0>", text)
    return _XMPP_RE.sub(r"\g<0><!-- -->", text) if "@" in text else text


def _escape_start(text: str) -> str:
    """Escape what would start a heading, a list, a rule or a table at the start of a line."""
    return _LINE_START_RE.sub(
        lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text
    )


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
        return _escape(text)

    def convert_p(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return super().convert_p(el, _escape_start(text), parent_tags)

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        bullet = "- "
        if el.parent.name == "ol":
            before = el.find_previous_sibling("li")
            el["value"] = int(before["value"]) + 1 if before else int(el.parent.get("start", 1))
            bullet = f"{el['value']}. "
        return bullet + _indent(text.strip(" \n"), " " * len(bullet)) + "\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        text = _LAST_HASHES_RE.sub(r"\\\g<0>", text.strip())
        return super().convert_hN(n, el, text, parent_tags)

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return "<br>" if el.find_parent(_NO_BREAK) else "  \n"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"[{text}]({escape_address(el['href'])})" if text.strip() else text

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        alt = _MARKUP_RE.sub(r"\\\g<0>", el.get("alt", ""))
        return f"![{alt}]({escape_address(el['src'])})"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return f"\n\n{fence}\n{text.strip(chr(10))}\n{fence}\n\n"

    def convert_sup(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _tagged(el, text)

    convert_sub = convert_sup

    def convert_strong(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, "**")

    def convert_em(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, "*")

    def convert_del(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return _emphasised(el, text, "~~")


def _emphasised(el: Tag, text: str, mark: str) -> str:
    """Put marks round a text, moved inwards past white space and past the punctuation at which
    CommonMark would not take them for emphasis; the tag itself where they cannot be moved."""
    tokens = _TOKEN_RE.findall(text)
    first, last = 0, len(tokens)
    before, after = _neighbour(el, "previous"), _neighbour(el, "next")
    if "*" in (before, after) or "~" in (before, after):
        return _tagged(el, text)
    while first < last and not _may_touch(tokens[first], tokens[first - 1] if first else before):
        first += 1
    while last > first and not _may_touch(
        tokens[last - 1], tokens[last] if last < len(tokens) else after
    ):
        last -= 1
    moved = tokens[:first] + tokens[last:]
    if first == last or any(token in "*~<>" for token in moved):
        return _tagged(el, text)
    return "".join([*tokens[:first], mark, *tokens[first:last], mark, *tokens[last:]])


def _tagged(el: Tag, text: str) -> str:
    return f"<{el.name}>{text}</{el.name}>"


def _indent(text: str, by: str) -> str:
    return re.sub(r"\n(?=.)", f"\n{by}", text)


def _may_touch(inside: str, outside: str) -> bool:
    """Whether a mark between these two characters is emphasis (CommonMark: flanking delimiters)."""
    if inside[-1].isspace():
        return False
    return unicodedata.category(inside[-1])[0] in "LN" or _is_edge(outside[-1:])


def _is_edge(character: str) -> bool:
    return character in ("", "\n") or unicodedata.category(character) in _EDGES


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
