"""What keeps the text of an article from being markup on GitHub, and its emphasis from being text.

Every character that could be markup is escaped; emphasis is placed where CommonMark recognises it
between Chinese characters (commonmark-spec issue 650).
"""

from __future__ import annotations

import re
import unicodedata

from mirror.content.text import one_line, visible

_MARKUP_RE = re.compile(
    r"[\\`*_\[\]<>|~$^]|&(?=#?\w{0,40}(?:;|$))|!$|(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE
)
_PERHAPS_MARKUP_RE = re.compile(r"[\\`*_\[\]<>|~$^&!:.]")  # found ten times as quickly
# After these GFM makes a link of an address, escaped or not, that leads nowhere: always after xmpp:,
# after mailto: if one of .+-_ stands before it or two @ behind it (postprocess_text in cmark-gfm's
# extensions/autolink.c, 0.29.0.gfm.13).
_BEFORE_ADDRESS_RE = re.compile(
    r"(?<=xmpp:)|(?<=[.+_-]mailto:)|(?<=mailto:)(?=[\w.+-]*@[\w.-]*@)", re.ASCII | re.IGNORECASE
)
_NOTHING_SHOWN = "<!-- -->"
_LINE_START_RE = re.compile(r"(\s*)(?:([#+\-=:])|(\d{1,9})([.)])(?=\s|$))")
_LAST_HASHES_RE = re.compile(r"(?<!#)#+\s*$")
_TOKEN_RE = re.compile(r"\\.|.", re.DOTALL)
_IN_ADDRESS_RE = re.compile(r"[\s()<>\[\]\\`|\"'{}^*_~$]|&(?=#?\w{1,40};)")
_EDGES = {"Zs", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"}


def escape_line(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is, in a heading or a paragraph.

    >>> print(escape_line("# 1. [a](b) *c* C #"))
    \\# 1. \\[a\\](b) \\*c\\* C \\#
    """
    return escape_start(_LAST_HASHES_RE.sub(r"\\\g<0>", escape(one_line(text))))


def escape_address(url: str) -> str:
    """Return an address that can stand in the brackets of a Markdown link."""
    return _IN_ADDRESS_RE.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), visible(url))


def escape(text: str) -> str:
    """Return a text with all that could be markup within a line escaped."""
    if not _PERHAPS_MARKUP_RE.search(text):
        return text
    parts = _BEFORE_ADDRESS_RE.split(text) if "@" in text else [text]
    return _NOTHING_SHOWN.join(_MARKUP_RE.sub(r"\\\g<0>", part) for part in parts)


def escape_start(text: str) -> str:
    """Escape what would start a heading, a list, a rule or a table at the start of a line."""
    return "\n".join(map(_escape_line_start, text.split("\n")))


def _escape_line_start(line: str) -> str:
    found = _LINE_START_RE.match(line)
    if not found:
        return line
    sign = found.start(2) if found[2] else found.start(4)
    return f"{line[:sign]}\\{line[sign:]}"


def escape_alt(text: str) -> str:
    """Return a picture's alternative text as it can stand in Markdown."""
    return _MARKUP_RE.sub(r"\\\g<0>", text)


def escape_last_hashes(text: str) -> str:
    """Escape what would close a heading at its end."""
    return _LAST_HASHES_RE.sub(r"\\\g<0>", text)


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
    return "".join([*tokens[:first], mark, *tokens[first:last], mark, *tokens[last:]])


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
