"""The part of a page's text that is worth parsing: menus, scripts and lists of other articles take
most of it, and of the time."""

from __future__ import annotations

import re
from typing import NamedTuple

_SCRIPT_RE = re.compile(r"<(script|style)\b[^<>]*>")
_STRUCTURED = "application/ld+json"  # of a script that is data: when an article was published


class CutMarks(NamedTuple):
    """Between which marks in the text of its page an article lies, with all that belongs to it."""

    starts: tuple[str, ...]  # the tag that has the first of them is the first to be kept
    end: str  # the last one of these
    behind: tuple[str, ...]  # from the first of them after the end on, nothing belongs to it


def cut_out(html: str, bounds: CutMarks) -> str:
    """Return a page's head and its article, with structured data from wherever it stands; all of the
    page if the marks do not stand in order."""
    head, last = html.find("</head>"), html.rfind(bounds.end)
    start = _earliest(html, bounds.starts, len(html), head)
    if not 0 <= head < start < last:
        return html
    kept = _without_scripts(html[:head])
    if any(mark in kept for mark in bounds.starts):
        return html
    start = html.rfind("<", 0, start + 1)
    end = _earliest(html, bounds.behind, len(html), last)
    data = _structured(html, head, start) + _structured(html, end, len(html))
    return kept + html[start:end] + data


def _without_scripts(head: str) -> str:
    """Return a head without its scripts and styles, which are most of it, but with structured data."""
    kept, start = [], 0
    while opening := _SCRIPT_RE.search(head, start):
        closing = f"</{opening[1]}>"
        found = head.find(closing, opening.end())
        if found < 0:
            break
        end = found + len(closing)
        kept.append(head[start : end if _STRUCTURED in opening[0] else opening.start()])
        start = end
    return "".join(kept) + head[start:]


def _structured(html: str, start: int, end: int) -> str:
    """Return the structured data between two places of a page."""
    found = []
    while (mark := html.find(_STRUCTURED, start, end)) >= 0:
        opening, closing = html.rfind("<script", start, mark), html.find("</script>", mark, end)
        if min(opening, closing) < 0:
            break
        start = closing + len("</script>")
        found.append(html[opening:start])
    return "".join(found)


def _earliest(html: str, marks: tuple[str, ...], end: int, start: int = 0) -> int:
    """Return where the first of some marks stands, the end if none does before it."""
    for mark in marks:
        found = html.find(mark, start, end)
        end = found if found >= 0 else end
    return end
