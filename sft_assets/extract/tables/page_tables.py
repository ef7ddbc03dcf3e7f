"""Choose the tables of a page: drawn grids that hold, columns of numbers for the rest."""

from collections.abc import Sequence

from sft_assets.extract.reading.lines import Line, Word, build_lines
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.tables.aligned_tables import find_aligned_tables
from sft_assets.extract.tables.cells import PageTable
from sft_assets.extract.tables.number_tokens import is_number
from sft_assets.extract.tables.ruled_tables import find_ruled_tables, is_crowded, is_trustworthy

MIN_OUTSIDE = 2  # rows of numbers outside of every grid that show that the grids are shading
OUTSIDE_SHARE = 0.3


def find_tables(
    edges: Sequence[Edge],
    words: Sequence[Word],
    lines: Sequence[Line],
    *,
    by_ocr: bool = False,
) -> list[PageTable]:
    """Return the tables of a page, top to bottom, none over another."""
    ruled = find_ruled_tables(edges, words, "ocr" if by_ocr else "ruled")
    trusted = _without_shading([t for t in ruled if is_trustworthy(t, lines)], lines)
    outside = [word for word in words if not any(_inside(word.box, t.box) for t in trusted)]
    rest = lines if len(outside) == len(words) else build_lines(outside)
    aligned = find_aligned_tables(rest, "ocr" if by_ocr else "aligned")
    weak = [
        table
        for table in ruled
        if table not in trusted and _is_grid(table) and not _any_overlap(table, aligned)
    ]
    return sorted([*trusted, *aligned, *weak], key=lambda t: (t.box[1], t.box[0]))


def _without_shading(ruled: list[PageTable], lines: Sequence[Line]) -> list[PageTable]:
    """Return ``ruled`` without grids that are every other row of a larger table, shaded."""
    if not ruled:
        return ruled
    shaded: list[PageTable] = []
    for table in find_aligned_tables(lines):
        over = [grid for grid in ruled if _any_overlap(grid, [table])]
        numbers = [cell for cell in table.cells if cell.col_no > 0 and is_number(cell.text)]
        rows = {cell.row_no for cell in numbers}
        inside = {c.row_no for c in numbers if any(_inside(c.box, grid.box) for grid in over)}
        if len(rows - inside) >= max(MIN_OUTSIDE, OUTSIDE_SHARE * len(rows)):
            shaded += over
    return [grid for grid in ruled if grid not in shaded]


def _is_grid(table: PageTable) -> bool:
    """Return whether a doubtful grid still says something: two filled cells, none crowded."""
    filled = [cell for cell in table.cells if cell.text]
    return len(filled) >= 2 and not any(is_crowded(cell.text) for cell in filled)


def _inside(inner: Box, box: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _any_overlap(table: PageTable, others: Sequence[PageTable]) -> bool:
    return any(
        min(table.box[2], other.box[2]) > max(table.box[0], other.box[0])
        and min(table.box[3], other.box[3]) > max(table.box[1], other.box[1])
        for other in others
    )
