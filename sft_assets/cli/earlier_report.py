"""``facts --against``: the facts of a report beside those of an earlier one of the company."""

from collections.abc import Collection

import polars as pl

from sft_assets.errors import SettingsError
from sft_assets.facts.earlier_reports import CHANGED, compare_with_earlier
from sft_assets.store.store import Store

REASON = "changed_since_earlier_report"


def changed_since(root: str, key: str, earlier_root: str, earlier_key: str) -> frozenset[str]:
    """Return the facts of report ``key`` that the earlier report prints otherwise, without a word.

    Raises:
        SettingsError: If the other report is no earlier one of the same company.
    """
    rows = [_report(root, key), _report(earlier_root, earlier_key)]
    (company, year), (other, before) = rows
    if company != other or before >= year:
        raise SettingsError(
            f"--against is the report of {other} for {before}; "
            f"expected one of {company} for a year before {year}"
        )
    facts = [
        Store(place).require("facts", report).read_table("financial_facts")
        for place, report in ((root, key), (earlier_root, earlier_key))
    ]
    compared, _ = compare_with_earlier(pl.concat(facts), {key: year, earlier_key: before})
    return frozenset(i for c in compared if c.verdict == CHANGED for i in c.later.fact_ids)


def set_aside(facts: pl.DataFrame, changed: Collection[str]) -> pl.DataFrame:
    """Return ``facts`` with those of ``changed`` quarantined."""
    is_changed = pl.col("fact_id").is_in(sorted(changed))
    return facts.with_columns(
        status=pl.when(is_changed).then(pl.lit("quarantined")).otherwise("status"),
        reason=pl.when(is_changed).then(pl.lit(REASON)).otherwise("reason"),
    )


def _report(root: str, key: str) -> tuple[str, int]:
    reports = Store(root).require("raw_reports", key).read_table("raw_reports")
    row = reports.filter(pl.col("is_current")).row(0, named=True)
    return str(row["company_id"]), int(row["fiscal_year"])
