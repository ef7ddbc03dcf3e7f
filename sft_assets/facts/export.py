"""Facts as plain records, one JSON object each, for people and tools outside the store."""

from decimal import Decimal
from typing import Any

import polars as pl

COLUMNS = (
    "page_no", "page_label", "label", "metric", "value", "value_printed", "unit", "scale",
    "currency", "fiscal_year", "period", "period_type", "basis", "scope", "statement", "status",
    "reason", "proofs", "fact_id", "evidence_id", "report_key", "doc_id", "company",
    "table_no", "row_no", "col_no", "text_source",
)  # fmt: skip


def facts_as_records(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of ``financial_facts`` or ``fact_quarantine`` as JSON values.

    ``value`` is a decimal string, not multiplied by ``scale``; ``box`` is x0, top, x1, bottom in
    points from the top left of the page.
    """
    return [
        {name: row[name] for name in COLUMNS}
        | {"value": None if row["value"] is None else plain_decimal(row["value"])}
        | {"box": [round(row[side], 2) for side in ("x0", "top", "x1", "bottom")]}
        for row in frame.iter_rows(named=True)
    ]


def plain_decimal(value: Decimal) -> str:
    """Return ``value`` without an exponent and without the zeros that the column's type adds.

    >>> plain_decimal(Decimal("1200.5000000000")), plain_decimal(Decimal("-3E+2"))
    ('1200.5', '-300')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
