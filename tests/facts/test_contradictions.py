"""What a report says against itself: scales, scopes, restatements and jumps."""

from collections.abc import Callable

import polars as pl
import pytest

from sft_assets.facts.build import FactsResult

Read = Callable[..., FactsResult]

YEARS = ["项目", "2020年度", "2019年度"]
DAYS = ["项目", "2020年12月31日", "2019年12月31日"]
KEYS = [
    ["主要会计数据", "2020年", "2019年", "本期比上年同期增减（%）"],
    ["营业收入", "5,000.00", "4,000.00", "25.00"],
    ["经营活动产生的现金流量净额", "300.00", "200.00", "50.00"],
    ["归属于上市公司股东的净利润", "80.00", "60.00", "33.33"],
    ["总资产", "9,000.00", "8,000.00", "12.50"],
]


def sheet(title: str, unit: str, total: str, before: str, nci: str | None = None) -> list[object]:
    rows = [
        ["货币资金", total, before],
        ["流动资产合计", total, before],
        ["资产总计", total, before],
        ["流动负债合计", "1.00", "1.00"],
        ["负债合计", "1.00", "1.00"],
        ["股本", "700.00", "700.00"],
    ]
    rows += [["少数股东权益", nci, nci]] if nci else []
    return [title, unit, [DAYS, *rows]]


def report(
    *, group: str = "合并资产负债表", parent: str = "母公司资产负债表", unit: str = "单位：元"
):
    return [
        ["主要会计数据和财务指标", "单位：元", KEYS],
        sheet(group, unit, "9,000.00", "8,000.00", "5.00"),
        sheet(parent, "单位：元", "6,000.00", "5,000.00"),
    ]


def reasons(found: FactsResult) -> set[tuple[str, str]]:
    return set(found.quarantine.select("statement", "reason").rows())


def test_a_report_without_contradictions_is_left_alone(read: Read) -> None:
    found = read(report())
    assert reasons(found) == set()
    assert set(found.facts["scope"]) == {"consolidated", "parent"}


def test_another_unit_line_is_noticed_by_the_same_figure_elsewhere(read: Read) -> None:
    found = read(report(unit="单位：万元"))
    kept = found.facts.filter(pl.col("statement") == "balance_sheet", pl.col("scale") != 1)
    assert kept.height == 0
    assert ("balance_sheet", "scale_conflict") in reasons(found)


def test_two_honest_units_are_no_conflict(read: Read) -> None:
    in_thousands = [[row[0], *(c.replace(",000.00", ".00") for c in row[1:])] for row in KEYS]
    pages = report()
    pages[0] = ["主要会计数据和财务指标", "单位：千元", in_thousands]
    assert ("balance_sheet", "scale_conflict") not in reasons(read(pages))


def test_headings_the_wrong_way_round_are_noticed(read: Read) -> None:
    found = read(report(group="母公司资产负债表", parent="合并资产负债表"))
    assert found.facts.filter(pl.col("statement") == "balance_sheet").height == 0
    assert ("balance_sheet", "scope_conflict") in reasons(found)


@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_group_has_no_interests_in_subsidiaries(read: Read, is_swapped: bool) -> None:
    titles = ["合并资产负债表", "母公司资产负债表"]
    group, parent = reversed(titles) if is_swapped else titles
    of_parent = sheet(parent, "单位：元", "6,000.00", "5,000.00")
    of_parent[2].append(["于附属公司的权益", "47.00", "47.00"])
    found = read([sheet(group, "单位：元", "9,000.00", "8,000.00"), of_parent])
    assert (found.facts.height == 0) == is_swapped
    assert (("balance_sheet", "scope_conflict") in reasons(found)) == is_swapped


RESTATED = [
    ["主要会计数据", "2020年", "2019年", None],
    ["", "", "调整后", "调整前"],
    ["营业收入", "5,000.00", "4,000.00", "3,900.00"],
    ["经营活动产生的现金流量净额", "300.00", "200.00", "190.00"],
    ["归属于上市公司股东的净利润", "80.00", "60.00", "50.00"],
]


@pytest.mark.parametrize("is_swapped", [False, True])
def test_statements_show_last_year_as_restated(read: Read, is_swapped: bool) -> None:
    heads = ["", "", *(("调整前", "调整后") if is_swapped else ("调整后", "调整前"))]
    income = [
        YEARS,
        ["一、营业收入", "5,000.00", "4,000.00"],
        ["减：营业成本", "4,000.00", "3,500.00"],
        ["二、营业利润", "100.00", "80.00"],
        ["三、利润总额", "100.00", "80.00"],
        ["四、净利润", "80.00", "60.00"],
    ]
    keys = [RESTATED[0], heads, *RESTATED[2:]]
    found = read([["主要会计数据和财务指标", "单位：元", keys], ["合并利润表", "单位：元", income]])
    restated = found.facts.filter(pl.col("basis") != "reported")
    assert (restated.height == 0) == is_swapped
    assert (("key_data", "restatement_conflict") in reasons(found)) == is_swapped


@pytest.mark.parametrize(
    ("now", "reason"), [("900.00", None), ("99,000,000.00", "implausible_change")]
)
def test_an_unproved_jump_is_not_believed(read: Read, now: str, reason: str | None) -> None:
    rows = [["货币资金", "100.00", "90.00"], ["固定资产", now, "800.00"], ["商誉", "5.00", "6.00"]]
    rows += [["无形资产", "7.00", "8.00"], ["资产总计", "1.00", "2.00"]]
    found = read([["合并资产负债表", "单位：元", [DAYS, *rows]]])
    flagged = found.quarantine.filter(pl.col("label") == "固定资产")["reason"].to_list()
    assert flagged == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("alone", "reason"), [("900.00", None), ("99,000,000.00", "implausible_amount")]
)
def test_an_unproved_amount_of_another_order_is_not_believed(
    read: Read, alone: str, reason: str | None
) -> None:
    """It stands alone in its row, so that no neighbour tells."""
    research = [["项目", "2020年"], ["研发投入金额", alone], ["研发投入占营业收入比例", "3.00%"]]
    found = read([*report(), ["研发投入情况表", "单位：元", research]])
    assert found.facts.filter(pl.col("status") == "proved")["value"].max() == 9000
    flagged = found.quarantine.select("label", "reason").rows()
    assert flagged == ([("研发投入金额", reason)] if reason else [])


STAFF = [
    ["母公司在职员工的数量", "400"],
    ["主要子公司在职员工的数量", "600"],
    ["在职员工的数量合计", "1,000"],
    ["生产人员", "700"],
]


@pytest.mark.parametrize(
    ("label", "text", "reason"),
    [
        ("母公司在职员工的数量", "4,100,000", "implausible_count"),
        ("在职员工的数量合计", "1,000,000", "breaks_employees_of_parent_and_subsidiaries"),
        ("生产人员", "700,000", "implausible_count"),
        ("生产人员", "699", None),
    ],
)
def test_counts_of_persons(read: Read, label: str, text: str, reason: str | None) -> None:
    rows = [[name, text if name == label else count] for name, count in STAFF]
    found = read([["员工情况", rows]])
    assert found.quarantine.select("label", "reason").rows() == (
        [(label, reason)] if reason else []
    )
