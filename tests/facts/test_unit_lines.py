"""Unit lines of captions, header cells and labels."""

import pytest

from sft_assets.facts.unit_lines import Unit, parse_label_unit, parse_unit_line


@pytest.mark.parametrize(
    ("text", "unit", "scale", "currency"),
    [
        ("单位：元 币种：人民币", "currency", 1, "CNY"),
        ("单位:千元", "currency", 1000, None),
        ("单位：人民币百万元", "currency", 10**6, "CNY"),
        ("金额单位均为人民币万元", "currency", 10**4, "CNY"),
        ("财务附注中报表的单位为：元", "currency", 1, None),
        ("單位：港幣千元", "currency", 1000, "HKD"),
        ("千港元", "currency", 1000, "HKD"),
        ("港元", "currency", 1, "HKD"),
        ("HK$’000", "currency", 1000, "HKD"),
        ("RMB'000", "currency", 1000, "CNY"),
        ("£000’s", "currency", 1000, "GBP"),
        ("A$", "currency", 1, "AUD"),
        ("$ $", "currency", 1, None),
        ("(In millions, except per share amounts)", "currency", 10**6, None),
        ("(Dollars in thousands, except share and per share data)", "currency", 1000, None),
        ("December 31 (Millions)", "currency", 10**6, None),
        ("(Expressed in thousands of United States dollars)", "currency", 1000, "USD"),
        ("单位：股", "shares", 1, None),
        ("单位：万股", "shares", 10**4, None),
        ("单位：吨", "吨", 1, None),
        ("编制单位：示例股份有限公司 单位：千元 币种：人民币", "currency", 1000, "CNY"),
    ],
)
def test_reads_unit_line(text: str, unit: str, scale: int, currency: str | None) -> None:
    assert parse_unit_line(text) == Unit(unit, scale, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "项目",
        "处置子公司及其他营业单位收到的现金净额",
        "编制单位：示例股份有限公司",
        "本公司单位职工",
        "2020年12月31日",
        "Total assets",
        "Cost of revenue increased by 5 million",
        "元旦",
        "营业收入",
        "thousand",
    ],
)
def test_other_text_states_no_unit(text: str) -> None:
    assert parse_unit_line(text) is None


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("基本每股收益（元／股）", Unit("per_share")),
        ("营业收入（元）", Unit("currency")),
        ("研发投入（万元）", Unit("currency", 10**4)),
        ("加权平均净资产收益率（%）", Unit("percent")),
        ("在职员工的数量合计（人）", Unit("persons")),
        ("营业收入", None),
        ("所有者权益（或股东权益）合计", None),
        ("投资收益（损失以“－”号填列）", None),
        ("Net income (loss)", None),
    ],
)
def test_reads_unit_of_a_label(label: str, unit: Unit | None) -> None:
    assert parse_label_unit(label) == unit
