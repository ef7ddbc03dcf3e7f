"""Figures of past years beside those of earlier reports: alike, restated, or changed."""

from decimal import Decimal

import polars as pl
import pytest

from sft_assets.facts.earlier_reports import compare_with_earlier, figures_table
from sft_assets.schemas.facts import FACTS, PRIOR_YEAR_FIGURES, VALUE, changed_facts

YEARS = {"a_2018": 2018, "a_2019": 2019, "a_2020": 2020, "b_2019": 2019}


def fact(report: str, printed: str, year: int = 2019, **changed: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(FACTS) | {
        "fact_id": f"{report} {printed} {changed.get('basis', '')}{changed.get('statement', '')}",
        "report_key": report,
        "company_id": report[0],
        "metric": "revenue",
        "value_printed": printed,
        "value": Decimal(printed.replace(",", "")),
        "unit": "currency",
        "scale": 1,
        "currency": "CNY",
        "fiscal_year": year,
        "period": str(year),
        "period_type": "duration",
        "basis": "reported",
        "scope": "consolidated",
    }
    return row | changed


def verdicts(*rows: dict[str, object]) -> list[tuple[str, str, str]]:
    frame = pl.DataFrame(rows, schema=FACTS)
    compared, _ = compare_with_earlier(frame, YEARS)
    assert compared == compare_with_earlier(frame.reverse(), YEARS)[0]
    return [(c.later.basis, c.earlier.report_key, c.verdict) for c in compared]


OWN = fact("a_2019", "1,000.00")


@pytest.mark.parametrize(
    ("later", "verdict"),
    [
        ({"printed": "1,000.00"}, "agrees"),
        ({"printed": "1,000.01"}, "changed"),
        ({"printed": "-1,000.00"}, "changed"),
        ({"printed": "1", "scale": 1000}, "agrees"),
        ({"printed": "0.10", "scale": 10000}, "agrees"),
        ({"printed": "0.11", "scale": 10000}, "agrees"),  # a rounded sum that was made to fit
        ({"printed": "0.12", "scale": 10000}, "changed"),
        ({"printed": "1,000.00", "currency": "USD"}, "changed"),
        ({"printed": "1,000.00", "currency": None}, "agrees"),
        ({"printed": "1,100.00", "basis": "after_restatement"}, "restated"),
        ({"printed": "1,000.00", "basis": "after_restatement"}, "agrees"),
        ({"printed": "1,000.00", "basis": "before_restatement"}, "agrees"),
        ({"printed": "1,100.00", "basis": "before_restatement"}, "changed"),
    ],
)
def test_a_comparative_beside_the_earlier_report(later: dict[str, object], verdict: str) -> None:
    changed = dict(later)
    row = fact("a_2020", str(changed.pop("printed")), **changed)
    assert verdicts(OWN, row) == [(row["basis"], "a_2019", verdict)]


def test_a_report_that_restates_the_year_explains_its_other_columns() -> None:
    restated = fact("a_2020", "9.00", basis="after_restatement", metric="net_profit")
    later = fact("a_2020", "1,100.00")
    assert verdicts(OWN, later, restated) == [("reported", "a_2019", "restated")]
    of_another_year = restated | {"fiscal_year": 2018, "period": "2018"}
    assert verdicts(OWN, later, of_another_year) == [("reported", "a_2019", "changed")]


def test_the_nearest_earlier_report_counts_as_it_restated_itself() -> None:
    oldest = fact("a_2018", "5.00", 2018)
    middle = [
        fact("a_2019", "5.00", 2018, basis="before_restatement"),
        fact("a_2019", "6.00", 2018, basis="after_restatement"),
    ]
    assert verdicts(oldest, *middle, fact("a_2020", "6.00", 2018)) == [
        ("after_restatement", "a_2018", "restated"),
        ("before_restatement", "a_2018", "agrees"),
        ("reported", "a_2019", "agrees"),
    ]
    assert verdicts(oldest, fact("a_2020", "6.00", 2018)) == [("reported", "a_2018", "changed")]


@pytest.mark.parametrize(
    "other",
    [
        {"report": "b_2019", "printed": "1.00"},  # another company
        {"report": "a_2020", "printed": "1.00", "scope": "parent"},
        {"report": "a_2020", "printed": "1.00", "metric": "net_profit"},
        {"report": "a_2020", "printed": "1.00", "period": "2019Q1"},
        {"report": "a_2020", "printed": "1.00", "year": 2020},  # the report's own year
        {"report": "a_2017", "printed": "1.00", "year": 2016},  # a report that is superseded
    ],
)
def test_other_figures_are_not_compared(other: dict[str, object]) -> None:
    changed = dict(other)
    row = fact(str(changed.pop("report")), str(changed.pop("printed")), **changed)
    assert verdicts(OWN, row) == []


def test_the_table_names_every_fact_of_a_changed_figure() -> None:
    rows = [
        OWN,
        fact("a_2019", "1", scale=1000, statement="key_data"),
        fact("a_2020", "1,200.00"),
        fact("a_2020", "1.2", scale=1000, statement="key_data"),
        fact("a_2020", "7.00", metric="net_profit"),
        fact("a_2020", "9.00", 2018, metric="net_profit"),
    ]
    compared, past = compare_with_earlier(pl.DataFrame(rows, schema=FACTS), YEARS)
    table = figures_table(compared)
    assert table.schema == PRIOR_YEAR_FIGURES
    assert (table.height, past) == (1, 3)
    assert table["later_value"].to_list() == [Decimal(1200)]
    assert table.schema["later_value"] == VALUE
    assert changed_facts(table) == sorted(str(row["fact_id"]) for row in rows[:4])
    agreeing, _ = compare_with_earlier(pl.DataFrame(rows[:2], schema=FACTS), YEARS)
    assert changed_facts(figures_table(agreeing)) == []
