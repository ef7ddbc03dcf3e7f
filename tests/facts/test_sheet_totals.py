"""Balance sheets of Hong Kong, Britain and Australia: groups, totals without a label, net assets."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from sft_assets.facts.build import FactsResult

Read = Callable[..., FactsResult]
TITLE = "綜合財務狀況表"
SHEET = [
    ["", "附註", "二零二五年", "二零二四年"],
    ["", "", "千港元", "千港元"],
    ["非流動資產", "", "", ""],
    ["物業、廠房及設備", "13", "700", "600"],
    ["按金及預付款項", "14", "30", "20"],
    ["", "", "730", "620"],
    ["流動資產", "", "", ""],
    ["存貨", "", "100", "90"],
    ["應收貿易賬款", "", "50", "40"],
    ["", "", "150", "130"],
    ["流動負債", "", "", ""],
    ["應付貿易賬款", "", "60", "50"],
    ["銀行借貸", "16", "20", "10"],
    ["", "", "80", "60"],
    ["流動資產淨值", "", "70", "70"],
    ["總資產減流動負債", "", "800", "690"],
    ["非流動負債", "", "", ""],
    ["銀行借貸", "16", "200", "100"],
    ["租賃負債", "", "100", "90"],
    ["", "", "300", "190"],
    ["資產淨值", "", "500", "500"],
    ["股本", "", "10", "10"],
    ["儲備", "", "490", "490"],
    ["總權益", "", "500", "500"],
]
YEAR = {"language": "zh-Hant", "fiscal_year": 2025, "period_end": "2025-03-31", "exchange": "HKEX"}


def values(result: FactsResult, year: int = 2025) -> dict[str, Decimal]:
    rows = result.facts.to_dicts()
    return {r["metric"]: r["value"] for r in rows if r["fiscal_year"] == year}


def test_sums_without_a_label_are_the_totals_of_their_groups(read: Read) -> None:
    result = read([[TITLE, SHEET]], **YEAR, method="aligned")
    found = values(result)
    assert found["total_non_current_assets"] == 730
    assert found["total_current_assets"] == 150
    assert found["total_current_liabilities"] == 80
    assert found["total_non_current_liabilities"] == 300
    assert {
        r["label"] for r in result.facts.to_dicts() if r["metric"] == "total_current_assets"
    } == {"流動資產"}


def test_such_a_sheet_proves_itself(read: Read) -> None:
    rows = read([[TITLE, SHEET]], **YEAR, method="aligned").facts.to_dicts()
    proofs = {(r["metric"], r["fiscal_year"]): set(r["proofs"]) for r in rows}
    for year in (2025, 2024):
        assert "net_current_assets" in proofs["net_current_assets", year]
        assert "net_assets_equal_equity" in proofs["net_assets", year]
        assert (
            "net_assets_after_non_current_liabilities"
            in proofs["total_assets_less_current_liabilities", year]
        )


def test_one_label_on_both_sides_is_two_things(read: Read) -> None:
    result = read([[TITLE, SHEET]], **YEAR, method="aligned")
    found = values(result)
    assert (found["current_borrowings"], found["non_current_borrowings"]) == (20, 200)
    assert found["non_current_lease_liabilities"] == 100
    assert "bank_borrowings" not in found
    assert result.quarantine.height == 0


@pytest.mark.parametrize("wrong", ["151", "15"])
def test_a_number_that_is_no_sum_is_no_total(read: Read, wrong: str) -> None:
    sheet = [[*row] for row in SHEET]
    sheet[9][2] = wrong
    result = read([[TITLE, sheet]], **YEAR, method="aligned")
    assert "total_current_assets" not in values(result)
    assert "total_current_assets" not in values(result, 2024)
    assert values(result)["total_non_current_assets"] == 730
    assert result.cells_dropped["no_label"] == 2


def test_net_assets_that_are_not_the_equity_are_set_aside(read: Read) -> None:
    sheet = [[*row] for row in SHEET]
    sheet[-1][2] = "501"
    result = read([[TITLE, sheet]], **YEAR, method="aligned")
    doubted = {(r["metric"], r["reason"]) for r in result.quarantine.to_dicts()}
    assert ("net_assets", "fails_net_assets_equal_equity") in doubted
    assert ("total_equity", "fails_net_assets_equal_equity") in doubted


def test_chinese_rules_fix_the_side_of_an_item(read: Read) -> None:
    sheet = [
        ["项目", "2020年12月31日", "2019年12月31日"],
        ["流动资产：", "", ""],
        ["货币资金", "700.00", "600.00"],
        ["流动资产合计", "700.00", "600.00"],
        ["资产总计", "700.00", "600.00"],
        ["非流动负债：", "", ""],
        ["租赁负债", "100.00", "50.00"],
        ["负债合计", "100.00", "50.00"],
        ["所有者权益合计", "600.00", "550.00"],
    ]
    found = values(read([["合并资产负债表", "单位：元", sheet]]), 2020)
    assert found["lease_liabilities"] == 100


def test_equity_of_the_owners_and_of_all_under_one_name(read: Read) -> None:
    sheet = [
        ["(in millions)", "2022", "2021"],
        ["Total assets", "900", "800"],
        ["Total liabilities", "300", "250"],
        ["Common stock", "10", "10"],
        ["Retained earnings", "570", "525"],
        ["Stockholders' equity", "580", "535"],
        ["Noncontrolling interests", "20", "15"],
        ["Total stockholders' equity", "600", "550"],
        ["Total liabilities and equity", "900", "800"],
    ]
    year = {"language": "en", "fiscal_year": 2022, "period_end": "2022-12-31", "exchange": "NYSE"}
    result = read([["Consolidated Balance Sheets", sheet]], **year, method="aligned")
    found = values(result, 2022)
    assert (found["net_assets_attributable"], found["total_equity"]) == (580, 600)
    assert result.quarantine.height == 0
    sheet[5][1:] = ["570", "525"]  # no longer the sum: two numbers of one name
    result = read([["Consolidated Balance Sheets", sheet]], **year, method="aligned")
    assert set(result.quarantine["reason"].to_list()) == {"conflict"}
