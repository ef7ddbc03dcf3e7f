"""What tuning makes the base forget, with and without what is meant to prevent it.

    make bench-forgetting DATA_ROOT=data [STEPS=40]

All weights of the bundled base learn report questions of the released sample, without any general
row. Forgetting is the rise of the loss on general rows that were never trained on; learning is the
fall of the validation loss on held-out companies. Lower is better in both columns.
"""

import argparse
import json
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from rich.console import Console
from rich.table import Table

from sft_assets.language_models.jobs import run_job
from sft_assets.store.store import Store
from sft_assets.train.recipe import Recipe
from sft_assets.train.recipes import recipe_text
from sft_assets.train.steps import BUNDLED_BASE

LONGEST = 600  # characters of a row: what is compared does not depend on it, the time does
VARIANTS: dict[str, dict[str, dict[str, Any]]] = {
    "nothing": {},
    "layer_decay 0.9": {"optimizer": {"layer_decay": 0.9}},
    "layer_decay 0.7": {"optimizer": {"layer_decay": 0.7}},
    "l2, 0.1": {"forgetting": {"method": "l2", "strength": 0.1}},
    "l2, 1": {"forgetting": {"method": "l2", "strength": 1.0}},
    "ewc, 0.1": {"forgetting": {"method": "ewc", "strength": 0.1}},
    "ewc, 1": {"forgetting": {"method": "ewc", "strength": 1.0}},
}


def main() -> None:
    """Train every variant and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-root", default=os.environ.get("DATA_ROOT", "data"))
    parser.add_argument("--steps", type=int, default=int(os.environ.get("STEPS") or 40))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        rows = choose_rows(given.data_root, Path(scratch))
        found = {}
        for name, changes in VARIANTS.items():
            work = Path(scratch) / name.replace(" ", "_")
            work.mkdir()
            job = job_of(changes, rows, given.steps)
            found[name] = run_job("benchmarks.forgetting_job", job, work, threads=1)
            print(f"{name}: {found[name]}", file=sys.stderr, flush=True)
    show(found, given.steps)


def choose_rows(data_root: str, scratch: Path) -> Path:
    """Write report rows to learn, held-out ones to validate on, and general ones to remember.

    A second half of the general rows serves to measure Fisher information.
    """
    files = Store(data_root).require("sft_dataset", "corpus").local_files(scratch / "release")
    lineage = pl.read_parquet(files / "lineage.parquet").filter(pl.col("split") == "train")
    general = set(lineage.filter(pl.col("origin") == "general")["row_no"].to_list())
    lines = (files / "openai_messages/train.jsonl").read_text("utf-8").split("\n")
    held_out = (files / "openai_messages/validation.jsonl").read_text("utf-8").split("\n")
    chance = random.Random(5)
    of_reports = [x for n, x in enumerate(lines) if n not in general and 0 < len(x) < LONGEST]
    of_general = [lines[n] for n in sorted(general) if len(lines[n]) < LONGEST]
    chance.shuffle(of_reports)
    chance.shuffle(of_general)
    held_out = [line for line in held_out if 0 < len(line) < LONGEST]
    chance.shuffle(held_out)
    remembered = of_general[:64]
    parts = {
        "rows/train": [*of_reports[:480], *remembered],
        "rows/validation": held_out[:48],
        "general/validation": of_general[64:128],
    }
    for name, part in parts.items():
        path = scratch / f"{name}.jsonl"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in part), "utf-8")
    (scratch / "general/train.jsonl").write_text(parts["rows/train"][0] + "\n", "utf-8")
    (scratch / "remembered.json").write_text(json.dumps(list(range(480, 480 + len(remembered)))))
    return scratch


def job_of(changes: dict[str, Any], rows: Path, steps: int) -> dict[str, Any]:
    """Return the job of one variant, for ``benchmarks.forgetting_job``."""
    recipe = yaml.safe_load(recipe_text("full", "none"))
    recipe["optimizer"] |= {"max_steps": steps, "learning_rate": 0.001}
    recipe["data"] |= {"batch_rows": 8}
    for part, values in changes.items():
        recipe[part] |= values
    told = Recipe.model_validate(recipe).model_dump(mode="json")
    job = {"recipe": told, "base": str(BUNDLED_BASE), "data": str(rows / "rows")}
    job |= {"general_rows": json.loads((rows / "remembered.json").read_text())}
    return job | {"measure": str(rows / "general/validation.jsonl")}


def show(found: dict[str, dict[str, str]], steps: int) -> None:
    """Print the table."""
    table = Table(title=f"Full tuning of the bundled base, {steps} steps: loss of an answer token")
    for name in ("against forgetting", "report rows", "general rows", "forgotten"):
        table.add_column(name, justify="left" if name.startswith("against") else "right")
    first = next(iter(found.values()))
    table.add_row("(the base)", first["report_before"], first["general_before"], "")
    for name, told in found.items():
        rise = float(told["general_after"]) - float(told["general_before"])
        table.add_row(name, told["report_after"], told["general_after"], f"{rise:+.4f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
