"""What a program computes with: one printed number and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Operand:
    """The part of a ``financial_facts`` row that arithmetic needs."""

    value: Decimal  # as printed, sign applied, not scaled
    value_printed: str
    unit: str  # currency, per_share, percent, percentage_points, persons, shares
    scale: int
    currency: str | None
    metric: str
    company_id: str
    fiscal_year: int
    period_type: str  # duration or instant
    scope: str
    basis: str

    @property
    def base_value(self) -> Decimal:
        """The value in the base unit (yuan, persons, percent)."""
        return self.value * self.scale


def operand_from_row(row: Mapping[str, object]) -> Operand:
    """Return the operand of a ``financial_facts`` row (a dict of its columns)."""
    currency = row["currency"]
    return Operand(
        value=Decimal(str(row["value"])),
        value_printed=str(row["value_printed"]),
        unit=str(row["unit"]),
        scale=int(str(row["scale"])),
        currency=None if currency is None else str(currency),
        metric=str(row["metric"]),
        company_id=str(row["company_id"]),
        fiscal_year=int(str(row["fiscal_year"])),
        period_type=str(row["period_type"]),
        scope=str(row["scope"]),
        basis=str(row["basis"]),
    )
