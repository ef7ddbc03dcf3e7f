"""Fixtures shared by all tests."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sft_assets.sample import sample_inbox
from sft_assets.store.locks import hold_lock

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of real reports, scans and hostile files; they are not part of the repository."""
    configured = os.environ.get("SFT_ASSETS_TEST_CORPUS")
    folder = Path(configured) if configured else REPOSITORY.parent / "shared" / "data"
    if not (folder / "zh_reports").is_dir():
        pytest.skip("no real reports here; set SFT_ASSETS_TEST_CORPUS to their folder")
    return folder


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def sample_walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data root of one whole walk over the bundled sample, made by the command line.

    It is made once and shared by all test processes; the models answer a few questions only.
    """
    if ready := os.environ.get("SFT_ASSETS_TEST_WALK"):  # one made before, to work on the tests
        return Path(ready)
    base = (
        tmp_path_factory.getbasetemp()
    )  # with -n 0 its parent outlives the run, a broken walk too
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sample_walk"
    with hold_lock(shared / "lock", wait_seconds=1200):
        if not (shared / "done").exists():
            _walk_the_sample(shared / "data")
            (shared / "done").touch()
    return shared / "data"


def _walk_the_sample(root: Path) -> None:
    root.mkdir(parents=True)
    few = {"max_rows": 8, "max_new_tokens": 60, "latency_rows": 1}
    settings = {"baseline_report": few, "eval_report": few}
    (root / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "sft_assets.cli", "run", "--inbox", str(sample_inbox())]
    command += ["--data-root", str(root), "--recipe", "smoke", "--workers", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
