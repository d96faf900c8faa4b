"""The part of a page's text that is worth parsing: menus, scripts and lists of other articles take
most of it, and of the time."""

from __future__ import annotations

import re
from typing import NamedTuple

_SCRIPT_RE = re.compile(r"\s*<(script|style)\b[^<>]*>")


class CutMarks(NamedTuple):
    """Between which marks in the text of its page an article lies, with all that belongs to it."""

    starts: tuple[str, ...]  # the tag that has the first of them is the first to be kept
    end: str  # the last one of these
    behind: tuple[str, ...]  # from the first of them after the end on, nothing belongs to it


def cut_out(html: str, bounds: CutMarks) -> str:
    """Return a page's head and its article; all of the page if the marks do not stand in order."""
    head, end = html.find("</head>"), html.rfind(bounds.end)
    start = _earliest(html, bounds.starts, len(html), head)
    if not 0 <= head < start < end:
        return html
    told = _without_scripts(html[:head])
    if any(mark in told for mark in bounds.starts):
        return html
    start = html.rfind("<", 0, start + 1)
    return told + html[start : _earliest(html, bounds.behind, len(html), end)]


def _without_scripts(head: str) -> str:
    """Return a head without its first scripts and styles, which are the most of it."""
    start = end = _earliest(head, ("<style", "<script"), len(head))
    while opening := _SCRIPT_RE.match(head, end):
        closing = f"</{opening[1]}>"
        found = head.find(closing, opening.end())
        if found < 0:
            break
        end = found + len(closing)
    return head[:start] + head[end:]


def _earliest(html: str, marks: tuple[str, ...], end: int, start: int = 0) -> int:
    """Return where the first of some marks stands, the end if none does before it."""
    for mark in marks:
        found = html.find(mark, start, end)
        end = found if found >= 0 else end
    return end
