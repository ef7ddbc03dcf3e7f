"""Run the lm-evaluation-harness on a release's own task, with the bundled base model.

    python -m scripts.loaders.lm_eval_harness RELEASE

Twenty test rows are asked; the harness must ask what the release holds and name both scores.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.loaders.release_files import BASE, rows_of

TASK = "sft_assets_test"
ROWS = 20
TOKENS = 200  # of an answer: this checks the reading, not the model


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    written = rows_of(folder / "lm_eval" / "test.jsonl")[:ROWS]
    if not written:
        raise SystemExit("the release has no test row; expected some")
    with tempfile.TemporaryDirectory() as out:
        command = [
            *(sys.executable, "-m", "lm_eval", "run", "--model", "hf"),
            *("--model_args", f"pretrained={BASE},dtype=float32", "--device", "cpu"),
            *("--tasks", TASK, "--include_path", "lm_eval", "--apply_chat_template"),
            *("--limit", str(ROWS), "--batch_size", str(ROWS), "--log_samples"),
            *("--gen_kwargs", f"max_gen_toks={TOKENS}", "--output_path", out),
        ]
        subprocess.run(command, cwd=folder, check=True)
        (results,) = Path(out).rglob("results_*.json")
        (samples,) = Path(out).rglob("samples_*.jsonl")
        scores = json.loads(results.read_text(encoding="utf-8"))["results"][TASK]
        asked = sorted(rows_of(samples), key=lambda row: row["doc_id"])
    if [row["target"] for row in asked] != [row["answer"] for row in written]:
        raise SystemExit("the harness compares with other answers than the release holds")
    for row, source in zip(asked, written, strict=True):
        prompt = row["arguments"]["gen_args_0"]["arg_0"]
        if source["system"] not in prompt or source["question"] not in prompt:
            raise SystemExit(f"the harness asks {prompt!r}; expected {source['question']!r}")
    told = {name.partition(",")[0]: value for name, value in scores.items()}
    print(
        f"lm-eval: {len(asked)} test rows, numbers_match {told['numbers_match']:.2f}, "
        f"exact_match {told['exact_match']:.2f} (the bundled base)"
    )


if __name__ == "__main__":
    main()
