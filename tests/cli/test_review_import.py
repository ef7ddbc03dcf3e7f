"""Verdicts from Label Studio reach the data folder once."""

import json
from pathlib import Path

import pytest

from sft_assets.cli.review import import_verdicts
from sft_assets.errors import SettingsError


def _export(path: Path, verdict: str) -> Path:
    result = [{"from_name": "verdict", "value": {"choices": [verdict]}}]
    annotation = {"completed_by": 7, "updated_at": "2026-01-02T03:04:05Z", "result": result}
    task = {"data": {"pair_id": "a" * 32}, "annotations": [annotation]}
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


def test_what_is_no_export_changes_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"no": "list"}', encoding="utf-8")
    with pytest.raises(SettingsError):
        import_verdicts(bad, str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()
