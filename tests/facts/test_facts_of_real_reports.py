"""Real reports with hand-verified facts: none wrong, none contradicted, nearly all found."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sft_assets.extract.dump import dump as extract_to
from sft_assets.facts.build import FactsResult
from sft_assets.facts.dump import dump, report_row
from sft_assets.facts.periods import parse_day

LEAST_RECALL = 0.95
# One report is read in every run; the others take a minute each on a busy machine.
NUMBERS = [0, *(pytest.param(i, marks=pytest.mark.slow) for i in (1, 2, 3))]

pytestmark = pytest.mark.corpus


@dataclass(frozen=True)
class Verified:
    """A report that was read, and its hand-verified facts."""

    truth: Path
    result: FactsResult
    out: Path


Read = Callable[[int], Verified]


@pytest.fixture(scope="module")
def read(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    done: dict[int, Verified] = {}
    folder = tmp_path_factory.mktemp("facts")
    truths = sorted((corpus / "truth").glob("*.json"))

    def facts_of(number: int) -> Verified:
        if number not in done:
            truth = json.loads(truths[number].read_text(encoding="utf-8"))
            pdf = corpus / Path(truth["file"]).parent.name / Path(truth["file"]).name
            extracted = folder / str(number)
            extract_to(pdf, extracted)
            out = folder / f"{number}.jsonl"
            result = dump(extracted, out, report_row(extracted, *identity(truth)))
            done[number] = Verified(truths[number], result, out)
        return done[number]

    return facts_of


def identity(truth: dict[str, Any]) -> tuple[int, str, str, str]:
    """Fiscal year, its last day, language and exchange of a verified report."""
    year = int(re.findall(r"20\d\d", truth["fiscal_year"])[0])
    end = parse_day(truth["fiscal_year"]) or f"{year}-12-31"
    if truth["language"] == "en":
        return year, str(end), "en", "NASDAQ"
    return year, str(end), "zh", "SZSE" if truth["code"].endswith("SZ") else "SSE"


@pytest.mark.parametrize("number", NUMBERS)
def test_scores(number: int, corpus: Path, read: Read) -> None:
    report = read(number)
    scorer = corpus.parent / "tools" / "score_facts.py"
    if not scorer.is_file():
        pytest.skip("no scorer beside the reports")
    command = [sys.executable, str(scorer), str(report.truth), str(report.out)]
    score = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (score["wrong"], score["contradictions"]) == (0, 0)
    assert score["recall"] >= LEAST_RECALL


@pytest.mark.parametrize("number", NUMBERS)
def test_accepted_balance_sheets_balance(number: int, read: Read) -> None:
    columns = balance_sheet_columns(read(number).result.facts)
    assert columns, "no balance sheet was read"
    for column in columns.values():
        financing = column.get("total_liabilities_and_equity")
        assert financing is None or column["total_assets"] == financing
        if {"total_liabilities", "total_equity"} <= set(column):
            assert column["total_assets"] == column["total_liabilities"] + column["total_equity"]


def balance_sheet_columns(facts: pl.DataFrame) -> dict[tuple[Any, ...], dict[str, Decimal]]:
    """Metric -> value, for each scope and day whose total assets were read."""
    found: dict[tuple[Any, ...], dict[str, Decimal]] = {}
    sheets = facts.filter(pl.col("statement") == "balance_sheet")
    for row in sheets.iter_rows(named=True):
        key = (row["scope"], row["period"], row["basis"])
        found.setdefault(key, {})[row["metric"]] = row["value"]
    return {key: column for key, column in found.items() if "total_assets" in column}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_fact_has_its_print_in_its_box(number: int, read: Read) -> None:
    report = read(number)
    cells = pl.read_parquet(report.out.with_suffix("") / "extracted_cells.parquet")
    keys = ["page_no", "table_no", "row_no", "col_no"]
    of_tables = report.result.facts.filter(pl.col("table_no").is_not_null())
    joined = of_tables.join(cells.select(*keys, "text"), on=keys, how="left")
    assert joined.height == of_tables.height > 100
    assert (joined["text"] == joined["value_printed"]).all()
