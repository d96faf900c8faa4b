"""What browsers add to the text in some tags: quotation marks, and what Markdown has no marks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_QUOTES = ("“”", "‘’")  # the outer ones, those within
_RUBY = ("rb", "rp", "rt", "rtc")
_FORMULA = (
    *("mi", "mn", "mo", "ms", "mtext", "mrow", "mstyle", "mfrac", "msqrt", "mroot", "msup"),
    *("msub", "msubsup", "mover", "munder", "munderover", "mfenced", "mpadded", "mtd"),
)
WORDY = frozenset(("q", *_RUBY, *_FORMULA))
_RAISED = {"msup": ("sup",), "msub": ("sub",), "msubsup": ("sub", "sup")}  # all parts but the first


class Words:
    """Gives the text to add before and after the content of a tag, in document order."""

    def __init__(self) -> None:
        self.quotes = 0  # that we are in
        self.is_reading = False  # whether a bracket with a pronunciation is open

    def before(self, node: _Element) -> str:
        """Return what stands before the content of one of the tags WORDY."""
        if node.tag == "q":
            self.quotes += 1
            return _QUOTES[(self.quotes - 1) % 2][0]
        if node.tag in _RUBY:
            return self._end_reading() + self._reading(node)
        if node.tag == "msqrt":
            return "√"
        around = node.getparent()
        is_first = around is None or around.tag != "mfrac" or around[0] is node
        return "" if is_first else "/"

    def after(self, node: _Element) -> str:
        """Return what stands behind the content of one of the tags WORDY."""
        if node.tag == "q":
            self.quotes -= 1
            return _QUOTES[self.quotes % 2][1]
        return self._end_reading() if node.tag in ("rt", "rtc") else ""

    def _reading(self, node: _Element) -> str:
        if node.tag == "rp":
            node.text = None  # brackets for browsers that know no ruby
            return ""
        has_own = node.tag == "rt" or (node.tag == "rtc" and node.find("rt") is None)
        if not has_own or not "".join(node.itertext()).strip():
            return ""
        self.is_reading = True
        return "（"

    def _end_reading(self) -> str:
        """Return the end of a bracket that is open: browsers end an rt where another begins."""
        was_reading, self.is_reading = self.is_reading, False
        return "）" if was_reading else ""


def formula_mark(node: _Element) -> str | None:
    """Return the mark of a part of a formula: "sup", "sub" or None."""
    around = node.getparent()
    marks = _RAISED.get(around.tag) if around is not None else None
    place = around.index(node) if marks else 0
    return marks[place - 1] if marks and 0 < place <= len(marks) else None
