"""From a site's HTML of an article to plain blocks: paragraphs, headings, lists, quotes, tables.

What comes out holds only tags and attributes written here; nh3 has the last word all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import nh3
from lxml.etree import iterwalk
from parsel import Selector

from mirror.embeds import Embed, embed, post
from mirror.linking import absolute_url
from mirror.paragraphs import PLAIN, Paragraph, Style
from mirror.tables import is_data_table, square
from mirror.text import one_line, visible

if TYPE_CHECKING:
    from lxml.etree import _Element

_ALLOWED = {
    "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"},
    **{tag: set() for tag in "p h4 h5 h6 ul li blockquote pre table tr td th br hr "
                             "strong em del sup sub".split()},
}  # fmt: skip
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BELOW_TITLE = ("h4", "h5", "h6")  # the page's title is h3
_BLOCKS = frozenset(
    "address article aside body caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form header hgroup legend li main menu nav p section summary table tbody "
    "td tfoot th thead tr".split()
)
_UNSEEN = frozenset(
    "style template svg math button select textarea input noframes applet canvas link meta head title".split()
)
_EMBEDS = frozenset("iframe embed frame object video audio script".split())
_MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "del": "del", "s": "del",
          "strike": "del", "sup": "sup", "sub": "sub"}  # fmt: skip
_DEEPEST = 6  # quotes and lists within each other
_IMAGE_FILE_RE = re.compile(r"\.(?:jpe?g|png|gif|webp)$", re.IGNORECASE)
_PLACEHOLDER_RE = re.compile(r"^data:|/blank\.|/none\.|/placeholder|/spacer\.", re.IGNORECASE)
_LAZY = ("data-src", "data-original", "data-lazy-src", "src")


def clean(html: str, base: str, junk: Iterable[str], link: Callable[[str], str | None]) -> str:
    """Return an article's body as flat, safe HTML that Markdown can carry.

    `base` is the article's address, `junk` CSS selectors of what to leave out, `link` gives for the
    href of a link the one to publish, or None to keep its text alone.
    """
    page = Selector(visible(html) or " ", type="html")
    if selectors := ", ".join(junk):
        page.css(selectors).drop()
    writer = _Writer(base, link)
    writer.walk(page.root)
    return nh3.clean(
        "\n".join(writer.out),
        tags=set(_ALLOWED),
        attributes=_ALLOWED,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


class _Writer:
    """Walks a tree once, without recursion, and writes blocks as it leaves them."""

    def __init__(self, base: str, link: Callable[[str], str | None]):
        self.base = base
        self.link = link
        self.out: list[str] = []
        self.paragraph = Paragraph()
        self.styles = [PLAIN]
        self.open: list[str] = []  # the quotes, lists, items, tables and cells that we are in
        self.levels: dict[str, str] = {}
        self.tables: list[_Element] = []  # those written as tables
        self.last_image = ""

    def walk(self, root: _Element) -> None:
        used = sorted({node.tag for node in root.iter(*_HEADINGS)})
        self.levels = {tag: _BELOW_TITLE[min(n, 2)] for n, tag in enumerate(used)}
        skipped = None
        steps = iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, node in steps:
            if event == "start":
                if self._skips(node):
                    skipped = node
                    steps.skip_subtree()
                else:
                    self._enter(node)
                    self.paragraph.add_text(node.text or "", self.styles[-1])
                continue
            if event == "end":
                if node is skipped:
                    skipped = None
                else:
                    self._leave(node)
            if node is not root:
                self.paragraph.add_text(node.tail or "", self.styles[-1])
        self._flush()

    def _skips(self, node: _Element) -> bool:
        """Deal with an element that is written, or left out, as a whole."""
        tag = node.tag
        shown = embed(node, self.base) if tag in _EMBEDS or tag == "div" else None
        if shown:
            self._embed(shown, node)
        elif tag == "pre":
            self._flush()
            self._block(f"<pre>{escape(''.join(node.itertext()), quote=False)}</pre>")
        elif tag == "noscript":
            return self._repeats(node)
        elif tag == "form":
            return node.find(".//input") is not None
        return bool(shown) or tag == "pre" or tag in _UNSEEN or tag in _EMBEDS

    def _enter(self, node: _Element) -> None:
        tag = node.tag
        self.styles.append(self._style(node))
        if tag == "br":
            self.paragraph.break_line()
        elif tag == "img":
            self._image(node)
        elif tag == "figcaption" and any(self.paragraph.lines):
            self.paragraph.break_line()
        elif tag in _BLOCKS or tag in self.levels or tag in ("ul", "ol", "blockquote", "hr"):
            self._flush()
            self._open(node)

    def _leave(self, node: _Element) -> None:
        tag = node.tag
        self.styles.pop()
        if tag in self.levels:
            self._heading(self.levels[tag])
        elif tag in _BLOCKS or tag in ("ul", "ol", "blockquote", "hr"):
            self._flush()
            if shown := post(node, self.base):
                self._embed(shown, None)
            self._close(node)

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
        if tag == "table" and not self.tables and is_data_table(node):
            square(node)
            self.tables.append(node)
        if self._writes(node):
            self.open.append(tag)
            start = node.get("start") or ""
            self.out.append(
                f'<ol start="{start}">' if tag == "ol" and start.isdigit() else f"<{tag}>"
            )
        elif tag == "hr" and not self._inside("li", "td", "th"):
            self.out.append("<hr>")

    def _close(self, node: _Element) -> None:
        if not self.open or self.open[-1] != node.tag or not self._writes(node, leaving=1):
            return
        self.open.pop()
        if self.out[-1].startswith(f"<{node.tag}") and node.tag not in ("td", "th"):
            self.out.pop()  # nothing was written inside
        else:
            self.out.append(f"</{node.tag}>")
        if self.tables and node is self.tables[-1]:
            self.tables.pop()

    def _writes(self, node: _Element, leaving: int = 0) -> bool:
        """Whether this element is itself written: as part of a table, a list or a quote."""
        tag = node.tag
        if tag in ("table", "tr", "td", "th"):
            return bool(self.tables) and (tag != "table" or node is self.tables[-1])
        if tag == "li":
            return self._inside("ul", "ol") or bool(leaving)
        return (
            tag in ("ul", "ol", "blockquote")
            and not self.tables
            and len(self.open) - leaving < _DEEPEST
        )

    def _inside(self, *tags: str) -> bool:
        return bool(self.open) and self.open[-1] in tags

    def _flush(self) -> None:
        """Write what has been collected as paragraphs; an empty line parts two of them."""
        for lines in _stanzas(self.paragraph.take()):
            self._block("<br>".join(lines), "p")

    def _heading(self, level: str) -> None:
        lines = [line for line in self.paragraph.take() if line]
        if lines:
            self._block("<br>".join(lines), level)

    def _block(self, html: str, tag: str = "") -> None:
        if self._inside("li", "td", "th"):
            first = self.out[-1].startswith(("<li", "<td", "<th"))
            self.out.append(html if first else f"<br>{html}")
        elif self._inside("ul", "ol"):
            self.out.append(f"<li>{html}</li>")
        else:
            self.out.append(f"<{tag}>{html}</{tag}>" if tag else html)

    def _embed(self, shown: Embed, node: _Element | None) -> None:
        self._flush()
        kind, url, text = shown
        url, text = _document(node, url, text)
        self.paragraph.add_text(f"{kind}：", PLAIN)
        self.paragraph.add_text(text, Style(url))
        self._flush()

    # ---- pictures

    def _image(self, node: _Element) -> None:
        src = _source(node, self.base)
        if src is None:
            return
        self.last_image = src
        style = self.styles[-1]
        href = (
            style.href
            if style.href and not _IMAGE_FILE_RE.search(urlsplit(style.href).path)
            else None
        )
        self.paragraph.add_image(src, one_line(node.get("alt") or ""), href)

    def _repeats(self, noscript: _Element) -> bool:
        """Whether a noscript only repeats the lazy picture or the document shown before it."""
        images = [_source(image, self.base) for image in noscript.iter("img")]
        before = noscript.getprevious()
        if before is None and (parent := noscript.getparent()) is not None:
            before = parent.getprevious()
        document = before is not None and "DC-embed" in (before.get("class") or "")
        return document or (bool(images) and all(src in (None, self.last_image) for src in images))


def _source(image: _Element, base: str) -> str | None:
    """Return a picture's address, the lazy one first; None for placeholders and tracking pixels."""
    if image.get("width") in ("0", "1") or image.get("height") in ("0", "1"):
        return None
    sources = (image.get(name) for name in _LAZY)
    found = (absolute_url(s, base) for s in sources if s and not _PLACEHOLDER_RE.search(s.strip()))
    return next((url for url in found if url and not url.startswith("mailto:")), None)


def _document(viewer: _Element | None, url: str, text: str) -> tuple[str, str]:
    """Return a document's own address and title where its viewer has them in a noscript."""
    if viewer is None or "DC-embed" not in (viewer.get("class") or ""):
        return url, text
    for noscript in viewer.xpath("following::noscript[position() = 1]"):
        for a in noscript.iter("a"):
            return absolute_url(a.get("href") or "", url) or url, one_line(
                "".join(a.itertext())
            ) or text
    return url, text


def _stanzas(lines: list[str]) -> Iterable[list[str]]:
    stanza: list[str] = []
    for line in [*lines, ""]:
        if line:
            stanza.append(line)
        elif stanza:
            yield stanza
            stanza = []
