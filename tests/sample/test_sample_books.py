"""The invented accounts obey the identities of real ones, for the shipped and for other seeds."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sft_assets.sample.amounts import NumberStyle, growth_pct, points_text
from sft_assets.sample.books import FIRST_YEAR
from sft_assets.sample.companies import COMPANIES, JIYUAN, MUYAN, Company
from sft_assets.sample.en_books import build_american_years
from sft_assets.sample.history import QUARTERLY, History, Setup, build_history
from sft_assets.sample.lines import Book
from sft_assets.sample.make import corrected, history_of
from sft_assets.sample.zh_front import Report

MUST_BE_POSITIVE = (
    "cash",
    "capital_reserve",
    "retained_earnings",
    "cash_for_purchases",
    "short_term_borrowings",
    "borrowings_received",
)


def broken_identities(book: Book) -> list[str]:
    """Names of the identities that do not hold."""
    inflow = book["operating_cash_flow"] + book["investing_cash_flow"] + book["financing_cash_flow"]
    checks = {
        "balance": book["total_assets"] == book["total_liabilities"] + book["total_equity"],
        "liabilities": book["total_liabilities"]
        == book["total_current_liabilities"] + book["total_non_current_liabilities"],
        "profit": book["net_profit"] == book["total_profit"] - book["income_tax"],
        "owners": book["net_profit"] == book["net_profit_parent"] + book.get("minority_profit", 0),
        "cash": book["closing_cash_equivalents"]
        == book["opening_cash_equivalents"] + inflow + book["exchange_effect"],
        "cash on the sheet": book["cash"]
        == book["closing_cash_equivalents"] + book["restricted_cash"],
    }
    return [name for name, holds in checks.items() if not holds]


def all_broken(history: History) -> list[str]:
    found, books = [], 0
    for years in (history.years, history.as_first_reported):
        for year in years.values():
            if year.year == FIRST_YEAR:
                continue
            for book in (year.group, year.parent):
                books += 1
                found += [f"{year.year} {name}" for name in broken_identities(book)]
                found += [f"{year.year} {k} < 0" for k in MUST_BE_POSITIVE if book[k] < 0]
            for key in QUARTERLY:
                if sum(year.quarters[key]) != year.group[key]:
                    found.append(f"{year.year} quarters of {key}")
    assert books >= 8
    return found


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.code)
def test_shipped_accounts_hold_together(company: Company) -> None:
    assert all_broken(history_of(company)) == []


@settings(max_examples=25, deadline=None)
@given(seed=st.text(max_size=8), absorbed=st.booleans())
def test_any_seed_holds_together(seed: str, absorbed: bool) -> None:
    company = JIYUAN if absorbed else MUYAN
    setup = Setup(
        seed,
        company.economics,
        company.units_per_yuan,
        company.dividends_per_ten,
        absorbed_revenue=company.absorbed_revenue,
    )
    assert all_broken(build_history(setup)) == []


def test_a_changed_amount_is_noticed() -> None:
    history = history_of(MUYAN)
    year = history.years[2024]
    wrong = replace(year, group=year.group | {"total_assets": year.group["total_assets"] + 1})
    assert all_broken(replace(history, years=history.years | {2024: wrong})) == ["2024 balance"]


def test_correction_moves_research_and_nothing_else() -> None:
    before, after = history_of(MUYAN), corrected(history_of(MUYAN), 2024)
    changed = {
        key
        for key, amount in after.years[2024].group.items()
        if before.years[2024].group[key] != amount
    }
    assert changed == {"rd_expenses", "administrative_expenses"}
    assert all_broken(after) == []


def test_only_the_later_report_of_the_absorbing_company_restates() -> None:
    restating = [
        (company.code, year)
        for company in COMPANIES
        for year in (2023, 2024)
        if Report(company, history_of(company), year).restates
    ]
    assert restating == [(JIYUAN.code, 2024)]


def test_restatement_changes_the_group_not_the_parent() -> None:
    history = history_of(JIYUAN)
    first, after = history.as_first_reported[2023], history.years[2023]
    assert after.group["revenue"] > first.group["revenue"]
    assert after.group["share_capital"] == first.group["share_capital"]
    assert after.parent == first.parent


@settings(max_examples=25, deadline=None)
@given(seed=st.text(max_size=8))
def test_american_accounts_hold_together(seed: str) -> None:
    years = build_american_years(seed)
    assert len(years) == 4
    for year, item in years.items():
        book = item.book
        assert book["total_assets"] == book["total_liabilities_and_equity"], year
        assert book["closing_cash_equivalents"] == book["cash"], year
        if year - 1 in years:
            assert book["opening_cash_equivalents"] == years[year - 1].book["cash"], year


@pytest.mark.parametrize(
    ("style", "amount", "printed"),
    [
        (NumberStyle(), 123456, "1,234.56"),
        (NumberStyle(), -123456, "-1,234.56"),
        (NumberStyle(negative="brackets"), -123456, "(1,234.56)"),
        (NumberStyle(negative="wide brackets"), -5, "（0.05）"),
        (NumberStyle(), 0, ""),
        (NumberStyle(empty="-"), 0, "-"),
        (NumberStyle(scale=1000, decimals=0), -1234, "-1,234"),
    ],
)
def test_cells_are_printed_in_the_companys_way(
    style: NumberStyle, amount: int, printed: str
) -> None:
    assert style.cell(amount) == printed


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [(112, 100, "12.00"), (88, 100, "-12.00"), (1, 3, "-66.67"), (5, 0, None), (5, -1, None)],
)
def test_growth_needs_a_positive_base(now: int, before: int, expected: str | None) -> None:
    percent = growth_pct(now, before)
    assert (None if percent is None else str(percent)) == expected


def test_points_are_worded() -> None:
    assert points_text(Decimal("-1.51")) == "减少1.51个百分点"
    assert points_text(Decimal("0.54")) == "增加0.54个百分点"
