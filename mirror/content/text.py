"""Characters: which ones are shown, and where white space counts."""

from __future__ import annotations

import re

# Nothing a reader sees: controls, zero-width pastes, marks of direction, invisible operators, anchors of
# annotations, halves of surrogate pairs.
# Joiners (U+200C, U+200D) stay: emoji and several scripts are spelt with them.
_UNSEEN_RE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b\u200e\u200f"
    "\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# Overrides turn the order of letters round, so that a text is not read as it is written (Unicode TR #36);
# embeddings and isolates (UAX #9) are an author's, unless they come with them.
_OVERRIDES = ("\u202d", "\u202e")
_DIRECTIONS_RE = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACES_RE = re.compile(r"(?! \S)\s+")  # more than a space between two words
_BLANKS_RE = re.compile("[ \t\u2028\u2029]+")
_EITHER = "\u2014\u2018-\u201d\u2026"  # dashes, quotes and dots of Chinese as of English text
_CJK = (  # without Hangul: Korean parts its words by spaces
    "\u2e80-\u312f\u3190-\u31ff\u3220-\u325f\u3280-\u9fff\uf900-\ufaff\ufe30-\ufe4f"
    "\uff00-\uff9f\uffe0-\uffef\U00020000-\U0003ffff"
)
_CJK_RE = re.compile(f"[{_CJK}]")
_SETS_NO_SPACE_RE = re.compile(f"[{_CJK}{_EITHER}]")
_CONTEXT_CHARACTERS = (
    4  # characters beside a line break that may tell the language of quotes and dashes
)


def visible(text: str) -> str:
    """Return the text without characters that show nothing or turn the order of others."""
    text = _UNSEEN_RE.sub("", text)
    if _OVERRIDES[0] in text or _OVERRIDES[1] in text:
        return _DIRECTIONS_RE.sub("", text)
    return text


def one_line(text: str) -> str:
    """Return the visible text with all white space folded, for a title, a caption or an alt text."""
    return " ".join(visible(text).split())


def fold_spaces(spaces: str, before: str, after: str) -> str:
    """Return what is left of white space between two texts, of which the nearest characters do ("" at
    a line's edge).

    A line break in the source inside Chinese text is no space: Chinese is set without them.

    >>> fold_spaces("\\n  ", "国", "家"), fold_spaces("\\n", "a", "b"), fold_spaces(" ", "国", "家")
    ('', ' ', ' ')
    """
    if not before:  # the indentation of a paragraph or verse
        return "".join(c for c in spaces if c == "\u3000")
    if not after:
        return ""
    if "\n" in spaces or "\r" in spaces:
        return "" if _is_set_without_space(before, after) else " "
    return _BLANKS_RE.sub(" ", spaces)


def _is_set_without_space(before: str, after: str) -> bool:
    if not (_SETS_NO_SPACE_RE.match(before[-1]) and _SETS_NO_SPACE_RE.match(after)):
        return False
    near = before[-_CONTEXT_CHARACTERS:] + after[:_CONTEXT_CHARACTERS]
    return bool(_CJK_RE.search(near)) or not any(map(str.isalnum, near))


def fold_inside(words: str) -> str:
    """Return a text that starts and ends with a word with the white space in between folded."""
    if " ".join(words.split()) == words:
        return words

    def folded(found: re.Match[str]) -> str:
        start, end = found.span()
        return fold_spaces(
            found[0],
            words[max(0, start - _CONTEXT_CHARACTERS) : start],
            words[end : end + _CONTEXT_CHARACTERS],
        )

    return _SPACES_RE.sub(folded, words)


def split_edges(text: str) -> tuple[str, str, str]:
    """Return the white space at the start (all there is, if no words), the words, that at the end.

    >>> split_edges(" a b\\n"), split_edges(" ")
    ((' ', 'a b', '\\n'), (' ', '', ''))
    """
    rest = text.lstrip()
    words = rest.rstrip()
    return text[: len(text) - len(rest)], words, rest[len(words) :]
