"""Costs that a report prints below zero, as deductions: what a formula may make of them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.templates import Formula

COSTS = frozenset(
    {
        "cost_of_revenue", "cost_of_sales", "selling_expenses", "administrative_expenses",
        "selling_general_administrative", "rd_expenses", "rd_investment", "interest_expense",
        "capital_expenditure", "cash_dividends_total",
    }
)  # fmt: skip
EITHER_SIGN = frozenset({"income_tax_expense", "finance_expenses"})  # may be a gain in earnest


def fitted(source: ReportSource, formula: Formula, facts: Sequence[Fact]) -> Formula | None:
    """Return ``formula`` with the program that fits how ``source`` prints its costs.

    A report that prints (187) for what it spent means 187. The cash left of 781 is then
    781 + (-187) and not 781 - (-187), and no share of revenue is below zero. None where no program
    fits, or where a report that deducts its costs leaves open whether (12) is a cost or a gain.
    """
    if any(f.operand.metric in EITHER_SIGN for f in facts) and _deducts(source):
        return None
    if not any(is_deducted(fact) for fact in facts):
        return formula
    return None if formula.deducted is None else replace(formula, program=formula.deducted)


@lru_cache(maxsize=64)
def _deducts(source: ReportSource) -> bool:
    """Return whether the report prints a cost of its income statement below zero."""
    return any(is_deducted(f) for f in source.facts if f.statement == "income_statement")


def is_deducted(fact: Fact) -> bool:
    """Return whether ``fact`` is a cost, or by its label cash used, that is printed below zero."""
    if fact.operand.value >= 0:
        return False
    return fact.operand.metric in COSTS or _says_used(fact.label)


def are_all_below_zero(facts: Sequence[Fact]) -> bool:
    """Return whether all are below zero: then "highest" may mean the least or the most."""
    return all(fact.operand.value < 0 for fact in facts)


def _says_used(label: str) -> bool:
    words = label.lower()
    return ("used in" in words or "used for" in words) and "provided" not in words
