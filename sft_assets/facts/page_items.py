"""What stands on a page, in reading order: lines outside tables, and tables as grids of cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class Box:
    """Points; origin at the top left of the page."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def mid_x(self) -> float:
        """Middle between left and right."""
        return (self.x0 + self.x1) / 2

    def overlap_x(self, other: "Box") -> float:
        """Return how many points of width both share; negative for a gap."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text; ``page_text[start:end]`` of ``extracted_pages``."""

    page_no: int
    line_no: int
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table, blank ones included."""

    page_no: int
    table_no: int
    row_no: int
    col_no: int
    text: str
    box: Box
    method: str  # ruled, aligned, ocr
    confidence: float | None
    panel_start: int = 0  # column of the table at which its panel begins

    @property
    def key(self) -> tuple[int, int, int, int]:
        """Page, table, row and column: identifies the cell in its document."""
        return self.page_no, self.table_no, self.row_no, self.panel_start + self.col_no


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of one page; rows from top to bottom, cells of a row from left to right."""

    page_no: int
    table_no: int
    rows: tuple[tuple[Cell, ...], ...]
    box: Box

    @property
    def is_ruled(self) -> bool:
        """Whether the boxes of its cells are ruled, not those of the words in them."""
        return self.rows[0][0].method == "ruled"


def cells_of(frame: pl.DataFrame) -> list[Cell]:
    """Return the rows of ``extracted_cells`` in order."""
    ordered = frame.sort("page_no", "table_no", "row_no", "col_no")
    return [
        Cell(
            row["page_no"],
            row["table_no"],
            row["row_no"],
            row["col_no"],
            row["text"],
            _box(row),
            row["method"],
            row["confidence"],
        )
        for row in ordered.iter_rows(named=True)
    ]


def lines_of(frame: pl.DataFrame) -> list[Line]:
    """Return the rows of ``extracted_lines`` in reading order."""
    columns = ["page_no", "line_no", "text", "x0", "top", "x1", "bottom"]
    ordered = frame.select(columns).sort("page_no", "line_no")
    return [
        Line(row["page_no"], row["line_no"], row["text"], _box(row))
        for row in ordered.iter_rows(named=True)
    ]


def grids_of(cells: Iterable[Cell]) -> list[Grid]:
    """Return the tables that ``cells`` (in order) make."""
    grids = []
    for (page_no, table_no), members in groupby(cells, key=lambda c: (c.page_no, c.table_no)):
        rows = tuple(
            tuple(sorted(row, key=lambda c: (c.box.x0, c.col_no)))
            for _, row in groupby(members, key=lambda c: c.row_no)
        )
        boxes = [cell.box for row in rows for cell in row]
        grids.append(Grid(page_no, table_no, rows, hull(boxes)))
    return grids


def items_in_order(lines: Iterable[Line], grids: Iterable[Grid]) -> list[Line | Grid]:
    """Return tables and the lines outside them, page by page from top to bottom."""
    tables: dict[int, list[Grid]] = {}
    for grid in grids:
        tables.setdefault(grid.page_no, []).append(grid)
    items: list[Line | Grid] = [grid for found in tables.values() for grid in found]
    items += [
        line
        for line in lines
        if not any(_holds(g.box, line.box) for g in tables.get(line.page_no, []))
    ]
    return sorted(items, key=_reading_place)


def hull(boxes: list[Box]) -> Box:
    """Return the smallest box around ``boxes``."""
    return Box(
        min(b.x0 for b in boxes),
        min(b.top for b in boxes),
        max(b.x1 for b in boxes),
        max(b.bottom for b in boxes),
    )


def _holds(table: Box, line: Box) -> bool:
    middle = (line.top + line.bottom) / 2
    return table.top < middle < table.bottom and table.overlap_x(line) > 0


def _reading_place(item: Line | Grid) -> tuple[int, float, float, int]:
    number = item.line_no if isinstance(item, Line) else -1 - item.table_no
    return item.page_no, round(item.box.top, 1), round(item.box.x0, 1), number


def _box(row: dict[str, Any]) -> Box:
    return Box(row["x0"], row["top"], row["x1"], row["bottom"])
