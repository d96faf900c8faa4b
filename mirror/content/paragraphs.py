"""One paragraph in the making: pieces of text, pictures and line breaks, each with its marks."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from mirror.content.text import fold_inside, fold_spaces, split_edges

_MARKS = ("sup", "sub", "del", "strong", "em")  # outermost first; a link is outside of all
_RAISED = frozenset(("sup", "sub"))


class Style(NamedTuple):
    """What surrounds a piece: the link it is in (None: none) and the marks on it."""

    href: str | None = None
    marks: frozenset[str] = frozenset()

    def tags(self) -> list[str]:
        """Return the opening tags, outermost first; "" stands for no link."""
        link = f'<a href="{escape(self.href)}">' if self.href else ""
        return [link, *(f"<{m}>" for m in _MARKS if m in self.marks)]


class Piece(NamedTuple):
    """A stretch of text, or a picture (`html` is set)."""

    text: str
    style: Style
    html: str = ""


PLAIN = Style()


class Paragraph:
    """Collects pieces and gives them back as clean inline HTML, one string for each line."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.lines: list[list[Piece]] = [[]]
        self.is_blank = True  # whether nothing but white space was added, if anything

    def add_text(self, text: str | None, style: Style) -> None:
        """Add visible text, if any, as it stands in the source."""
        if text:
            self.lines[-1].append(Piece(text, style))
            self.is_blank = self.is_blank and text.isspace()

    def add_image(self, src: str, alt: str, href: str | None) -> None:
        """Add a picture by its absolute address, with the link it stands in, if any."""
        image = f'<img src="{escape(src)}" alt="{escape(alt)}">'
        self.lines[-1].append(Piece("", Style(href), image))
        self.is_blank = False

    def break_line(self) -> None:
        """Start another line."""
        self.lines.append([])
        self.is_blank = False

    def start_line(self) -> None:
        """Start another line unless nothing stands in the last one."""
        if any(piece.html or not piece.text.isspace() for piece in self.lines[-1]):
            self.break_line()

    def take(self) -> list[str]:
        """Return the lines so far ("" for an empty one) and start anew."""
        lines = self.lines
        self.clear()
        return [_line(pieces) for pieces in lines]

    def take_text(self) -> str:
        """Return the text so far as it stands, and start anew."""
        lines = self.lines
        self.clear()
        text = "\n".join("".join(piece.text for piece in pieces) for pieces in lines)
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(pieces: list[Piece]) -> str:
    if all(piece.style == PLAIN and not piece.html for piece in pieces):
        return plain_line("".join(piece.text for piece in pieces))
    html: list[str] = []
    opened: list[str] = []  # tags stay open from one style to the next where both have them
    for style, alike in groupby(_folded(pieces), key=attrgetter("style")):
        group = list(alike)
        tags = _fitting(style, group).tags() if style != PLAIN else []
        kept = next((n for n, tag in enumerate(opened) if tag not in tags), len(opened))
        html += map(_closing, reversed(opened[kept:]))
        opened[kept:] = [tag for tag in tags if tag not in opened[:kept]]
        html += opened[kept:]
        html += (piece.html or escape(piece.text, quote=False) for piece in group)
    html += map(_closing, reversed(opened))
    return "".join(html)


def plain_line(text: str) -> str:
    """Return a line of nothing but plain text as inline HTML; "" for white space alone."""
    if text.split() == [text]:  # no white space anywhere, as in most Chinese paragraphs
        return escape(text, quote=False)
    start, words, _ = split_edges(text)
    if not words:
        return ""
    kept = fold_spaces(start, "", words) if start else ""
    return escape(kept + fold_inside(words), quote=False)


def _fitting(style: Style, pieces: list[Piece]) -> Style:
    """Return what is left of a style on white space, or on punctuation, alone."""
    if any(piece.html or any(map(str.isalnum, piece.text)) for piece in pieces):
        return style
    spaces = all(piece.text.isspace() for piece in pieces)
    return PLAIN if spaces else Style(style.href, style.marks & _RAISED)


def _closing(tag: str) -> str:
    return "</a>" if tag.startswith("<a ") else tag.replace("<", "</")


def _folded(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield the pieces with their white space folded as one text, whatever tags it stands in."""
    before = ""
    gap: list[Piece] = []
    for piece in pieces:
        start, words, end = split_edges(piece.text)
        if start:
            gap.append(Piece(start, piece.style))
        if not words and not piece.html:
            continue
        spaces = "".join(space.text for space in gap)
        if kept := fold_spaces(spaces, before, words or "!"):
            yield Piece(kept, gap[-1].style)
        yield Piece(fold_inside(words), piece.style, piece.html)
        gap = [Piece(end, piece.style)] if end else []
        before = words or "!"
