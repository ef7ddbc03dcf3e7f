"""A table as every method of this stage hands it on."""

from dataclasses import dataclass

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
