"""Invented accounts that hold together: balance sheet, profit and cash flow of every year.

Everything is an integer in the smallest printed unit (fen, thousand yuan ...), so all identities
hold to the last printed digit. Assets and debts follow revenue with some noise; equity is rolled
forward from profit and dividends; borrowings fill the gap; cash is what then balances the sheet;
and cash from operations is what then explains the change of cash.
"""

from dataclasses import dataclass
from random import Random

from sft_assets.sample.lines import Book, fill_totals

FIRST_YEAR = 2020  # opening balances only; 2021 to 2024 have all statements


@dataclass(frozen=True, slots=True)
class Economics:
    """What a company's accounts look like, as shares of revenue unless said otherwise."""

    revenue: int  # of 2021, in the smallest printed unit
    growth: tuple[float, float, float]  # of 2022, 2023, 2024
    gross_margin: tuple[float, float, float, float]  # 2021 to 2024
    selling: float = 0.05
    administrative: float = 0.06
    research: float = 0.05
    receivables: float = 0.20
    inventories: float = 0.18  # of operating cost
    fixed_assets: float = 0.45
    goodwill: float = 0.03
    shares: int = 400_000_000
    minority: float = 0.04  # share of net profit
    restricted_cash: float = 0.01
    absent: tuple[str, ...] = ()  # lines that this company does not have


@dataclass(frozen=True, slots=True)
class Plan:
    """What the year's books are told: revenue, margin, dividends paid in it and their source."""

    revenue: int
    gross_margin: float
    dividends: int
    surplus_addition: int | None  # None: a tenth of the book's own profit
    is_parent: bool = False
    unit_per_share: int = 100  # smallest printed units in one yuan of par value, times 1


def _near(rng: Random, amount: float, spread: float = 0.08) -> int:
    """An integer near the amount; zero stays zero."""
    return round(amount * (1 + spread * (2 * rng.random() - 1)))


def profit_lines(rng: Random, eco: Economics, plan: Plan) -> Book:
    """Leaves of the income statement."""
    rev = plan.revenue
    book = {
        "revenue": rev,
        "operating_cost": round(rev * (1 - plan.gross_margin)),
        "taxes_and_surcharges": _near(rng, rev * 0.007),
        "selling_expenses": _near(rng, rev * eco.selling),
        "administrative_expenses": _near(rng, rev * eco.administrative),
        "rd_expenses": _near(rng, rev * eco.research),
        "interest_expenses": _near(rng, rev * 0.011, 0.3),
        "interest_income": _near(rng, rev * 0.004, 0.3),
        "other_income": _near(rng, rev * 0.006, 0.3),
        "investment_income": _near(rng, rev * (0.03 if plan.is_parent else 0.004), 0.4),
        "fair_value_gains": _near(rng, rev * 0.0012 * (1 if rng.random() < 0.5 else -1), 0.5),
        "credit_impairment": -_near(rng, rev * 0.004, 0.5),
        "asset_impairment": -_near(rng, rev * 0.005, 0.5),
        "disposal_gains": _near(rng, rev * 0.0006 * (1 if rng.random() < 0.6 else -1), 0.5),
        "non_operating_income": _near(rng, rev * 0.0011, 0.5),
        "non_operating_expenses": _near(rng, rev * 0.0016, 0.5),
    }
    other = _near(rng, rev * 0.0009, 0.8)  # fees and exchange differences
    book["financial_expenses"] = book["interest_expenses"] - book["interest_income"] + other
    book |= dict.fromkeys(eco.absent, 0)
    before_tax = fill_totals(book)["total_profit"]
    rate = 0.15 if before_tax > 0 else 0.05
    book["income_tax"] = _near(rng, before_tax * rate)
    if not plan.is_parent:
        profit = before_tax - book["income_tax"]
        book["minority_profit"] = _near(rng, profit * eco.minority, 0.3)
        book["oci_minority"] = _near(rng, rev * 0.0001, 0.9)
    book["oci_parent"] = _near(rng, rev * 0.0015 * (1 if rng.random() < 0.5 else -1), 0.6)
    return book


