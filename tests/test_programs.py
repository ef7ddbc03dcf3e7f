"""Answer programs: what they yield, and what they refuse."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.programs import (
    Operand,
    ProgramRefusedError,
    ProgramSyntaxError,
    calculation_text,
    derived_numbers,
    formula_text,
    operand_from_row,
    parse_program,
    rederive,
)
from sft_assets.programs.refusals import REFUSALS


def fact(value: str, **changes: object) -> Operand:
    fields: dict[str, object] = {
        "value": Decimal(value),
        "value_printed": f"{abs(Decimal(value)):,}",
        "unit": "currency",
        "scale": 1,
        "currency": "CNY",
        "metric": "revenue",
        "company_id": "c1",
        "fiscal_year": 2023,
        "period_type": "duration",
        "scope": "consolidated",
        "basis": "reported",
    }
    return Operand(**(fields | changes))  # type: ignore[arg-type]


BEFORE = {"fiscal_year": 2022}


@pytest.mark.parametrize(
    ("program", "facts", "expected"),
    [
        pytest.param("f1", [fact("1647.50")], "1,647.50", id="lookup-quotes-the-print"),
        pytest.param("f1", [fact("12.3", unit="percent")], "12.3%", id="percent-gets-its-sign"),
        pytest.param("ratio(f1, f2)", [fact("1647"), fact("6423")], "25.64%", id="not-25.65"),
        pytest.param("growth(f1, f2)", [fact("110"), fact("100", **BEFORE)], "10.00%", id="growth"),
        pytest.param(
            "growth(f1, f2)", [fact("80"), fact("100", **BEFORE)], "-20.00%", id="decline"
        ),
        pytest.param(
            "growth(f1, f2)", [fact("100"), fact("100", **BEFORE)], "0.00%", id="no-minus-zero"
        ),
        pytest.param(
            "growth(f1, f2)", [fact("99.999999"), fact("100", **BEFORE)], "0.00%", id="tiny-decline"
        ),
        pytest.param("ratio(f1, f2)", [fact("1"), fact("800")], "0.13%", id="half-goes-up"),
        pytest.param(
            "ratio(f1, f2)", [fact("5", scale=10000), fact("200000")], "25.00%", id="scales-differ"
        ),
        pytest.param(
            "difference(f1, f2)", [fact("1200.50"), fact("200")], "1,000.50", id="difference"
        ),
        pytest.param("difference(f1, f2)", [fact("200"), fact("1200")], "-1,000", id="negative"),
        pytest.param(
            "difference(f1, f2)",
            [
                fact("12.5", unit="percent", currency=None),
                fact("10.1", unit="percent", currency=None),
            ],
            "2.40",
            id="points",
        ),
        pytest.param("sum(f1, f2, f3)", [fact("1"), fact("2"), fact("3000")], "3,003", id="sum"),
        pytest.param("average(f1, f2)", [fact("1"), fact("2")], "1.50", id="average"),
        pytest.param("multiple(f1, f2)", [fact("5"), fact("2")], "2.50", id="multiple"),
        pytest.param(
            "ratio(sum(f1, f2), f3)", [fact("1"), fact("2"), fact("12")], "25.00%", id="nested"
        ),
        pytest.param(
            "growth(f1, f2)",
            [fact("5"), fact("4", basis="after_restatement", **BEFORE)],
            "25.00%",
            id="reported-against-restated",
        ),
        pytest.param("f1; f2", [fact("1"), fact("2")], "1; 2", id="several"),
        pytest.param("descending(f1, f2)", [fact("5"), fact("2")], "5; 2", id="descending"),
        pytest.param(
            "descending(f1, f2)", [fact("5"), fact("2", **BEFORE)], "5; 2", id="order-of-years"
        ),
        pytest.param(
            "descending(f1, f2)", [fact("5"), fact("2", metric="b")], "5; 2", id="order-of-items"
        ),
        pytest.param(
            "per(f1, f2)",
            [fact("5000", scale=10000), fact("30", unit="persons", currency=None)],
            "1,666,666.67",
            id="per-person",
        ),
        pytest.param("days(f1, f2)", [fact("5"), fact("73")], "25.00", id="days"),
    ],
)
def test_result(program: str, facts: list[Operand], expected: str) -> None:
    assert rederive(program, facts) == expected


@pytest.mark.parametrize(
    ("program", "facts", "reason"),
    [
        pytest.param("f2", [fact("1")], "unknown_fact", id="unknown-fact"),
        pytest.param("ratio(f1, f2)", [fact("1"), fact("0")], "zero_base", id="zero"),
        pytest.param("ratio(f1, f2)", [fact("1"), fact("-1")], "negative_base", id="negative"),
        pytest.param(
            "growth(f1, f2)", [fact("5"), fact("-5", **BEFORE)], "negative_base", id="from-loss"
        ),
        pytest.param(
            "growth(f1, f2)", [fact("-5"), fact("5", **BEFORE)], "sign_change", id="into-loss"
        ),
        pytest.param("growth(f1, f2)", [fact("5"), fact("4")], "not_consecutive", id="same-year"),
        pytest.param(
            "growth(f1, f2)", [fact("5"), fact("4", fiscal_year=2021)], "not_consecutive", id="gap"
        ),
        pytest.param(
            "growth(f1, f2)",
            [fact("5"), fact("4", metric="cost", **BEFORE)],
            "mixed_metric",
            id="metric",
        ),
        pytest.param(
            "growth(f1, f2)",
            [fact("5"), fact("4", scope="parent", **BEFORE)],
            "mixed_scope",
            id="scope",
        ),
        pytest.param(
            "growth(f1, f2)",
            [fact("5"), fact("4", basis="before_restatement", **BEFORE)],
            "mixed_basis",
            id="basis",
        ),
        pytest.param(
            "growth(f1, f2)",
            [fact("5", basis="after_restatement"), fact("4", **BEFORE)],
            "mixed_basis",
            id="restated-against-reported",
        ),
        pytest.param(
            "ratio(f1, f2)", [fact("5"), fact("4", currency="USD")], "mixed_currency", id="fx"
        ),
        pytest.param(
            "ratio(f1, f2)", [fact("5"), fact("4", unit="persons")], "mixed_unit", id="unit"
        ),
        pytest.param(
            "ratio(f1, f2)", [fact("5"), fact("4", company_id="c2")], "mixed_company", id="who"
        ),
        pytest.param(
            "ratio(f1, f2)", [fact("5"), fact("4", **BEFORE)], "mixed_period", id="period"
        ),
        pytest.param(
            "growth(f1, f2)",
            [fact("5", unit="percent"), fact("4", unit="percent", **BEFORE)],
            "not_an_amount",
            id="growth-of-a-percentage",
        ),
        pytest.param("descending(f1, f2)", [fact("2"), fact("5")], "wrong_order", id="order"),
        pytest.param(
            "descending(f1, f2)",
            [fact("5"), fact("2", metric="b", **BEFORE)],
            "mixed_metric",
            id="order-of-other-things",
        ),
        pytest.param(
            "descending(f1, f2)",
            [fact("5"), fact("2", metric="b", company_id="d")],
            "mixed_metric",
            id="order-of-other-companies",
        ),
        pytest.param("per(f1, f2)", [fact("5"), fact("2")], "mixed_unit", id="per-amount"),
        pytest.param(
            "per(f1, f2)",
            [fact("5"), fact("0", unit="shares", currency=None)],
            "zero_base",
            id="per-none",
        ),
        pytest.param("days(f1, f2)", [fact("5"), fact("0")], "zero_base", id="days-of-none"),
        pytest.param("descending(f1, f2)", [fact("2"), fact("2")], "wrong_order", id="tie"),
        pytest.param("descending(f1, sum(f1, f1))", [fact("2")], "nested_list", id="nested"),
    ],
)
def test_refusal(program: str, facts: list[Operand], reason: str) -> None:
    with pytest.raises(ProgramRefusedError) as caught:
        rederive(program, facts)
    assert caught.value.reason == reason
    assert reason in REFUSALS


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "f0", "f01", "F1", "f1 f2", "growth(f1)", "growth(f1, f2", "growth f1", "f1;", ";f1",
        "growth(f1, f2))", "growth(f1,, f2)", "__import__(f1, f2)", "1+1", "growth(1, 2)", "f1.real",
        "sum(" * 20 + "f1, f1" + ")" * 20, "f1;" * 2000, "exec(f1, f2)", "f12345",
    ],
)  # fmt: skip
def test_what_is_no_program(text: str) -> None:
    with pytest.raises(ProgramSyntaxError):
        parse_program(text)


def test_formula_and_calculation() -> None:
    facts = [fact("110"), fact("-100", fiscal_year=2022)]
    assert formula_text("difference(f1, f2)", facts) == "110 - (-100) = 210"
    assert calculation_text("difference(f1, f2)", facts) == "<<110-(-100)=210>>"
    growth = [fact("1234.50"), fact("1000", **BEFORE)]
    assert formula_text("growth(f1, f2)", growth) == "(1,234.50 - 1,000) ÷ 1,000 × 100% = 23.45%"
    assert calculation_text("growth(f1, f2)", growth) == "<<(1234.50-1000)/1000*100=23.45>>"


def test_the_calculation_adds_up_as_written() -> None:
    """What stands left of ``=`` yields what stands right of it, to the last printed digit."""
    facts = [fact("1234.50", scale=10000), fact("-7000.25", scale=1000, fiscal_year=2022)]
    body, _, result = calculation_text("difference(f1, f2)", facts).strip("<>").partition("=")
    assert body == "12345-(-7000.25)"
    assert result == "19,345.25"
    assert formula_text("difference(f1, f2)", facts) == "12,345 - (-7,000.25) = 19,345.25"


def test_scales_that_differ_stand_in_the_finest() -> None:
    facts = [fact("5", scale=10000), fact("200000")]
    assert formula_text("ratio(f1, f2)", facts) == "(50,000 ÷ 200,000) × 100% = 25.00%"
    assert calculation_text("ratio(f1, f2)", facts) == "<<50000/200000*100=25.00>>"


def test_derived_numbers_hold_inner_results() -> None:
    numbers = derived_numbers("ratio(sum(f1, f2), f3)", [fact("1"), fact("2"), fact("12")])
    assert {Decimal(3), Decimal(25), Decimal(100), Decimal(12)} <= numbers
    assert Decimal(4) not in numbers


def test_operand_from_row_reads_what_polars_gives() -> None:
    row = {
        "value": Decimal("12.5000000000"), "value_printed": "12.50", "unit": "currency", "scale": 1000,
        "currency": None, "metric": "m", "company_id": "c", "fiscal_year": 2020,
        "period_type": "instant", "scope": "parent", "basis": "reported", "page_no": 3,
    }  # fmt: skip
    assert operand_from_row(row).base_value == Decimal(12500)


amounts = st.decimals(min_value=1, max_value=10**12, places=2)


@given(amounts, amounts)
def test_growth_answers_the_definition(now: Decimal, before: Decimal) -> None:
    text = rederive("growth(f1, f2)", [fact(str(now)), fact(str(before), **BEFORE)])
    exact = (now - before) / before * 100
    assert abs(Decimal(text.rstrip("%").replace(",", "")) - exact) <= Decimal("0.005")


@given(st.text(alphabet="f123(),; growthsum", max_size=40))
def test_parsing_twice_is_parsing_once(text: str) -> None:
    try:
        program = "; ".join(str(e) for e in parse_program(text))
    except ProgramSyntaxError:
        return
    assert "; ".join(str(e) for e in parse_program(program)) == program
