"""Labels that a page break parts, and unit lines that are carried on."""

import polars as pl
import pytest

from sft_assets.facts.page_breaks import Continuation, continuations, with_whole_label
from sft_assets.facts.page_items import Box, Cell, Grid
from sft_assets.facts.unit_lines import Unit
from sft_assets.schemas.pages import JOINED_TABLES

Rows = list[list[str]]
TOLD = Continuation(0, continues_row=True, unit=None)


def grid(page_no: int, rows: Rows) -> Grid:
    box = Box(0, 0, 400, 100)
    cells = tuple(
        tuple(Cell(page_no, 0, r, c, text, box, "ruled", None) for c, text in enumerate(row))
        for r, row in enumerate(rows)
    )
    return Grid(page_no, 0, cells, box)


def texts(grid: Grid) -> Rows:
    return [[cell.text for cell in row] for row in grid.rows]


EQUITY = ["归属于母公司所有者权益", "100.00", "90.00"]
REST = ["（或股东权益）合计", "", ""]


@pytest.mark.parametrize(
    ("last", "first", "told", "label"),
    [
        (EQUITY, REST, None, "归属于母公司所有者权益（或股东权益）合计"),
        (["信用减值损失（损失以“-”", "1.00"], ["号填列）", ""], None,
         "信用减值损失（损失以“-”号填列）"),
        (["Prepayments and", "5"], ["other receivables", ""], None,
         "Prepayments and other receivables"),
        (["Total equity", "5"], ["Attributable", ""], TOLD, "Total equity Attributable"),
    ],
)  # fmt: skip
def test_the_row_with_the_numbers_gets_the_whole_label(
    last: list[str], first: list[str], told: Continuation | None, label: str
) -> None:
    upper, lower = with_whole_label(grid(1, [["股本", "9"], last]), grid(2, [first]), told)
    assert texts(upper)[-1] == [label, *last[1:]]
    assert texts(lower) == [first]


def test_numbers_may_stand_on_the_second_page() -> None:
    upper, lower = with_whole_label(
        grid(1, [["Cash and cash equivalents at", ""]]), grid(2, [["end of year", "7"]]), None
    )
    assert texts(upper) == [["Cash and cash equivalents at", ""]]
    assert texts(lower) == [["Cash and cash equivalents at end of year", "7"]]


def test_heads_printed_again_are_stepped_over() -> None:
    heads = ["项目", "2020年"]
    told = Continuation(1, continues_row=False, unit=None)
    upper, lower = with_whole_label(grid(1, [EQUITY]), grid(2, [heads, REST]), told)
    assert texts(upper)[0][0] == "归属于母公司所有者权益（或股东权益）合计"
    assert texts(lower)[0] == heads


@pytest.mark.parametrize(
    ("last", "first", "pages"),
    [
        (["未分配利润", "5.00"], ["少数股东权益", ""], (1, 2)),  # two labels
        (["流动负债：", ""], ["短期借款", "5.00"], (1, 2)),  # a head
        (EQUITY, ["（或股东权益）合计", "1.00"], (1, 2)),  # numbers on both
        (["其他", ""], ["（或股东权益）合计", ""], (1, 2)),  # on neither
        (["未分配利润", "5.00"], ["（一）持续经营净利润", ""], (1, 2)),  # a number of its own
        (EQUITY, REST, (1, 3)),  # not the next page
    ],
)
def test_other_rows_stay(last: list[str], first: list[str], pages: tuple[int, int]) -> None:
    upper, lower = grid(pages[0], [last]), grid(pages[1], [first])
    assert with_whole_label(upper, lower, None) == (upper, lower)


def test_only_tables_that_go_on_are_continuations() -> None:
    row = {
        "doc_id": "ab", "page_no": 1, "table_no": 0, "joined_no": 0, "part_no": 0,
        "header_page_no": 1, "header_table_no": 0, "header_rows": 1, "repeated_rows": 0,
        "continues_row": False, "unit_line": "单位：万元", "unit_page_no": 1, "caption": None,
        "caption_page_no": None,
    }  # fmt: skip
    second = row | {"page_no": 2, "part_no": 1, "repeated_rows": 1, "continues_row": True}
    found = continuations(pl.DataFrame([row, second], schema=JOINED_TABLES))
    assert found == {(2, 0): Continuation(1, continues_row=True, unit=Unit("currency", 10**4))}
    assert continuations(None) == {}
