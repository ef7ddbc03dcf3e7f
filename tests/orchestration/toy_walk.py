"""Four steps with the shape of the real walk and none of its work."""

import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from sft_assets.lineage.digests import sha256_of_bytes
from sft_assets.schemas import TABLES, empty
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult


def source(root: str, report_key: str) -> Path:
    """Return the file that stands for a report: its page count, as text."""
    return Path(root) / "toy" / f"{report_key}.txt"


def _digest(view: ExternalView, partition: str) -> Mapping[str, str]:
    return {"source": sha256_of_bytes(source(view.root, partition).read_bytes())}


def _raw(inputs: Inputs) -> StepResult:
    content = source(inputs.root, inputs.partition).read_bytes()
    values = {
        "report_key": inputs.partition,
        "version_no": 1,
        "is_current": True,
        "doc_id": sha256_of_bytes(inputs.partition.encode() + content),
        "company": "甲公司",
        "company_id": inputs.partition.split("_")[0],
        "fiscal_year": 2020,
        "period_end": date(2020, 12, 31),
        "kind": "annual",
        "language": "zh",
        "is_revision": False,
        "title": "2020年年度报告",
        "page_count": int(content),
        "size_bytes": len(content),
        "aliases": [],
    }
    schema = TABLES["raw_reports"].schema
    row = {column: [values.get(column)] for column in schema}
    frame = pl.DataFrame(row, schema=schema)
    return StepResult({"raw_reports": frame}, Ledger("report", 1, 1))


def _redact(inputs: Inputs) -> StepResult:
    (report,) = inputs.table("raw_reports").to_dicts()
    pages = [
        {"doc_id": report["doc_id"], "page_no": number, "text": f"第{number}页 | 甲", "edits": []}
        for number in range(1, report["page_count"] + 1)
    ]
    frame = pl.DataFrame(pages, schema=TABLES["redacted_pages"].schema)
    tables = {"redacted_pages": frame, "redactions": empty("redactions")}
    return StepResult(tables, Ledger("page", len(pages), len(pages)), metadata={"words": 3})


def _compare(inputs: Inputs) -> StepResult:
    pages = inputs.table("redacted_pages")
    pair = dict.fromkeys(TABLES["comparison_pairs"].schema)
    rows = [
        pair
        | {
            "pair_id": row["doc_id"][:32] + str(row["page_no"]),
            "company_ids": ["1"],
            "question": f"{row['page_no']}?",
            "is_target": True,
        }
        for row in pages.iter_rows(named=True)
    ]
    frame = pl.DataFrame(rows, schema=TABLES["comparison_pairs"].schema)
    return StepResult({"comparison_pairs": frame}, Ledger("pair", len(rows), len(rows)))


def _train(inputs: Inputs) -> StepResult:
    rows = inputs.table("comparison_pairs").height
    inputs.report_progress(rows, rows, "rows")
    if inputs.partition == "slow":
        _wait_for_a_silent_child(Path(inputs.root) / "child.pid")
    if inputs.partition == "broken":
        raise RuntimeError("out of memory, say")
    files = {"model.txt": f"{inputs.partition} {rows}".encode()}
    curves = {"curve.png": b"a plot, say", "poster.png": b"0" * 1_000_000}
    return StepResult({}, Ledger("row", rows, rows), files, curves, {"rows_seen": rows})


def _wait_for_a_silent_child(pid_file: Path) -> None:
    child = subprocess.Popen(["sleep", "300"], stdout=subprocess.PIPE, start_new_session=True)
    pid_file.write_text(str(child.pid))
    try:
        for _line in child.stdout:
            pass
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def _step(
    name: str, grain: Grain, tables: tuple[str, ...], inputs: tuple[str, ...], **more
) -> Step:
    return Step(
        name=name,
        stage={"raw_reports": "ingest", "checkpoint": "train"}.get(name, "pairs"),
        grain=grain,
        tables=tables,
        inputs=inputs,
        code_version="1",
        description="A toy.",
        **more,
    )


STEPS = (
    _step("raw_reports", Grain.REPORT, ("raw_reports",), (), compute=_raw, external=_digest),
    _step(
        "redact",
        Grain.REPORT,
        ("redacted_pages", "redactions"),
        ("raw_reports",),
        compute=_redact,
    ),
    _step(
        "comparison_pairs",
        Grain.CORPUS,
        ("comparison_pairs",),
        ("redacted_pages",),
        compute=_compare,
    ),
    _step("checkpoint", Grain.RECIPE, (), ("comparison_pairs",), compute=_train, isolated=True),
)
