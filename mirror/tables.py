"""Tables: which hold data, and how spans become the plain grid that Markdown knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml.etree import SubElement

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_CELLS = 5000
_WIDEST = 40
_NOT_IN_CELLS = (
    "table", "figure", "img", "ul", "ol", "blockquote", "pre", "hr", "iframe", "video", "audio",
    "object", "embed", "script", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip


def is_data_table(table: _Element) -> bool:
    """Whether GitHub can show it as a table: a grid of text, not a layout of 2004."""
    if next(table.iterdescendants(*_NOT_IN_CELLS), None) is not None:
        return False
    rows = [list(row.iterchildren("*")) for row in table.iter("tr") if len(row)]
    if len(rows) < 2 or sum(map(len, rows)) > _MOST_CELLS:
        return False
    widths = [sum(_span(cell, "colspan") for cell in row) for row in rows]
    if any(cell.tag not in ("td", "th") for row in rows for cell in row):
        return False
    return 2 <= max(widths) <= _WIDEST and all(
        cell.getparent().tag == "tr" for cell in table.iter("td", "th")
    )


def square(table: _Element) -> None:
    """Give every row the same number of cells, empty ones where a cell spanned several."""
    held: dict[int, int] = {}  # column -> rows for which a cell above still spans it
    rows = [row for row in table.iter("tr") if len(row)]
    for row in rows:
        grid: list[_Element] = []
        for cell in _cells(row):
            while held.get(len(grid)):
                grid.append(_hold(row, held, len(grid)))
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(len(grid), len(grid) + width):
                held[column] = height - 1
                grid.append(
                    cell if column == len(grid) and cell not in grid else SubElement(row, "td")
                )
        while held.get(len(grid)):
            grid.append(_hold(row, held, len(grid)))
        for cell in grid:
            row.append(cell)
    widest = max(len(_cells(row)) for row in rows)
    for row in rows:
        for _ in range(widest - len(_cells(row))):
            SubElement(row, "td")


def _hold(row: _Element, held: dict[int, int], column: int) -> _Element:
    held[column] -= 1
    return SubElement(row, "td")


def _cells(row: _Element) -> list[_Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name) or ""
    return max(1, min(_WIDEST, int(value[:9]))) if value.isascii() and value.isdigit() else 1
