"""Tables of a page as the joining of tables sees them: rows of cells, columns, heads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import polars as pl

from sft_assets.clean.page_lines import Box

AMOUNT = re.compile(
    r"[-−–(（]?\s*(?:HK|US|RMB)?[$¥￥€£]?\s*[-−(（]?\d[\d,，]*(?:\.\d+)?\s*%?[)）]?%?"
)
YEAR = re.compile(r"(?:19|20)\d\d\s*(?:年|年度|年末)?")
HEAD_SHARE = 0.6  # of the columns that a row of heads fills
MAX_HEAD_ROWS = 6
SAME_EDGE = 3.0  # points between the edges of one column on two pages
MARGIN_SHIFT = 45.0  # points that odd pages may be set apart from even ones


@dataclass(frozen=True, slots=True)
class PartCell:
    """A cell; ``x0`` and ``x1`` in points."""

    col_no: int
    text: str
    x0: float
    x1: float

    @property
    def is_amount(self) -> bool:
        """Whether it holds a number that is no year."""
        text = self.text.strip()
        return bool(AMOUNT.fullmatch(text)) and not YEAR.fullmatch(text)


Row = tuple[PartCell, ...]


@dataclass(frozen=True, slots=True)
class TablePart:
    """One table of one page; rows from top to bottom."""

    page_no: int
    table_no: int
    box: Box
    is_ruled: bool
    rows: tuple[Row, ...]

    @property
    def head_rows(self) -> int:
        """How many of its first rows are heads of columns."""
        columns = len({cell.col_no for row in self.rows for cell in row})
        count = 0
        for row in self.rows[:MAX_HEAD_ROWS]:
            filled = [cell for cell in row if cell.text.strip()]
            if any(cell.is_amount for cell in filled):
                break
            unlabelled = bool(filled) and all(cell.col_no > 0 for cell in filled)
            if len(filled) < max(2, HEAD_SHARE * columns) and not unlabelled:
                break  # a label alone is a row
            count += 1
        has_body = count < len(self.rows)
        return count if has_body else min(count, 1)

    def has_columns_of(self, other: "TablePart") -> bool:
        """Return whether both are set in the same columns, up to the pages' margins."""
        if self.is_ruled != other.is_ruled:
            return False
        mine, theirs = self._columns(), other._columns()
        if not mine or len(mine) != len(theirs) or len(mine) < 2:
            return False
        shift = mine[0][0] - theirs[0][0] if self.is_ruled else 0.0
        if abs(shift) > MARGIN_SHIFT:
            return False
        if self.is_ruled:
            apart = [abs(a[0] - shift - b[0]) for a, b in zip(mine, theirs, strict=True)]
            return max(apart) <= SAME_EDGE
        return all(min(a[1], b[1]) > max(a[0], b[0]) for a, b in zip(mine, theirs, strict=True))

    def _columns(self) -> list[tuple[float, float]]:
        """Return left and right of each column, from its narrowest cell where it is ruled."""
        found: dict[int, list[tuple[float, float]]] = {}
        for row in self.rows:
            for cell in row:
                if self.is_ruled or cell.is_amount or cell.col_no == 0:
                    found.setdefault(cell.col_no, []).append((cell.x0, cell.x1))
        if self.is_ruled:
            return [
                min(cells, key=lambda c: (c[1] - c[0], c)) for _, cells in sorted(found.items())
            ]
        return [
            (min(x0 for x0, _ in cells), max(x1 for _, x1 in cells))
            for _, cells in sorted(found.items())
        ]


def squeezed(row: Row) -> tuple[str, ...]:
    """Return the texts of a row without blanks, for comparing heads."""
    return tuple("".join(cell.text.split()) for cell in row if cell.text.strip())


def read_tables(cells: pl.DataFrame) -> dict[int, list[TablePart]]:
    """Return the tables of ``extracted_cells`` by page, top to bottom."""
    ordered = cells.sort("page_no", "table_no", "row_no", "col_no").rows(named=True)
    tables: dict[int, list[TablePart]] = {}
    for (page_no, table_no), members in groupby(
        ordered, key=lambda c: (c["page_no"], c["table_no"])
    ):
        found = list(members)
        rows = tuple(
            tuple(PartCell(c["col_no"], c["text"], c["x0"], c["x1"]) for c in row)
            for _, row in groupby(found, key=lambda c: c["row_no"])
        )
        tables.setdefault(page_no, []).append(
            TablePart(page_no, table_no, _hull(found), found[0]["method"] == "ruled", rows)
        )
    return {page_no: sorted(found, key=lambda t: t.box[1]) for page_no, found in tables.items()}


def _hull(cells: Sequence[dict[str, float]]) -> Box:
    return (
        min(c["x0"] for c in cells),
        min(c["top"] for c in cells),
        max(c["x1"] for c in cells),
        max(c["bottom"] for c in cells),
    )
