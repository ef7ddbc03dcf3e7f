"""A metric is called what the report calls it, unless that names something else."""

from decimal import Decimal

import pytest

from sft_assets.pairs.source import Fact
from sft_assets.pairs.wording import name_of
from sft_assets.programs.operands import Operand


def fact(metric: str, label: str, period_type: str, *, table_no: int | None = 0) -> Fact:
    operand = Operand(
        value=Decimal(-1314),
        value_printed="(1,314)",
        unit="currency",
        scale=1_000_000,
        currency="USD",
        company_id="X",
        metric=metric,
        scope="consolidated",
        fiscal_year=2018,
        basis="as_reported",
        period_type=period_type,
    )
    return Fact("f", "e", label, operand, 38, table_no, 4, 1, "cash_flow")


@pytest.mark.parametrize(
    ("metric", "label", "period_type", "name"),
    [
        ("decrease_in_inventories", "Inventories", "duration", "Decrease in inventories"),
        ("inventories", "Inventories", "instant", "Inventories"),
        ("inventories", "Merchandise stock", "instant", "Merchandise stock"),
        ("revenue", "Net product sales", "duration", "Net product sales"),
        ("decrease_in_inventories", "Change in stock", "duration", "Change in stock"),
        ("basic_eps", "Basic", "duration", "Basic earnings per share"),
        ("basic_eps", "Basic net income per share", "duration", "Basic net income per share"),
    ],
)
def test_name(metric: str, label: str, period_type: str, name: str) -> None:
    assert name_of(fact(metric, label, period_type), "en") == name
