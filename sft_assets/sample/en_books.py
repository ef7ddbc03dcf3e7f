"""Accounts of the invented American company, in millions of dollars, years ended June 30."""

from dataclasses import dataclass
from random import Random

from sft_assets.sample.lines import Book, Line, add_up


def _line(key: str, label: str, parts: str = "", indent: int = 0) -> Line:
    return Line(key, label, tuple(parts.split()), indent)


INCOME = (
    _line("", "Revenue:"),
    _line("product_revenue", "Product", indent=1),
    _line("service_revenue", "Service and other", indent=1),
    _line("revenue", "Total revenue", "product_revenue service_revenue", 2),
    _line("", "Cost of revenue:"),
    _line("product_cost", "Product", indent=1),
    _line("service_cost", "Service and other", indent=1),
    _line("operating_cost", "Total cost of revenue", "product_cost service_cost", 2),
    _line("gross_profit", "Gross margin", "revenue -operating_cost", 1),
    _line("rd_expenses", "Research and development"),
    _line("selling_expenses", "Sales and marketing"),
    _line("administrative_expenses", "General and administrative"),
    _line(
        "operating_profit",
        "Operating income",
        "gross_profit -rd_expenses -selling_expenses -administrative_expenses",
    ),
    _line("other_income_net", "Other income (expense), net"),
    _line("total_profit", "Income before income taxes", "operating_profit other_income_net"),
    _line("income_tax", "Provision for income taxes"),
    _line("net_profit", "Net income", "total_profit -income_tax"),
)
COMPREHENSIVE = (
    _line("net_profit", "Net income"),
    _line("", "Other comprehensive income (loss), net of tax:"),
    _line("oci_investments", "Net change related to investments", indent=1),
    _line("oci_translation", "Translation adjustments and other", indent=1),
    _line("oci", "Other comprehensive income (loss)", "oci_investments oci_translation", 2),
    _line("comprehensive_income", "Comprehensive income", "net_profit oci"),
)
BALANCE = (
    _line("", "Assets"),
    _line("", "Current assets:"),
    _line("cash", "Cash and cash equivalents", indent=1),
    _line("short_term_investments", "Short-term investments", indent=1),
    _line("accounts_receivable", "Accounts receivable, net", indent=1),
    _line("inventories", "Inventories", indent=1),
    _line("other_current_assets", "Other current assets", indent=1),
    _line(
        "total_current_assets",
        "Total current assets",
        "cash short_term_investments accounts_receivable inventories other_current_assets",
        2,
    ),
    _line("fixed_assets", "Property and equipment, net"),
    _line("right_of_use_assets", "Operating lease right-of-use assets"),
    _line("goodwill", "Goodwill"),
    _line("intangible_assets", "Intangible assets, net"),
    _line("other_non_current_assets", "Other long-term assets"),
    _line(
        "total_assets",
        "Total assets",
        "total_current_assets fixed_assets right_of_use_assets goodwill intangible_assets "
        "other_non_current_assets",
        2,
    ),
    _line("", "Liabilities and stockholders' equity"),
    _line("", "Current liabilities:"),
    _line("accounts_payable", "Accounts payable", indent=1),
    _line("payroll_payable", "Accrued compensation", indent=1),
    _line("contract_liabilities", "Unearned revenue", indent=1),
    _line("current_part_of_long_term", "Current portion of long-term debt", indent=1),
    _line("other_current_liabilities", "Other current liabilities", indent=1),
    _line(
        "total_current_liabilities",
        "Total current liabilities",
        "accounts_payable payroll_payable contract_liabilities current_part_of_long_term "
        "other_current_liabilities",
        2,
    ),
    _line("long_term_borrowings", "Long-term debt"),
    _line("lease_liabilities", "Operating lease liabilities"),
    _line("other_non_current_liabilities", "Other long-term liabilities"),
    _line(
        "total_liabilities",
        "Total liabilities",
        "total_current_liabilities long_term_borrowings lease_liabilities "
        "other_non_current_liabilities",
        2,
    ),
    _line("", "Stockholders' equity:"),
    _line("capital_reserve", "Common stock and paid-in capital", indent=1),
    _line("retained_earnings", "Retained earnings", indent=1),
    _line("other_comprehensive_income_balance", "Accumulated other comprehensive loss", indent=1),
    _line(
        "total_equity",
        "Total stockholders' equity",
        "capital_reserve retained_earnings other_comprehensive_income_balance",
        2,
    ),
    _line(
        "total_liabilities_and_equity",
        "Total liabilities and stockholders' equity",
        "total_liabilities total_equity",
        2,
    ),
)
CASH_FLOWS = (
    _line("", "Operations"),
    _line("net_profit", "Net income"),
    _line("", "Adjustments to reconcile net income to net cash from operations:"),
    _line("depreciation", "Depreciation and amortization", indent=1),
    _line("stock_compensation", "Stock-based compensation expense", indent=1),
    _line("change_receivables", "Accounts receivable", indent=1),
    _line("change_inventories", "Inventories", indent=1),
    _line("change_payables", "Accounts payable", indent=1),
    _line("change_unearned", "Unearned revenue", indent=1),
    _line("change_other", "Other operating assets and liabilities", indent=1),
    _line(
        "operating_cash_flow",
        "Net cash from operations",
        "net_profit depreciation stock_compensation change_receivables change_inventories "
        "change_payables change_unearned change_other",
        2,
    ),
    _line("", "Financing"),
    _line("debt_repaid", "Repayments of debt"),
    _line("debt_issued", "Proceeds from issuance of debt"),
    _line("stock_repurchased", "Common stock repurchased"),
    _line("dividends_paid", "Common stock cash dividends paid"),
    _line(
        "financing_cash_flow",
        "Net cash used in financing",
        "debt_repaid debt_issued stock_repurchased dividends_paid",
        2,
    ),
    _line("", "Investing"),
    _line("capital_expenditure", "Additions to property and equipment"),
    _line("acquisitions", "Acquisition of companies, net of cash acquired"),
    _line("investments_bought", "Purchases of investments"),
    _line("investments_matured", "Maturities and sales of investments"),
    _line(
        "investing_cash_flow",
        "Net cash used in investing",
        "capital_expenditure acquisitions investments_bought investments_matured",
        2,
    ),
    _line("exchange_effect", "Effect of foreign exchange rates on cash and cash equivalents"),
    _line(
        "net_cash_increase",
        "Net change in cash and cash equivalents",
        "operating_cash_flow financing_cash_flow investing_cash_flow exchange_effect",
    ),
    _line("opening_cash_equivalents", "Cash and cash equivalents, beginning of period"),
    _line(
        "closing_cash_equivalents",
        "Cash and cash equivalents, end of period",
        "net_cash_increase opening_cash_equivalents",
    ),
)