def _operating_items(rng: Random, eco: Economics, plan: Plan, prev: Book) -> Book:
    """Assets other than cash, and debts other than borrowings."""
    rev = plan.revenue
    cost = rev * (1 - plan.gross_margin)
    fixed = prev.get("fixed_assets", rev * eco.fixed_assets)
    book = {
        "trading_assets": _near(rng, rev * 0.05, 0.5),
        "notes_receivable": _near(rng, rev * 0.015, 0.4),
        "accounts_receivable": _near(rng, rev * eco.receivables),
        "receivables_financing": _near(rng, rev * 0.02, 0.5),
        "prepayments": _near(rng, rev * 0.02, 0.3),
        "other_receivables": _near(rng, rev * (0.09 if plan.is_parent else 0.012), 0.2),
        "inventories": _near(rng, cost * eco.inventories),
        "contract_assets": _near(rng, rev * 0.012, 0.3),
        "other_current_assets": _near(rng, rev * 0.015, 0.4),
        "long_term_equity_investments": round(
            prev.get("long_term_equity_investments", rev * (0.55 if plan.is_parent else 0.04))
            * (1 + 0.06 * rng.random())
        ),
        "other_equity_instruments": _near(rng, rev * 0.01, 0.2),
        "fixed_assets": round(fixed * (0.97 + 0.14 * rng.random())),
        "construction_in_progress": _near(rng, rev * 0.06, 0.5),
        "right_of_use_assets": _near(rng, rev * 0.012, 0.3),
        "intangible_assets": _near(rng, rev * 0.07, 0.1),
        "goodwill": 0 if plan.is_parent else round(prev.get("goodwill", rev * eco.goodwill)),
        "long_term_prepaid_expenses": _near(rng, rev * 0.006, 0.3),
        "deferred_tax_assets": _near(rng, rev * 0.01, 0.2),
        "other_non_current_assets": _near(rng, rev * 0.008, 0.6),
        "notes_payable": _near(rng, rev * 0.05, 0.3),
        "accounts_payable": _near(rng, cost * 0.17),
        "contract_liabilities": _near(rng, rev * 0.03, 0.3),
        "payroll_payable": _near(rng, rev * 0.025, 0.15),
        "taxes_payable": _near(rng, rev * 0.01, 0.3),
        "other_payables": _near(rng, rev * 0.02, 0.3),
        "other_current_liabilities": _near(rng, rev * 0.004, 0.4),
        "lease_liabilities": _near(rng, rev * 0.008, 0.3),
        "deferred_income": _near(rng, rev * 0.015, 0.2),
        "deferred_tax_liabilities": _near(rng, rev * 0.002, 0.4),
    }
    return book | dict.fromkeys(eco.absent, 0)


def _borrow(rng: Random, book: Book, target_cash: int) -> Book:
    """The book with borrowings that leave about the wanted cash, and the cash that results."""
    sheet = fill_totals(book)
    gap = sheet["total_assets"] + target_cash - sheet["total_liabilities"] - sheet["total_equity"]
    loans = max(gap, _near(rng, book["revenue"] * 0.06))
    short = round(loans * (0.45 + 0.1 * rng.random()))
    part = round(loans * (0.06 + 0.04 * rng.random()))
    book = book | {
        "short_term_borrowings": short,
        "current_part_of_long_term": part,
        "long_term_borrowings": loans - short - part,
    }
    sheet = fill_totals(book)
    return book | {"cash": sheet["total_liabilities_and_equity"] - sheet["total_assets"]}


def _loans(book: Book) -> int:
    keys = ("short_term_borrowings", "current_part_of_long_term", "long_term_borrowings")
    return sum(book[key] for key in keys)


