"""Balance sheets in two panels, and tables that are none."""

from collections.abc import Callable, Sequence

import pytest

from sft_assets.facts.build import FactsResult
from sft_assets.facts.page_items import Box, Cell, Grid, hull
from sft_assets.facts.panels import split_panels

HEAD = [
    "资产",
    "2020年12月31日",
    "2019年12月31日",
    "负债和股东权益",
    "2020年12月31日",
    "2019年12月31日",
]
ROWS = [
    ["货币资金", "100", "90", "短期借款", "50", "40"],
    ["应收账款", "200", "110", "应付账款", "70", "60"],
    ["流动资产合计", "300", "200", "流动负债合计", "120", "100"],
    ["固定资产", "100", "100", "长期借款", "30", "20"],
    ["非流动资产合计", "100", "100", "负债合计", "150", "120"],
    ["", "", "", "股东权益合计", "250", "180"],
    ["资产总计", "400", "300", "负债和股东权益总计", "400", "300"],
]


def grid_of(rows: Sequence[Sequence[str]]) -> Grid:
    cells = tuple(
        tuple(
            Cell(1, 0, i, j, text, Box(100.0 * j, 10.0 * i, 100.0 * j + 90, 10.0 * i + 9), "ruled", None)
            for j, text in enumerate(row)
        )
        for i, row in enumerate(rows)
    )  # fmt: skip
    return Grid(1, 0, cells, hull([cell.box for row in cells for cell in row]))


def test_two_panels_keep_every_cell_and_its_place() -> None:
    grid = grid_of([HEAD, *ROWS])
    left, right = split_panels(grid)
    assert [cell.text for cell in left.rows[1]] == ["货币资金", "100", "90"]
    assert [(cell.col_no, cell.text) for cell in right.rows[1]] == [(0, "短期借款"), (1, "50"), (2, "40")]  # fmt: skip
    keys = [cell.key for panel in (left, right) for row in panel.rows for cell in row]
    assert sorted(keys) == sorted(cell.key for row in grid.rows for cell in row)


@pytest.mark.parametrize("method", ["ruled", "aligned"])
def test_both_panels_are_read(read: Callable[..., FactsResult], method: str) -> None:
    found = read([["合并资产负债表", "单位：元", [HEAD, *ROWS]]], method=method).facts
    values = {(row["metric"], row["fiscal_year"]): int(row["value"]) for row in found.iter_rows(named=True)}  # fmt: skip
    assert found.height == 26
    assert values["short_term_borrowings", 2020] == 50
    assert values["cash_and_bank", 2019] == 90
    assert values["total_liabilities_and_equity", 2020] == values["total_assets", 2020] == 400
    places = {row["metric"]: row["col_no"] for row in found.iter_rows(named=True) if row["fiscal_year"] == 2020}  # fmt: skip
    assert (places["cash_and_bank"], places["short_term_borrowings"]) == (1, 4)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row[:3] for row in [HEAD, *ROWS]], id="one-panel"),
        pytest.param([[row[0], "七、1", *row[1:3]] for row in ROWS], id="notes-beside-labels"),
        pytest.param([[*row[:3], "增长"] for row in ROWS], id="text-at-the-right"),
        pytest.param([["Cash", "现金款项", "1", "2"], ["Debt", "借款", "3", "4"], ["Tax", "税项", "5", "6"]], id="two-languages-at-the-left"),
        pytest.param([["Cash", "1", "2", "现金"], ["Debt", "3", "4", "借款"], ["Tax", "5", "6", "税项"]], id="two-languages-around"),
        pytest.param([["甲公司", "1", "货款", "2"], ["乙公司", "3", "", "4"]], id="few-labels"),
    ],
)  # fmt: skip
def test_one_panel(rows: Sequence[Sequence[str]]) -> None:
    grid = grid_of(rows)
    assert split_panels(grid) == [grid]
