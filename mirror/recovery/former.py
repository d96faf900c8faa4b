"""Pages as earlier versions wrote them: with the templates of the classic theme and other escapes."""

from __future__ import annotations

import re

from mirror.content.escaping import reference
from mirror.content.text import one_line
from mirror.pages.rendering import Renderer

_MARKUP_RE = re.compile(
    r"[\\`*_\[\]<>|~$^]|&(?=#?\w{0,40}(?:;|$))|!$|(?<=[a-z]):(?=//)|(?<=www)\.", re.IGNORECASE
)
_BEFORE_ADDRESS_RE = re.compile(
    r"(?<=xmpp:)|(?<=[.+_-]mailto:)|(?<=mailto:)(?=[\w.+-]*@[\w.-]*@)", re.ASCII | re.IGNORECASE
)
_LINE_START_RE = re.compile(r"([#+\-=:])|(\d{1,9})([.)])(?=\s|$)")
_LAST_HASHES_RE = re.compile(r"(?<!#)#+\s*$")
_FENCE_RE = re.compile(r"^(?:> |   +)*(`{3,})$.*?^(?:> |   +)*\1$", re.MULTILINE | re.DOTALL)
_ESCAPED_RE = re.compile(r"\\(.)", re.DOTALL)


def former_renderer(theme: str, public_url: str, beacon_url: str = "") -> Renderer:
    """Return the renderer of the pages that an earlier version wrote with the same settings."""
    found = Renderer(theme, public_url, beacon_url, last="classic")
    found.environment.filters |= {"line": former_line, "alt": former_line}
    return found


def former_line(text: str) -> str:
    r"""Return a text as one line of Markdown as it was escaped.

    >>> print(former_line("# 甲|乙~丙 #"))
    \# 甲\|乙\~丙 \#
    """
    parts = _BEFORE_ADDRESS_RE.split(one_line(text)) if "@" in text else [one_line(text)]
    escaped = "<!-- -->".join(_MARKUP_RE.sub(r"\\\g<0>", part) for part in parts)
    escaped = _LAST_HASHES_RE.sub(r"\\\g<0>", escaped)
    if found := _LINE_START_RE.match(escaped):
        sign = found.start(3) if found[3] else found.start(1)
        return f"{escaped[:sign]}\\{escaped[sign:]}"
    return escaped


def renewed(markdown: str) -> str:
    r"""Return Markdown of an earlier version with the escapes of today; code stays as it is.

    >>> print(renewed(r"\*甲\* 10\~20 \|"))
    \*甲\* 10&#126;20 &#124;
    """
    parts, end = [], 0
    for fence in _FENCE_RE.finditer(markdown):
        parts += [_renewed(markdown[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join([*parts, _renewed(markdown[end:])])


def _renewed(markdown: str) -> str:
    return _ESCAPED_RE.sub(lambda found: reference(found[1]) or found[0], markdown)
