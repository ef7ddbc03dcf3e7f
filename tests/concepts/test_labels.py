"""Folding of printed labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.concepts.labels import fold_label, fold_script, names_only_a_negative

SAME = [
    ("一、营业总收入", "营业总收入"),
    ("其中：营业收入", "营业收入"),
    ("减：所得税费用", "所得税费用"),
    ("四、净利润（净亏损以“－”号填列）", "净利润"),
    ('净利润(净亏损以"-"号填列', "净利润"),
    ("（一）基本每股收益（元/股）", "基本每股收益"),
    ("1.归属于母公司股东的净利润（净亏损以“-”号填列）", "归属于母公司股东的净利润"),
    ("归属于上市公司股\n东的净利润（元）", "归属于上市公司股东的净利润"),
    ("负债和所有者权益（或股东权益）总计", "负债和所有者权益总计"),
    ("实收资本（或股本）", "实收资本"),
    ("加权平均净资产收益率（%）", "加权平均净资产收益率"),
    ("加权平均净资产收益率 ％", "加权平均净资产收益率"),
    ("每 10 股派息数（元）（含税）", "每10股派息数"),
    ("營業收入", "营业收入"),
    ("收益（千港元）", "收益"),
    ("年內（虧損）／溢利", "年内溢利"),
    ("△结算备付金", "结算备付金"),
    ("货币资金（注1）", "货币资金"),
    ("Total revenue:", "total revenue"),
    ("Net Income (Loss)", "net income"),
    ("Net income (loss) (1)", "net income"),
    ("Less: Cost of sales", "cost of sales"),
    ("Weighted‑average shares outstanding — Basic", "weighted average shares outstanding - basic"),
    ("Selling, general, and administrative", "selling, general and administrative"),
    ("Shareholders’ equity", "shareholders' equity"),
    ("Total liabilities & equity", "total liabilities and equity"),
    ("Inventories (Note 5)", "inventories"),
    ("Revenue (in millions)", "revenue"),
    ("Non-current assets ......", "noncurrent assets"),
    ("Common stock, $0.00001 par value; 5,000 shares authorized", "common stock"),
    ("年內（虧損）╱溢利", "年内溢利"),
    ("", ""),
]

DIFFERENT = [
    ("营业收入", "营业总收入"),
    ("净利润", "归属于上市公司股东的净利润"),
    ("流动资产（母公司）", "流动资产"),  # a bracket that names another thing stays
    ("研发投入", "研发费用"),
    ("信用减值损失（补充资料）", "信用减值损失"),
    ("Net income", "Net income attributable to shareholders"),
    ("Total current assets", "Total assets"),
    ("EBITDA", "EBIT"),
    ("10年期国债", "年期国债"),  # a number is no numbering without its mark
    ("1.5年", "5年"),
    ("Revenue - product", "Revenue"),
]


@pytest.mark.parametrize(("printed", "folded"), SAME)
def test_typesetting_is_folded(printed: str, folded: str) -> None:
    assert fold_label(printed) == folded


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_meaning_is_not_folded(one: str, other: str) -> None:
    assert fold_label(one) != fold_label(other)


@given(
    st.text(
        alphabet="一二三、（）()①*1.：:减加其中营业收入 (元)%或股本以“-”号填列abc/-'\n", max_size=30
    )
)
def test_folding_never_fails_and_never_grows_without_end(label: str) -> None:
    folded = fold_label(label)
    assert len(folded) <= 3 * len(label)
    assert "\n" not in folded


def test_the_script_is_folded_character_by_character() -> None:
    text = "應收賬款淨額於報告期末"
    assert len(fold_script(text)) == len(text)
    assert fold_script("应收账款") == "应收账款"


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("年內虧損", True),
        ("Net cash used in investing activities", True),
        ("現金及現金等值項目減少淨額", True),
        ("年內（虧損）／溢利", False),
        ("Net cash provided by (used in) investing activities", False),
        ("净利润（净亏损以“－”号填列）", False),
        ("Revenue", False),
    ],
)
def test_a_label_that_names_only_a_negative(label: str, expected: bool) -> None:
    assert names_only_a_negative(label) is expected
