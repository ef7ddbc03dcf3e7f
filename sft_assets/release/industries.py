"""Which industry a company is of, as far as its statements tell."""

from collections.abc import Mapping

import polars as pl

OTHER = "industry, trade and services"
FORMS = {  # items that only the statements of such a company have; two of them tell
    "insurance": {
        "premium_income", "premiums_earned", "insurance_revenue", "insurance_service_expenses",
        "claims_paid", "change_in_insurance_reserves",
    },
    "securities": {
        "brokerage_fee_income", "investment_banking_fee_income", "asset_management_fee_income",
    },
    "banking": {
        "net_interest_income", "interest_income_of_lenders", "noninterest_income",
        "noninterest_expense", "provision_for_credit_losses",
    },
}  # fmt: skip
FEWEST_ITEMS = 2


def industries_of(facts: pl.DataFrame, named: Mapping[str, str]) -> dict[str, str]:
    """Return company_id -> industry, in order of id; ``named`` says what statements cannot.

    Reports state no industry in one form: without a name, insurers, securities firms and banks are
    told by the form of their statements, all others are one.
    """
    nonzero = facts.filter(pl.col("value") != 0).select("company_id", "metric").unique()
    items: dict[str, set[str]] = {company: set() for company in facts["company_id"].unique()}
    for company, metric in nonzero.iter_rows():
        items[company].add(metric)
    return {company: named.get(company) or _by_form(items[company]) for company in sorted(items)}


def _by_form(metrics: set[str]) -> str:
    return next((f for f, own in FORMS.items() if len(own & metrics) >= FEWEST_ITEMS), OTHER)
