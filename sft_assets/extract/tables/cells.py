"""A table as every method of this stage hands it on."""

from dataclasses import dataclass, replace

from sft_assets.extract.reading.page_frame import Box


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; row and column are 0-based, the first ones for a merged cell."""

    row_no: int
    col_no: int
    text: str
    box: Box
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PageTable:
    """Cells of one table in order of row and column."""

    method: str  # ruled, aligned, ocr
    box: Box
    cells: tuple[Cell, ...]


def without_cells_beside(table: PageTable, width: float, height: float) -> PageTable:
    """Return ``table`` without blank cells that lie beside the page: rules may stick out of it."""
    kept = tuple(
        cell
        for cell in table.cells
        if cell.text
        or (
            cell.box[2] >= 0 and cell.box[3] >= 0 and cell.box[0] <= width and cell.box[1] <= height
        )
    )
    return replace(table, cells=kept)
