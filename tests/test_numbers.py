"""Printed numbers: what is one amount, what is none, and what is refused."""

import contextlib
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.numbers import AmountError, find_amounts, find_numbers, parse_amount

READ = [
    ("1,234.50", "1234.50"),
    ("0", "0"),
    ("0.00", "0.00"),
    (".5", "0.5"),
    ("１，２３４．５", "1234.5"),
    ("(409 )", "-409"),
    ("（1,234）", "-1234"),
    ("-5", "-5"),
    ("－５", "-5"),
    ("−5.1", "-5.1"),
    ("–5", "-5"),
    ("- 5", "-5"),
    ("+5", "5"),
    ("$ (1,234)", "-1234"),
    ("($1,234)", "-1234"),
    ("$ 1,234", "1234"),
    ("-$5", "-5"),
    ("HK$12", "12"),
    ("RMB 12", "12"),
    ("¥ 12.30", "12.30"),
    ("12.5%", "12.5"),
    ("(12.5)%", "-12.5"),
    ("(12.5%)", "-12.5"),
    ("减少1.68个百分点", "-1.68"),
    ("增加 1.68 个百分点", "1.68"),
    ("39,608,340,979.0\n4", "39608340979.04"),
    ("106,190,154,84\n3.76", "106190154843.76"),
    ("$\n5", "5"),
    ("5\n%", "5"),
]
REFUSED = [
    ("272,86万元", "grouping"),
    ("1,23,456", "grouping"),
    ("1234,567", "grouping"),
    ("1.234.567", "grouping"),
    ("12,34", "grouping"),
    ("000059", "leading_zero"),
    ("1 234", "several"),
    ("1,234 5,678", "several"),
    ("100\n200", "several"),
    ("1,234\n567", "several"),
    ("(1,234", "brackets"),
    ("1,234)", "brackets"),
    ("-(5)", "brackets"),
    ("(-5)", "sign"),
    ("减少-5", "sign"),
    ("△5", "words"),
    ("▲5", "words"),
    ("1e5", "words"),
    ("about 5", "words"),
    ("5 apples", "words"),
    ("2021年", "words"),
    ("O.5", "words"),
    ("Infinity", "words"),
    ("NaN", "words"),
]
ABSENT = ["", " ", "-", "--", "—", "——", "–", "－", "−", "不适用", "N/A", "/", "$ —", "(-)", "\n"]


@pytest.mark.parametrize(("text", "value"), READ)
def test_reads_amount(text: str, value: str) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert amount.value == Decimal(value)
    assert amount.printed == text.strip()


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_refuses_what_is_not_certainly_one_amount(text: str, reason: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(text)
    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ABSENT)
def test_blank_and_dash_are_absent_not_zero(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "scale", "currency"),
    [
        ("5万元", "currency", 10**4, None),
        ("5亿元", "currency", 10**8, None),
        ("5 百萬港元", "currency", 10**6, "HKD"),
        ("US$5 million", "currency", 10**6, "USD"),
        ("$5", "currency", 1, None),
        ("5%", "percent", 1, None),
        ("1.2元/股", "per_share", 1, None),
        ("5万股", "shares", 10**4, None),
        ("5人", "persons", 1, None),
        ("5", None, 1, None),
    ],
)
def test_unit_words(text: str, unit: str | None, scale: int, currency: str | None) -> None:
    amount = parse_amount(text)
    assert amount is not None
    assert (amount.value, amount.unit, amount.scale, amount.currency) == (
        5,
        unit,
        scale,
        currency,
    ) or (text.startswith("1.2") and (amount.unit, amount.scale) == (unit, scale))


SENTENCES = [
    ("公司2021年度实现营业收入1,094.64亿元,同比增长11.71%。",
     [("2021", "year"), ("1,094.64亿元", "amount"), ("11.71%", "amount")]),
    ("前五名客户销售额1,234.50万元,占年度销售总额5.01%",
     [("1,234.50万元", "amount"), ("5.01%", "amount")]),
    ("每10股派发现金红利21.75元(含税)", [("10", "base"), ("21.75元", "amount")]),
    ("净额为-5,562.70元", [("-5,562.70元", "amount")]),
    ("增加0.5%-0.8%", [("0.5%", "amount"), ("0.8%", "amount")]),
    ("2019-2021年", [("2019", "year"), ("2021", "year")]),
    ("2021年12月31日", [("2021", "year"), ("12", "date"), ("31", "date")]),
    ("(1)概况 (2)分析", [("1", "ordinal"), ("2", "ordinal")]),
    ("详见第12页", [("12", "page")]),
    ("see page 7 and p. 9", [("7", "page"), ("9", "page")]),
    ("Form 10-K for FY2023, Q1", [("10", "identifier"), ("2023", "year"), ("1", "identifier")]),
    ("As of June 30, 2023 cash was $ 34,704 million",
     [("30", "date"), ("2023", "year"), ("$ 34,704 million", "amount")]),
    ("loss of $(1,234) thousand", [("$(1,234) thousand", "amount")]),
    ("growth (12.5%)", [("12.5%", "amount")]),
    ("change (1,234)", [("(1,234)", "amount")]),
    ("272,86万元", [("272,86万元", "malformed")]),
    ("top 5 customers", [("5", "ordinal")]),
    ("2,021 persons in 2,000 shops", [("2,021", "amount"), ("2,000", "amount")]),
    ("section 3.1.2", [("3.1.2", "ordinal")]),
    ("COVID19", [("19", "identifier")]),
    ("no number here", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_finds_numbers_of_a_sentence(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(n.printed, n.kind) for n in find_numbers(text)] == expected


def test_spans_of_sentences_know_sign_and_scale() -> None:
    (loss,) = find_amounts("loss of $(1,234) thousand")
    assert (loss.value, loss.in_base_unit, loss.unit) == (-1234, -1234000, "currency")
    (money,) = find_amounts("营业收入1,094.64亿元")
    assert money.in_base_unit == Decimal(109464000000)
    assert find_amounts("2,721.10")[0].value == Decimal("2721.1")
    assert find_amounts("272,86万元")[0].value is None


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=2))
def test_every_printed_form_of_a_value_reads_back(value: Decimal) -> None:
    plain = f"{abs(value):,.2f}"
    forms = (
        [plain, plain.replace(",", "")]
        if value >= 0
        else [f"-{plain}", f"({plain})", f"（{plain} ）"]
    )
    for form in forms:
        amount = parse_amount(form)
        assert amount is not None
        assert amount.value == value


@given(st.text(alphabet="0123456789,.-()%$ 万元亿年第页\nA", max_size=30))
def test_any_text_is_read_absent_or_refused(text: str) -> None:
    with contextlib.suppress(AmountError):
        parse_amount(text)
    spans = find_numbers(text)
    assert all(text[s.start : s.end] == s.printed for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = {i for s in spans for i in range(s.start, s.end)}
    assert all(i in covered for i, c in enumerate(text) if c.isdigit())


@given(st.integers(min_value=1000, max_value=10**15), st.integers(min_value=1, max_value=3))
def test_a_misplaced_separator_never_reads(value: int, shift: int) -> None:
    printed = f"{value:,}"
    at = printed.index(",")
    moved = printed[:at] + printed[at + 1 : at + 1 + shift] + "," + printed[at + 1 + shift :]
    with pytest.raises(AmountError):
        parse_amount(moved)
