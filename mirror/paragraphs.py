"""One paragraph in the making: pieces of text, pictures and line breaks, each with its marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from mirror.text import fold_spaces, split_spaces, visible

_MARKS = ("sup", "sub", "del", "strong", "em")  # outermost first; a link is outside of all


@dataclass(frozen=True, slots=True)
class Style:
    """What surrounds a piece: the link it is in (None: none) and the marks on it."""

    href: str | None = None
    marks: frozenset[str] = frozenset()

    def open(self) -> str:
        link = f'<a href="{escape(self.href)}">' if self.href else ""
        return link + "".join(f"<{m}>" for m in _MARKS if m in self.marks)

    def close(self) -> str:
        marks = "".join(f"</{m}>" for m in reversed(_MARKS) if m in self.marks)
        return marks + ("</a>" if self.href else "")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, or a picture (`html` is set)."""

    text: str
    style: Style
    html: str = ""


PLAIN = Style()


class Paragraph:
    """Collects pieces and gives them back as clean inline HTML, one string for each line."""

    def __init__(self) -> None:
        self.lines: list[list[Piece]] = [[]]

    def add_text(self, text: str, style: Style) -> None:
        """Add text as it stands in the source."""
        if text := visible(text):
            self.lines[-1].append(Piece(text, style))

    def add_image(self, src: str, alt: str, href: str | None) -> None:
        """Add a picture by its absolute address, with the link it stands in, if any."""
        image = f'<img src="{escape(src)}" alt="{escape(alt)}">'
        self.lines[-1].append(Piece("", Style(href), image))

    def break_line(self) -> None:
        self.lines.append([])

    def take(self) -> list[str]:
        """Return the lines so far ("" for an empty one) and start anew."""
        lines, self.lines = self.lines, [[]]
        return [_line(pieces) for pieces in lines] if any(lines) else []


def _line(pieces: list[Piece]) -> str:
    html = []
    for style, group in groupby(_folded(pieces), key=lambda piece: piece.style):
        inner = "".join(piece.html or escape(piece.text, quote=False) for piece in group)
        html.append(style.open() + inner + style.close() if inner.strip() else inner)
    return "".join(html)


def _folded(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield the pieces with their white space folded as one text, whatever tags it stands in."""
    before, pending = "", None
    for word, spaces, piece in _words(pieces):
        if spaces:
            pending = Piece((pending.text if pending else "") + spaces, piece.style)
        if not word and not piece.html:
            continue
        if pending and (kept := fold_spaces(pending.text, before, word[:1] or "!")):
            yield Piece(kept, pending.style)
        pending = None
        yield Piece(word, piece.style, piece.html)
        before = word[-1:] or "!"


def _words(pieces: list[Piece]) -> Iterator[tuple[str, str, Piece]]:
    """Yield (word, "", piece) and ("", white space, piece) in order; a picture is an empty word."""
    for piece in pieces:
        if piece.html:
            yield "", "", piece
            continue
        for place, part in enumerate(split_spaces(piece.text)):
            if part:
                yield ("", part, piece) if place % 2 else (part, "", piece)
