"""Fixtures shared by all tests."""

import os
from pathlib import Path

import pytest

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