@dataclass(frozen=True, slots=True)
class AmericanYear:
    """One fiscal year; shares in millions."""

    year: int
    book: Book
    basic_shares: int
    diluted_shares: int
    staff: int


GROWTH = {2021: 0.06, 2022: 0.11, 2023: -0.03, 2024: 0.09}


def _part(rng: Random, amount: int, share: float) -> int:
    return round(amount * share * (0.94 + 0.12 * rng.random()))


def _sheet_items(rng: Random, revenue: int, prev: Book) -> Book:
    goodwill = prev.get("goodwill", round(revenue * 0.2))
    return {
        "short_term_investments": _part(rng, revenue, 0.16),
        "accounts_receivable": _part(rng, revenue, 0.17),
        "inventories": _part(rng, revenue, 0.11),
        "other_current_assets": _part(rng, revenue, 0.04),
        "fixed_assets": _part(rng, revenue, 0.24),
        "right_of_use_assets": _part(rng, revenue, 0.03),
        "goodwill": goodwill + _part(rng, revenue, 0.01),
        "intangible_assets": _part(rng, revenue, 0.08),
        "other_non_current_assets": _part(rng, revenue, 0.03),
        "accounts_payable": _part(rng, revenue, 0.08),
        "payroll_payable": _part(rng, revenue, 0.045),
        "contract_liabilities": _part(rng, revenue, 0.09),
        "current_part_of_long_term": _part(rng, revenue, 0.02),
        "other_current_liabilities": _part(rng, revenue, 0.03),
        "long_term_borrowings": _part(rng, revenue, 0.24),
        "lease_liabilities": _part(rng, revenue, 0.026),
        "other_non_current_liabilities": _part(rng, revenue, 0.03),
    }


