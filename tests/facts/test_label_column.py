"""Labels stand in column 0, whatever column the reading of the page gave them."""

import pytest

from sft_assets.facts.label_column import set_labels_first
from sft_assets.facts.page_items import Box, Cell, Grid


def grid(rows: list[list[str | None]], method: str = "aligned") -> Grid:
    cells = tuple(
        tuple(
            Cell(
                1,
                0,
                r,
                c,
                text,
                Box(100.0 * c, 10.0 * r, 100.0 * c + 90, 10.0 * r + 9),
                method,
                None,
            )
            for c, text in enumerate(row)
            if text is not None
        )
        for r, row in enumerate(rows)
    )
    return Grid(1, 0, cells, Box(0, 0, 400, 100))


FOOTNOTES: list[list[str | None]] = [
    [None, None, "CONSOLIDATED BALANCE SHEETS"],
    [None, "(in thousands)", "2022", "2021"],
    [None, "Cash and cash equivalents (1)", "33,172", "64,482"],
    [None, "Loans", "1,916,953", "1,488,924"],
    [None, "Total assets", "2,259,879", "1,873,057"],
    ["(1)", "Includes no restricted cash as of December 31, 2022."],
]
TWO_LANGUAGES: list[list[str | None]] = [
    ["Non-current assets", "非流動資產"],
    ["Plant and equipment", "廠房及設備", "14", "8,069"],
    ["Current assets", "流動資產"],
    ["Prepayments", "預付款項", "15", "72,818"],
    ["Cash and cash equivalents", "現金及現金等價物", "18", "11,912"],
    [None, None, None, "84,730"],
]
USUAL: list[list[str | None]] = [
    ["Assets", None, None],
    ["Cash", "5", "6"],
    ["Loans", "50", "60"],
    ["Total assets", "55", "66"],
]


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        (FOOTNOTES, {"Cash and cash equivalents (1)", "Loans", "Total assets"}),
        (TWO_LANGUAGES, {"Plant and equipment", "廠房及設備", "Current assets", "流動資產"}),
        (USUAL, {"Cash", "Loans", "Total assets", "Assets"}),
    ],
)
def test_labels_come_to_the_first_column(rows: list[list[str | None]], labels: set[str]) -> None:
    moved = set_labels_first(grid(rows))
    first = {cell.text for row in moved.rows for cell in row if cell.col_no == 0}
    assert labels <= first
    assert not any(text[0].isdigit() for text in first)
    before = [cell.key for row in grid(rows).rows for cell in row]
    assert [cell.key for row in moved.rows for cell in row] == before


@pytest.mark.parametrize(
    ("rows", "method"),
    [
        (USUAL, "aligned"),
        (FOOTNOTES, "ruled"),
        ([["Revenue by segment", "Region"], ["Retail", "Europe", "10"], ["Retail", "Asia", "20"],
          ["Online", "Europe", "30"]], "aligned"),
    ],
)  # fmt: skip
def test_other_tables_stay(rows: list[list[str | None]], method: str) -> None:
    assert set_labels_first(grid(rows, method)) == grid(rows, method)
