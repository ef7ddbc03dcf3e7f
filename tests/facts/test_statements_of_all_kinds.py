"""Statements that other issuers set otherwise: no revenue, titles over two lines, over two pages."""

from collections.abc import Callable
from datetime import date

import pytest

from sft_assets.facts.build import FactsResult
from sft_assets.facts.columns import column_of, read_columns
from sft_assets.facts.headings import Heading, parse_heading_of_two
from sft_assets.facts.page_items import Box, Cell
from sft_assets.facts.periods import FiscalCalendar

Read = Callable[..., FactsResult]
YEAR = {"language": "en", "fiscal_year": 2022, "period_end": "2022-12-31", "exchange": "NASDAQ"}
LOSSES = [
    ["Operating expenses:", "", ""],
    ["General and administrative", "9,258", "8,791"],
    ["Research and development", "17,067", "20,543"],
    ["Total operating expenses", "26,325", "29,334"],
    ["Loss from operations", "(26,325)", "(29,334)"],
    ["Net loss", "(26,325)", "(29,334)"],
    ["Net loss per share - basic and diluted", "(1.52)", "(1.88)"],
]


def test_a_company_without_revenue_has_an_income_statement(read: Read) -> None:
    rows = [["(in thousands)", "2022", "2021"], *LOSSES]
    result = read([["Consolidated Statements of Operations", rows]], **YEAR, method="aligned")
    found = {r["metric"]: r["value"] for r in result.facts.to_dicts() if r["fiscal_year"] == 2022}
    assert (found["net_profit"], found["rd_expenses"]) == (-26325, 17067)


def test_a_note_about_a_part_of_it_is_none(read: Read) -> None:
    rows = [["(in thousands)", "2022", "2021"], *LOSSES[1:3], LOSSES[5]]
    result = read([["Consolidated Statements of Operations", rows]], **YEAR, method="aligned")
    assert result.facts.height == 0


def test_title_and_heads_may_end_the_page_before(read: Read) -> None:
    above = [
        "CONSOLIDATED STATEMENTS OF OPERATIONS",
        "FOR THE YEARS ENDED DECEMBER 31, 2022 AND 2021",
        "(In thousands, except share and per share amounts)",
        "2022 2021",
    ]
    result = read([above, [LOSSES]], **YEAR, method="aligned")
    found = {(r["metric"], r["period"]): r["scale"] for r in result.facts.to_dicts()}
    assert found["net_profit", "2022"] == found["net_profit", "2021"] == 1000
    other = read([[*above, "Notes to Financial Statements"], [LOSSES]], **YEAR, method="aligned")
    assert other.facts.height == 0


@pytest.mark.parametrize(
    ("first", "second", "statement"),
    [
        ("CONSOLIDATED STATEMENT", "OF CASH FLOWS", "cash_flow"),
        ("Consolidated Statements of", "Financial Position", "balance_sheet"),
        ("OF FINANCIAL POSITION", "CONSOLIDATED STATEMENT", "balance_sheet"),
        ("CONSOLIDATED STATEMENT OF PROFIT OR", "LOSS AND OTHER COMPREHENSIVE INCOME",
         "income_statement"),
        ("are included in the consolidated statement", "of cash flows", None),
        ("CONSOLIDATED STATEMENT", "for the year ended 31 December 2022", None),
        ("Revenue", "Consolidated Statements of Cash Flows", None),
    ],
)  # fmt: skip
def test_titles_over_two_lines(first: str, second: str, statement: str | None) -> None:
    found = parse_heading_of_two(first, second)
    assert (found.statement if found else None) == statement
    assert found in {None, Heading(statement or "", "consolidated")}


def cell(row_no: int, col_no: int, text: str, x0: float, x1: float) -> Cell:
    return Cell(
        1, 0, row_no, col_no, text, Box(x0, 10.0 * row_no, x1, 10.0 * row_no + 9), "aligned", None
    )


def test_dollar_signs_make_no_columns_of_their_own() -> None:
    header = [[cell(0, 1, "2022", 384, 397), cell(0, 3, "2021", 457, 470)]]
    body = [
        [
            cell(1, 0, "Revenue", 50, 120),
            cell(1, 1, "$ 680", 357, 424),
            cell(1, 3, "$ 82", 430, 497),
        ],
        [cell(2, 0, "Research", 50, 120), cell(2, 2, "67", 410, 422), cell(2, 4, "697", 483, 495)],
    ]
    fiscal = FiscalCalendar(2022, date(2022, 12, 31))
    columns = read_columns(header, body, fiscal, instant=False)
    assert [(c.kind, c.period and c.period.fiscal_year) for c in columns] == [
        ("value", 2022),
        ("value", 2021),
    ]
    for row in body:
        years = [column_of(c, columns) for c in row[1:]]
        assert [y and y.period and y.period.fiscal_year for y in years] == [2022, 2021]


def test_columns_beside_each_other_stay_two() -> None:
    header = [[cell(0, 1, "2022", 384, 397), cell(0, 2, "2021", 414, 427)]]
    body = [
        [cell(1, 0, "Revenue", 50, 120), cell(1, 1, "68", 380, 397), cell(1, 2, "82", 410, 427)]
    ]
    columns = read_columns(header, body, FiscalCalendar(2022, date(2022, 12, 31)), instant=False)
    assert len(columns) == 2
