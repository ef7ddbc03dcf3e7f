"""Printed changes: what follows from two rounded values, what cannot, and what is open."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from sft_assets.concepts import load_concepts
from sft_assets.facts.build import FactsResult
from sft_assets.facts.growth import recompute
from sft_assets.facts.page_items import Box
from sft_assets.facts.periods import Period
from sft_assets.facts.readings import PrintedChange, Reading
from sft_assets.numbers import parse_amount

Read = Callable[..., FactsResult]
BOX = Box(0.0, 0.0, 1.0, 1.0)
KEYS = ["主要会计数据", "2020年", "2019年", "本期比上年同期增减（%）"]


def reading(printed: str, metric: str = "revenue", scale: int = 1) -> Reading:
    amount = parse_amount(printed)
    concept = load_concepts()[metric]
    assert amount is not None
    return Reading(
        1, (0, 0, 1), BOX, printed, concept.zh, concept, amount.value, concept.unit, scale, "CNY",
        Period(2020, "2020", "duration"), "reported", "consolidated", "key_data", 1, None,
    )  # fmt: skip


def change(printed: str, metric: str = "revenue") -> PrintedChange:
    amount = parse_amount(printed)
    assert amount is not None
    concept = load_concepts()[metric]
    return PrintedChange(1, (0, 0, 3), BOX, concept.zh, concept, amount, None)


@pytest.mark.parametrize(
    ("now", "before", "printed", "metric", "expected"),
    [
        ("125.00", "100.00", "25.00", "revenue", True),
        ("125.00", "100.00", "25.00%", "revenue", True),
        ("125.00", "100.00", "26.00", "revenue", False),
        ("125.00", "100.00", "-25.00", "revenue", False),
        ("75.00", "100.00", "减少25.00%", "revenue", True),
        ("75.00", "100.00", "增加25.00%", "revenue", False),
        ("-34.00", "-17.00", "-100.00", "revenue", True),  # by the size of the base
        ("-34.00", "-17.00", "100.00", "revenue", True),  # by the base itself
        ("-34.00", "-17.00", "50.00", "revenue", False),
        ("125.00", "100.00", "25.00元", "revenue", True),  # the difference in money
        ("125.00", "100.00", "2.50个百分点", "revenue", False),
        ("1,000,124.00", "1,000,000.00", "0.01", "revenue", True),
        ("0.00", "0.00", "0.00", "revenue", True),  # no change
        ("5.00", "0.00", "100.00", "revenue", False),
        ("37.17", "32.80", "13.33", "basic_eps", True),  # 13.323 of the printed, rounded values
        ("37.17", "32.80", "13.40", "basic_eps", False),
        ("0.02", "0.01", "120.00", "basic_eps", None),  # may be anything from 0 to 400
        ("0.02", "0.01", "900.00", "basic_eps", False),
        ("31.41", "33.12", "减少1.71个百分点", "roe_weighted", True),
        ("31.41", "33.12", "-1.71", "roe_weighted", True),
        ("31.41", "33.12", "增加1.71个百分点", "roe_weighted", False),
        ("31.41", "33.12", "-1.79", "roe_weighted", False),
        ("24.597", "20.000", "22.98", "revenue", True),
        ("24.597", "20.000", "22.97", "revenue", None),  # one step off: cut, not rounded
    ],
)
def test_change_of_two_values(
    now: str, before: str, printed: str, metric: str, expected: bool | None
) -> None:
    found = recompute(reading(now, metric), reading(before, metric), change(printed, metric))
    assert found is expected


def quarantined(found: FactsResult) -> list[tuple[str, str, str, str]]:
    return sorted(
        (r["label"], r["value_printed"], r["unit"], r["reason"])
        for r in found.quarantine.to_dicts()
    )


def key_data(*revenue: str, heads: list[list[str | None]] | None = None) -> list[object]:
    """Key data whose other rows hold no change."""
    rest = [
        ["经营活动产生的现金流量净额", "300.00", "200.00"],
        ["归属于上市公司股东的净利润", "80.00", "60.00"],
        ["总资产", "9,000.00", "8,000.00"],
    ]
    wider = [[*row, *[""] * (len(revenue) - 2)] for row in rest]
    return [
        "主要会计数据和财务指标",
        "单位：元",
        [*(heads or [KEYS]), ["营业收入", *revenue], *wider],
    ]


def revenue(found: FactsResult) -> list[tuple[str, list[str]]]:
    rows = found.facts.filter(found.facts["metric"] == "revenue").to_dicts()
    return [(r["value_printed"], r["proofs"]) for r in rows]


def test_a_change_that_follows_proves_both_values(read: Read) -> None:
    found = read([key_data("5,000.00", "4,000.00", "25.00")])
    assert quarantined(found) == []
    assert revenue(found) == [
        ("5,000.00", ["change_recomputed"]),
        ("4,000.00", ["change_recomputed"]),
    ]
    assert found.cells_dropped["change_column"] == 1


def test_a_change_that_cannot_be_right_is_set_aside_with_unproved_values(read: Read) -> None:
    found = read([key_data("5,000.00", "4,000.00", "52.00")])
    assert quarantined(found) == [
        ("营业收入", "4,000.00", "currency", "change_not_recomputed"),
        ("营业收入", "5,000.00", "currency", "change_not_recomputed"),
        ("营业收入", "52.00", "percent", "change_not_recomputed"),
    ]
    assert revenue(found) == []
    assert found.cells_quarantined == {"change_not_recomputed": 3}
    assert "change_column" not in found.cells_dropped


def test_values_that_something_else_proves_stay(read: Read) -> None:
    found = read([key_data("1,234,567,890.12", "1,100,000,000.00", "52.00"), STATEMENT])
    assert quarantined(found) == [("营业收入", "52.00", "percent", "change_not_recomputed")]
    assert len(revenue(found)) == 4
    assert all(proofs == ["same_in_income_statement_and_key_data"] for _, proofs in revenue(found))


def test_a_row_without_the_number_of_the_own_year_is_left_alone(read: Read) -> None:
    heads = [["主要会计数据", "2018年", "2019年", "本期比上年同期增减（%）"]]
    found = read(
        [key_data("1,000,000,000.00", "1,100,000,000.00", "52.00", heads=heads), STATEMENT]
    )
    assert quarantined(found) == []
    assert found.cells_dropped["change_column"] == 1


def test_a_share_of_the_whole_is_no_change(read: Read) -> None:
    heads = [["主要会计数据", "2020年", "2019年", "占总资产的比例（%）"]]
    found = read([key_data("5,000.00", "4,000.00", "52.00", heads=heads)])
    assert quarantined(found) == []
    assert found.cells_dropped["share_column"] == 1


@pytest.mark.parametrize(("printed", "wrong"), [("25.00", 0), ("11.11", 0), ("33.00", 1)])
def test_change_against_the_figure_before_restatement_is_no_finding(
    read: Read, printed: str, wrong: int
) -> None:
    heads = [
        ["主要会计数据", "2020年", "2019年", None, "本期比上年同期增减（%）"],
        [None, None, "调整后", "调整前", None],
    ]
    found = read([key_data("5,000.00", "4,500.00", "4,000.00", printed, heads=heads)])
    assert len([r for r in quarantined(found) if r[2] == "percent"]) == wrong


STATEMENT = [
    "合并利润表",
    "单位：元 币种：人民币",
    [
        ["项目", "2020年度", "2019年度"],
        ["一、营业收入", "1,234,567,890.12", "1,100,000,000.00"],
        ["三、营业利润", "200,000,000.00", "150,000,000.00"],
        ["四、利润总额", "210,000,000.00", "160,000,000.00"],
        ["五、净利润", "150,000,000.00", "120,000,000.00"],
    ],
]


def test_a_change_in_a_sentence_proves_what_it_compares(read: Read) -> None:
    found = read([["公司实现营业收入12.35亿元，同比增长12.23%。"], STATEMENT])
    proofs = {r["value_printed"]: r["proofs"] for r in found.facts.to_dicts()}
    assert "change_recomputed" in proofs["1,234,567,890.12"]
    assert "change_recomputed" in proofs["1,100,000,000.00"]
    assert "change_recomputed" not in proofs["150,000,000.00"]
    assert quarantined(found) == []


@pytest.mark.parametrize("said", ["同比增长32.23%", "同比下降12.23%", "比上年增长1.22%"])
def test_a_change_in_a_sentence_that_cannot_be_right_is_set_aside(read: Read, said: str) -> None:
    found = read([[f"公司实现营业收入12.35亿元，{said}。"], STATEMENT])
    wrong = [r for r in quarantined(found) if r[2] == "percent"]
    assert [(r[0], r[3]) for r in wrong] == [("营业收入", "change_not_recomputed")]
    row = found.quarantine.filter(found.quarantine["unit"] == "percent").to_dicts()[0]
    assert (row["statement"], row["page_no"], row["top"]) == ("text", 1, 50.0)
    assert row["value"] == Decimal(row["value_printed"].rstrip("%")) * (-1 if "降" in said else 1)


@pytest.mark.parametrize(
    "sentence",
    [
        "公司实现营业收入12.35亿元，环比增长32.23%。",  # against the quarter before
        "公司实现营业收入12.35亿元，同口径同比增长32.23%。",
        "公司实现营业收入99.35亿元，同比增长32.23%。",  # another subject's
        "子公司实现营业收入12.35亿元，同比增长32.23%。",
        "公司实现营业收入12.35亿元，毛利率同比增长32.23%。",
        "公司实现营业收入12.35亿元，占全国的32.23%。",
    ],
)
def test_what_only_looks_like_the_change_of_a_known_amount(read: Read, sentence: str) -> None:
    assert quarantined(read([[sentence], STATEMENT])) == []
