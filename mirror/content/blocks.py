"""The blocks that nearly all articles consist of as Markdown, without a parser: paragraphs, headings,
and quotes and lists of these.

Clean HTML (see `cleaning.clean`) has each paragraph and heading, and each tag around them, on a line
of its own.
"""

from __future__ import annotations

import re
from html import unescape

from mirror.content.escaping import escape, escape_last_hashes, escape_start
from mirror.content.inline import inline_markdown

_TEXT_RE = re.compile(r"<(p|h[456])>(.*)</\1>")
_INDENTED_TAG_RE = re.compile("<p>\u3000+<")  # within others, markdownify takes the spaces away
_LIST_RE = re.compile(r'<(ul|ol)(?: start="(\d+)")?( type="\w+")?>')


def text_markdown(line: str) -> str | None:
    """Return a paragraph or heading as Markdown, None if it takes a parser."""
    is_paragraph = line.startswith("<p>") and line.endswith("</p>")
    if is_paragraph and line.count("<") == line.count("<br>") + 2:
        lines = (escape(unescape(part)) for part in line[3:-4].split("<br>"))
        return escape_start("  \n".join(lines).strip(" \n"))  # not U+3000: it indents
    found = _TEXT_RE.fullmatch(line)
    if not found:
        return None
    tag, html = found.groups()
    text = inline_markdown(html, "  \n" if tag == "p" else "<br>")
    if text is None or tag == "p":
        return text and escape_start(text.strip(" \n"))
    text = escape_last_hashes(text.strip())
    return f"{'#' * int(tag[1])} {text}" if text else ""


def nest_markdown(lines: list[str]) -> str | None:
    """Return a quote or a list of paragraphs and headings as Markdown, None if it takes a parser."""
    if any(map(_INDENTED_TAG_RE.match, lines)):
        return None
    if lines[0] == "<blockquote>":
        return _quote(lines[1:-1])
    found = _LIST_RE.fullmatch(lines[0])
    if not found:
        return None
    tag, start, apart = found.groups()
    return _list(lines[1:-1], tag, int(start or 1), apart)


def bullet(tag: str, number: int, apart: str | None) -> str:
    """Return the bullet of a list's item. `apart` is set for a list right behind one of its kind: with
    the same bullets Markdown would make one list of them.

    >>> bullet("ol", 3, None), bullet("ol", 3, "1"), bullet("ul", 1, "circle")
    ('3. ', '3) ', '* ')
    """
    if tag == "ul":
        return "* " if apart else "- "
    return f"{number}) " if apart else f"{number}. "


def list_item(mark: str, text: str) -> str:
    """Return an item of a list, its lines indented by the width of its bullet."""
    indent = " " * len(mark)
    return mark + re.sub(r"\n(?=.)", f"\n{indent}", text.strip(" \n"))


def _quote(lines: list[str]) -> str | None:
    text = _texts(lines)
    if not text:
        return text
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _list(lines: list[str], tag: str, start: int, apart: str | None) -> str | None:
    items: list[str] = []
    while lines:
        if lines[0] != "<li>":
            return None
        end = lines.index("</li>")
        text = _texts(lines[1:end])
        if text is None:
            return None
        items.append(list_item(bullet(tag, start + len(items), apart), text))
        lines = lines[end + 1 :]
    return "\n".join(items)


def _texts(lines: list[str]) -> str | None:
    blocks = list(map(text_markdown, lines))
    if None in blocks:
        return None
    return "\n\n".join(filter(None, blocks))
