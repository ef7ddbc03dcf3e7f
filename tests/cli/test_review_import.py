"""Verdicts from Label Studio reach the data folder once."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sft_assets.cli.review import import_verdicts
from sft_assets.errors import SettingsError


def _export(path: Path, verdict: str, pair: str = "a") -> Path:
    result = [{"from_name": "verdict", "value": {"choices": [verdict]}}]
    annotation = {"completed_by": 7, "updated_at": "2026-01-02T03:04:05Z", "result": result}
    task = {"data": {"pair_id": pair * 32}, "annotations": [annotation]}
    path.write_text(json.dumps([task]), encoding="utf-8")
    return path


def test_same_export_twice_adds_once(tmp_path: Path) -> None:
    export = _export(tmp_path / "export.json", "accept")
    root = str(tmp_path / "data")
    assert import_verdicts(export, root)["added"] == 1
    assert import_verdicts(export, root) == {
        "verdicts": 1,
        "added": 0,
        "file": "review/verdicts.jsonl",
    }


def test_imports_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    root, pairs = str(tmp_path / "data"), "0123456789abcdef"
    exports = [_export(tmp_path / f"{pair}.json", "accept", pair) for pair in pairs]
    with ThreadPoolExecutor(len(exports)) as pool:
        added = [found["added"] for found in pool.map(lambda e: import_verdicts(e, root), exports)]
    assert added == [1] * len(pairs)
    assert len((tmp_path / "data/review/verdicts.jsonl").read_text().splitlines()) == len(pairs)


def test_what_is_no_export_changes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"no": "list"}', encoding="utf-8")
    with pytest.raises(SettingsError):
        import_verdicts(bad, str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()
