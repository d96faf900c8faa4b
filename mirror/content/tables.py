"""Tables: which hold data, and how stray tags and spans become the plain grid that Markdown knows."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_CELLS = 5000
_MAX_COLUMNS = 40
_MAX_CELL_CHARACTERS = 1000  # more is a column of an article, no cell
_CELLS = ("td", "th")
_SHOWN = ("img", "amp-img", "iframe", "video", "audio", "object", "embed")
_OF_LAYOUTS = (*_SHOWN, *"table figure ul ol blockquote pre hr script h1 h2 h3 h4 h5 h6".split())


def is_data_table(table: _Element) -> bool:
    """Whether GitHub can show it as a table: a grid of texts and pictures, not a layout of 2004."""
    if next(islice(table.iter(*_CELLS), _MAX_CELLS, None), None) is not None:
        return False
    cells = _cells(table, "table")
    _complete(table, cells)
    rows = _rows(table)
    if len(rows) < 2 or max(len(_cells(row, "tr")) for row in rows) < 2:
        return False
    grid = _grid(rows)
    width = max(map(len, grid))
    if width > _MAX_COLUMNS or width * len(grid) > _MAX_CELLS:
        return False
    may_be_layout = next(table.iterdescendants(*_OF_LAYOUTS), None) is not None
    return not may_be_layout or (_is_filled(grid) and not any(map(_is_column, cells)))


def square(table: _Element) -> None:
    """Give every row the same number of cells, empty ones where a cell spanned several."""
    rows = _rows(table)
    grid = _grid(rows)
    width = max(map(len, grid))
    for row, cells in zip(rows, grid, strict=True):
        for cell in [*cells, *[None] * (width - len(cells))]:
            row.append(row.makeelement("td") if cell is None else cell)


def _complete(table: _Element, cells: list[_Element]) -> None:
    """Put the cells that stand in no row into rows, as browsers do."""
    added: _Element | None = None
    for cell in cells:
        if next(cell.iterancestors("tr", "table")) is not table:
            continue
        if added is None or cell.getprevious() is not added:
            added = cell.makeelement("tr")
            cell.addprevious(added)
        added.append(cell)


def _is_column(cell: _Element) -> bool:
    """Whether a cell holds what is too much for one: a long text, or a table of several columns."""
    characters = 0
    for text in cell.itertext():
        characters += len(text.strip())
        if characters > _MAX_CELL_CHARACTERS:
            return True
    return any(map(_is_grid, cell.iterdescendants("table")))


def _is_grid(table: _Element) -> bool:
    rows = _rows(table)
    return len(rows) > 1 and any(len(_cells(row, "tr")) > 1 for row in rows)


def _is_filled(grid: list[list[_Element | None]]) -> bool:
    """Whether something stands in two rows and in two columns."""
    filled = [[cell is not None and _is_shown(cell) for cell in row] for row in grid]
    columns = {n for row in filled for n, is_filled in enumerate(row) if is_filled}
    return sum(map(any, filled)) > 1 and len(columns) > 1


def _is_shown(cell: _Element) -> bool:
    shown = next(cell.iterdescendants(*_SHOWN), None)
    return shown is not None or any(map(str.strip, cell.itertext()))


def _grid(rows: list[_Element]) -> list[list[_Element | None]]:
    """Return the cells of each row up to its last, None where one spans several places."""
    spanned: dict[int, int] = {}  # column -> the row where the last cell in it ends
    grid = []
    for n, row in enumerate(rows):
        cells: list[_Element | None] = []
        start = 0
        for cell in _cells(row, "tr"):
            while spanned.get(start, 0) > n:
                start += 1
            cells += [*[None] * (start - len(cells)), cell]
            end = start + _span(cell, "colspan")
            spanned |= dict.fromkeys(range(start, end), n + _span(cell, "rowspan"))
            start = end
        grid.append(cells)
    return grid


def _rows(table: _Element) -> list[_Element]:
    rows = (row for row in table.iter("tr") if next(row.iterancestors("table")) is table)
    return [row for row in rows if _cells(row, "tr")]


def _cells(around: _Element, tag: str) -> list[_Element]:
    """Return the cells of a row or a table (`tag`), without those of tables in it."""
    return [c for c in around.iter(*_CELLS) if next(c.iterancestors(tag, "table"), None) is around]


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name) or ""
    return max(1, min(_MAX_COLUMNS, int(value[:9]))) if value.isascii() and value.isdigit() else 1
