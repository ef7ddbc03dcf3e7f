"""A label that two rows share is decided by what stands above them."""

import pytest

from sft_assets.concepts import load_concepts
from sft_assets.facts.plain_labels import plain_labels
from sft_assets.facts.surroundings import Surroundings


def concept_of(around: Surroundings, label: str, language: str) -> str | None:
    heading = around.heading_of(label)
    found = load_concepts().match_label(
        label, statement=around.statement, language=language, heading=heading
    )
    return found.concept.id if found else None


@pytest.mark.parametrize(
    ("head", "metric"),
    [
        ("一、营业总收入", "interest_income_of_lenders"),
        ("其中：营业收入", "interest_income_of_lenders"),
        ("财务费用", "interest_income"),
        ("利息净收入", "interest_income_of_lenders"),
    ],
)
def test_interest_income_is_revenue_or_a_part_of_costs(head: str, metric: str) -> None:
    around = Surroundings("income_statement", has_total_assets=False)
    assert concept_of(around, "利息收入", "zh") is None
    around.pass_label(head, is_alone=False)
    around.pass_label("税金及附加", is_alone=False)
    assert concept_of(around, "利息收入", "zh") == metric


@pytest.mark.parametrize("name", ["operating", "investing", "financing"])
def test_other_belongs_to_its_activities(name: str) -> None:
    around = Surroundings("cash_flow", has_total_assets=False)
    assert concept_of(around, "Other, net", "en") is None
    around.pass_label(f"Cash flows from {name} activities:", is_alone=True)
    around.pass_label("Changes in working capital", is_alone=True)
    assert concept_of(around, "Other, net", "en") == f"other_{name}_cash_flow"


def test_deferred_taxes_are_assets_above_total_assets_and_liabilities_below() -> None:
    around = Surroundings("balance_sheet", has_total_assets=True)
    assert concept_of(around, "Deferred income taxes", "en") == "deferred_tax_assets"
    around.pass_label("Total assets", is_alone=False)
    assert concept_of(around, "Deferred income taxes", "en") == "deferred_tax_liabilities"


def test_deferred_taxes_stay_unknown_where_the_order_is_another() -> None:
    around = Surroundings("balance_sheet", has_total_assets=False)
    assert concept_of(around, "Deferred income taxes", "en") is None


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("Net (Decrease)/Increase in Cash and Cash Equivalents and Restricted Cash",
         "Net increase in cash and cash equivalents"),
        ("Cash and Cash Equivalents and Restricted Cash, End of Year",
         "Cash and cash equivalents at end of year"),
        ("Cash, cash equivalents, and restricted cash — beginning of period",
         "Cash and cash equivalents at beginning of year"),
        ("Net cash (used in) provided by financing activities",
         "Net cash from financing activities"),
        ("Net cash provided by operating activities from continuing operations", None),
        ("Increase in accounts payable", None),
        ("Cash and cash equivalents", None),
        ("Cash paid for income taxes", None),
    ],
)  # fmt: skip
def test_lines_that_sum_up_cash(label: str, plain: str | None) -> None:
    assert plain_labels(label, "Example Inc.")[1:] == ([plain] if plain else [])
