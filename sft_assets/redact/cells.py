"""What the table cells of a page say: which bare numbers are figures, which are identifiers."""

import re
from collections.abc import Iterable, Mapping

from sft_assets.redact.page_view import PageCells, context_groups, fold_page

_NUMERIC = re.compile(r"[+\-(]?[$¥]?[0-9][0-9 \n]*%?\)?")  # separators make an amount anyway


def read_grids(cells: Iterable[Mapping[str, object]]) -> list[dict[tuple[int, int], str]]:
    """Return the tables of one page as (row, column) -> folded text."""
    grids: dict[int, dict[tuple[int, int], str]] = {}
    for cell in cells:
        grid = grids.setdefault(int(str(cell["table_no"])), {})
        grid[int(str(cell["row_no"])), int(str(cell["col_no"]))] = fold_page(str(cell["text"]))
    return list(grids.values())


def read_page_cells(cells: Iterable[Mapping[str, object]]) -> PageCells:
    """Return what the rows of ``extracted_cells`` of one page say.

    A number is an identifier's when the nearest text to its left, or above it in its column,
    names one ("联系电话", "ID card"); every other bare number is a figure that nobody may touch.
    """
    numeric: set[str] = set()
    by_context: dict[str, set[str]] = {}
    for grid in read_grids(cells):
        for (row, col), text in grid.items():
            values = _numbers_of(text)
            if not values:
                continue
            groups = _groups_at(grid, row, col)
            for group in groups:
                by_context.setdefault(group, set()).update(values)
            if not groups:
                numeric.update(values)
    return PageCells(
        frozenset(numeric), {group: frozenset(values) for group, values in by_context.items()}
    )


def _numbers_of(text: str) -> set[str]:
    """Return the digits of a cell that holds only a bare number, whole and line by line."""
    if not _NUMERIC.fullmatch(text.strip()):
        return set()
    digits = {re.sub(r"[^0-9]", "", part) for part in (text, *text.split("\n"))}
    return digits - {""}


def _groups_at(grid: Mapping[tuple[int, int], str], row: int, col: int) -> list[str]:
    """Return the identifier groups named by the nearest text left of and above a cell."""
    left = next((t for c in range(col - 1, -1, -1) if _is_words(t := grid.get((row, c), ""))), "")
    above = next((t for r in range(row - 1, -1, -1) if _is_words(t := grid.get((r, col), ""))), "")
    return sorted({*context_groups(left), *context_groups(above)})


def _is_words(text: str) -> bool:
    return bool(text.strip()) and not _NUMERIC.fullmatch(text.strip())
