"""Real reports with hand-verified facts: none wrong, none contradicted, nearly all found."""

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sft_assets.extract.dump import dump as extract_to
from sft_assets.facts.build import FactsResult
from sft_assets.facts.dump import dump, report_row

TRUTHS = {  # file of the truth -> fiscal year, its last day, language, exchange
    "huajin_2019": (2019, "2019-12-31", "zh", "SZSE"),
    "maotai_2020": (2020, "2020-12-31", "zh", "SSE"),
    "maotai_2021": (2021, "2021-12-31", "zh", "SSE"),
    "microsoft_fy2023_10k": (2023, "2023-06-30", "en", "NASDAQ"),
}
LEAST_RECALL = 0.95

# One report is read in every run; the others take a minute each on a busy machine.
NAMES = [
    "huajin_2019",
    *(pytest.param(name, marks=pytest.mark.slow) for name in sorted(TRUTHS) if name[0] != "h"),
]
pytestmark = pytest.mark.corpus
Read = Callable[[str], tuple[FactsResult, Path]]


@pytest.fixture(scope="module")
def read(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Read:
    done: dict[str, tuple[FactsResult, Path]] = {}
    folder = tmp_path_factory.mktemp("facts")

    def facts_of(name: str) -> tuple[FactsResult, Path]:
        if name not in done:
            truth = json.loads((corpus / "truth" / f"{name}.json").read_text(encoding="utf-8"))
            pdf = corpus / Path(truth["file"]).parent.name / Path(truth["file"]).name
            extract_to(pdf, folder / name)
            row = report_row(folder / name, *TRUTHS[name])
            out = folder / f"{name}.jsonl"
            done[name] = dump(folder / name, out, row), out
        return done[name]

    return facts_of


@pytest.mark.parametrize("name", NAMES)
def test_scores(name: str, corpus: Path, read: Read) -> None:
    _, out = read(name)
    scorer = corpus.parent / "tools" / "score_facts.py"
    if not scorer.is_file():
        pytest.skip("no scorer beside the reports")
    command = [sys.executable, str(scorer), str(corpus / "truth" / f"{name}.json"), str(out)]
    score = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert (score["wrong"], score["contradictions"]) == (0, 0)
    assert score["recall"] >= LEAST_RECALL


@pytest.mark.parametrize("name", NAMES)
def test_accepted_balance_sheets_balance(name: str, read: Read) -> None:
    result, _ = read(name)
    columns = balance_sheet_columns(result.facts)
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


@pytest.mark.parametrize("name", NAMES)
def test_every_fact_has_its_print_in_its_box(name: str, read: Read) -> None:
    result, out = read(name)
    cells = pl.read_parquet(out.with_suffix("") / "extracted_cells.parquet")
    keys = ["page_no", "table_no", "row_no", "col_no"]
    of_tables = result.facts.filter(pl.col("table_no").is_not_null())
    joined = of_tables.join(cells.select(*keys, "text"), on=keys, how="left")
    assert joined.height == of_tables.height > 100
    assert (joined["text"] == joined["value_printed"]).all()
