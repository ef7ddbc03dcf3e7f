"""A label that two rows share is decided by what stands above them."""

import pytest

from sft_assets.concepts import load_concepts
from sft_assets.facts.plain_labels import plain_labels
from sft_assets.facts.surroundings import Surroundings


def concept_of(around: Surroundings, label: str, language: str) -> str | None:
    for heading in (*around.headings_of(label), None):
        found = load_concepts().match_label(
            label, statement=around.statement, language=language, heading=heading
        )
        if found is not None:
            return found.concept.id
    return None


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
    around.pass_label("Adjustments:", is_alone=True)
    assert concept_of(around, "Other, net", "en") == f"other_{name}_cash_flow"


def test_other_among_the_changes_in_working_capital_is_another_number() -> None:
    around = Surroundings("cash_flow", has_total_assets=False)
    around.pass_label("Operating activities", is_alone=True)
    around.pass_label("Changes in operating assets and liabilities:", is_alone=True)
    assert concept_of(around, "Other, net", "en") == "change_in_other_working_capital"
    assert concept_of(around, "Income taxes", "en") == "change_in_income_taxes"
    around.pass_label("Investing", is_alone=True)
    assert concept_of(around, "Other, net", "en") == "other_investing_cash_flow"
    around.pass_label("Cash paid during the year for:", is_alone=True)
    assert concept_of(around, "Income taxes", "en") == "income_taxes_paid"


@pytest.mark.parametrize(
    ("head", "metric"),
    [
        ("Revenue:", "subscription_revenue"),
        ("Cost of revenue:", "subscription_cost"),
        ("Operating expenses:", None),
        (None, None),
    ],
)
def test_subscription_is_revenue_or_its_cost(head: str | None, metric: str | None) -> None:
    around = Surroundings("income_statement", has_total_assets=False)
    if head is not None:
        around.pass_label(head, is_alone=True)
    assert concept_of(around, "Subscription", "en") == metric


@pytest.mark.parametrize(
    ("head", "label", "metric"),
    [
        ("Earnings per common share:", "Basic", "basic_eps"),
        ("Net income per share from continuing operations", "Diluted", "continuing_eps_diluted"),
        ("Weighted-average common shares outstanding:", "Basic", "weighted_average_shares_basic"),
        ("Operating expenses:", "Basic", None),
        ("每股虧損", "－基本（港元）", "basic_eps"),
    ],
)
def test_basic_is_an_amount_per_share_or_a_count_of_shares(
    head: str, label: str, metric: str | None
) -> None:
    around = Surroundings("income_statement", has_total_assets=False)
    around.pass_label(head, is_alone=True)
    assert concept_of(around, label, "zh-Hant" if "本" in label else "en") == metric


@pytest.mark.parametrize(("is_lender", "metric"), [(False, "interest_income_alone"), (True, None)])
def test_interest_income_of_a_lender_is_its_revenue(is_lender: bool, metric: str | None) -> None:
    around = Surroundings("income_statement", has_total_assets=False, is_lender=is_lender)
    assert concept_of(around, "Interest income", "en") == metric


def test_groups_of_a_balance_sheet_end_at_their_totals() -> None:
    around = Surroundings("balance_sheet", has_total_assets=True)
    around.pass_label("Current assets:", is_alone=True)
    assert around.group == "Current assets"
    around.pass_concept("total_current_assets")
    assert around.group == "Non-current assets"
    around.pass_concept("total_assets")
    assert around.group == ""
    around.pass_label("流動負債", is_alone=True)
    assert around.group == "Current liabilities"
    around.pass_label("Stockholders' equity", is_alone=True)
    assert around.group == ""


def test_deferred_taxes_are_assets_above_total_assets_and_liabilities_below() -> None:
    around = Surroundings("balance_sheet", has_total_assets=True)
    assert concept_of(around, "Deferred income taxes", "en") == "deferred_tax_assets"
    around.pass_label("Total assets", is_alone=False)
    assert concept_of(around, "Deferred income taxes", "en") == "deferred_tax_liabilities"


def test_deferred_taxes_stay_unknown_where_the_order_is_another() -> None:
    around = Surroundings("balance_sheet", has_total_assets=False)
    assert concept_of(around, "Deferred income taxes", "en") is None


@pytest.mark.parametrize(
    ("label", "metric"),
    [
        ("Common stock in treasury, at cost (91,572,258 shares outstanding)", "treasury_shares"),
        ("Repurchased common stock, in excess of par value (490 shares)", "treasury_shares"),
        ("Preferred shares, $1.66 2/3par value, authorized 20 million shares", "preference_shares"),
        ("Class A common stock, $0.01 par value; 5 issued", "class_a_common_stock"),
        ("Loans, net of allowance for loan losses of $14,193", "loans_and_advances"),
        ("Trade receivables (due within 90 days)", "accounts_receivable"),
        ("Federal Home Loan Bank of Pittsburgh advances", "federal_home_loan_bank_advances"),
        ("Common stock equivalents, 20 issued", None),
        ("Shares issued in 2020", None),
    ],
)
def test_counts_and_places_in_a_label(label: str, metric: str | None) -> None:
    concepts = load_concepts()
    found = (
        concepts.match_label(form, statement="balance_sheet", language="en")
        for form in plain_labels(label, "Example Inc.")
    )
    first = next((match for match in found if match is not None), None)
    assert (first.concept.id if first else None) == metric


@pytest.mark.parametrize(
    ("label", "company", "plain"),
    [
        ("Issuance of American Express common shares", "American Express Company",
         "Issuance of common shares"),
        ("Net loss attributable to Example Common Stockholders", "Example Inc.",
         "Net loss attributable to common stockholders"),
        ("Net loss attributable to Example Trust", "Example Inc.",
         "Net loss attributable to the Company"),
        ("Owners of Example Limited", "Example Limited", "Owners of the Company"),
        ("Income tax (expense)/benefit", "Example Inc.", "Income tax (provision) benefit"),
    ],
)  # fmt: skip
def test_whose_number_it_is(label: str, company: str, plain: str) -> None:
    assert plain in plain_labels(label, company)


def test_a_benefit_alone_is_no_expense_with_the_other_sign() -> None:
    concepts = load_concepts()
    assert (
        concepts.match_label("Income tax benefit", statement="income_statement", language="en")
        is None
    )


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
        ("Increase in accounts payable", "accounts payable"),
        ("Cash and cash equivalents", None),
        ("Cash paid for income taxes", None),
        ("Cash (outflow)/inflow from financing activities", "Net cash from financing activities"),
    ],
)  # fmt: skip
def test_lines_that_sum_up_cash(label: str, plain: str | None) -> None:
    assert plain_labels(label, "Example Inc.")[1:] == ([plain] if plain else [])
