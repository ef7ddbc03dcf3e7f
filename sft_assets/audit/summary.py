"""What is published: rows, ledgers by stage, scores and where the results lie."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sft_assets.schemas import TABLES
from sft_assets.stages import STEPS
from sft_assets.store.store import Store, Version
from sft_assets.walk.inputs import CORPUS_KEY
from sft_assets.walk.run import StepLine
from sft_assets.walk.step import Grain


def summarize(data_root: str) -> dict[str, Any]:
    """Return reports, rows by table, ledger by step, split sizes, scores and paths."""
    store = Store(data_root)
    versions = _current_versions(store)
    rows: Counter[str] = Counter()
    for found in versions.values():
        for version in found.values():
            rows.update({name: version.rows(name) for name in version.manifest["tables"]})
    return {
        "reports": len(versions.get("raw_reports", {})),
        "rejected_files": rows.get("rejected_files", 0),
        "rows": {name: rows[name] for name in TABLES if name in rows},
        "pairs": sum(rows[n] for n in ("instruction_pairs", "augmented_pairs", "comparison_pairs")),
        "ledger": [_ledger(step, versions[step]) for step in _order() if step in versions],
        "splits": _split_sizes(versions.get("sft_dataset", {})),
        "scores": _scores(versions.get("eval_report", {})),
        "paths": _paths(store, versions),
    }


def seconds_by_stage(lines: Iterable[StepLine]) -> dict[str, str]:
    """Return stage -> seconds spent in it, over all reports, in the walk's order."""
    seconds: Counter[str] = Counter()
    for line in lines:
        seconds[line.stage] += line.seconds  # type: ignore[assignment]  # Counter takes floats
    return {stage: f"{spent:.1f}" for stage, spent in seconds.items()}


def _order() -> list[str]:
    return [step.name for step in STEPS]


def _current_versions(store: Store) -> dict[str, dict[str, Version]]:
    return {
        step: {key: store.require(step, key) for key in store.partitions(step)}
        for step in store.steps()
        if store.partitions(step)
    }


def _ledger(step: str, versions: dict[str, Version]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    quarantined: Counter[str] = Counter()
    unit = ""
    for version in versions.values():
        counts = version.counts
        unit = counts["unit"]
        total.update({"rows_in": counts["rows_in"], "kept": counts["kept"]})
        dropped.update(counts["dropped"])
        quarantined.update(counts["quarantined"])
    accounted = total["kept"] + dropped.total() + quarantined.total()
    return {
        "step": step,
        "unit": unit,
        "partitions": len(versions),
        "rows_in": total["rows_in"],
        "kept": total["kept"],
        "dropped": dict(sorted(dropped.items())),
        "quarantined": dict(sorted(quarantined.items())),
        "balanced": accounted == total["rows_in"],
    }


def _split_sizes(versions: dict[str, Version]) -> dict[str, int]:
    if CORPUS_KEY not in versions:
        return {}
    counts = versions[CORPUS_KEY].read_table("sft_dataset")["split"].value_counts(sort=True)
    return dict(sorted(counts.iter_rows()))


def _scores(versions: dict[str, Version]) -> dict[str, dict[str, Any]]:
    scores = {}
    for recipe, version in versions.items():
        report = json.loads(version.read_file("files/eval_report.json"))
        told = report["number_exact_match"]
        scores[recipe] = {
            "baseline": told["baseline"],
            "tuned": told["tuned"],
            "rise_interval": told["delta_interval"],
            "rise": report.get("rise"),  # absent in a report of an older release
            "promoted": report["promoted"],
        }
    return scores


def _paths(store: Store, versions: dict[str, dict[str, Version]]) -> dict[str, str]:
    paths: dict[str, str] = {}
    if version := versions.get("rejected_files", {}).get(CORPUS_KEY):
        paths["rejected_files"] = f"{store.root}/{version.path}/rejected_files.parquet"
    grains = {step.name: step.grain for step in STEPS}
    for step in ("sft_dataset", "checkpoint", "merged_model", "eval_report"):
        for key, version in versions.get(step, {}).items():
            label = step if grains.get(step) is Grain.CORPUS else f"{step}[{key}]"
            paths[label] = f"{store.root}/{version.path}/files"
            if step == "sft_dataset":
                paths["quality_plot"] = f"{store.root}/{version.path}/measured/quality.png"
            if step == "eval_report":
                paths[f"eval_page[{key}]"] = (
                    f"{store.root}/{version.path}/measured/eval_report.html"
                )
    return paths
