"""The whole walk over the bundled sample: counts, lineage, verification, and doing nothing twice."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scripts.planted_values import Planted, search, split_files
from sft_assets.audit.catalog import Catalog
from sft_assets.audit.published import published_digests
from sft_assets.audit.summary import summarize
from sft_assets.audit.trace import trace_answers
from sft_assets.sample import sample_inbox, sample_personal_data
from sft_assets.stages import STEPS

pytestmark = pytest.mark.xdist_group("sample_walk")


def _cli(*arguments: str) -> tuple[int, Any]:
    command = [sys.executable, "-m", "sft_assets.cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def test_every_step_published_and_every_ledger_balances(sample_walk: Path) -> None:
    ledgers = {row["step"]: row for row in summarize(str(sample_walk))["ledger"]}
    assert set(ledgers) == {step.name for step in STEPS}
    assert [name for name, row in ledgers.items() if not row["balanced"]] == []
    assert all(row["rows_in"] > 0 for row in ledgers.values())


def test_second_run_publishes_nothing(sample_walk: Path) -> None:
    before = published_digests(str(sample_walk))
    code, told = _cli(
        "run", "--inbox", str(sample_inbox()), "--data-root", str(sample_walk), "--recipe", "smoke"
    )
    assert (code, told["published"], told["failed"]) == (0, 0, [])
    assert told["unchanged"] > 100
    assert published_digests(str(sample_walk)) == before


def test_verify_confirms_every_released_answer(sample_walk: Path) -> None:
    code, report = _cli("verify", "--data-root", str(sample_walk))
    assert (code, report["failing_rows"]) == (0, [])
    assert report["pairs_confirmed"] == report["pairs"] > 100
    assert report["numbers_derived_again"] > 100


def test_trace_leads_from_an_answer_to_a_box_and_through_the_texts(sample_walk: Path) -> None:
    pair = next(p for p in Catalog(str(sample_walk)).released_pairs() if p["kind"] == "growth")
    (chain,) = trace_answers(pair["pair_id"], str(sample_walk))
    assert chain["program"] == "growth(f1, f2)"
    assert [fact["operand"] for fact in chain["facts"]] == ["f1", "f2"]
    for fact in chain["facts"]:
        assert len(fact["box"]) == 4
        assert any(fact["printed"] in span["text"] for span in fact["text_spans"])


def test_no_planted_personal_value_stands_in_a_file_behind_redaction(sample_walk: Path) -> None:
    planted = json.loads(sample_personal_data().read_text("utf-8"))
    values = [
        Planted(entry["kind"], entry["value"], entry["value"], "")
        for report in planted.values()
        for entry in report["values"]
        if entry["kind"] != "decoy"
    ]
    before, behind = split_files(sample_walk)
    seen = search([path for path in before if path.suffix == ".parquet"], values)
    assert len(seen) > 20
    assert len(behind) > 300
    assert search(behind, values) == {}


def test_no_planted_personal_value_reaches_a_pair(sample_walk: Path) -> None:
    planted = json.loads(sample_personal_data().read_text("utf-8"))
    entries = [entry for report in planted.values() for entry in report["values"]]
    values = [str(entry["value"]) for entry in entries if entry["kind"] != "decoy"]
    decoys = [str(entry["value"]) for entry in entries if entry["kind"] == "decoy"]
    assert (len(values) > 20, len(decoys)) == (True, 3)
    catalog = Catalog(str(sample_walk))
    texts = catalog.table("redacted_pages")["text"].to_list()
    pairs = catalog.table("deduplicated_pairs")
    texts += [t for c in ("question", "context", "answer") for t in pairs[c].to_list()]
    assert [v for v in values if any(v in text for text in texts)] == []
    assert [d for d in decoys if not any(d in text for text in texts)] == []
    current = catalog.table("raw_reports").filter(pl.col("is_current"))["aliases"].explode()
    masked = [e for name in current for e in planted.get(name, {"values": []})["values"]]
    expected = sum(entry["kind"] != "decoy" for entry in masked)
    assert catalog.table("redactions").height >= expected > 20


def test_no_company_and_no_fact_is_in_two_splits(sample_walk: Path) -> None:
    catalog = Catalog(str(sample_walk))
    released = catalog.table("sft_dataset").filter(pl.col("origin") == "report")
    pairs = released.select("pair_id", "split").join(
        catalog.table("deduplicated_pairs"), on="pair_id"
    )
    for column in ("company_ids", "fact_ids"):
        splits = pairs.explode(column).drop_nulls(column).group_by(column)
        assert splits.agg(pl.col("split").n_unique())["split"].max() == 1, column
    assert set(released["split"]) == {"train", "validation", "test"}


def test_other_seed_zone_folder_and_workers_give_the_same_bytes(
    sample_walk: Path, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("nlmi-20230630.pdf", "309218_霁原新材_2023_年度报告.pdf", "年报_最终版.pdf"):
        shutil.copy(sample_inbox() / name, inbox)
    command = [sys.executable, "-m", "sft_assets.cli", "run", "--inbox", str(inbox)]
    command += ["--data-root", str(tmp_path / "elsewhere"), "--workers", "1", "--until", "pairs"]
    surroundings = {"PYTHONHASHSEED": "4242", "TZ": "Asia/Shanghai"}
    subprocess.run(command, check=True, capture_output=True, env=os.environ | surroundings)
    ours = published_digests(str(tmp_path / "elsewhere"))
    of_reports = {name: digest for name, digest in ours.items() if "/corpus/" not in name}
    expected = published_digests(str(sample_walk))
    assert len(of_reports) > 20
    assert [n for n, digest in of_reports.items() if expected.get(n) != digest] == []
