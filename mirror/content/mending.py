"""HTML rewritten where libxml2 reads it otherwise than browsers do (html.spec.whatwg.org, "Parsing")."""

from __future__ import annotations

import re

_END_BREAK_RE = re.compile(r"</[bB][rR]\b[^>]*>")
_HEADING_RE = re.compile(  # with thirty tags in it, it is none that somebody forgot to close
    r"<[hH][1-6]\b[^<]*(?:<(?!/?[hH][1-6]\b)[^<]*){0,30}</[hH][1-6]\b"
)
_PARAGRAPH_TAG_RE = re.compile(r"</?[pP](?:[\s/][^>]*)?>")


def as_browsers_read(html: str) -> str:
    """Return HTML that libxml2 reads as browsers read the given one.

    >>> as_browsers_read("一</br>二")
    '一<br>二'
    >>> as_browsers_read("<h2><p>一</p></h2>")  # a paragraph would end the heading
    '<h2><br>一<br></h2>'
    >>> as_browsers_read("<h2>一</h3>二")  # the heading would not end
    '<h2>一</h2>二'
    """
    return _HEADING_RE.sub(_mended, _END_BREAK_RE.sub("<br>", html))


def _mended(heading: re.Match[str]) -> str:
    html = heading[0]
    if "<p" in html or "<P" in html:
        html = _PARAGRAPH_TAG_RE.sub("<br>", html)
    return html[:-1] + html[2]
