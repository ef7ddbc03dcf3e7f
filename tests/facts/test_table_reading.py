"""From drawn tables to facts: headers, labels, units, scopes, restated columns, doubts."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sft_assets.facts.build import FactsResult

Read = Callable[..., FactsResult]

KEY_DATA = [
    ["主要会计数据", "2020年", "2019年", "本期比上年同期增减(%)", "2018年"],
    ["营业收入", "1,100.00", "1,000.00", "10.00", "900.00"],
    ["归属于上市公司股\n东的净利润", "110.00", "100.00", "10.00", "90.00"],
    ["经营活动产生的现\n金流量净额", "-55.00", "50.00", "-210.00", "45.00"],
    ["", "2020年末", "2019年末", "增减(%)", "2018年末"],
    ["总资产", "5,000.00", "4,000.00", "25.00", "3,500.00"],
]
BALANCE = [
    ["项目", "附注", "2020年12月31日", "2019年12月31日"],
    ["流动资产：", "", "", ""],
    ["货币资金", "七、1", "700.00", "600.00"],
    ["流动资产合计", "", "2,000.00", "1,500.00"],
    ["非流动资产合计", "", "3,000.00", "2,500.00"],
    ["资产总计", "", "5,000.00", "4,000.00"],
    ["负债合计", "", "3,000.00", "2,400.00"],
    ["所有者权益（或股东权益）合计", "", "2,000.00", "1,600.00"],
    ["负债和所有者权益（或股东权益）总计", "", "5,000.00", "4,000.00"],
]
UNIT = "单位：元 币种：人民币"


def rows(result: FactsResult, **where: object) -> list[dict[str, Any]]:
    frame = result.facts
    for name, value in where.items():
        frame = frame.filter(pl.col(name) == value)
    return frame.to_dicts()


def test_key_data_with_heads_halfway_down(read: Read) -> None:
    result = read([["(一) 主要会计数据", UNIT, KEY_DATA]])
    found = {(r["metric"], r["period"]): r["value"] for r in rows(result)}
    assert found == {
        ("revenue", "2020"): Decimal(1100),
        ("revenue", "2019"): Decimal(1000),
        ("revenue", "2018"): Decimal(900),
        ("net_profit_attributable_to_parent", "2020"): Decimal(110),
        ("net_profit_attributable_to_parent", "2019"): Decimal(100),
        ("net_profit_attributable_to_parent", "2018"): Decimal(90),
        ("net_cash_from_operating", "2020"): Decimal(-55),
        ("net_cash_from_operating", "2019"): Decimal(50),
        ("net_cash_from_operating", "2018"): Decimal(45),
        ("total_assets", "2020-12-31"): Decimal(5000),
        ("total_assets", "2019-12-31"): Decimal(4000),
        ("total_assets", "2018-12-31"): Decimal(3500),
    }
    assert {r["label"] for r in rows(result, metric="net_profit_attributable_to_parent")} == {
        "归属于上市公司股东的净利润"
    }
    assert all("change_recomputed" in r["proofs"] for r in rows(result, metric="revenue")[:2])
    assert result.cells_dropped["change_column"] == 4


def test_balance_sheet_proves_itself(read: Read) -> None:
    result = read([["合并资产负债表", UNIT, BALANCE]])
    total = rows(result, metric="total_assets", fiscal_year=2020)[0]
    assert total["status"] == "proved"
    assert "assets_equal_liabilities_and_equity" in total["proofs"]
    assert (total["unit"], total["scale"], total["currency"]) == ("currency", 1, "CNY")
    assert rows(result, metric="cash_and_bank")[0]["label"] == "货币资金"
    assert rows(result, metric="cash_and_bank")[0]["status"] == "accepted"


def test_unbalanced_statement_is_set_aside(read: Read) -> None:
    wrong = [*BALANCE[:6], ["负债合计", "", "3,001.00", "2,400.00"], *BALANCE[7:8]]
    result = read([["合并资产负债表", UNIT, wrong]])
    assert rows(result, metric="total_assets", fiscal_year=2020) == []
    assert len(rows(result, metric="total_assets", fiscal_year=2019)) == 1
    reasons = set(result.quarantine["reason"].to_list())
    assert reasons == {"fails_assets_equal_liabilities_and_equity"}


def test_two_readings_that_differ_are_both_set_aside(read: Read) -> None:
    other = [[*row] for row in KEY_DATA]
    other[5] = ["总资产", "5,000.01", "4,000.00", "25.00", "3,500.00"]
    result = read(
        [["(一) 主要会计数据", UNIT, other, "八、其他"], ["合并资产负债表", UNIT, BALANCE]]
    )
    doubted = result.quarantine.filter(pl.col("metric") == "total_assets")
    assert set(doubted["reason"].to_list()) == {"conflict"}
    assert set(doubted["fiscal_year"].to_list()) == {2020}
    assert doubted.height == 2
    agreed = rows(result, metric="total_assets", fiscal_year=2019)
    assert all("same_in_balance_sheet_and_key_data" in r["proofs"] for r in agreed)


def test_a_statement_goes_on_over_the_page(read: Read) -> None:
    result = read(
        [["合并资产负债表", UNIT, BALANCE[:4]], [BALANCE[4:]], ["三、公司基本情况"], [BALANCE]]
    )
    assert {r["page_no"] for r in rows(result)} == {1, 2}
    assert rows(result, metric="total_liabilities", fiscal_year=2020)[0]["page_no"] == 2
    assert result.cells_dropped["not_a_statement"] > 10


@pytest.mark.parametrize(
    ("title", "scope"),
    [
        ("合并资产负债表", "consolidated"),
        ("母公司资产负债表", "parent"),
        ("资产负债表", "consolidated"),
    ],
)
def test_scope_comes_from_the_title(read: Read, title: str, scope: str) -> None:
    result = read([[title, UNIT, BALANCE]])
    assert {r["scope"] for r in rows(result)} == {scope}


def test_a_title_without_scope_beside_a_consolidated_one_is_the_parents(read: Read) -> None:
    result = read([["合并资产负债表", UNIT, BALANCE], ["资产负债表", UNIT, BALANCE]])
    assert {(r["page_no"], r["scope"]) for r in rows(result)} == {
        (1, "consolidated"),
        (2, "parent"),
    }


@pytest.mark.parametrize(
    ("caption", "scale"),
    [("单位：元", 1), ("单位：千元", 1000), ("单位：万元", 10**4), ("（人民币百万元）", 10**6)],
)
def test_scale_comes_from_the_caption(read: Read, caption: str, scale: int) -> None:
    result = read([["合并资产负债表", caption, BALANCE]])
    assert {r["scale"] for r in rows(result)} == {scale}


def test_without_a_unit_nothing_is_accepted(read: Read) -> None:
    result = read([["合并资产负债表", BALANCE]])
    assert result.facts.is_empty()
    assert set(result.quarantine["reason"].to_list()) == {"unit_unknown"}


def test_a_caption_of_something_else_is_no_money(read: Read) -> None:
    result = read([["合并资产负债表", "单位：吨", BALANCE]])
    assert result.facts.is_empty()


RESTATED = [
    ["", "2020年", "2019年", None, "本年比上年增减"],
    ["", "", "调整前", "调整后", "调整后"],
    ["营业收入（元）", "1,100.00", "1,000.00", "1,010.00", "8.91%"],
    ["总资产（元）", "5,000.00", "3,900.00", "4,000.00", "25.00%"],
    ["基本每股收益（元/股）", "0.10", "0.09", "0.08", "25.00%"],
    ["加权平均净资产收益率", "5.00%", "4.00%", "4.10%", "0.90%"],
]


def test_restated_columns_and_the_statement_that_repeats_one(read: Read) -> None:
    flows = [
        ["项目", "2020年度", "2019年度"],
        ["一、营业总收入", "1,200.00", "1,110.00"],
        ["其中：营业收入", "1,100.00", "1,010.00"],
        ["三、营业利润", "200.00", "150.00"],
        ["四、利润总额", "210.00", "160.00"],
        ["五、净利润", "150.00", "120.00"],
    ]
    table = [[*row] for row in RESTATED]
    result = read([["六、主要会计数据和财务指标", table], ["合并利润表", "单位：元", flows]])
    key = {(r["period"], r["basis"]): r["value"] for r in rows(result, metric="revenue", page_no=1)}
    assert key.get(("2019", "after_restatement")) == Decimal(1010)
    profit = {r["period"]: r["basis"] for r in rows(result, metric="net_profit")}
    assert profit == {"2020": "reported", "2019": "after_restatement"}


def test_a_printed_mistake_is_quarantined_without_a_value(read: Read) -> None:
    wrong = [[*row] for row in BALANCE]
    wrong[2][2] = "7,00.00"
    result = read([["合并资产负债表", UNIT, wrong]])
    (row,) = result.quarantine.to_dicts()
    assert (row["reason"], row["value"], row["value_printed"]) == (
        "unreadable_grouping",
        None,
        "7,00.00",
    )


def test_numbers_of_ocr_need_a_proof(read: Read) -> None:
    result = read(
        [["合并资产负债表", UNIT, BALANCE]], method="ruled", text_source="ocr", confidence=0.98
    )
    assert {r["status"] for r in rows(result)} == {"proved"}
    assert "doubtful_ocr" in set(result.quarantine["reason"].to_list())
    assert "cash_and_bank" in set(result.quarantine["metric"].to_list())


def test_numbers_of_bad_ocr_are_set_aside_even_when_they_add_up(read: Read) -> None:
    result = read(
        [["合并资产负债表", UNIT, BALANCE]], method="ruled", text_source="ocr", confidence=0.5
    )
    assert result.facts.is_empty()


def test_english_statement_without_ruling_lines(read: Read) -> None:
    table = [
        ["Year Ended June 30,", "2020", "2019"],
        ["Total revenue", "$ 500", "$ 450"],
        ["Total cost of revenue", "200", "190"],
        ["Gross margin", "300", "260"],
        ["Operating income", "(50)", "20"],
        ["Net income", "$ (40)", "$ 15"],
        ["Earnings per share:", None, None],
        ["Basic", "$ (0.40)", "$ 0.15"],
        ["Weighted average shares outstanding:", None, None],
        ["Basic", "100", "100"],
    ]
    page = ["INCOME STATEMENTS", "(In millions, except per share amounts)", table]
    result = read(
        [page], language="en", period_end="2020-06-30", exchange="NASDAQ", method="aligned"
    )
    revenue = rows(result, metric="total_revenue", fiscal_year=2020)[0]
    assert (revenue["value"], revenue["scale"], revenue["currency"]) == (500, 10**6, "USD")
    eps = rows(result, metric="basic_eps", fiscal_year=2020)[0]
    assert (eps["value"], eps["scale"], eps["unit"], eps["label"]) == (
        Decimal("-0.40"),
        1,
        "per_share",
        "Basic",
    )
    assert rows(result, metric="net_profit", fiscal_year=2019)[0]["value"] == 15
    assert len(rows(result, metric="basic_eps")) == 2


def test_quarters_of_a_table_are_no_years(read: Read) -> None:
    table = [
        ["Three Months Ended June 30,", "2020", "2019"],
        ["Total revenue", "$ 500", "$ 450"],
        ["Operating income", "50", "20"],
        ["Net income", "$ 40", "$ 15"],
    ]
    result = read(
        [["CONSOLIDATED STATEMENTS OF INCOME", "(In millions)", table]],
        language="en",
        period_end="2020-06-30",
        exchange="NASDAQ",
        method="aligned",
    )
    assert result.facts.is_empty()


def test_the_rest_of_a_label_never_stands_alone(read: Read) -> None:
    table = [
        ["", "2020", "2019"],
        ["", "HK$’000", "HK$’000"],
        ["Prepayments, deposits and", None, None],
        ["other receivables", "70", "60"],
        ["Inventories", "10", "10"],
        ["Total current assets", "80", "70"],
        ["Total assets", "180", "170"],
        ["Total liabilities", "100", "95"],
        ["Net assets", "80", "75"],
    ]
    result = read(
        [["CONSOLIDATED STATEMENT OF FINANCIAL POSITION", "At 31 December 2020", table]],
        language="en",
        exchange="HKEX",
        method="aligned",
    )
    assert not {"Other receivables", "other receivables"} & {r["label"] for r in rows(result)}
    assert rows(result, metric="total_assets", fiscal_year=2020)[0]["currency"] == "HKD"


def test_a_title_in_a_note_is_not_believed(read: Read) -> None:
    part = [["项目", "2020年12月31日", "2019年12月31日"], ["应收票据", "7.00", "6.00"]]
    result = read([["合并资产负债表", UNIT, part]])
    assert result.facts.is_empty()
    assert result.cells_dropped["not_believed"] == 2


def test_employees_and_research_have_one_column(read: Read) -> None:
    people = [["母公司在职员工的数量", "10"], ["在职员工的数量合计", "1,234"]]
    research = [["研发投入合计", "99.50"], ["研发投入总额占营业收入比例（%）", "0.18"]]
    result = read([["(一) 员工情况", people], ["(1).研发投入情况表", "单位：元", research]])
    total = rows(result, metric="employees_total")[0]
    assert (total["value"], total["unit"], total["period"]) == (1234, "persons", "2020-12-31")
    assert rows(result, metric="rd_investment")[0]["period"] == "2020"
    assert rows(result, metric="rd_investment_share_of_revenue")[0]["unit"] == "percent"


def test_ids_do_not_depend_on_anything_but_the_report(read: Read) -> None:
    pages = [["合并资产负债表", UNIT, BALANCE]]
    first, second = read(pages), read(pages)
    assert first.facts.equals(second.facts)
    assert first.facts["fact_id"].n_unique() == first.facts.height
    assert not set(first.facts["fact_id"]) & set(first.facts["evidence_id"])


def test_a_subtotal_without_a_label_takes_no_label_of_its_neighbours(read: Read) -> None:
    table = [
        ["", "二零二零年", "二零一九年"],
        ["", "千港元", "千港元"],
        ["存貨", "10", "10"],
        ["現金及現金等價物", "70", "60"],
        [None, "80", "70"],
        ["流動負債", None, None],
        ["銀行借款", "5", "4"],
        ["資產總值", "180", "170"],
        ["負債總額", "100", "95"],
        ["資產淨值", "80", "75"],
    ]
    result = read(
        [["綜合財務狀況表", "於二零二零年十二月三十一日", table]],
        language="zh-Hant",
        exchange="HKEX",
        method="aligned",
    )
    cash = rows(result, metric="cash_and_cash_equivalents")
    assert sorted(r["value"] for r in cash) == [60, 70]
    assert result.cells_dropped["no_label"] == 2
    assert result.quarantine.is_empty()


def test_a_gross_amount_is_not_taken_for_the_net_one(read: Read) -> None:
    table = [
        ["", "December 31, 2020", "December 31, 2019"],
        ["Cash and cash equivalents", "10", "9"],
        ["Total current assets", "10", "9"],
        ["Property, plant and equipment", "50", "40"],
        ["Less: accumulated depreciation", "20", "15"],
        ["Property, plant and equipment, net", "30", "25"],
        ["Total assets", "40", "34"],
        ["Total liabilities", "30", "24"],
    ]
    pages = [["CONSOLIDATED BALANCE SHEETS", "(In millions)", table]]
    found = read(pages, language="en", exchange="NASDAQ")
    plant = found.facts.filter(pl.col("metric") == "property_plant_equipment")
    assert sorted(plant["value_printed"]) == ["25", "30"]
    assert found.quarantine.height == 0
    assert found.cells_dropped["gross_amount"] == 2
