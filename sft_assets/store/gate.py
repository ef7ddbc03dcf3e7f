"""The audit: a staged table against its schema, its key and its expectation suite."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import polars as pl

from sft_assets.schemas.tables import Table
from sft_assets.store.suites import Expectation, Severity, Suite

ROW = "__row"  # position of a row in the audited frame, 0-based
MAX_IDS = 20  # failing ids that a verdict names; the count is exact


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one rule went on one table. Holds ids and counts, never values."""

    table: str
    rule: str
    severity: Severity
    passed: bool
    failing_rows: int
    failing_ids: tuple[str, ...]  # keys of the first failing rows
    blocks: bool  # True: the table must not be published
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON types."""
        return {
            "table": self.table,
            "rule": self.rule,
            "severity": self.severity,
            "passed": self.passed,
            "failing_rows": self.failing_rows,
            "failing_ids": list(self.failing_ids),
            "blocks": self.blocks,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class TableAudit:
    """A table split into what may be published and what is set aside."""

    kept: pl.DataFrame
    quarantined: pl.DataFrame  # the table's columns and ``rule``
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """True when nothing blocks."""
        return not any(verdict.blocks for verdict in self.verdicts)


def audit_table(table: Table, frame: pl.DataFrame, suite: Suite) -> TableAudit:
    """Return the verdicts on ``frame`` and its rows, kept or set aside.

    Schema and key are checked first: with wrong columns no expectation means anything.
    """
    none_aside = frame.clear().with_columns(pl.lit(None, pl.String).alias("rule"))
    structure = [_check_schema(table, frame)]
    if structure[0].passed:
        structure.append(_check_key(table, frame))
    if not all(verdict.passed for verdict in structure):
        return TableAudit(frame, none_aside, tuple(structure))
    failing = find_failing_rows(frame, suite)
    aside: dict[int, str] = {}  # row -> first rule that it fails
    verdicts: list[Verdict] = []
    for expectation in suite.expectations:
        rows = failing[expectation.rule]
        if expectation.severity == "warning" and rows:
            aside |= {row: aside.get(row, expectation.rule) for row in rows}
        verdicts.append(_verdict(table, frame, expectation, rows))
    verdicts.append(_check_quarantine_share(table, frame.height, len(aside), suite))
    mask = pl.Series([row in aside for row in range(frame.height)], dtype=pl.Boolean)
    rules = pl.Series("rule", [aside[row] for row in sorted(aside)], dtype=pl.String)
    quarantined = frame.filter(mask).with_columns(rules) if aside else none_aside
    return TableAudit(frame.filter(~mask), quarantined, (*structure, *verdicts))


def _check_schema(table: Table, frame: pl.DataFrame) -> Verdict:
    wrong = [
        f"{column}: expected {table.schema.get(column)}, got {frame.schema.get(column)}"
        for column in sorted(table.schema.keys() | frame.schema.keys())
        if table.schema.get(column) != frame.schema.get(column)
    ]
    if not wrong and list(frame.schema) != list(table.schema):
        wrong = ["columns are in another order"]
    return _structural(table, "matches_schema", wrong, rows=0, ids=())


def _check_key(table: Table, frame: pl.DataFrame) -> Verdict:
    key = list(table.key)
    null = frame.filter(pl.any_horizontal(pl.col(key).is_null()))
    twice = frame.filter(frame.select(key).is_duplicated())
    bad = pl.concat([null, twice])
    detail = [f"{null.height} rows with an empty key, {twice.height} rows share one"]
    ids = _ids(table, bad, range(min(bad.height, MAX_IDS)))
    return _structural(table, "key_is_unique", detail if bad.height else [], bad.height, ids)


def _structural(
    table: Table, rule: str, wrong: list[str], rows: int, ids: tuple[str, ...]
) -> Verdict:
    return Verdict(
        table.name, rule, "critical", not wrong, rows, ids, bool(wrong), "; ".join(wrong)
    )


def _verdict(
    table: Table, frame: pl.DataFrame, expectation: Expectation, rows: list[int] | None
) -> Verdict:
    passed = rows is not None and not rows
    return Verdict(
        table=table.name,
        rule=expectation.rule,
        severity=expectation.severity,
        passed=passed,
        failing_rows=len(rows or ()),
        failing_ids=_ids(table, frame, (rows or [])[:MAX_IDS]),
        blocks=not passed
        and (
            expectation.severity == "critical"
            or (rows is None and expectation.severity == "warning")  # no row to set aside
        ),
        detail=expectation.type if rows is not None else f"{expectation.type}: fails on the table",
    )


def _check_quarantine_share(table: Table, rows: int, aside: int, suite: Suite) -> Verdict:
    share = Decimal(aside) / Decimal(rows) if rows else Decimal(0)
    limit = suite.meta.max_quarantine_share
    return Verdict(
        table=table.name,
        rule="quarantine_share",
        severity="critical",
        passed=share <= limit,
        failing_rows=aside,
        failing_ids=(),
        blocks=share > limit,
        detail=f"{aside} of {rows} rows set aside; expected a share of at most {limit}",
    )


def _ids(table: Table, frame: pl.DataFrame, rows: Sequence[int] | range) -> tuple[str, ...]:
    picked = frame[list(rows)].select(table.key)
    return tuple("/".join(str(part) for part in row) for row in picked.iter_rows())


def find_failing_rows(frame: pl.DataFrame, suite: Suite) -> dict[str, list[int] | None]:
    """Return rule -> positions of the failing rows; None where the table as a whole fails."""
    flat = frame.select(
        [name for name, dtype in frame.schema.items() if not dtype.is_nested()]
    ).with_row_index(ROW)
    batch = (
        _context()
        .data_sources.add_or_update_pandas("audit")
        .add_dataframe_asset(name=suite.name)
        .add_batch_definition_whole_dataframe("whole")
        .get_batch({"dataframe": _to_pandas(flat)})
    )
    results = batch.validate(
        _as_gx_suite(suite),
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [ROW]},
    ).results
    found = {result.expectation_config.meta["rule"]: _rows_of(result) for result in results}
    return {e.rule: found[e.rule] for e in suite.expectations}


def _to_pandas(frame: pl.DataFrame) -> Any:
    """Return ``frame`` for pandas; a column of nulls keeps its type, or text rules would fail."""
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.to_pandas().astype(dict.fromkeys(texts, "str"))


def _as_gx_suite(suite: Suite) -> Any:
    import great_expectations as gx
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    # Built whole: adding one by one replaces an earlier one of the same type on the same column.
    return gx.ExpectationSuite(
        name=suite.name,
        expectations=[
            ExpectationConfiguration(
                type=e.type, kwargs=e.kwargs, severity=e.severity, meta={"rule": e.rule}
            ).to_domain_obj()
            for e in suite.expectations
        ],
    )


def _rows_of(result: Any) -> list[int] | None:
    """Return the failing rows of one result; None where it fails on the table as a whole."""
    config = result.expectation_config
    if result.exception_info and _raised(result.exception_info):
        raise RuntimeError(
            f"expectation {config.meta['rule']} ({config.type}) could not be evaluated; "
            "hint: check its kwargs against the table's columns"
        )
    if result.success:
        return []
    index = result.result.get("unexpected_index_list")
    return sorted({int(entry[ROW]) for entry in index}) if index else None


def _raised(info: dict[str, Any]) -> bool:
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(_raised(part) for part in info.values() if isinstance(part, dict))


@cache
def _context() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context
