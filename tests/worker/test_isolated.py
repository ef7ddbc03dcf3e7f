"""A child may do what it likes: the parent gets a checked answer or a typed reason."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from pydantic import BaseModel

from sft_assets.errors import RejectedDocumentError
from sft_assets.worker import isolated
from sft_assets.worker.answers import NoValues
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import MIB, Limits

SHORT = Limits(memory_bytes=512 * MIB, cpu_seconds=2, wall_seconds=20, output_bytes=4 * MIB)


class Pages(BaseModel):
    pages: int


def reason_of(task: str, limits: Limits = SHORT, **kwargs: object) -> str:
    with pytest.raises(RejectedDocumentError) as caught:
        run_isolated(task, {"pages": 1}, values=NoValues, limits=limits, **kwargs)  # type: ignore[arg-type]
    assert "PRIVATE" not in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        ("loop", "timeout"),
        ("eat", "memory"),
        ("eat_and_abort", "memory"),
        ("say_bad_alloc", "memory"),
        ("killed", "memory"),  # the kernel's own way to end what took too much
        ("abort", "crash"),
        ("segfault", "crash"),
        ("leave_badly", "crash"),
        ("raise_secret", "crash"),
        ("no_dict", "crash"),
        ("no_json", "crash"),
        ("big", "invalid_output"),
        ("flood", "invalid_output"),  # of stderr
        ("leave", "invalid_output"),
        ("echo", "invalid_output"),  # a value that was not asked for
        ("table", "invalid_output"),  # likewise a table
        ("refuse", "password"),
        ("refuse_oddly", "invalid_output"),
    ],
)
def test_every_end_has_a_typed_reason(probes: str, task: str, reason: str) -> None:
    assert reason_of(probes + task) == reason


def test_wall_limit_ends_what_uses_no_processor(probes: str) -> None:
    started = time.monotonic()
    assert reason_of(probes + "sleep", Limits(wall_seconds=1)) == "timeout"
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("task", ["wrong_table", "nothing"])
def test_a_table_must_have_its_schema(probes: str, task: str) -> None:
    tables = {"t": pl.Schema({"a": pl.Int64})}
    assert reason_of(probes + task, Limits(), tables=tables) == "invalid_output"


def test_answers_come_back(probes: str) -> None:
    answer = run_isolated(probes + "echo", {"pages": 7}, values=Pages, limits=SHORT)
    assert answer.values.pages == 7
    assert 0 < answer.cpu_seconds < 2
    tables = {"t": pl.Schema({"a": pl.Int64})}
    answer = run_isolated(probes + "table", {}, values=NoValues, tables=tables)  # type: ignore[assignment]
    assert answer.tables["t"]["a"].to_list() == [1, 2]


def test_nothing_of_the_group_stays_behind(probes: str) -> None:
    answer = run_isolated(probes + "grandchild", {}, values=Pages, limits=SHORT)
    assert wait_until_gone(answer.values.pages)


def test_no_network_and_no_settings(probes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "PRIVATE")
    assert run_isolated(probes + "environment", {}, values=Pages).values.pages == 0
    allowed = subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True)
    if allowed.returncode == 0:
        assert run_isolated(probes + "interfaces", {}, values=Pages).values.pages <= 1


@pytest.mark.parametrize(
    "task",
    ["os:system", "sft_assets.ingest.intake:take_in", "sft_assets.ingest.child:inspect; x", ""],
)
def test_only_listed_tasks_run(task: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        run_isolated(task, {}, values=NoValues)


def test_children_die_with_a_killed_parent(tmp_path: Path, probes: str) -> None:
    pid_file = tmp_path / "pid"
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import re; from sft_assets.worker import isolated as i; "
            f"i.TASK = re.compile('.*'); i.IMPORT_ROOTS = {isolated.IMPORT_ROOTS!r}; "
            "from sft_assets.worker.answers import NoValues; "
            f"i.run_isolated({probes + 'say_pid'!r}, {{'pid_file': {str(pid_file)!r}}}, values=NoValues)",
        ],
        env={**os.environ, "PYTHONPATH": isolated.IMPORT_ROOTS[0]},
    )
    deadline = time.monotonic() + 60
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    assert wait_until_gone(int(pid_file.read_text()))


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except (OSError, IndexError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False
