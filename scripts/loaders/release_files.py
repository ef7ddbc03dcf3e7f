"""What lies in a released folder, for the readers."""

import json
from pathlib import Path
from typing import Any

import yaml

BASE = Path(__file__).resolve().parents[2] / "sft_assets" / "train" / "base"


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def lines_of(path: Path) -> int:
    """Return how many rows a JSONL file has."""
    return sum(1 for line in path.read_text(encoding="utf-8").split("\n") if line)


def configurations(folder: Path) -> dict[str, list[str]]:
    """Return format -> splits with rows, as the folder's README declares them."""
    head = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    found = {c["config_name"]: [f["split"] for f in c["data_files"]] for c in head["configs"]}
    if not found:
        raise SystemExit(f"{folder} declares no configuration; expected at least one")
    return found
