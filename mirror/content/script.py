"""Texts in the other script of Chinese, by zhconv-rs: characters alone, neither words nor quotation marks.

Its tables zh-Hant and zh-Hans change no words (zh-TW and zh-CN do); what they lack is in to_hant.txt and
to_hans.txt. Which converter errs least was measured: docs/decisions/0019-script-by-zhconv-rs.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import Literal

Converter = Callable[[str], str]

LANGUAGES: dict[str, Literal["zh-Hans", "zh-Hant"]] = {
    "": "zh-Hans",
    "hans": "zh-Hans",
    "hant": "zh-Hant",
}  # the source's edition is gb
# Forms that Taiwan's newspapers do not use, in whatever word they stand.
_VARIANTS: dict[str, dict[str, str]] = {
    "hans": {},
    "hant": {"着": "著", "鈎": "鉤", "裏": "裡"},
}
_END = r"\s<>\"'`“”‘’「」『』（）《》，。；：、！？"  # of an address in a text
_NAME_ENDINGS = "html?|pdf|jpe?g|png|gif|webp|mp[34]|docx?|xlsx?|pptx?|zip|txt|md|epub"
_ADDRESSES = (
    rf"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{{1,20}}://[^{_END}]*|(?<![a-z0-9.])www\.[^{_END}]+"
    rf"|(?<![\w-])[\w-]{{1,60}}\.(?:{_NAME_ENDINGS})(?!\w)"
)
_MARKUP = r"<(?P<code>code|pre)\b[^<>]*>.*?</(?P=code)\s*>|(?P<tag><[a-z][^<>]*>)|<!--.*?-->"
_IN_TEXT_RE = re.compile(_ADDRESSES, re.IGNORECASE)
_IN_HTML_RE = re.compile(f"{_MARKUP}|{_ADDRESSES}", re.IGNORECASE | re.DOTALL)
_IN_MARKDOWN_RE = re.compile(
    r"(?<![\\`])(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"  # code, in a line or in several
    r"|(?<=\]\()[^\s()]*"  # where a link leads
    f"|{_MARKUP}|{_ADDRESSES}",
    re.IGNORECASE | re.DOTALL,
)
_SHOWN_RE = re.compile(  # of a tag's attributes
    r"(?<=\s)(?:alt|title|aria-label|placeholder)=(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE
)


def text_in(script: str, text: str) -> str:
    """Return a text in a script, "" for the one that it has; addresses and names of files stay."""
    return _converted(script, text, _IN_TEXT_RE)


def html_in(script: str, html: str) -> str:
    """Return HTML in a script: what is read of it, the words for pictures among that, not what its
    attributes else hold, nor code."""
    return _converted(script, html, _IN_HTML_RE)


def markdown_in(script: str, markdown: str) -> str:
    """Return Markdown in a script; where its links lead, HTML's attributes and code stay."""
    return _converted(script, markdown, _IN_MARKDOWN_RE)


def _converted(script: str, text: str, kept: re.Pattern[str]) -> str:
    if not script:
        return text
    convert, parts, end = _converter(script), [], 0
    for found in kept.finditer(text):
        parts += [convert(text[end : found.start()]), _tag(convert, found)]
        end = found.end()
    return "".join([*parts, convert(text[end:])])


def _tag(convert: Converter, kept: re.Match[str]) -> str:
    """Return what is kept; of a tag, what is shown of its attributes is converted all the same."""
    if not kept.groupdict().get("tag"):
        return kept[0]
    return _SHOWN_RE.sub(lambda found: convert(found[0]), kept[0])


@cache
def _converter(script: str) -> Converter:
    from zhconv_rs import make_converter  # no other run loads it

    words = dict(table(script))
    as_they_are = {form: form for form in words.values()}  # what is in the script by now stays
    convert = make_converter(LANGUAGES[script], list({**as_they_are, **words}.items()))

    def converted(text: str) -> str:
        text = convert(text)
        for form, other in _VARIANTS[script].items():
            text = text.replace(form, other)
        return text

    return converted


def table(script: str) -> Iterator[tuple[str, str]]:
    """Yield the project's own words for a script: as they are written in the other one, and in it."""
    text = (files("mirror.content") / f"to_{script}.txt").read_text("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            word, form = line.split()
            yield word, form
