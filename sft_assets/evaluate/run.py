"""Let one model answer the held-out rows: ``python -m sft_assets.evaluate.run --job FILE``."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sft_assets.errors import SettingsError
from sft_assets.evaluate.answers import numbers_match, texts_match
from sft_assets.evaluate.rows import TestRow, choose_rows, read_test_rows
from sft_assets.evaluate.scores import JudgedAnswer
from sft_assets.language_models.chat import encode_conversation, encode_prompt
from sft_assets.language_models.job_child import make_reproducible, report, run_as_job
from sft_assets.language_models.trained_models import load_trained


def answer(job: Mapping[str, Any]) -> dict[str, Any]:
    """Write ``predictions.jsonl`` and return counts and the seconds of single answers."""
    make_reproducible(0, int(job["threads"]))
    from transformers import AutoTokenizer

    settings = job["settings"]
    all_rows = read_test_rows(Path(job["dataset"]), settings["split"])
    if not all_rows:
        raise SettingsError(
            f"rows of the {settings['split']} split are 0; expected some to be asked. hint: hold a "
            "company out (pinned or fill_empty_splits of dataset_splits), or ask another split"
        )
    chosen = choose_rows(all_rows, settings["max_rows"])
    tokenizer = AutoTokenizer.from_pretrained(job["model"])
    model = load_model(job["model"])

    prompts = {row.pair_id: encode_prompt(tokenizer, row.prompt) for row in chosen}
    rows = [row for row in chosen if len(prompts[row.pair_id]) <= settings["max_prompt_tokens"]]
    rows.sort(key=lambda row: (len(prompts[row.pair_id]), row.pair_id))  # like lengths: no padding
    answers = _answers(model, tokenizer, rows, prompts, settings)
    judged = _judge(model, tokenizer, rows, answers, settings["batch_rows"])
    _write_predictions(Path(job["out"]) / "predictions.jsonl", chosen, judged)

    timed = rows[:: max(1, len(rows) // settings["latency_rows"])][: settings["latency_rows"]]
    timed_prompts = [prompts[row.pair_id] for row in timed]
    beside: list[float] = []
    if job["timed_beside"] is not None:  # the same questions, one minute apart, on one machine
        other = load_model(job["timed_beside"])
        beside = seconds_each(other, tokenizer, timed_prompts, settings)
    seconds = seconds_each(model, tokenizer, timed_prompts, settings)
    return {
        "rows_in": len(all_rows),
        "kept": len(rows),
        "dropped": {
            "over_max_rows": len(all_rows) - len(chosen),
            "prompt_too_long": len(chosen) - len(rows),
        },
        "seconds": seconds,
        "seconds_beside": beside,
    }


def _answers(
    model: Any,
    tokenizer: Any,
    rows: Sequence[TestRow],
    prompts: Mapping[str, Sequence[int]],
    settings: Mapping[str, Any],
) -> dict[str, str]:
    """Return what the model says to each row, by ``pair_id``."""
    from sft_assets.evaluate.generate import generate_answers

    answers: dict[str, str] = {}
    for start in range(0, len(rows), settings["batch_rows"]):
        batch = rows[start : start + settings["batch_rows"]]
        told = generate_answers(
            model,
            tokenizer,
            [prompts[row.pair_id] for row in batch],
            max_new_tokens=settings["max_new_tokens"],
            printed_numbers_only=settings["printed_numbers_only"],
        )
        answers |= {row.pair_id: text for row, text in zip(batch, told, strict=True)}
        report(len(answers), len(rows))
    return answers


def _judge(
    model: Any,
    tokenizer: Any,
    rows: Sequence[TestRow],
    answers: Mapping[str, str],
    batch_rows: int,
) -> dict[str, JudgedAnswer]:
    """Return each answer beside its reference, with the loss of the reference."""
    from sft_assets.evaluate.generate import answer_losses

    encoded = [
        encode_conversation(
            tokenizer, [*row.prompt, {"role": "assistant", "content": row.reference}]
        )
        for row in rows
    ]
    losses = answer_losses(model, encoded, int(tokenizer.pad_token_id), batch_rows)
    return {
        row.pair_id: JudgedAnswer(
            pair_id=row.pair_id,
            kind=row.kind,
            language=row.language,
            answer=answers[row.pair_id],
            reference=row.reference,
            numbers_exact=numbers_match(answers[row.pair_id], row.reference),
            exact=texts_match(answers[row.pair_id], row.reference),
            answer_tokens=tokens,
            answer_loss=round(loss, 4),
        )
        for row, (loss, tokens) in zip(rows, losses, strict=True)
    }


def _write_predictions(
    path: Path, rows: Sequence[TestRow], judged: Mapping[str, JudgedAnswer]
) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for row in rows:
            if row.pair_id in judged:
                told_row = asdict(judged[row.pair_id]) | {
                    "pages": list(row.pages),
                    "prompt": "\n".join(message["content"] for message in row.prompt),
                }
                stream.write(json.dumps(told_row, ensure_ascii=False, sort_keys=True) + "\n")


def load_model(folder: str) -> Any:
    """Return the model ready to answer, on the GPU if there is one."""
    import torch

    model = load_trained(Path(folder), torch.float32)
    return model.to("cuda" if torch.cuda.is_available() else "cpu").eval()


def seconds_each(
    model: Any, tokenizer: Any, prompts: Sequence[Sequence[int]], settings: Mapping[str, Any]
) -> list[float]:
    """Return how long each prompt's answer takes when it is the only one."""
    from sft_assets.evaluate.generate import generate_answers

    seconds = []
    for prompt in prompts:
        started = time.monotonic()
        generate_answers(
            model,
            tokenizer,
            [prompt],
            max_new_tokens=settings["max_new_tokens"],
            printed_numbers_only=settings["printed_numbers_only"],
        )
        seconds.append(time.monotonic() - started)
    return seconds


if __name__ == "__main__":
    run_as_job(answer)
