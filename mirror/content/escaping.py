"""What keeps the text of an article from being markup in any renderer.

Every character that could be markup is escaped: with a backslash where all renderers of Markdown
know that, by a character reference elsewhere (Python-Markdown and kramdown show the backslash before
some).
"""

from __future__ import annotations

import re

from mirror.content.text import one_line, visible

_REFERENCES = {sign: f"&#{ord(sign)};" for sign in "~:^|=>"} | {"&": "&amp;", "<": "&lt;"}
# A formula begins with $ on GitHub even if that is escaped, but not inside of a tag ("Writing
# mathematical expressions" in GitHub's documentation).
_REFERENCES["$"] = "<span>&#36;</span>"
_NOTHING_SHOWN = "<!-- -->"
_MARKUP_RE = re.compile(  # each part begins with a sign of its own, which makes it fast
    r"\\|`|\*|\[|\]|\{|<|\||~|\$|\^"
    r"|_(?<![^\W_]_)|_(?![^\W_])"  # between two letters an underscore is one in all renderers
    r"|&(?=#?\w{0,40}(?:;|$))|!$|:(?<=[a-z]:)(?=//)|\.(?<=www\.)"
    r"|:(?<=\]:)",  # in kramdown a line's first link may define another one
    re.IGNORECASE,
)
_NAMED_PICTURE = r"(?=(?:[a-z_+-][\w+-]*|100|1234):)"  # what stands behind the first sign of :name:
# What homes find in the text of a page, escaped or not, unless it stands in two parts. GFM makes a
# link that leads nowhere of an address: always after xmpp:, after mailto: if one of .+-_ stands before
# it or two @ behind it (postprocess_text in cmark-gfm's extensions/autolink.c, 0.29.0.gfm.13). GitLab
# and Gitea make a link of @name to whoever has that name there, all of them a picture of :name:.
_PARTING_RE = re.compile(
    r"(?<=xmpp:)|(?<=[.+_-]mailto:)|(?<=mailto:)(?=[\w.+-]*@[\w.-]*@)"
    rf"|(?<=(?<!\w)@)(?=\w)|(?<=:){_NAMED_PICTURE}",
    re.ASCII | re.IGNORECASE,
)
_LINE_START_RE = re.compile(r"(\s*)(?:([#+\-=:>])|(\d{1,9})([.)])(?=\s|$))")
_LAST_HASHES_RE = re.compile(r"(?<!#)#+\s*$")
_IN_ALT_RE = re.compile(
    rf"[\\`\[\]<|]|^\^|&(?=#?\w{{0,40}}(?:;|$))|:{_NAMED_PICTURE}", re.ASCII | re.IGNORECASE
)
# Two of these, and what stands between them would be shown without them.
_PAIRS_IN_ALT = tuple(map(re.compile, (r"\*", "~", r"\$", r"(?<![^\W_])_|_(?![^\W_])")))
_IN_ADDRESS_RE = re.compile(r"[\s()<>\[\]\\`|\"'{}^*~$]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,40};)")


def escape_line(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is, in a heading or a paragraph.

    >>> print(escape_line("# 1. [a](b) *c* C #"))
    \\# 1. \\[a\\](b) \\*c\\* C \\#
    """
    return escape_start(escape_last_hashes(escape(one_line(text))))


def escape_address(url: str) -> str:
    """Return an address that can stand in the brackets of a Markdown link."""
    return _IN_ADDRESS_RE.sub(lambda m: "".join(f"%{b:02X}" for b in m[0].encode()), visible(url))


def escape(text: str) -> str:
    """Return a text with all that could be markup within a line escaped."""
    if "@" not in text and ":" not in text:
        return _MARKUP_RE.sub(_escaped, text)
    return _NOTHING_SHOWN.join(_MARKUP_RE.sub(_escaped, part) for part in _PARTING_RE.split(text))


def reference(sign: str) -> str | None:
    """Return what stands in place of a character before which some renderers show a backslash."""
    return _REFERENCES.get(sign)


def _escaped(found: re.Match[str]) -> str:
    return reference(found[0]) or f"\\{found[0]}"


def escape_start(text: str) -> str:
    """Escape what would start a heading, a list, a rule or a table at the start of a line."""
    if "\n" not in text:
        return _escape_line_start(text)
    return "\n".join(map(_escape_line_start, text.split("\n")))


def _escape_line_start(line: str) -> str:
    found = _LINE_START_RE.match(line)
    if not found:
        return line
    sign = found.start(2) if found[2] else found.start(4)
    escaped = reference(line[sign]) or f"\\{line[sign]}"
    return f"{line[:sign]}{escaped}{line[sign + 1 :]}"


def escape_alt(text: str) -> str:
    """Return a picture's alternative text as it can stand in Markdown.

    Only what would end it, make a tag or a table, or be left out is escaped: some renderers leave
    out what is (markdown-it 13 and 14).

    >>> print(escape_alt("[甲]乙~丙 *丁* a_b"), escape_alt("甲*乙"))
    \\[甲\\]乙~丙 \\*丁\\* a_b 甲*乙
    """
    text = _IN_ALT_RE.sub(_escaped, one_line(text))
    for sign in _PAIRS_IN_ALT:
        if len(sign.findall(text)) > 1:
            text = sign.sub(_escaped, text)
    return text.replace(_REFERENCES["$"], "&#36;")  # there are no tags in it


def escape_last_hashes(text: str) -> str:
    """Escape what would close a heading at its end."""
    return _LAST_HASHES_RE.sub(lambda found: found[0].replace("#", "\\#"), text)
