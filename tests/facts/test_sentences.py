"""Facts of sentences: the few patterns, and what only looks like them."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from sft_assets.facts.build import FactsResult

Read = Callable[..., FactsResult]
FLOWS = [
    ["项目", "2020年度", "2019年度"],
    ["一、营业总收入", "1,234,567,890.12", "1,100,000,000.00"],
    ["三、营业利润", "200,000,000.00", "150,000,000.00"],
    ["四、利润总额", "210,000,000.00", "160,000,000.00"],
    ["五、净利润", "150,000,000.00", "120,000,000.00"],
]
STATEMENT = ["合并利润表", "单位：元 币种：人民币", FLOWS]


def of_text(result: FactsResult) -> list[tuple[str, Decimal, int, int]]:
    return [
        (r["metric"], r["value"], r["scale"], r["fiscal_year"])
        for r in result.facts.to_dicts()
        if r["statement"] == "text"
    ]


def test_proposed_dividend(read: Read) -> None:
    result = read(
        [["重要提示", "以总股本为基数，向全体股东每10股派", "发现金红利2.35元（含税）。"]]
    )
    assert of_text(result) == [("cash_dividend_per_ten_shares", Decimal("2.35"), 1, 2020)]
    assert result.facts_from_sentences == 1
    assert result.facts["top"][0] == 90.0  # the line that holds the number


@pytest.mark.parametrize(
    "lines",
    [
        ["重要提示", "根据2019年度股东大会决议，每10股派发现金红利1.00元。"],
        ["重要提示", "2020年半年度每10股派发现金红利1.00元。"],
        ["重要提示", "每10股派发现金红利1.00元。", "每10股派发现金红利2.00元。"],
        ["公司治理", "每10股派发现金红利1.00元。"],
        ["重要提示", "每股派发现金红利1.00元。"],
        ["重要提示", "每10股转增3股。"],
    ],
)
def test_other_dividends_are_left_alone(read: Read, lines: list[str]) -> None:
    assert of_text(read([lines])) == []


def test_top_five_customers(read: Read) -> None:
    text = "前五名客户销售额 1,234.50万元，占年度销售总额 5.01%；其中前五名客户销售额中"
    result = read([[text, "关联方销售额 10.00 万元，占年度销售总额 0.10%。"]])
    assert of_text(result) == [
        ("top5_customers_sales", Decimal("1234.50"), 10**4, 2020),
        ("top5_customers_share", Decimal("5.01"), 1, 2020),
    ]


def test_result_that_repeats_a_table(read: Read) -> None:
    result = read(
        [["公司全年实现营业总收入12.35亿元，同比增长12.23%；利润总额2.10亿元。"], STATEMENT]
    )
    assert of_text(result) == [
        ("total_revenue", Decimal("12.35"), 10**8, 2020),
        ("profit_before_tax", Decimal("2.10"), 10**8, 2020),
    ]
    assert {r["status"] for r in result.facts.to_dicts() if r["statement"] == "text"} == {"proved"}


@pytest.mark.parametrize(
    "sentence",
    [
        "公司全年实现营业总收入12.36亿元。",
        "子公司全年实现营业总收入12.35亿元。",
        "全国行业实现利润总额2.10亿元。",
        "公司计划实现营业总收入12.35亿元。",
        "公司全年实现产量12.35亿元。",
    ],
)
def test_results_that_no_table_repeats_are_left_alone(read: Read, sentence: str) -> None:
    assert of_text(read([[sentence], STATEMENT])) == []
