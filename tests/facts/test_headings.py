"""Which lines announce a statement, and which only speak of one."""

import pytest

from sft_assets.facts.headings import parse_heading


@pytest.mark.parametrize(
    ("line", "statement", "scope"),
    [
        ("合并资产负债表", "balance_sheet", "consolidated"),
        ("1、合并资产负债表", "balance_sheet", "consolidated"),
        ("2、母公司资产负债表", "balance_sheet", "parent"),
        ("（二）合并利润表（续）", "income_statement", "consolidated"),
        ("合并及母公司利润表", "income_statement", "both"),
        ("利润表", "income_statement", None),
        ("母公司现金流量表", "cash_flow", "parent"),
        ("綜合財務狀況表", "balance_sheet", "consolidated"),
        ("綜合損益及其他全面收益表", "income_statement", "consolidated"),
        ("綜合現金流量表", "cash_flow", "consolidated"),
        ("七、 近三年主要会计数据和财务指标", "key_data", "consolidated"),
        ("(一) 主要会计数据", "key_data", "consolidated"),
        ("九、 2020 年分季度主要财务数据", "quarterly", "consolidated"),
        ("(1).研发投入情况表", "research", "consolidated"),
        ("1、员工数量、专业构成及教育程度", "employees", "consolidated"),
        ("CONSOLIDATED BALANCE SHEETS", "balance_sheet", "consolidated"),
        ("Consolidated Statements of Operations (continued)", "income_statement", "consolidated"),
        ("COMPREHENSIVE INCOME STATEMENTS", "comprehensive_income", None),
        ("INCOME STATEMENTS", "income_statement", None),
        ("Consolidated Statement of Incom e", "income_statement", "consolidated"),
        ("Example Inc. Consolidated Statements of Cash Flows", "cash_flow", "consolidated"),
        ("COMPANY BALANCE SHEET", "balance_sheet", "parent"),
    ],
)
def test_title_of_a_statement(line: str, statement: str, scope: str | None) -> None:
    heading = parse_heading(line)
    assert heading is not None
    assert (heading.statement, heading.scope) == (statement, scope)


@pytest.mark.parametrize(
    "line",
    [
        "合并所有者权益变动表",
        "八、境内外会计准则下会计数据差异",
        "(6).其他说明",
        "CONSOLIDATED STATEMENTS OF STOCKHOLDERS’ EQUITY",
        "NOTES TO CONSOLIDATED FINANCIAL STATEMENTS",
        "Note 4 – Revenue",
        "ITEM 9. CHANGES IN AND DISAGREEMENTS WITH ACCOUNTANTS",
    ],
)
def test_another_heading_ends_a_section(line: str) -> None:
    heading = parse_heading(line)
    assert heading is not None
    assert heading.statement == "other"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "单位：元 币种：人民币",
        "2020年12月31日",
        "√适用 □不适用",
        "本公司按照准则编制合并资产负债表。",
        "Consolidated Balance Sheets 45",
        "See the Consolidated Balance Sheets",
        "Impact on Consolidated Statements of Income",
        "Refer to accompanying notes.",
        "Total assets",
        "Revenue",
    ],
)
def test_other_lines_announce_nothing(line: str) -> None:
    assert parse_heading(line) is None
