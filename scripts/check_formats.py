"""Read each released format with the loader that its users run.

    python scripts/check_formats.py FOLDER      FOLDER: the released files of sft_dataset

Runs in a scratch environment that has `datasets` and `trl` beside this project's packages; a loader
that is not installed is named and skipped, and the end says how many were run.
"""

import importlib.util
import json
import sys
from pathlib import Path

import yaml


def lines_of(path: Path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").split("\n") if line)


def check_datasets(folder: Path) -> str:
    from datasets import load_dataset

    head = yaml.safe_load((folder / "README.md").read_text(encoding="utf-8").split("---\n")[1])
    rows = 0
    for config in head["configs"]:
        name = config["config_name"]
        loaded = load_dataset(str(folder), name)
        for split, table in loaded.items():
            expected = lines_of(folder / name / f"{split}.jsonl")
            if table.num_rows != expected:
                raise SystemExit(f"{name}/{split} is {table.num_rows} rows; expected {expected}")
            rows += table.num_rows
    return f"{len(head['configs'])} configurations, {rows:,} rows"


def check_trl(folder: Path) -> str:
    from datasets import load_dataset
    from trl.data_utils import is_conversational, maybe_extract_prompt

    talk = load_dataset(str(folder), "openai_messages", split="train")
    if not is_conversational(talk[0]):
        raise SystemExit("openai_messages is not conversational for TRL")
    preference = load_dataset(str(folder), "preference", split="train")
    example = maybe_extract_prompt(preference[0])
    if {"prompt", "chosen", "rejected"} - set(example):
        raise SystemExit("preference rows lack a part for TRL")
    return f"{talk.num_rows:,} conversations, {preference.num_rows:,} preferences"


def check_lm_eval(folder: Path) -> str:
    from jinja2 import Template

    (task_file,) = (folder / "lm_eval").glob("*.yaml")
    task = yaml.safe_load(task_file.read_text(encoding="utf-8"))
    test = folder / task["dataset_kwargs"]["data_files"]["test"]
    rows = [json.loads(x) for x in test.read_text(encoding="utf-8").split("\n") if x]
    if any(Template(task["doc_to_target"]).render(**row) != row["completion"] for row in rows):
        raise SystemExit("the task's target is not the completion")
    return f"{len(rows):,} test rows render (the harness itself is not run here)"


CHECKS = {"datasets": check_datasets, "trl": check_trl, "jinja2": check_lm_eval}


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    run = 0
    for module, check in CHECKS.items():
        if importlib.util.find_spec(module) is None:
            print(f"{module}: not installed, skipped")
            continue
        print(f"{module}: {check(folder)}")
        run += 1
    print(f"{run} of {len(CHECKS)} loaders run")
    raise SystemExit(0 if run else 1)


if __name__ == "__main__":
    main()
