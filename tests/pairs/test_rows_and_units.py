"""Wide rows of a passage, units beside a result, and questions that ask for decimals."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sft_assets.pairs.compound import multi_part
from sft_assets.pairs.contexts import MAX_COLUMNS, build_context
from sft_assets.pairs.derived import changes, ratios
from sft_assets.pairs.drafts import Draft, fault_of
from sft_assets.pairs.printed_signs import is_deducted
from sft_assets.pairs.series import rankings
from sft_assets.pairs.settings import PairSettings
from sft_assets.pairs.singles import lookups
from sft_assets.pairs.source import Fact, ReportSource, current_reports, read_source

YEARS = 7  # columns of the wide row


def source_of(report: Any) -> ReportSource:
    return read_source(current_reports(report.raw_reports)[0], report.facts, report.pages)


@pytest.fixture
def wide(invent_report: Callable[..., Any]) -> tuple[ReportSource, list[Fact]]:
    """A report whose revenue has seven columns, and the facts of that row, newest first."""
    source = source_of(invent_report())
    first = next(fact for fact in source.facts if fact.operand.metric == "revenue")
    row = []
    for back in range(YEARS):
        operand = replace(
            first.operand,
            fiscal_year=first.operand.fiscal_year - back,
            value_printed=f"{6_423_105 - back:,}.20",
            value=first.operand.value - back,
        )
        row.append(replace(first, fact_id=f"{back:032x}", operand=operand, col_no=back + 1))
    others = [fact for fact in source.facts if fact.row != first.row]
    chosen = {fact.meaning: fact for fact in (*row, *others)}
    return ReportSource(source.report, (*row, *others), chosen, source.pages, {}), row


def test_evidence_stands_in_the_passage_however_wide_its_row(
    wide: tuple[ReportSource, list[Fact]],
) -> None:
    source, row = wide
    for fact in row:
        text = build_context(source, [fact], "zh", distractors=0, max_chars=260)
        line = next(x for x in text.split("\n") if "营业收入" in x)
        assert fact.operand.value_printed in line
        label, cells = line.split("：", 1)
        assert label.endswith("营业收入")
        assert len(cells.split("；")) == MAX_COLUMNS
        assert f"{fact.operand.fiscal_year}年 {fact.operand.value_printed}" in cells.split("；")
    every = build_context(source, row, "zh", distractors=0, max_chars=260)
    assert all(fact.operand.value_printed in every for fact in row)
    made = [d for d in lookups(source, "zh", PairSettings()) if isinstance(d, Draft)]
    assert len(made) >= YEARS
    assert [fault_of(d, [source.report]) for d in made] == [None] * len(made)


def test_a_currency_stands_before_its_number(invent_report: Callable[..., Any]) -> None:
    source = source_of(invent_report(language="en"))
    made = [d for d in changes(source, "en", PairSettings()) if isinstance(d, Draft)]
    made += [d for d in lookups(source, "en", PairSettings()) if isinstance(d, Draft)]
    assert {d.kind for d in made} == {"growth", "difference", "lookup"}
    for draft in made:
        assert not re.search(r"\d USD", draft.answer)
        assert fault_of(draft, [source.report]) is None
    said = [d.answer for d in made if d.kind == "difference"]
    assert said
    assert all(re.search(r" = (?:\S+ - \S+) = USD -?[\d,]+ million \(page", a) for a in said)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_two_decimals_are_asked_where_two_are_given(
    invent_report: Callable[..., Any], language: str
) -> None:
    asked = plain = 0
    for year in range(2012, 2024):
        for factor in (1, 3, 7):
            report = invent_report(language=language, fiscal_year=year, factor=factor)
            for draft in ratios(source_of(report), language, PairSettings()):
                assert isinstance(draft, Draft | str)
                if isinstance(draft, str):
                    continue
                if ".two_decimals." in draft.template_id:
                    asked += 1
                    assert re.search(r" = -?[\d,]+\.\d\d(?!\d)[^=]*$", draft.answer)
                elif not re.search(r" = \D{0,5}-?[\d,]+\.\d\d(?!\d)[^=]*$", draft.answer):
                    plain += 1
    assert asked >= 20
    assert plain >= (5 if language == "en" else 0)  # amounts of whole millions


def printed_below_zero(report: Any, metrics: set[str]) -> ReportSource:
    """Return the report as one that prints ``metrics`` as deductions, in brackets."""
    source = source_of(report)
    facts = tuple(
        replace(
            fact,
            operand=replace(
                fact.operand,
                value=-fact.operand.value,
                value_printed=f"({fact.operand.value_printed})",
            ),
        )
        if fact.operand.metric in metrics
        else fact
        for fact in source.facts
    )
    return ReportSource(source.report, facts, {f.meaning: f for f in facts}, source.pages, {})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cost_in_brackets_gives_the_same_margin(
    invent_report: Callable[..., Any], language: str
) -> None:
    report = invent_report(language=language)
    costs = {"cost_of_revenue", "rd_expenses"}
    results = []
    for source in (source_of(report), printed_below_zero(report, costs)):
        made = [d for d in ratios(source, language, PairSettings()) if isinstance(d, Draft)]
        assert [fault_of(d, [source.report]) for d in made] == [None] * len(made)
        results.append({d.template_id.rpartition(".")[2]: d.answer for d in made})
    plain, deducted = results
    margins = [
        re.search(r"= (-?[\d.]+%)[^=]*$", answers["gross_margin"]) for answers in (plain, deducted)
    ]
    assert margins[0]
    assert margins[1]
    assert margins[0][1] == margins[1][1]
    assert set(deducted) < set(plain)
    assert not {"cost_ratio", "rd_share", "inventory_turnover"} & set(deducted)
    refused = [
        d
        for d in ratios(printed_below_zero(report, costs), language, PairSettings())
        if d == "cost_printed_below_zero"
    ]
    assert len(refused) >= len(set(plain) - set(deducted)) > 0


def test_a_cost_in_brackets_is_not_said_to_change(invent_report: Callable[..., Any]) -> None:
    source = printed_below_zero(invent_report(), {"cost_of_revenue"})
    made = list(changes(source, "zh", PairSettings()))
    assert made.count("cost_printed_below_zero") == 1
    asked = {d.facts[0].operand.metric for d in made if isinstance(d, Draft)}
    assert "revenue" in asked
    assert "cost_of_revenue" not in asked


def test_several_parts_take_the_same_care(invent_report: Callable[..., Any]) -> None:
    source = printed_below_zero(invent_report(), {"cost_of_revenue", "rd_expenses"})
    made = [d for d in multi_part(source, "zh", PairSettings()) if isinstance(d, Draft)]
    programs = [d.program for d in made if d.program]
    assert programs
    assert not any("difference(f4, f5)" in p and "ratio" in p for p in programs)
    assert [fault_of(d, [source.report]) for d in made] == [None] * len(made)


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("Net cash used in investing activities", -5, True),
        ("Net cash used for financing activities", -5, True),
        ("Net cash used in investing activities", 5, False),
        ("Net cash provided by (used in) investing activities", -5, False),
        ("投资活动产生的现金流量净额", -5, False),
    ],
)
def test_cash_used(
    invent_report: Callable[..., Any], label: str, value: int, *, expected: bool
) -> None:
    fact = next(f for f in source_of(invent_report()).facts if f.operand.metric == "total_assets")
    operand = replace(fact.operand, metric="net_cash_from_investing", value=Decimal(value))
    assert is_deducted(replace(fact, label=label, operand=operand)) is expected


def test_costs_in_brackets_are_in_no_order(invent_report: Callable[..., Any]) -> None:
    plain = list(rankings(source_of(invent_report()), "zh", PairSettings()))
    costs = {"rd_expenses", "selling_expenses"}
    source = printed_below_zero(invent_report(), costs)
    made = list(rankings(source, "zh", PairSettings()))
    ordered = [d for d in made if isinstance(d, Draft)]
    assert any(f.operand.metric in costs for d in plain if isinstance(d, Draft) for f in d.facts)
    assert made.count("order_of_deductions") >= 1
    assert not any(f.operand.metric in costs for d in ordered for f in d.facts)
