"""From a site's HTML of an article to plain blocks: paragraphs, headings, lists, quotes, tables.

What comes out holds only tags and attributes written here; nh3 has the last word all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from itertools import groupby, islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nh3
from lxml.etree import iterwalk

from mirror.content.embeds import Embed, embed, post
from mirror.content.links import absolute_url
from mirror.content.paragraphs import PLAIN, Paragraph, Style, plain_line
from mirror.content.parsing import parsed
from mirror.content.pictures import picture_url
from mirror.content.tables import is_data_table, square
from mirror.content.text import one_line, visible

if TYPE_CHECKING:
    from lxml.etree import _Element

_ALLOWED = {
    "a": {"href"},
    "img": {"src", "alt"},
    "ol": {"start"},
    **{
        tag: set()
        for tag in "p h4 h5 h6 ul li blockquote pre table tr td th br hr "
        "strong em del sup sub".split()
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
_BLOCKS = frozenset(
    "address article aside body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form header hgroup legend li main menu nav p section summary table tbody "
    "td tfoot th thead tr ul ol blockquote hr pre h1 h2 h3 h4 h5 h6".split()
)
_LISTS = ("ul", "ol")
_PARTS = {"tr": ("table",), "td": ("tr",), "th": ("tr",), "li": _LISTS}
_UNSEEN = frozenset(
    "style template svg math button select textarea input noframes applet canvas link meta head title".split()
)
_EMBEDS = frozenset("iframe embed frame object video audio script".split())
_WHOLE = _UNSEEN | _EMBEDS | {"div", "form", "noscript"}  # may be written or left out as a whole
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
_DEEPEST = 6  # quotes and lists within each other
_START_RE = re.compile(r"[0-9]{1,8}")
_IMAGE_FILE_RE = re.compile(r"\.(?:jpe?g|png|gif|webp)$", re.IGNORECASE)


def clean(html: str, base: str, junk: Iterable[str], link: Callable[[str], str | None]) -> str:
    """Return an article's body as flat, safe HTML that Markdown can carry.

    `base` is the article's address, `junk` CSS selectors of what to leave out, `link` gives for the
    href of a link the one to publish, or None to keep its text alone. Raises MirrorError for what is no
    article: tags nested two thousand deep, attributes by the thousand, tags by the hundred thousand.
    """
    writer = _Writer(base, link)
    writer.walk(parsed(html, base, junk))
    return _SANITIZER.clean("\n".join(writer.out))


class _Writer:
    """Walks a tree once, without recursion, and writes blocks as it leaves them."""

    def __init__(self, base: str, link: Callable[[str], str | None]):
        self.base = base
        self.link = link
        self.out: list[str] = []
        self.paragraph = Paragraph()
        self.styles = [PLAIN]
        self.kinds = ["p"]  # what a block of text is here: "p", "pre" or a heading's level
        self.open: list[_Element] = []  # the quotes, lists, items, tables and cells that we are in
        self.text_kinds = {"pre": "pre"}  # by the tag around it
        self.last_image = ""
        self.last_post: Embed | None = None
        self.fallback: _Element | None = None  # the noscript of the last document

    def walk(self, root: _Element) -> None:
        used = sorted({node.tag for node in root.iter(*_HEADINGS)})
        self.text_kinds |= {tag: _BELOW_TITLE[min(n, 2)] for n, tag in enumerate(used)}
        skipped = None
        steps = iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, node in steps:
            if event == "start":
                if node.tag == "p" and self._is_plain(node):
                    self._write_plain(node)
                    skipped = node
                elif node.tag in _WHOLE and self._skips(node):
                    skipped = node
                    steps.skip_subtree()
                else:
                    self._enter(node)
                    self.paragraph.add_text(node.text, self.styles[-1])
                continue
            if event == "end":
                if node is skipped:
                    skipped = None
                else:
                    self._leave(node)
            self.paragraph.add_text(node.tail, self.styles[-1])
        self._flush()

    def _is_plain(self, node: _Element) -> bool:
        """Whether this is a paragraph of nothing but text, as most are."""
        return not len(node) and self.styles[-1] == PLAIN and self.kinds[-1] == "p"

    def _write_plain(self, node: _Element) -> None:
        self._flush()
        if text := plain_line(node.text or ""):
            self._block(text, "p")

    def _skips(self, node: _Element) -> bool:
        """Deal with an element that is written, or left out, as a whole."""
        tag = node.tag
        if tag == "noscript":
            return self._repeats(node)
        if tag == "form":
            return node.find(".//input") is not None
        shown = embed(node, self.base)
        if shown:
            self._embed(self._document(shown, node))
        return bool(shown) or tag != "div"

    def _enter(self, node: _Element) -> None:
        tag = node.tag
        if tag == "br":
            self.paragraph.break_line()
        elif tag == "img":
            self._image(node)
        elif tag == "figcaption" and any(self.paragraph.lines):
            self.paragraph.break_line()
        elif tag in _BLOCKS:
            self._flush()
            self._open(node)
        self.styles.append(self._style(node))
        self.kinds.append(self.text_kinds.get(tag, self.kinds[-1]))

    def _leave(self, node: _Element) -> None:
        if node.tag in _BLOCKS:
            self._flush()
            shown = post(node, self.base)
            if shown and shown != self.last_post:
                self._embed(shown)
                self.last_post = shown
            self._close(node)
        self.styles.pop()
        self.kinds.pop()

    def _style(self, node: _Element) -> Style:
        style = self.styles[-1]
        if node.tag == "a":
            return Style(self.link(node.get("href") or ""), style.marks)
        if mark := _MARKS.get(node.tag):
            return Style(style.href, style.marks | {mark})
        return style

    # ---- blocks

    def _open(self, node: _Element) -> None:
        tag = node.tag
        if self._writes(node):
            if tag == "table":
                square(node)
            if tag in _LISTS and self._inside(*_LISTS):  # it belongs to the item before
                if self.out[-1] == "</li>":
                    self.out.pop()
                else:
                    self.out.append("<li>")
            start = _START_RE.fullmatch(node.get("start") or "") if tag == "ol" else None
            self.open.append(node)
            self.out.append(f'<ol start="{start[0]}">' if start else f"<{tag}>")
        elif tag == "hr" and not self._inside("li", *_LISTS):
            self.out.append("<hr>")

    def _close(self, node: _Element) -> None:
        if not self.open or self.open[-1] is not node:
            return
        self.open.pop()
        self._end(node.tag)
        if node.tag in _LISTS and self._inside(*_LISTS):
            self._end("li")

    def _end(self, tag: str) -> None:
        if self.out[-1].startswith(f"<{tag}") and tag not in ("td", "th"):
            self.out.pop()  # nothing was written inside
        else:
            self.out.append(f"</{tag}>")

    def _writes(self, node: _Element) -> bool:
        """Whether this element is itself written: as part of a table, a list or a quote."""
        tag = node.tag
        if tag in _PARTS:
            return self._inside(*_PARTS[tag])
        if tag == "table":
            return is_data_table(node)
        return tag in (*_LISTS, "blockquote") and len(self.open) < _DEEPEST

    def _inside(self, *tags: str) -> bool:
        return bool(self.open) and self.open[-1].tag in tags

    def _flush(self, kind: str = "") -> None:
        """Write what has been collected; in paragraphs an empty line parts two of them."""
        if self.paragraph.is_blank:
            self.paragraph.clear()
            return
        kind = kind or self.kinds[-1]
        if kind == "pre":
            text = self.paragraph.take_text()
            if text.strip():
                self._block(escape(text, quote=False), "pre")
            return
        lines = self.paragraph.take()
        if kind != "p":
            lines = [line for line in lines if line]
        for is_stanza, stanza in groupby(lines, bool):
            if is_stanza:
                self._block("<br>".join(stanza), kind)

    def _block(self, html: str, tag: str) -> None:
        if not self.open:
            self.out.append(f"<{tag}>{html}</{tag}>")
        elif self._inside("td", "th"):
            first = self.out[-1].startswith(("<td", "<th"))
            self.out.append(html if first else f"<br>{html}")
        elif self._inside(*_LISTS):
            self.out += ["<li>", f"<{tag}>{html}</{tag}>", "</li>"]
        else:
            self.out.append(f"<{tag}>{html}</{tag}>")

    def _embed(self, shown: Embed) -> None:
        self._flush()
        kind, url, text = shown
        self.paragraph.add_text(f"{kind}：", PLAIN)
        self.paragraph.add_text(visible(text), Style(url))
        self._flush("p")

    def _document(self, shown: Embed, viewer: _Element) -> Embed:
        """Return a document by its own address and title if its viewer has them in a noscript."""
        if "DC-embed" not in (viewer.get("class") or ""):
            return shown
        near = (n for after in islice(viewer.itersiblings(), 3) for n in after.iter("noscript"))
        self.fallback = next(near, None)
        link = self.fallback.find(".//a") if self.fallback is not None else None
        if link is None:
            return shown
        kind, url, text = shown
        title = one_line("".join(link.itertext()))
        return kind, absolute_url(link.get("href") or "", url) or url, title or text

    # ---- pictures

    def _image(self, node: _Element) -> None:
        src = picture_url(node, self.base)
        if src is None:
            return
        self.last_image = src
        if self.kinds[-1] == "pre":
            self._flush()
        style = self.styles[-1]
        href = (
            style.href
            if style.href and not _IMAGE_FILE_RE.search(urlsplit(style.href).path)
            else None
        )
        self.paragraph.add_image(src, one_line(node.get("alt") or ""), href)
        if self.kinds[-1] == "pre":
            self._flush("p")

    def _repeats(self, noscript: _Element) -> bool:
        """Whether a noscript only repeats the lazy picture or the document shown before it, or
        says no more than that a browser should be another."""
        images = [picture_url(image, self.base) for image in noscript.iter("img")]
        if noscript is self.fallback:
            return True
        repeated = all(src in (None, self.last_image) for src in images)
        return repeated and (bool(images) or noscript.find(".//a") is None)
