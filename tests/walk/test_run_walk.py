"""The walk as a whole: order, independence of reports, and what a failure stops."""

import errno
import json
import re
from pathlib import Path

import polars as pl
import pytest

from sft_assets.schemas import TABLES
from sft_assets.store.store import Store
from sft_assets.walk.run import ProgressEvent, StepLine, run_walk
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepResult, order_steps

KEYS = ["600000_2024_annual", "600001_2024_annual", "600002_2024_annual"]


def _raw(inputs: Inputs) -> StepResult:
    if inputs.partition == KEYS[1]:
        raise ZeroDivisionError
    return StepResult({"redactions": _redactions(1)}, Ledger("row", 1, 1))


def _redactions(rows: int) -> pl.DataFrame:
    return pl.DataFrame(
        [("0" * 64, n + 1, 0, 1, "mobile", "[MOBILE:1]") for n in range(rows)],
        schema=TABLES["redactions"].schema,
        orient="row",
    )


def _count(inputs: Inputs) -> StepResult:
    rows = inputs.table("redactions").height
    return StepResult({}, Ledger("row", rows, rows), {"count.txt": str(rows).encode()})


def _never(_inputs: Inputs) -> StepResult:
    raise AssertionError("its input failed")


REPORT = Step("redact", "redact", Grain.REPORT, ("redactions",), (), "1", "Rows.", _raw)
CHILD = Step("count", "facts", Grain.REPORT, (), ("redactions",), "1", "Rows of a report.", _count)
CORPUS = Step(
    "total", "splits", Grain.CORPUS, (), ("redactions",), "1", "Rows of all reports.", _count
)


@pytest.fixture(autouse=True)
def _own_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {
        "type": "expect_table_row_count_to_be_between",
        "kwargs": {"min_value": 1},
        "severity": "critical",
        "meta": {"rule": "has_rows"},
    }
    suite = {"name": "x", "meta": {"max_quarantine_share": "0"}, "expectations": [rule]}
    folder = tmp_path / "expectations"
    folder.mkdir()
    (folder / "redactions.json").write_text(json.dumps(suite))
    monkeypatch.setenv("SFT_ASSETS_EXPECTATIONS", str(folder))


@pytest.mark.parametrize("workers", [1, 2])
def test_failed_report_stops_its_own_chain_only(tmp_path: Path, workers: int) -> None:
    told: list[ProgressEvent | StepLine] = []
    lines = run_walk(
        [CORPUS, CHILD, REPORT],
        str(tmp_path / "data"),
        Settings(),
        report_keys=KEYS,
        workers=workers,
        listen=told.append,
    )
    status = {(line.step, line.partition): line.status for line in lines}
    assert status == {
        ("redact", KEYS[0]): "published",
        ("count", KEYS[0]): "published",
        ("redact", KEYS[1]): "failed",
        ("count", KEYS[1]): "skipped",
        ("redact", KEYS[2]): "published",
        ("count", KEYS[2]): "published",
        ("total", "corpus"): "published",
    }
    failed = next(line for line in lines if line.status == "failed")
    assert failed.error is not None
    assert failed.error.startswith("ZeroDivisionError at test_run_walk.py:")
    assert sum(isinstance(event, StepLine) for event in told) == len(lines)
    total = Store(str(tmp_path / "data")).require("total", "corpus")
    assert total.read_file("files/count.txt") == b"2"


def _full_disk(_inputs: Inputs) -> StepResult:
    raise OSError(errno.ENOSPC, "words of the report", "/its/path")


def test_a_full_disk_is_told_without_words_of_the_report(tmp_path: Path) -> None:
    step = Step("total", "splits", Grain.CORPUS, (), (), "1", "Nothing.", _full_disk)
    (line,) = run_walk([step], str(tmp_path / "data"), Settings(), report_keys=[])
    assert line.error is not None
    assert re.fullmatch(r"OSError at test_run_walk\.py:\d+ \(No space left on device\)", line.error)


def test_second_run_recomputes_nothing(tmp_path: Path) -> None:
    keys = [KEYS[0], KEYS[2]]
    for expected in ("published", "unchanged"):
        lines = run_walk(
            [REPORT, CHILD, CORPUS], str(tmp_path / "data"), Settings(), report_keys=keys
        )
        assert {line.status for line in lines} == {expected}
        assert len(lines) == 5


def test_steps_that_read_in_a_circle_are_refused() -> None:
    first = Step("first", "x", Grain.CORPUS, (), ("second",), "1", "", _never)
    second = Step("second", "x", Grain.CORPUS, (), ("first",), "1", "", _never)
    with pytest.raises(ValueError, match="reads what is made from itself"):
        order_steps([first, second])
    with pytest.raises(ValueError, match="first reads second, which no step makes"):
        order_steps([first])
