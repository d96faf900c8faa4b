"""From a site's HTML of an article to plain blocks: paragraphs, headings, lists, quotes, tables.

What comes out holds only tags and attributes written here; nh3 has the last word all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

import nh3
from lxml.etree import iterwalk

from mirror.content.block_writer import STRUCTURES, BlockWriter
from mirror.content.embeds import EMBEDS, PLACEHOLDERS, embed, unknown, unknown_line
from mirror.content.hidden import HIDDEN, is_chart, is_left_out, swallowed
from mirror.content.paragraphs import PLAIN, Paragraph, Style, plain_line
from mirror.content.parsing import parsed
from mirror.content.pictures import (
    PICTURES,
    alt_text,
    is_inline,
    is_picture_file,
    linked_picture,
    picture_url,
)
from mirror.content.posts import post
from mirror.content.repeats import Repeats
from mirror.content.services import Embed
from mirror.content.text import visible
from mirror.content.words import WORDY, Words, formula_mark

if TYPE_CHECKING:
    from lxml.etree import _Element

_ALLOWED = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
    "ul": {"type"},
    **{
        tag: set()
        for tag in "p h4 h5 h6 li blockquote pre table tr td th br hr strong em del sup sub".split()
    },
}
_SANITIZER = nh3.Cleaner(
    tags=set(_ALLOWED),
    attributes=_ALLOWED,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BELOW_TITLE = ("h4", "h5", "h6")  # the page's title is h3
_BLOCKS = STRUCTURES | frozenset(
    "address article aside body caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form header hgroup legend main nav p section summary tbody tfoot thead pre "
    "h1 h2 h3 h4 h5 h6".split()
)
_BLOCK_STYLE_RE = re.compile(
    r"\bdisplay\s*:\s*(?:block|flex|grid|table|table-row|list-item|flow-root|-webkit-(?:box|flex))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_WHOLE = HIDDEN | EMBEDS | PLACEHOLDERS | {"noscript"}  # may be written or left out as a whole
_MARKS = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "del": "del",
    "s": "del",
    "strike": "del",
    "sup": "sup",
    "sub": "sub",
}
_MARKED_BY_PLACE = WORDY | frozenset(_HEADINGS)


def clean(
    html: str, base: str, junk: Iterable[str], link: Callable[[str], str | None], title: str = ""
) -> str:
    """Return an article's body as flat, safe HTML that Markdown can carry.

    `base` is the article's address, `junk` CSS selectors of what to leave out, `link` gives for the
    href of a link the one to publish, or None to keep its text alone, `title` stands for pictures
    that have no text of their own. Raises MirrorError for what is no article: tags nested two
    thousand deep, attributes by the thousand, tags by the hundred thousand.
    """
    walker = _Walker(base, link, title)
    walker.walk(parsed(html, base, junk))
    return _SANITIZER.clean("\n".join(walker.out.lines))


class _Walker:
    """Walks a tree once, without recursion, and writes blocks as it leaves them."""

    def __init__(self, base: str, link: Callable[[str], str | None], title: str):
        self.base = base
        self.link = link
        self.title = title
        self.out = BlockWriter()
        self.paragraph = Paragraph()
        self.words = Words()
        self.styles = [PLAIN]
        self.kinds = ["p"]  # what a block of text is here: "p", "pre" or a heading's level
        self.text_kinds = {"pre": "pre"}  # by the tag around it
        self.repeats = Repeats(base)

    def walk(self, root: _Element) -> None:
        used = sorted({node.tag for node in root.iter(*_HEADINGS)})
        self.text_kinds |= {tag: _BELOW_TITLE[min(n, 2)] for n, tag in enumerate(used)}
        skipped = None
        steps = iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, node in steps:
            if event == "start":
                tag = node.tag
                if tag == "p" and self._is_plain(node):
                    self._write_plain(node)
                    skipped = node
                elif (tag in _WHOLE or "-" in tag) and self._skips(node):
                    skipped = node
                    steps.skip_subtree()
                else:
                    self._enter(node)
                    if text := node.text:
                        self._say(text)
                continue
            if event == "end":
                if node is skipped:
                    skipped = None
                else:
                    self._leave(node)
            if text := node.tail:
                self._say(text)
        self._flush()
        self.out.settle()

    def _is_plain(self, node: _Element) -> bool:
        """Whether this is a paragraph of nothing but text, as most are."""
        return not len(node) and self.styles[-1] == PLAIN and self.kinds[-1] == "p"

    def _write_plain(self, node: _Element) -> None:
        self._flush()
        if text := plain_line(node.text or ""):
            self.out.write(text, "p")

    def _skips(self, node: _Element) -> bool:
        """Deal with an element that is written, or left out, as a whole; return whether this one is."""
        tag = node.tag
        if tag in HIDDEN:
            if is_chart(node):
                self._doubt(tag)
            return is_left_out(node)
        if tag == "noscript":
            return self.repeats.is_repeated(node)
        if tag in PICTURES:
            return node.get("placeholder") is not None or node.get("fallback") is not None
        if shown := embed(node, self.base):
            self._embed(self.repeats.titled(shown, node))
        elif doubtful := unknown(node):
            self._doubt(doubtful)
        is_whole = shown or tag in EMBEDS
        return bool(is_whole) and tag != "embed" and not swallowed(node)  # embed has no end

    def _enter(self, node: _Element) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            if tag == "figcaption" and any(self.paragraph.lines):
                self.paragraph.break_line()
            else:
                self._flush()
                if tag in STRUCTURES:
                    self.out.enter(node)
        elif tag == "br":
            self.paragraph.break_line()
        elif tag in PICTURES:
            self._image(node)
        elif tag in WORDY:
            self._say(self.words.before(node))
        elif node.get("style"):
            self._break_by_style(node)
        self.styles.append(self._style(node))
        self.kinds.append(self.text_kinds.get(tag, self.kinds[-1]))

    def _leave(self, node: _Element) -> None:
        tag = node.tag
        if tag in _BLOCKS:
            self._flush()
            shown = post(node, self.base)
            if shown and shown != self.repeats.post:
                self._embed(shown)
                self.repeats.post = shown
            if tag in STRUCTURES:
                self.out.leave(node)
        elif tag in WORDY:
            self._say(self.words.after(node))
        elif node.get("style"):
            self._break_by_style(node)
        self.styles.pop()
        self.kinds.pop()

    def _break_by_style(self, node: _Element) -> None:
        """Start a line where an inline element is styled as a block."""
        if _BLOCK_STYLE_RE.search(node.get("style") or ""):
            self.paragraph.start_line()

    def _style(self, node: _Element) -> Style:
        tag, style = node.tag, self.styles[-1]
        if tag == "a":
            return Style(self.link(node.get("href") or ""), style.marks)
        mark = _MARKS.get(tag)
        if mark is None and tag in _MARKED_BY_PLACE:
            mark = self._mark_by_place(node)
        return Style(style.href, style.marks | {mark}) if mark else style

    def _mark_by_place(self, node: _Element) -> str | None:
        if node.tag in WORDY:
            return formula_mark(node)
        return "strong" if self.out.is_in_cell() else None  # a heading

    def _say(self, text: str) -> None:
        if text == "\n" and self.paragraph.is_blank and self.kinds[-1] != "pre":
            return  # between two blocks, as in most bodies
        self.paragraph.add_text(text, self.styles[-1])

    def _flush(self, kind: str = "") -> None:
        """Write what has been collected; in paragraphs an empty line parts two of them."""
        if self.paragraph.is_blank:
            if self.paragraph.lines[0]:
                self.paragraph.clear()
            return
        kind = kind or self.kinds[-1]
        if kind == "pre":
            text = self.paragraph.take_text()
            if text.strip():
                self.out.write(escape(text, quote=False), "pre")
            return
        lines = self.paragraph.take()
        if kind != "p":
            lines = [line for line in lines if line]
        for is_stanza, stanza in groupby(lines, bool):
            if is_stanza:
                self.out.write("<br>".join(stanza), kind)

    def _embed(self, shown: Embed) -> None:
        self._flush()
        self.out.doubt = ""
        if self.repeats.is_shown(shown, self.out.lines):
            return
        self.paragraph.add_text(f"{shown.kind}：", PLAIN)
        self.paragraph.add_text(visible(shown.text), Style(shown.url))
        self._flush("p")
        self.repeats.showed(shown, self.out.lines)

    def _doubt(self, tag: str) -> None:
        """Say that something is missing here, unless what follows shows it after all."""
        self._flush()
        self.out.doubt = unknown_line(tag)

    def _image(self, node: _Element) -> None:
        src = picture_url(node, self.base) or linked_picture(node, self.base)
        if src is None:
            if is_inline(node):
                self._doubt("img")
            return
        self.repeats.image = src
        is_preformatted = self.kinds[-1] == "pre"
        if is_preformatted:
            self._flush()
        href = self.styles[-1].href
        href = None if href and is_picture_file(href) else href
        self.paragraph.add_image(src, alt_text(node, self.title), href)
        if is_preformatted:
            self._flush("p")
