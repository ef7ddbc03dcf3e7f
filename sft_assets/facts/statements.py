"""Which sections are what their headings say, and whose: the group's or the parent's."""

from collections.abc import Sequence
from dataclasses import replace

from sft_assets.facts.readings import SectionReading

BALANCE = {
    "total_assets",
    "total_liabilities",
    "total_equity",
    "total_liabilities_and_equity",
    "total_assets_less_current_liabilities",
    "net_current_assets",
    "net_assets",
    "net_assets_attributable",
}
REVENUE = {
    "revenue",
    "total_revenue",
    "net_sales",
    "turnover",
    "net_interest_income",
    "total_interest_income",
    "gross_profit",
    "gross_margin",
    "operating_expenses",
}
PROFIT = {
    "net_profit",
    "profit_before_tax",
    "operating_profit",
    "net_profit_attributable_to_parent",
    "net_profit_attributable_to_ordinary_shareholders",
}
RESULT = {
    *REVENUE,
    "income_tax_expense",
    "total_operating_cost",
    "administrative_expenses",
    "selling_general_administrative",
    "basic_eps",
    "diluted_eps",
    "basic_and_diluted_eps",
}
"""What leads to a profit, or divides it: a company before its first sale prints no revenue."""
CASH = {"net_cash_from_operating", "net_cash_from_investing", "net_cash_from_financing"}


def is_what_it_says(found: SectionReading) -> bool:
    """Return whether the rows that make a statement are there.

    Notes, policies and exhibits print parts of statements under the same title.
    """
    metrics = found.metrics
    match found.section.heading.statement:
        case "balance_sheet":
            return len(metrics) >= 5 and bool(metrics & BALANCE)
        case "income_statement":
            has_revenue = len(metrics) >= 3 and bool(metrics & REVENUE)
            has_result = len(metrics) >= 5 and len(metrics & RESULT) >= 2
            return bool(metrics & PROFIT) and (has_revenue or has_result)
        case "cash_flow":
            return len(metrics & CASH) >= 2
        case "comprehensive_income":
            return "total_comprehensive_income" in metrics
        case "key_data" | "flow_changes":
            return len(metrics) >= 3
        case "quarterly":
            return len(metrics) >= 2
        case "research" | "employees" | "segments":
            return len(metrics) >= 1
    return False


def choose_sections(found: Sequence[SectionReading], language: str) -> list[SectionReading]:
    """Return the sections that are to be believed, with their scope resolved.

    The first of each statement and scope counts: what comes later under the same title restates
    a part of it for some note. A title without a scope is the group's in a report that prints no
    other (a company without subsidiaries); beside a consolidated one it is the parent's where
    Chinese rules have both printed, and unclear elsewhere.
    """
    chosen: list[SectionReading] = []
    taken: set[tuple[str, str]] = set()
    for item in (f for f in found if is_what_it_says(f)):
        statement, scope = item.section.heading.statement, item.section.heading.scope
        if scope is None:
            beside = any(
                other.section.heading.statement == statement
                and other.section.heading.scope in {"consolidated", "both"}
                for other in found
                if is_what_it_says(other)
            )
            if beside and not language.startswith("zh"):
                continue
            scope = "parent" if beside else "consolidated"
        key = (statement, scope)
        if statement not in {"key_data", "research", "employees"} and key in taken:
            continue
        taken.add(key)
        item.readings = [
            replace(r, scope=scope if r.scope in {"unresolved", "both"} else r.scope)
            for r in item.readings
        ]
        chosen.append(item)
    return chosen
