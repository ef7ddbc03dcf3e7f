"""Tables that go on on the next page: a label that the break parts, a unit line that is carried on.

``joined_tables`` says which table goes on, and where a row does. A statement goes on by its heading
too, also where the columns of its next page are ruled otherwise, so a label that plainly has its
end on the next page is made whole there as well.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from sft_assets.facts.head_words import is_amount
from sft_assets.facts.page_items import Cell, Grid
from sft_assets.facts.table_rows import OPEN_END, is_open, join_lines
from sft_assets.facts.unit_lines import Unit, parse_unit_line

_REST = re.compile(r"[a-z)）,，、]|[(（](?:或|以|损失|亏损)")
Table = tuple[int, int]  # page, table


@dataclass(frozen=True, slots=True)
class Continuation:
    """What ``joined_tables`` says about a table that goes on from the page before."""

    repeated_rows: int  # first rows that print the heads again
    continues_row: bool  # the row below them is the rest of the last row before the break
    unit: Unit | None  # that holds for it


def continuations(joined: pl.DataFrame | None) -> Mapping[Table, Continuation]:
    """Return the tables of ``joined_tables`` that go on from the page before; none without it."""
    if joined is None:
        return {}
    return {
        (row["page_no"], row["table_no"]): Continuation(
            row["repeated_rows"],
            row["continues_row"],
            parse_unit_line(row["unit_line"]) if row["unit_line"] else None,
        )
        for row in joined.filter(pl.col("part_no") > 0).iter_rows(named=True)
    }


def with_whole_label(upper: Grid, lower: Grid, told: Continuation | None) -> tuple[Grid, Grid]:
    """Return the last table of a page and the first of the next with a parted label made whole.

    The label goes to the row that has the numbers. What stands in the other row stays, as a label
    alone.
    """
    if lower.page_no - upper.page_no != 1:
        return upper, lower
    at = told.repeated_rows if told is not None else 0
    if at >= len(lower.rows):
        return upper, lower
    above, below = _label(upper.rows[-1]), _label(lower.rows[at])
    if above is None or below is None or above.panel_start != below.panel_start:
        return upper, lower
    has_numbers = [_has_numbers(row) for row in (upper.rows[-1], lower.rows[at])]
    is_told = told is not None and told.continues_row
    if (
        all(has_numbers)
        or not any(has_numbers)
        or not (is_told or _goes_on(above.text, below.text))
    ):
        return upper, lower
    whole = join_lines(f"{above.text}\n{below.text}")
    if has_numbers[0]:
        return _with_text(upper, above, whole), lower
    return upper, _with_text(lower, below, whole)


def _goes_on(above: str, below: str) -> bool:
    if above.rstrip().endswith((":", "：")):
        return False
    return is_open(above) or bool(OPEN_END.search(above.strip()) or _REST.match(below.strip()))


def _label(row: Sequence[Cell]) -> Cell | None:
    return next((cell for cell in row if cell.col_no == 0 and cell.text.strip()), None)


def _has_numbers(row: Sequence[Cell]) -> bool:
    return any(is_amount(cell.text) for cell in row)


def _with_text(grid: Grid, cell: Cell, text: str) -> Grid:
    rows = tuple(tuple(replace(c, text=text) if c is cell else c for c in row) for row in grid.rows)
    return replace(grid, rows=rows)
