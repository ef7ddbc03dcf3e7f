"""What one family of rules found in a report's text."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Findings:
    """An annual report by its own words; what could not be read is None."""

    title: str
    company: str | None
    code: str | None
    exchange: str | None
    fiscal_year: int | None
    period_end: date | None
    is_revision: bool
