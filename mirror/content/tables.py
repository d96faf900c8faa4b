"""Tables: which hold data, and how spans become the plain grid that Markdown knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_CELLS = 5000
_WIDEST = 40
_NOT_IN_CELLS = (
    "table",
    "figure",
    "img",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "hr",
    "iframe",
    "video",
    "audio",
    "object",
    "embed",
    "script",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
)


def is_data_table(table: _Element) -> bool:
    """Whether GitHub can show it as a table: a grid of text, not a layout of 2004."""
    if next(table.iterdescendants(*_NOT_IN_CELLS), None) is not None:
        return False
    rows = _rows(table)
    if len(rows) < 2 or max(map(len, rows)) < 2 or sum(map(len, rows)) > _MOST_CELLS:
        return False
    if any(cell.tag not in ("td", "th") for row in rows for cell in row.iterchildren("*")):
        return False
    if any(cell.getparent().tag != "tr" for cell in table.iter("td", "th")):
        return False
    width = max(map(len, _grid(rows)))
    return width <= _WIDEST and width * len(rows) <= _MOST_CELLS


def square(table: _Element) -> None:
    """Give every row the same number of cells, empty ones where a cell spanned several."""
    rows = _rows(table)
    grid = _grid(rows)
    width = max(map(len, grid))
    for row, cells in zip(rows, grid, strict=True):
        for cell in [*cells, *[None] * (width - len(cells))]:
            row.append(row.makeelement("td") if cell is None else cell)


def _grid(rows: list[_Element]) -> list[list[_Element | None]]:
    """Return the cells of each row up to its last, None where one spans several places."""
    spanned: dict[int, int] = {}  # column -> the row where the last cell in it ends
    grid = []
    for n, row in enumerate(rows):
        cells: list[_Element | None] = []
        start = 0
        for cell in row.iterchildren("td", "th"):
            while spanned.get(start, 0) > n:
                start += 1
            cells += [*[None] * (start - len(cells)), cell]
            end = start + _span(cell, "colspan")
            spanned |= dict.fromkeys(range(start, end), n + _span(cell, "rowspan"))
            start = end
        grid.append(cells)
    return grid


def _rows(table: _Element) -> list[_Element]:
    return [row for row in table.iter("tr") if len(row)]


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name) or ""
    return max(1, min(_WIDEST, int(value[:9]))) if value.isascii() and value.isdigit() else 1
