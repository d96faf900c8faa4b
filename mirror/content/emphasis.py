"""Emphasis, put where CommonMark recognises it between Chinese characters (commonmark-spec issue 650)."""

from __future__ import annotations

import re
import unicodedata

# What escaping.py made of one character is one token.
_TOKEN_RE = re.compile(r"<span>&#36;</span>|<!-- -->|&#?\w+;|\\.|.", re.DOTALL)
_EDGES = {"Zs", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"}


def emphasis(tag: str, text: str, mark: str, before: str, after: str) -> str:
    """Put marks round a text, moved inwards past white space and past the punctuation at which
    CommonMark would not take them for emphasis; the tag itself where they cannot be moved.

    `before` and `after` are the characters beside it as Markdown will have them, "" at a line's edge.
    """
    tokens = _TOKEN_RE.findall(text)
    first, last = 0, len(tokens)
    if "*" in (before, after) or "~" in (before, after):
        return tagged(tag, text)
    while first < last and not _may_touch(tokens[first], tokens[first - 1] if first else before):
        first += 1
    while last > first and not _may_touch(
        tokens[last - 1], tokens[last] if last < len(tokens) else after
    ):
        last -= 1
    moved = tokens[:first] + tokens[last:]
    if first == last or any(token in "*~<>" for token in moved):
        return tagged(tag, text)
    if _is_marked_at_both_ends(tokens[first:last]):
        return tagged(tag, text)
    return "".join([*tokens[:first], mark, *tokens[first:last], mark, *tokens[last:]])


def _is_marked_at_both_ends(tokens: list[str]) -> bool:
    """Whether a text starts and ends in italics, with other text in between: of `***a*b*c***` the
    first three stars are taken for other marks than they were meant for."""
    return tokens[0] == tokens[-1] == "*" and tokens.count("*") > 2


def tagged(tag: str, text: str) -> str:
    """Return a text in a tag, for what Markdown has no marks for."""
    return f"<{tag}>{text}</{tag}>"


def _may_touch(inside: str, outside: str) -> bool:
    """Whether a mark between these two characters is emphasis (CommonMark: flanking delimiters)."""
    if inside[-1].isspace():
        return False
    return unicodedata.category(inside[-1])[0] in "LN" or _is_edge(outside[-1:])


def _is_edge(character: str) -> bool:
    return character in ("", "\n") or unicodedata.category(character) in _EDGES
