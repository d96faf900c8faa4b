"""Tables: which hold data, and how spans become the plain grid that Markdown knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    if any(cell.tag not in ("td", "th") for row in rows for cell in row):
        return False
    return 2 <= max(map(len, rows)) <= _WIDEST and all(
        cell.getparent().tag == "tr" for cell in table.iter("td", "th")
    )


def square(table: _Element) -> None:
    """Give every row the same number of cells, empty ones where a cell spanned several."""
    rows = [row for row in table.iter("tr") if len(row)]
    spanned: dict[int, int] = {}  # column -> the row where the last cell in it ends
    grids: list[list[_Element | None]] = []
    for n, row in enumerate(rows):
        grid: list[_Element | None] = []
        for cell in _cells(row):
            while spanned.get(len(grid), 0) > n:
                grid.append(None)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            for column in range(len(grid), len(grid) + width):
                spanned[column] = n + height
            grid += [cell, *[None] * (width - 1)]
        grids.append(grid)
    # A column in which no cell starts is an author's mistake.
    widest = max(n for grid in grids for n, cell in enumerate(grid, 1) if cell is not None)
    for row, grid in zip(rows, grids, strict=True):
        for cell in [*grid, *[None] * widest][:widest]:
            row.append(row.makeelement("td") if cell is None else cell)


def _cells(row: _Element) -> list[_Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name) or ""
    return max(1, min(_WIDEST, int(value[:9]))) if value.isascii() and value.isdigit() else 1
