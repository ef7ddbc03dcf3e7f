"""The bundled reports print numbers that are all known: a fact is right, or it is a failure."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sft_assets.extract.dump import dump as extract_to
from sft_assets.facts.dump import dump, report_row
from sft_assets.sample import sample_inbox, sample_truth
from sft_assets.sample.score import score_facts

LEAST_RIGHT = 0.55  # of all printed numbers, those of notes and segments included

TRUTH: dict[str, list[dict[str, Any]]] = {}
for line in sample_truth().read_text(encoding="utf-8").split("\n"):
    if line:
        TRUTH.setdefault(json.loads(line)["file"], []).append(json.loads(line))
REPORTS = sorted(TRUTH)
ENGLISH = [name for name in REPORTS if any(row["currency"] == "USD" for row in TRUTH[name])]
SCANNED = [name for name in REPORTS if len(TRUTH[name]) < 400 and name not in ENGLISH]
FAST = {ENGLISH[0], next(name for name in REPORTS if name not in ENGLISH)}
CASES = [
    pytest.param(name, id=re.sub(r"\W+", "_", name), marks=() if name in FAST else pytest.mark.slow)
    for name in REPORTS
]


def test_there_are_reports_of_each_kind() -> None:
    assert len(REPORTS) > 10
    assert len(ENGLISH) == 2


@pytest.mark.parametrize("name", CASES)
def test_no_fact_is_wrong(name: str, tmp_path: Path) -> None:
    truth = TRUTH[name]
    year = max(row["fiscal_year"] for row in truth)
    is_english = name in ENGLISH
    extract_to(sample_inbox() / name, tmp_path / "extracted")
    end, language, exchange = ("06-30", "en", "NASDAQ") if is_english else ("12-31", "zh", "SSE")
    row = report_row(tmp_path / "extracted", year, f"{year}-{end}", language, exchange)
    out = tmp_path / "facts.jsonl"
    dump(tmp_path / "extracted", out, row)
    records = [json.loads(line) for line in out.read_text(encoding="utf-8").split("\n") if line]
    score = score_facts(truth, [r for r in records if r["value"] is not None])
    assert score.wrong == ()
    assert score.unknown == ()
    assert score.right >= len(truth) * (0.6 if name in SCANNED else LEAST_RIGHT)
