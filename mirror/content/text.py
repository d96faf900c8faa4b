"""Characters: which ones are shown, and where white space counts."""

from __future__ import annotations

import re

# Nothing a reader sees: controls, zero-width pastes, direction overrides (Unicode TR #36), halves
# of surrogate pairs. Joiners (U+200C, U+200D) stay: emoji and several scripts are spelt with them.
_UNSEEN_RE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\u202d\u202e"
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SPACES_RE = re.compile(r"(?! \S)\s+")  # more than a space between two words
_BLANKS_RE = re.compile("[ \t\u2028\u2029]+")
_CJK_RE = re.compile(
    "[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\u3000-\u303f\u2018-\u201d\u2026\u2014\U00020000-\U0003ffff]"
)


def visible(text: str) -> str:
    """Return the text without characters that show nothing or turn the direction of others."""
    return _UNSEEN_RE.sub("", text)


def one_line(text: str) -> str:
    """Return the visible text with all white space folded, for a title, a caption or an alt text."""
    return " ".join(visible(text).split())


def fold_spaces(spaces: str, before: str, after: str) -> str:
    """Return what is left of a run of white space between two characters ("" at a line's edge).

    A line break in the source inside Chinese text is no space: Chinese is set without them.

    >>> fold_spaces("\\n  ", "国", "家"), fold_spaces("\\n", "a", "b"), fold_spaces(" ", "国", "家")
    ('', ' ', ' ')
    """
    if not before:
        return "".join(
            c for c in spaces if c == "\u3000"
        )  # the indentation of a paragraph or verse
    if not after:
        return ""
    if "\n" in spaces or "\r" in spaces:
        return "" if _CJK_RE.match(before) and _CJK_RE.match(after) else " "
    return _BLANKS_RE.sub(" ", spaces)


def fold_inside(words: str) -> str:
    """Return a text that starts and ends with a word with the white space in between folded."""
    if " ".join(words.split()) == words:
        return words
    return _SPACES_RE.sub(lambda m: fold_spaces(m[0], words[m.start() - 1], words[m.end()]), words)


def split_edges(text: str) -> tuple[str, str, str]:
    """Return the white space at the start (all there is, if no words), the words, that at the end.

    >>> split_edges(" a b\\n"), split_edges(" ")
    ((' ', 'a b', '\\n'), (' ', '', ''))
    """
    rest = text.lstrip()
    words = rest.rstrip()
    return text[: len(text) - len(rest)], words, rest[len(words) :]
