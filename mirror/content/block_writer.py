"""Clean blocks one below the other, each inside the quotes, lists and tables that it stands in."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from mirror.content.lists import LISTS, Numbering
from mirror.content.tables import is_data_table, square

if TYPE_CHECKING:
    from lxml.etree import _Element

STRUCTURES = frozenset((*LISTS, "li", "blockquote", "table", "tr", "td", "th", "hr"))
_PARTS = {"tr": ("table",), "td": ("tr",), "th": ("tr",)}
_CELLS = ("td", "th")
_NESTED = (*LISTS, "blockquote", "table")  # in a list these belong to an item
_MAX_DEPTH = 6  # quotes and lists within each other
_TAGS = {"menu": "ul", "dir": "ul"}  # others are written as they are
_APART = {"ol": ' type="1"', "ul": ' type="circle"'}  # a list right behind one of its kind


class _List(Numbering):
    """A list that we are in, and how much of it is written."""

    def __init__(self, node: _Element):
        super().__init__(node)
        self.tag = _TAGS.get(node.tag, node.tag)
        self.is_written = self.is_apart = False
        self.next_shown = 1  # the number that Markdown gives to the next item

    def opening(self, number: int) -> str:
        """Return the tag that starts the list, or goes on with it, at a number."""
        start = f' start="{number}"' if self.tag == "ol" and number != 1 else ""
        return f"<{self.tag}{start}{_APART[self.tag] if self.is_apart else ''}>"


class BlockWriter:
    """Writes blocks as their elements are entered and left; `lines` is what is written so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.open: list[_Element] = []  # the quotes, lists, items, tables and cells that we are in
        self.lists: list[_List] = []  # that we are in, written as such or not
        self.label = ""  # the number of an item, to be written as text
        self.doubt = ""  # a line to be written unless something better takes its place
        self.was_apart = False  # whether the list that was closed last was set apart

    def is_inside(self, *tags: str) -> bool:
        """Whether the innermost element that is open is one of these."""
        return bool(self.open) and self.open[-1].tag in tags

    def is_in_cell(self) -> bool:
        """Whether this is a table's cell, in which only lines of text and pictures can be."""
        return self.is_inside(*_CELLS)

    def enter(self, node: _Element) -> None:
        """Open an element of STRUCTURES if it is written as such."""
        numbering = _List(node) if node.tag in LISTS else None
        is_written = self._is_written(node, numbering)
        if is_written:
            self.settle()
            self._open(node, numbering)
        elif node.tag == "li" and self.lists and not self.lists[-1].is_written:
            self.label += self.lists[-1].write(self.lists[-1].number(node))
        if numbering:
            numbering.is_written = is_written
            self.lists.append(numbering)

    def leave(self, node: _Element) -> None:
        """Close an element of STRUCTURES if it was opened."""
        if node.tag == "li":
            self.label = ""
        left = self.lists.pop() if node.tag in LISTS else None
        if not (self.open and self.open[-1] is node):
            return
        self.settle()
        self.open.pop()
        is_kept = self._close(node.tag)
        if left:
            self.was_apart = left.is_apart
        if node.tag == "li" and is_kept:
            self.lists[-1].next_shown += 1
        if node.tag in _NESTED and self.is_inside(*LISTS):
            self._close("li")

    def write(self, html: str, tag: str) -> None:
        """Write a block of text."""
        if self.doubt:
            self.settle()
        if self.label:
            html, self.label = self.label + html, ""
        if not self.open:
            self.lines.append(f"<{tag}>{html}</{tag}>")
            return
        if self.is_in_cell():
            html = html.replace("\n", "<br>")  # of preformatted text
            first = self.lines[-1].startswith(("<td", "<th"))
            self.lines.append(html if first else f"<br>{html}")
            return
        block = f"<{tag}>{html}</{tag}>"
        if not self.is_inside(*LISTS):
            self.lines.append(block)
        elif self.lines[-1] == "</li>":  # between two items: it belongs to the first
            self.lines[-1:] = [block, "</li>"]
        else:  # before all items, so before their list
            self.lines.insert(-1, block)

    def settle(self) -> None:
        """Write the line that waited for something better."""
        if self.doubt:
            line, self.doubt = self.doubt, ""
            self.write(escape(line, quote=False), "p")

    def _is_written(self, node: _Element, numbering: _List | None) -> bool:
        tag = node.tag
        if self.is_in_cell():
            return False
        if tag in _PARTS:
            return self.is_inside(*_PARTS[tag])
        if tag == "li":
            return self.is_inside(*LISTS) and self.lists[-1].is_written
        if tag == "hr":
            return not self.is_inside("li", *LISTS)
        if tag == "table":
            return is_data_table(node)
        return len(self.open) < _MAX_DEPTH and (numbering is None or numbering.is_markdown)

    def _open(self, node: _Element, numbering: _List | None) -> None:
        tag = node.tag
        if tag == "hr":
            self.lines.append("<hr>")
            return
        if tag == "table":
            square(node)
        if tag in _NESTED and self.is_inside(*LISTS):
            self._open_item_again()
        self.open.append(node)
        if numbering:
            follows = bool(self.lines) and self.lines[-1] == f"</{numbering.tag}>"
            numbering.is_apart = follows and not self.was_apart
            self.lines.append(numbering.opening(1))
        elif tag == "li":
            self._open_item(node)
        else:
            self.lines.append(f"<{tag}>")

    def _open_item(self, item: _Element) -> None:
        """Open an item; where Markdown would give it another number, in a list of its own."""
        numbering = self.lists[-1]
        number = numbering.number(item)
        if numbering.tag == "ol" and number != numbering.next_shown:
            if self.lines[-1] == "</li>":
                numbering.is_apart = not numbering.is_apart
                self.lines += ["</ol>", numbering.opening(number)]
            else:
                self.lines[-1] = numbering.opening(number)
            numbering.next_shown = number
        self.lines.append("<li>")

    def _open_item_again(self) -> None:
        """Go on with the item before, for a block between two items; before all of them, with one."""
        if self.lines[-1] == "</li>":
            self.lines.pop()
        else:
            self.lines.append("<li>")
            self.lists[-1].next_shown += 1

    def _close(self, tag: str) -> bool:
        """Write the end of an element, or take back its start if it is empty. Return whether it is kept."""
        tag = _TAGS.get(tag, tag)
        is_kept = tag in _CELLS or not self.lines[-1].startswith(f"<{tag}")
        if is_kept:
            self.lines.append(f"</{tag}>")
        else:
            self.lines.pop()
        return is_kept
