"""The steps of the stage: the base's answers, then the tuned model's beside them."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import SettingsError
from sft_assets.evaluate.latency import latency_figures
from sft_assets.evaluate.page import render_page
from sft_assets.evaluate.scores import JudgedAnswer, compare, summarize_answers
from sft_assets.evaluate.settings import EvalSettings
from sft_assets.language_models.base_models import open_base
from sft_assets.language_models.jobs import run_job
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepResult

BASELINE_VERSION: Final = "2"
REPORT_VERSION: Final = "3"
REPORT: Final = "eval_report.json"
PREDICTIONS: Final = "predictions.jsonl"
LATENCY: Final = "latency.json"
TRAINING_LOG: Final = "training_log.jsonl"


def report_baseline(inputs: Inputs) -> StepResult:
    """Return how the base model answers the held-out rows before training."""
    result = _answer(inputs, open_base(inputs.files("base_model")))
    predictions = inputs.work_dir / "out" / PREDICTIONS
    figures = summarize_answers(read_judged(predictions), seed=inputs.config(EvalSettings).seed)
    return StepResult(
        tables={},
        ledger=_ledger(result),
        files={REPORT: _json(figures), PREDICTIONS: predictions},
        measured={LATENCY: _json(latency_figures(result["seconds"]))},
        metadata={"number_exact_match": str(figures["number_exact_match"])},
    )


def report_both(inputs: Inputs) -> StepResult:
    """Return both models' figures on the same rows, the rise, and the page that shows it.

    Raises:
        SettingsError: If the baseline answered other rows.
    """
    result = _answer(
        inputs, inputs.files("merged_model"), timed_beside=open_base(inputs.files("base_model"))
    )
    settings = inputs.config(EvalSettings)
    baseline = inputs.files("baseline_report")
    predictions = inputs.work_dir / "out" / PREDICTIONS
    before, after = read_judged(baseline / PREDICTIONS), read_judged(predictions)
    if [row.pair_id for row in before] != [row.pair_id for row in after]:
        raise SettingsError(
            f"baseline_report answered {len(before)} other rows than the {len(after)} here; "
            "expected the same. hint: give baseline_report and eval_report the same settings"
        )
    figures = {
        "recipe": inputs.partition,
        **compare(
            before,
            after,
            seed=settings.seed,
            refusal_margin=settings.refusal_margin_pct / 100,
        ),
    }
    latency = {
        "base": latency_figures(result["seconds_beside"]),
        "tuned": latency_figures(result["seconds"]),
    }
    steps = read_rows(inputs.files("checkpoint") / TRAINING_LOG)
    page = render_page(
        figures, read_rows(baseline / PREDICTIONS), read_rows(predictions), latency, steps
    )
    told = figures["number_exact_match"]
    return StepResult(
        tables={},
        ledger=_ledger(result),
        files={REPORT: _json(figures), PREDICTIONS: predictions},
        measured={LATENCY: _json(latency), "eval_report.html": page.encode("utf-8")},
        metadata={
            "number_exact_match": f"{told['baseline']} -> {told['tuned']}",
            "rise": f"{told['delta']}, 95 % interval {told['delta_interval']}: {figures['rise']}",
            "promoted": str(figures["promoted"]),
            "reason": str(figures["reason"]),
        },
    )


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a predictions file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def read_judged(path: Path) -> list[JudgedAnswer]:
    """Return the judged answers of a predictions file."""
    names = [field.name for field in fields(JudgedAnswer)]
    return [JudgedAnswer(**{name: row[name] for name in names}) for row in read_rows(path)]


def _answer(inputs: Inputs, model: Path, timed_beside: Path | None = None) -> dict[str, Any]:
    settings = inputs.config(EvalSettings)
    return run_job(
        "sft_assets.evaluate.run",
        {
            "model": str(model),
            "timed_beside": str(timed_beside) if timed_beside else None,
            "dataset": str(inputs.files("sft_dataset")),
            "settings": settings.model_dump(mode="json"),
        },
        inputs.work_dir,
        threads=settings.threads,
        on_progress=lambda line: inputs.report_progress(
            int(line["done"]), int(line["total"]), "answering"
        ),
    )


def _ledger(result: dict[str, Any]) -> Ledger:
    return Ledger(
        unit="held-out row",
        rows_in=result["rows_in"],
        kept=result["kept"],
        dropped={reason: rows for reason, rows in result["dropped"].items() if rows},
    )


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


STEPS: tuple[Step, ...] = (
    Step(
        name="baseline_report",
        stage="evaluate",
        grain=Grain.RECIPE,
        tables=(),
        inputs=("sft_dataset", "base_model"),
        code_version=BASELINE_VERSION,
        description="The base model's answers to the held-out rows, judged",
        compute=report_baseline,
        config=EvalSettings,
        isolated=True,
    ),
    Step(
        name="eval_report",
        stage="evaluate",
        grain=Grain.RECIPE,
        tables=(),
        inputs=("sft_dataset", "base_model", "checkpoint", "merged_model", "baseline_report"),
        code_version=REPORT_VERSION,
        description="Baseline and tuned model on the same held-out companies, with the verdict",
        compute=report_both,
        config=EvalSettings,
        isolated=True,
    ),
)
