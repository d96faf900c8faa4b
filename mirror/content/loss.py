"""Whether the text of an article's body is in its Markdown, as far as a browser would show it."""

from __future__ import annotations

import re
from html import unescape

import nh3

_HIDDEN = (
    *("script", "style", "template", "noscript", "noframes", "title", "svg", "button", "select"),
    *("textarea", "iframe", "object", "video", "audio", "canvas", "applet"),
)
_READ = (  # what a text may stand in; others are read as if they were not there
    *("p", "div", "br", "hr", "span", "a", "b", "strong", "i", "em", "u", "s", "del", "sup", "sub"),
    *("font", "center", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "thead", "tbody", "tr", "td", "th", "caption", "figure", "figcaption", "img"),
    *("blockquote", "pre", "section", "article", "q", "ruby", "rt", "rp", "small", "code"),
)
_READER = nh3.Cleaner(  # it parses as browsers do, the parser of the body otherwise
    tags=set(_READ), attributes={}, clean_content_tags=set(_HIDDEN), link_rel=None
)
_TAG_RE = re.compile("<[^<>]*>")
# No more than a browser takes for a tag, so that what stands between two of them is all that it shows.
_SURE_TAG_RE = re.compile("</?[a-zA-Z][^<>]*>")
_LITERAL_RE = re.compile("<(?:xmp|plaintext)", re.IGNORECASE)  # tags in it are text
_NO_LETTERS_RE = re.compile(r"[^\w\n]+|_")
# Of a link or picture. A look behind that comes first would be tried at each character.
_ADDRESS_RE = re.compile(r"\](?<!\\\])\([^()\s]*\)")
_MAX_LITTLE_LETTERS = 20
_MAX_LITTLE_SHARE = 0.1  # of all letters
_MAX_NAMED_LETTERS = 60


def lost_text(body: str, markdown: str) -> str:
    """Return the start of the texts that a body has and its Markdown lacks, "" if they are little.

    Letters and digits alone are compared, wherever they stand.

    >>> lost_text("<p>一二三</p><p>四，五六</p>", "一二三")
    '四五六'
    >>> lost_text("<p>一二三四五六七<b>八九</b></p><button>分享</button>", "一、二、三四五六七 **八九**")
    ''
    """
    page = _TAG_RE.sub("", _ADDRESS_RE.sub("", markdown))
    sure = not _LITERAL_RE.search(body)
    parts = [part for part in _SURE_TAG_RE.split(body) if part.strip() not in page] if sure else []
    if sure and not parts:
        return ""  # the most articles, in a tenth of the time
    page = _letters(page).replace("\n", "")
    if sure and all(_letters(part).replace("\n", "") in page for part in parts):
        return ""  # the most of the others
    texts = _letters(_TAG_RE.sub("\n", _READER.clean(body))).split("\n")
    lost = [text for text in texts if text not in page]
    count = sum(map(len, lost))
    if count <= _MAX_LITTLE_LETTERS and count <= _MAX_LITTLE_SHARE * sum(map(len, texts)):
        return ""
    return " … ".join(lost)[:_MAX_NAMED_LETTERS]


def _letters(text: str) -> str:
    return _NO_LETTERS_RE.sub("", unescape(text))
