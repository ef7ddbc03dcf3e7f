"""What sentences say of numbers, and what they leave open."""

from decimal import Decimal

import pytest

from sft_assets.facts.clauses import find_clauses


def said(text: str) -> list[tuple[str, str, str, str]]:
    return [(c.subject, c.metric, c.change, f"{c.value}") for c in find_clauses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公司实现营业收入35.85亿元", [("", "营业收入", "", "35.85")]),
        ("毛利率为3.32%", [("", "毛利率", "", "3.32")]),
        ("示例股份的总资产达40.33亿元", [("示例股份", "总资产", "", "40.33")]),
        (
            "经营活动产生的现金流量净额为-1.22亿元",
            [("", "经营活动产生的现金流量净额", "", "-1.22")],
        ),
        (
            "归属于上市公司股东的净利润1.33亿元，同比下降8.43%",
            [
                ("", "归属于上市公司股东的净利润", "", "1.33"),
                ("", "归属于上市公司股东的净利润", "year", "-8.43"),
            ],
        ),
        ("营业成本较上年同期增加20.19%", [("", "营业成本", "year", "20.19")]),
        ("净息差环比下降5个百分点", [("", "净息差", "previous", "-5")]),
        ("存货较年初增长3.5%", [("", "存货", "other", "3.5")]),
        ("涨跌幅为-0.50%", [("", "涨跌幅", "", "-0.50")]),
        (
            "示例股份的收入为9亿元、成本为7亿元",
            [("示例股份", "收入", "", "9"), ("示例股份", "成本", "", "7")],
        ),
        ("市净率： 4.03", [("", "市净率", "", "4.03")]),
    ],
)
def test_metric_and_value(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024年12月31日",
        "第3页",
        "12.5亿元",
        "。同比增长3.2%",
        "营业收入和净利润分别为5亿元和1亿元",
        "营业收入为1,23,456元",
        "营业收入。5亿元",
    ],
)
def test_a_number_without_a_metric_is_left_out(text: str) -> None:
    assert said(text) == []


def test_share_of_a_whole() -> None:
    amount, share = find_clauses("研发支出1,647万元，占营业收入的比例为2.1%")
    assert (amount.metric, amount.share) == ("研发支出", "")
    assert (share.metric, share.share, share.value) == ("研发支出", "营业收入", Decimal("2.1"))


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2019年营业收入5亿元", ["2019年"]),
        ("2020年营业收入5亿元，较2019年增长3%", ["2020年", "2020年"]),
        ("上年营业收入5亿元", ["上年"]),
        ("营业收入5亿元", [""]),
        ("2020年营业收入5亿元。净利润1亿元", ["2020年", ""]),
        ("社会零售额：2024年6月为3%，2024年5月为2%", ["2024年6月", "2024年5月"]),
    ],
)
def test_date_of_a_clause(text: str, when: list[str]) -> None:
    assert [c.when for c in find_clauses(text)] == when


def test_a_known_name_is_the_subject() -> None:
    text = "示例股份营业收入为5亿元"
    assert said(text) == [("", "示例股份营业收入", "", "5")]
    found = find_clauses(text, {"示例股份", "示例"})
    assert [(c.subject, c.metric) for c in found] == [("示例股份", "营业收入")]


def test_spans_lead_back_to_the_text() -> None:
    text = "（一）营业收入 １，２３４．５０ 万元，同比增长 ５．２％。"
    found = find_clauses(text)
    assert [text[c.number.start : c.number.end] for c in found] == [c.number.printed for c in found]
    assert [c.in_base_unit for c in found] == [Decimal(12345000), Decimal("5.2")]