def _profit_items(rng: Random, revenue: int) -> Book:
    product = round(revenue * (0.64 + 0.02 * rng.random()))
    book = {
        "product_revenue": product,
        "service_revenue": revenue - product,
        "product_cost": _part(rng, product, 0.53),
        "service_cost": _part(rng, revenue - product, 0.41),
        "rd_expenses": _part(rng, revenue, 0.132),
        "selling_expenses": _part(rng, revenue, 0.118),
        "administrative_expenses": _part(rng, revenue, 0.052),
        "other_income_net": _part(rng, revenue, 0.006) * (1 if rng.random() < 0.5 else -1),
        "oci_investments": round(revenue * 0.012 * (rng.random() - 0.6)),
        "oci_translation": round(revenue * 0.010 * (rng.random() - 0.6)),
    }
    before = add_up(book, INCOME)["total_profit"]
    return book | {"income_tax": _part(rng, before, 0.19)}


def _flows(rng: Random, book: Book, prev: Book) -> Book:
    def rise(key: str) -> int:
        return book[key] - prev[key]

    debt = rise("long_term_borrowings") + rise("current_part_of_long_term")
    repaid = prev["current_part_of_long_term"]
    revenue = book["product_revenue"] + book["service_revenue"]
    bought = _part(rng, revenue, 0.2)
    depreciation = _part(rng, revenue, 0.055)
    flows = {
        "depreciation": depreciation,
        "stock_compensation": book["stock_compensation"],
        "change_receivables": -rise("accounts_receivable"),
        "change_inventories": -rise("inventories"),
        "change_payables": rise("accounts_payable"),
        "change_unearned": rise("contract_liabilities"),
        "debt_repaid": -(repaid + max(0, -debt)),
        "debt_issued": repaid + max(0, debt),
        "stock_repurchased": -book["repurchased"],
        "dividends_paid": -book["dividends"],
        "capital_expenditure": -(rise("fixed_assets") + depreciation),
        "acquisitions": -rise("goodwill"),
        "investments_bought": -bought,
        "investments_matured": bought - rise("short_term_investments"),
        "exchange_effect": round(revenue * 0.002 * (rng.random() - 0.5)),
        "opening_cash_equivalents": prev["cash"],
        "change_other": 0,
    }
    known = add_up(book | flows, CASH_FLOWS)["closing_cash_equivalents"]
    return flows | {"change_other": book["cash"] - known}


def build_american_years(seed: str) -> dict[int, AmericanYear]:
    """Fiscal years 2021 to 2024, the last three of which a report shows."""
    rng = Random(seed)  # noqa: S311 - invented figures, no secret
    revenue, shares = 2_840, 184
    opening = _sheet_items(rng, revenue, {}) | {
        "cash": 415,
        "retained_earnings": 640,
        "other_comprehensive_income_balance": -38,
    }
    sheet = add_up(opening, BALANCE)
    prev = opening | {
        "capital_reserve": sheet["total_assets"] - sheet["total_liabilities_and_equity"]
    }
    years = {}
    for year, growth in GROWTH.items():
        revenue = round(revenue * (1 + growth))
        book = add_up(_profit_items(rng, revenue) | _sheet_items(rng, revenue, prev), INCOME)
        book = add_up(book, COMPREHENSIVE)
        book["stock_compensation"] = _part(rng, revenue, 0.03)
        book["repurchased"] = _part(rng, revenue, 0.06)
        book["dividends"] = _part(rng, revenue, 0.035)
        book["capital_reserve"] = prev["capital_reserve"] + book["stock_compensation"]
        kept = book["net_profit"] - book["repurchased"] - book["dividends"]
        book["retained_earnings"] = prev["retained_earnings"] + kept
        before = prev["other_comprehensive_income_balance"]
        book["other_comprehensive_income_balance"] = before + book["oci"]
        sheet = add_up(book, BALANCE)
        book["cash"] = sheet["total_liabilities_and_equity"] - sheet["total_assets"]
        book = add_up(book, BALANCE)
        book = add_up(book | _flows(rng, book, prev), CASH_FLOWS)
        shares -= 1
        years[year] = AmericanYear(year, book, shares, shares + 3, 7_900 + (year - 2021) * 215)
        prev = book
    return years
