"""Every table has a suite, every suite passes good rows, and every expectation can fail."""

import datetime as dt
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sft_assets.schemas import TABLES
from sft_assets.store.gate import audit_table, find_failing_rows
from sft_assets.store.suites import Expectation, load_suite, suites_folder

GOOD_ROWS = Path(__file__).parent / "good_rows"
CASES = [
    pytest.param(table, expectation, id=f"{table}-{expectation.rule}")
    for table in sorted(TABLES)
    for expectation in load_suite(table).expectations
]


def good_frame(table: str) -> pl.DataFrame:
    """Rows of ``table`` that its suite lets pass; Decimals and dates are strings in the file."""
    rows = json.loads((GOOD_ROWS / f"{table}.json").read_text(encoding="utf-8"))
    schema = TABLES[table].schema
    assert rows, f"{table} has no good rows"
    return pl.DataFrame(
        [{name: _typed(row[name], dtype) for name, dtype in schema.items()} for row in rows],
        schema=schema,
    )


def _typed(value: Any, dtype: pl.DataType) -> Any:
    if value is None:
        return None
    if isinstance(dtype, pl.Decimal):
        return Decimal(value)
    return dt.date.fromisoformat(value) if dtype == pl.Date else value


def test_suites_and_tables_are_the_same_set() -> None:
    assert {path.stem for path in suites_folder().glob("*.json")} == set(TABLES)
    assert len(CASES) > 3 * len(TABLES)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_good_rows_pass(table: str) -> None:
    audit = audit_table(TABLES[table], good_frame(table), load_suite(table))
    assert [v for v in audit.verdicts if not v.passed] == []


@pytest.mark.parametrize(("table", "expectation"), CASES)
def test_expectation_fails_on_a_bad_row(table: str, expectation: Expectation) -> None:
    bad = broken(good_frame(table), expectation)
    alone = load_suite(table).model_copy(update={"expectations": (expectation,)})
    failing = find_failing_rows(bad, alone)[expectation.rule]
    assert failing is None or failing, f"{expectation.rule} passes what it should refuse"


def broken(frame: pl.DataFrame, expectation: Expectation) -> pl.DataFrame:
    """``frame`` with its first row (or its size) made to violate ``expectation``."""
    kwargs = expectation.kwargs
    if expectation.type == "expect_table_row_count_to_be_between":
        return frame.clear() if kwargs.get("min_value") else pl.concat([frame] * 10_000)
    if expectation.type in (
        "expect_compound_columns_to_be_unique",
        "expect_column_values_to_be_unique",
    ):
        return pl.concat([frame, frame])
    column = kwargs["column"]
    bad = _bad_value(expectation, frame[column].to_list()[0])
    values = [bad] * frame.height
    return frame.with_columns(pl.Series(column, values, dtype=frame.schema[column]))


def _bad_value(expectation: Expectation, good: Any) -> Any:
    kwargs = expectation.kwargs
    match expectation.type:
        case "expect_column_values_to_not_be_null":
            return None
        case "expect_column_values_to_be_in_set":
            return "no such value" if isinstance(kwargs["value_set"][0], str) else -999
        case "expect_column_values_to_be_between":
            low, high = kwargs.get("min_value"), kwargs.get("max_value")
            bad = low - 1 if low is not None else high + 1
            return Decimal(str(bad)) if isinstance(good, Decimal) else bad
        case "expect_column_value_lengths_to_be_between":
            return "" if kwargs.get("min_value") else "x" * (kwargs["max_value"] + 1)
        case "expect_column_values_to_match_regex":
            candidates = ["§", "", "x" * 999, "\n", "１", "a@b.example"]
            return next(c for c in candidates if not re.search(kwargs["regex"], c))
        case other:
            raise AssertionError(f"no way to break {other}; add one")
