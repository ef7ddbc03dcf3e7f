"""Fixtures shared by all tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sft_assets.sample import sample_inbox

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

    Tests that use it carry ``pytest.mark.xdist_group("sample_walk")``, so that it is made once.
    """
    if ready := os.environ.get("SFT_ASSETS_TEST_WALK"):  # one made before, to work on the tests
        return Path(ready)
    root = tmp_path_factory.mktemp("sample_walk") / "data"
    command = [sys.executable, "-m", "sft_assets.cli", "run", "--inbox", str(sample_inbox())]
    command += ["--data-root", str(root), "--recipe", "smoke", "--workers", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return root
