"""Ctrl-C ends a walk at once, with a word, and leaves no process behind."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from sft_assets.sample import sample_inbox
from sft_assets.store.store import Store


def test_interrupted_walk(tmp_path: Path) -> None:
    inbox, root = tmp_path / "inbox", tmp_path / "data"
    inbox.mkdir()
    for pdf in sorted(sample_inbox().glob("*2023*.pdf"))[:2]:
        shutil.copy(pdf, inbox)
    with (tmp_path / "said.txt").open("wb") as said:
        walk = subprocess.Popen(
            [sys.executable, "-m", "sft_assets.cli", "run", "--inbox", inbox, "--data-root", root],
            stdout=subprocess.DEVNULL,
            stderr=said,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        )
    deadline = time.monotonic() + 120
    while len(Store(str(root)).partitions("raw_reports")) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(_of_session(walk.pid)) >= 3  # the walk and a process for each of the reports
    os.killpg(walk.pid, signal.SIGINT)
    assert walk.wait(timeout=120) == 128 + signal.SIGINT
    assert "the same command goes on from there" in (tmp_path / "said.txt").read_text()
    deadline = time.monotonic() + 120
    while _of_session(walk.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _of_session(walk.pid)


def _of_session(leader: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(int(folder.name)) == leader and "Z (" not in _state_of(folder):
                found.append(int(folder.name))
    return found


def _state_of(folder: Path) -> str:
    try:
        lines = (folder / "status").read_text().splitlines()
    except OSError:
        return "Z ("
    return next(line for line in lines if line.startswith("State:"))
