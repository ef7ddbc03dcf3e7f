"""Tables whose labels do not stand in their first column alone: marks do, or two languages.

Footnotes below a table without ruling lines give it a column of their marks, left of all labels,
and its title then stands over the numbers. Hong Kong reports print a label in two columns.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sft_assets.concepts.labels import has_cjk
from sft_assets.facts.head_words import is_amount
from sft_assets.facts.page_items import Cell, Grid

LABEL_SHARE = 0.6  # of the rows of numbers that have their label in its column
STRAY_SHARE = 0.1  # of the rows of numbers that may hold something left of it
MIN_ROWS = 3
_MARK = re.compile(r"[(（]?\w{1,2}[)）]?[.*]?|[*†‡]+")


def set_labels_first(grid: Grid) -> Grid:
    """Return ``grid`` with its labels in column 0; ``Cell.key`` stays what it was."""
    body = [row for row in grid.rows if any(is_amount(cell.text) for cell in row)]
    if grid.is_ruled or len(body) < MIN_ROWS:
        return grid
    start = _label_column(body)
    second = _has_second(body, start)
    if start == 0 and not second:
        return grid
    rows = tuple(
        tuple(_moved(cell, start + (second and cell.col_no == start + 1), start) for cell in row)
        for row in grid.rows
    )
    return replace(grid, rows=rows)


def _moved(cell: Cell, by: int, start: int) -> Cell:
    """Return ``cell`` with its column counted ``by`` less, unless it stands left of the labels."""
    if cell.col_no < start:
        return cell
    return replace(cell, col_no=cell.col_no - by, panel_start=cell.panel_start + by)


def _label_column(body: Sequence[Sequence[Cell]]) -> int:
    """Return the column that holds the labels; 0 where it is not certain."""
    labels = Counter(cell.col_no for row in body for cell in row if _is_label(cell))
    start = min(labels, key=lambda col_no: (-labels[col_no], col_no), default=0)
    stray = sum(any(c.col_no < start and _is_stray(c.text.strip()) for c in row) for row in body)
    is_first = stray <= STRAY_SHARE * len(body) and labels[start] >= LABEL_SHARE * len(body)
    return start if is_first else 0


def _is_stray(text: str) -> bool:
    return bool(text) and _MARK.fullmatch(text) is None


def _has_second(body: Sequence[Sequence[Cell]], start: int) -> bool:
    """Return whether the column right of the labels says the same in the other script."""
    both = 0
    for row in body:
        first, second = (
            next((c.text for c in row if c.col_no == col_no and _is_label(c)), "")
            for col_no in (start, start + 1)
        )
        both += bool(first and second) and has_cjk(first) != has_cjk(second)
    return both >= LABEL_SHARE * len(body) or both > len(body) // 2


def _is_label(cell: Cell) -> bool:
    text = cell.text.strip()
    return len(text) >= 2 and text[0].isalpha() and not is_amount(text)
