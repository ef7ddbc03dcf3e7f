"""What a report says, remembered while it is drawn: one row of ``truth.jsonl`` a number."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sft_assets.sample.concept_names import concept_name

Basis = Literal["reported", "before_restatement", "after_restatement"]
Scope = Literal["consolidated", "parent"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed number and its only right reading."""

    metric: str
    label: str  # row label as printed, wraps joined
    value: Decimal  # as printed, sign applied, not scaled
    fiscal_year: int
    period: str
    statement: str
    unit: str = "currency"  # currency, per_share, percent, percentage_points, persons, shares
    scale: int = 1
    scope: Scope = "consolidated"
    basis: Basis = "reported"
    currency: str = "CNY"  # of the report, also where the unit is no currency


def period_of(key: str, year: int, year_end: str, *, instant: bool, name: str) -> tuple[int, str]:
    """Fiscal year and period of a line in the column of a year.

    Cash at the beginning of a year is cash at the end of the year before.

    >>> period_of("opening_cash_equivalents", 2024, "12-31", instant=False, name="2024")
    (2023, '2023-12-31')
    """
    if key == "opening_cash_equivalents":
        return year - 1, f"{year - 1}-{year_end}"
    if instant or key == "closing_cash_equivalents":
        return year, f"{year}-{year_end}"
    return year, name


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact, the text that was printed for it, and the page that it stands on."""

    fact: Fact
    printed: str
    page_no: int


def truth_row(file_name: str, placed: Placed) -> dict[str, str | int | None]:
    """JSON object of one line of ``truth.jsonl``."""
    fact = placed.fact
    return {
        "file": file_name,
        "page_no": placed.page_no,
        "metric": concept_name(fact.metric, american=fact.currency == "USD"),
        "label": fact.label,
        "printed": placed.printed,
        "value": str(fact.value),
        "unit": fact.unit,
        "scale": fact.scale,
        "currency": fact.currency if fact.unit in {"currency", "per_share"} else None,
        "fiscal_year": fact.fiscal_year,
        "period": fact.period,
        "scope": fact.scope,
        "basis": fact.basis,
        "statement": fact.statement,
    }
