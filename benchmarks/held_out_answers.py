"""How many held-out questions a model answers with every number right, with an interval.

    python -m benchmarks.held_out_answers --model DIR --data-root data [--rows 500] [--split test]

The model is a folder that `transformers` opens; the questions are of a released data set, which may
be another one than the model was tuned on: the model of the sample can be asked about real reports.
"""

import argparse
import json
import tempfile
from pathlib import Path

from sft_assets.evaluate.scores import summarize_answers
from sft_assets.evaluate.settings import EvalSettings
from sft_assets.evaluate.steps import PREDICTIONS, read_judged, read_rows
from sft_assets.language_models.jobs import run_job
from sft_assets.store.store import Store


def main() -> None:
    """Ask, judge and print; with ``--wrong`` also write the wrong answers to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data-root", default="data")
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--split", choices=("test", "validation"), default="test")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--wrong", type=Path, help="file for the wrong answers, JSON lines")
    given = parser.parse_args()
    settings = EvalSettings(
        max_rows=given.rows, split=given.split, threads=given.threads, latency_rows=1
    )
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        dataset = Store(given.data_root).require("sft_dataset", "corpus").local_files(work)
        job = {
            "model": str(given.model.resolve()),
            "timed_beside": None,
            "dataset": str(dataset),
            "settings": settings.model_dump(mode="json"),
        }
        run_job("sft_assets.evaluate.run", job, work, threads=given.threads)
        predictions = work / "out" / PREDICTIONS
        judged = read_judged(predictions)
        told = read_rows(predictions)
    print(json.dumps(summarize_answers(judged, seed=settings.seed), ensure_ascii=False, indent=1))
    if given.wrong:
        wrong = [row for row in told if row["numbers_exact"] is False]
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in wrong]
        given.wrong.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
