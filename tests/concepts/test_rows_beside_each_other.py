"""Rows that issuers print one below the other are two concepts: one would be a conflict."""

import pytest

from sft_assets.concepts import load_concepts

PAIRS = [
    ("cash_flow", "Proceeds from exercise of stock options",
     "Proceeds from employee stock purchase plan"),
    ("cash_flow", "Impairment of goodwill", "Impairment of intangible assets"),
    ("cash_flow", "Impairment of goodwill", "Impairment of right-of-use assets"),
    ("cash_flow", "Accrued expenses", "Other current liabilities"),
    ("cash_flow", "Prepaid expenses", "Other current assets"),
    ("cash_flow", "Proceeds from term loan", "Proceeds from issuance of senior notes"),
    ("cash_flow", "Repayment of term loan", "Repayment of long-term debt"),
    ("cash_flow", "Depreciation", "Amortization"),
    ("cash_flow", "Dividends paid", "Dividends paid to non-controlling interests"),
    ("cash_flow", "Interest paid", "Interest element of lease rentals paid"),
    ("income_statement", "Other income, net", "Total other income (expense)"),
    ("income_statement", "Goodwill impairment", "Impairment charges"),
    ("income_statement", "Income tax expense", "Income tax (provision) benefit"),
    ("income_statement", "Other expense (income), net", "Other income (expense), net"),
    ("balance_sheet", "Bank borrowings", "Other borrowings"),
    ("balance_sheet", "Operating lease liabilities", "Finance lease liabilities"),
    ("balance_sheet", "Raw materials", "Finished goods"),
    ("balance_sheet", "Class A common stock", "Class B common stock"),
    ("balance_sheet", "Net assets", "Total assets less current liabilities"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "one", "other"), PAIRS)
def test_rows_beside_each_other_are_two_concepts(statement: str, one: str, other: str) -> None:
    concepts = load_concepts()
    ids = []
    for label in (one, other):
        found = concepts.match_label(label, statement=statement, language="en")
        assert found is not None, label
        ids.append(found.concept.id)
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("statement", "label", "concept"),
    [
        ("cash_flow", "Purchase of property, plant and equipment", "capital_expenditure"),
        ("cash_flow", "Amortisation of intangible assets", "intangible_amortization_adjustment"),
        ("balance_sheet", "Right-of-use asset", "right_of_use_assets"),
        ("balance_sheet", "按公平值計入損益的金融資產", "trading_financial_assets"),
        ("balance_sheet", "其他應付賬款", "other_payables"),
        ("balance_sheet", "Licence receivables", None),
        ("balance_sheet", "Total of other assets", None),
        ("income_statement", "Subscription", None),
        ("income_statement", "Interest incomes", None),
        (None, "Right-of-use asset of the group", None),
    ],
)
def test_articles_plurals_and_spellings_name_the_same(
    statement: str | None, label: str, concept: str | None
) -> None:
    language = "zh-Hant" if "計" in label or "應" in label else "en"
    found = load_concepts().match_label(label, statement=statement, language=language)
    assert (found.concept.id if found else None) == concept
