"""A step in a process of its own: what it prints, and that it ends when it is asked to."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from toy_walk import STEPS

from sft_assets.errors import GateError
from sft_assets.walk.run import run_walk
from sft_assets.walk.run_step import throttled
from sft_assets.walk.settings import Settings


def command(toy, step: str, partition: str) -> list[str]:
    given = {"--step": step, "--partition": partition, "--root": toy.root, "--steps": "toy_walk"}
    told = [word for pair in given.items() for word in pair]
    return [sys.executable, "-m", "sft_assets.walk.run_step", *told]


def run(toy, step: str, partition: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        command(toy, step, partition), capture_output=True, text=True, check=False
    )
    return done.returncode, json.loads(done.stdout)


def test_it_prints_one_line_and_says_by_its_exit_code(toy) -> None:
    toy.add_report("a_2020_annual", pages=2)
    run_walk(STEPS, toy.root, Settings(), report_keys=["a_2020_annual"])
    assert run(toy, "redact", "a_2020_annual") == (
        0,
        {"status": "unchanged", "error": "", "exit_code": 0},
    )
    toy.limit_rows("redacted_pages", 1)
    code, told = run(toy, "redact", "a_2020_annual")
    assert (code, told["status"]) == (GateError.exit_code, "refused")
    assert "redacted_pages.row_count" in str(told["error"])


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_with_all_that_it_started(toy, sent: signal.Signals) -> None:
    toy.add_report("a_2020_annual")
    run_walk(STEPS, toy.root, Settings(), report_keys=["a_2020_annual"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command(toy, "checkpoint", "slow"), stderr=subprocess.DEVNULL)
    pid_file = Path(toy.root) / "child.pid"
    deadline = time.monotonic() + 60
    while not (pid_file.exists() and pid_file.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.send_signal(sent)
    assert process.wait(120) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


def test_progress_speaks_seldom() -> None:
    said: list[str] = []
    seldom, often = throttled(said.append, every=3600), throttled(said.append, every=0)
    for done in range(100):
        seldom(done, 100, "pages")
    assert said == []
    often(1, 2, "pages")
    assert said == ["pages: 1 of 2"]
