"""Damaged PDFs end in a typed reason or in rows that hold; the check sees what does not."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Set
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from scripts import mutants
from scripts.child_watch import adopt_orphans, left_behind
from scripts.mutants import Walked, judge, make_mutant, make_samples, walk


def test_samples_are_taken_in_and_read_without_fault(tmp_path: Path) -> None:
    samples = make_samples()
    assert len(samples) == 6
    for name, content in samples.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        walked = walk(path, str(tmp_path / name))
        assert walked.intake == "accepted", name
        assert not isinstance(walked.reading, str)
        assert walked.reading.failed == {}
        assert walked.reading.ocr_pages == 0


def test_mutants_are_the_same_at_every_call_and_differ_from_each_other() -> None:
    made = [make_mutant(number, seed=3) for number in range(60)]
    assert made == [make_mutant(number, seed=3) for number in range(60)]
    samples = make_samples()
    assert len({content for _, _, content in made}) >= 59
    assert {kind for _, kind, _ in made} == {"bits", "truncated", "swapped", "digits"}
    assert sum(samples[name] == content for name, _, content in made) <= 2


def test_no_mutant_escapes_and_a_stopped_run_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "verdicts.jsonl"
    command = [sys.executable, "-m", "scripts.mutants", "--seed", "7", "--out", str(out)]
    root = Path(mutants.__file__).parents[1]
    for count in ("20", "60"):
        ran = subprocess.run(
            [*command, "--count", count], cwd=root, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout
    verdicts = [json.loads(line) for line in out.read_text().split("\n") if line]
    assert [verdict["number"] for verdict in verdicts] == list(range(60))
    assert len({verdict["intake"] for verdict in verdicts}) >= 3
    assert "escaped  0" in ran.stdout


MOST = 400 * mutants.MIB  # far above what a child needs for a page, far below what one eats here


def _walked(path: Path) -> Walked:
    return walk(path, str(path.parent / "data"))


def _leaves_a_process(path: Path, _root: str) -> Walked:
    subprocess.run(  # its own session, its parent gone: only who adopts orphans sees it
        [sys.executable, "-c", "import subprocess as s; s.Popen(['sleep', '60'], "
         "start_new_session=True)"], check=True
    )  # fmt: skip
    return _walked(path)


def _eats(path: Path, _root: str) -> Walked:
    subprocess.run(
        [sys.executable, "-c", "x = b'x' * 600_000_000; import time; time.sleep(0.5)"], check=True
    )
    return _walked(path)


def _changes_the_file(path: Path, _root: str) -> Walked:
    walked = _walked(path)
    path.write_bytes(b"%PDF-1.4")
    return walked


def _invents_a_reason(path: Path, _root: str) -> Walked:
    return replace(_walked(path), intake="because")


def _returns_rows_that_do_not_hold(path: Path, _root: str) -> Walked:
    walked = _walked(path)
    assert not isinstance(walked.reading, str)
    lines = walked.reading.tables["extracted_lines"]
    tables = {**walked.reading.tables, "extracted_lines": lines.with_columns(pl.col("start") + 1)}
    return replace(walked, reading=replace(walked.reading, tables=tables))


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        (_leaves_a_process, "stays behind"),
        (_eats, "grew beyond 400 MiB"),
        (_changes_the_file, "was changed"),
        (_invents_a_reason, "intake without a typed reason"),
        (_returns_rows_that_do_not_hold, "rows that do not hold"),
    ],
)
def test_an_escape_is_seen(
    planted: Callable[[Path, str], Walked], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ("english", "none", make_samples()["english"])
    monkeypatch.setattr(mutants, "make_mutant", lambda _number, _seed: whole)
    adopt_orphans()
    before = set(left_behind())
    verdict = judge(0, 1, planted, max_bytes=MOST)
    try:
        assert words in verdict.escaped
        assert ";" not in verdict.escaped  # and nothing else
    finally:
        _end_orphans(before)
    assert judge(0, 1, walk, max_bytes=MOST).escaped == ""


def test_what_ran_before_is_no_escape() -> None:
    with subprocess.Popen(["sleep", "60"]) as own:
        try:
            assert judge(0, 1, walk, max_bytes=MOST).escaped == ""
        finally:
            own.kill()


def _end_orphans(before: Set[int]) -> None:
    """End what a planted escape left, so that the next test starts without it."""
    deadline = time.monotonic() + 20
    while (pids := set(left_behind()) - before) and time.monotonic() < deadline:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
