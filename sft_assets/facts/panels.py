"""Balance sheets set in two panels: assets on the left, liabilities and equity on the right."""

from collections.abc import Sequence
from dataclasses import replace

from sft_assets.facts.head_words import is_amount
from sft_assets.facts.page_items import Cell, Grid, hull

MIN_LABELS = 3
LABEL_SHARE = 0.5  # of the rows of numbers that have a label in the second panel
MIN_AMOUNTS = 2  # rows with numbers on each side of the second labels


def split_panels(grid: Grid) -> list[Grid]:
    """Return ``grid`` as its panels, left one first; a table with one column of labels whole.

    The cells of a second panel count their columns from its labels, so that it reads like a table
    of its own; ``Cell.key`` still names the place in the table that they come from.
    """
    start = _second_labels(grid)
    if start is None:
        return [grid]
    left = [tuple(cell for cell in row if cell.col_no < start) for row in grid.rows]
    right = [
        tuple(
            replace(cell, col_no=cell.col_no - start, panel_start=start)
            for cell in row
            if cell.col_no >= start
        )
        for row in grid.rows
    ]
    return [_grid_of(grid, rows) for rows in (left, right)]


def _grid_of(grid: Grid, rows: Sequence[tuple[Cell, ...]]) -> Grid:
    filled = tuple(row for row in rows if row)
    return Grid(
        grid.page_no, grid.table_no, filled, hull([cell.box for row in filled for cell in row])
    )


def _second_labels(grid: Grid) -> int | None:
    """Return the column of labels that has numbers on both of its sides; None without one."""
    body = [row for row in grid.rows if any(is_amount(cell.text) for cell in row)]
    columns = sorted({cell.col_no for row in body for cell in row if cell.col_no > 1})
    for start in columns:
        labels = sum(cell.col_no == start and _is_label(cell) for row in body for cell in row)
        before = sum(any(c.col_no < start and is_amount(c.text) for c in row) for row in body)
        after = sum(any(c.col_no > start and is_amount(c.text) for c in row) for row in body)
        if labels >= max(MIN_LABELS, LABEL_SHARE * len(body)) and min(before, after) >= MIN_AMOUNTS:
            return start
    return None


def _is_label(cell: Cell) -> bool:
    text = "".join(cell.text.split())
    return len(text) >= 2 and not any(char.isdecimal() for char in text) and text[0].isalpha()