def cash_flow_lines(rng: Random, book: Book, prev: Book, dividends: int) -> Book:
    """Leaves of the cash-flow statement; cash for purchases is what is left to explain."""
    rev = book["revenue"]
    repaid = max(
        prev["short_term_borrowings"] + prev["current_part_of_long_term"],
        _loans(prev) - _loans(book),
    )
    long_lived = ("fixed_assets", "construction_in_progress", "intangible_assets")
    grown = sum(book[key] - prev[key] for key in long_lived)
    bought = _near(rng, rev * 0.05, 0.4)
    traded = book["trading_assets"] - prev["trading_assets"]
    to_minority = round(max(book.get("minority_profit", 0), 0) * 0.3)
    flows = {
        "cash_from_sales": _near(rng, rev * 1.06, 0.02),
        "tax_refunds": _near(rng, rev * 0.006, 0.3),
        "other_operating_in": _near(rng, rev * 0.012, 0.3),
        "cash_for_staff": _near(rng, rev * 0.14, 0.05),
        "taxes_paid": _near(rng, rev * 0.045, 0.1),
        "other_operating_out": _near(rng, rev * 0.06, 0.1),
        "investments_recovered": bought + max(0, -traded),
        "investment_income_received": round(max(book["investment_income"], 0) * 0.6),
        "disposal_proceeds": _near(rng, rev * 0.001, 0.5),
        "capital_expenditure": max(
            round(rev * 0.01), grown + _near(rng, prev["fixed_assets"] * 0.08)
        ),
        "investments_made": bought + max(0, traded),
        "borrowings_received": _loans(book) - _loans(prev) + repaid,
        "borrowings_repaid": repaid,
        "dividends_and_interest_paid": dividends + book["interest_expenses"] + to_minority,
        "dividends_to_minority": to_minority,
        "other_financing_out": _near(rng, rev * 0.003, 0.3),
        "exchange_effect": _near(rng, rev * 0.0004 * (1 if rng.random() < 0.5 else -1), 0.7),
        "opening_cash_equivalents": prev["cash"] - prev["restricted_cash"],
    }
    closing = book["cash"] - book["restricted_cash"]
    explained = fill_totals(flows)["closing_cash_equivalents"]
    return flows | {"cash_for_purchases": explained - closing}


def opening_book(rng: Random, eco: Economics, plan: Plan, capital: int) -> Book:
    """Balances at the end of the year before the first; capital reserve balances them."""
    rev = plan.revenue
    book = _operating_items(rng, eco, plan, {}) | {
        "revenue": rev,
        "share_capital": capital,
        "surplus_reserve": round(capital * 0.32),
        "retained_earnings": _near(rng, rev * 0.22, 0.2),
        "other_comprehensive_income_balance": _near(rng, rev * 0.002, 0.5),
        "minority_interests": 0 if plan.is_parent else _near(rng, rev * 0.03, 0.2),
        "short_term_borrowings": _near(rng, rev * 0.09),
        "current_part_of_long_term": _near(rng, rev * 0.01),
        "long_term_borrowings": _near(rng, rev * 0.07),
        "cash": _near(rng, rev * 0.17),
        "restricted_cash": round(rev * eco.restricted_cash),
    }
    sheet = fill_totals(book)
    gap = sheet["total_assets"] - sheet["total_liabilities_and_equity"]
    return fill_totals(book | {"capital_reserve": gap})


def next_book(rng: Random, eco: Economics, plan: Plan, prev: Book) -> Book:
    """Statements of the year after ``prev``."""
    profit = profit_lines(rng, eco, plan)
    done = fill_totals(profit)
    own = done["net_profit_parent"]
    surplus = plan.surplus_addition
    if surplus is None:
        surplus = max(0, round(own * 0.1))
    carried = ("share_capital", "capital_reserve", "restricted_cash")
    equity = {key: prev[key] for key in carried} | {
        "surplus_reserve": prev["surplus_reserve"] + surplus,
        "retained_earnings": prev["retained_earnings"] + own - surplus - plan.dividends,
        "other_comprehensive_income_balance": prev["other_comprehensive_income_balance"]
        + profit["oci_parent"],
        "surplus_addition": surplus,
    }
    if not plan.is_parent:
        minority = profit["minority_profit"]
        equity["minority_interests"] = (
            prev["minority_interests"]
            + minority
            + profit["oci_minority"]
            - round(max(minority, 0) * 0.3)
        )
    equity["restricted_cash"] = _near(rng, prev["restricted_cash"], 0.3)
    book = profit | _operating_items(rng, eco, plan, prev) | equity
    book = _borrow(rng, book, _near(rng, plan.revenue * 0.17, 0.15))
    return fill_totals(book | cash_flow_lines(rng, book, prev, plan.dividends))
