"""Read a release with `datasets`, and prepare it with TRL's own SFT and DPO trainers.

    python -m scripts.loaders.trl_trainers RELEASE

The bundled base's tokenizer is used. No row may be lost, and what the loss covers must be the
answer, letter by letter. One training step of each trainer ends the check.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from datasets import Dataset, load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer

from scripts.loaders.release_files import BASE, configurations, lines_of, rows_of

LONGEST = 8192  # tokens: no row is cut, so that an answer can be compared as a whole
ROWS = 5000  # of a format, for the trainers
TURN_END = "<|im_end|>"
IGNORED = -100  # the label of a token that the loss does not cover


def every_configuration(folder: Path) -> int:
    """Load every configuration; return the rows."""
    rows = 0
    for name, splits in configurations(folder).items():
        loaded = load_dataset(str(folder), name)
        if sorted(loaded) != sorted(splits):
            raise SystemExit(f"{name} has the splits {sorted(loaded)}; expected {sorted(splits)}")
        for split, table in loaded.items():
            expected = lines_of(folder / name / f"{split}.jsonl")
            if table.num_rows != expected:
                raise SystemExit(f"{name}/{split} is {table.num_rows} rows; expected {expected}")
            rows += table.num_rows
    return rows


def settings(out: str, **more: Any) -> dict[str, Any]:
    return {
        "output_dir": out, "max_steps": 1, "per_device_train_batch_size": 2, "report_to": [],
        "use_cpu": True, "save_strategy": "no", "logging_strategy": "no", "disable_tqdm": True,
        "bf16": False, "gradient_checkpointing": False, **more,
    }  # fmt: skip


def supervised(folder: Path, name: str, out: str) -> int:
    """Prepare and train one step on ``name``; return the rows prepared."""
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    table = _first(load_dataset(str(folder), name, split="train"))
    written = rows_of(folder / name / "train.jsonl")[: table.num_rows]
    is_talk = "messages" in table.column_names
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(BASE),
        args=SFTConfig(**settings(out, max_length=LONGEST, assistant_only_loss=is_talk)),
        train_dataset=table,
        processing_class=tokenizer,
    )
    prepared = trainer.train_dataset
    if prepared.num_rows != len(written):
        raise SystemExit(f"{name}: TRL keeps {prepared.num_rows} rows; expected {len(written)}")
    for row, source in zip(prepared, written, strict=True):
        learned = [label for label in row["labels"] if label != IGNORED]
        said = tokenizer.decode(learned)
        answer = source["messages"][-1]["content"] if is_talk else source["completion"]
        if not is_talk and not tokenizer.decode(row["input_ids"]).startswith(source["prompt"]):
            raise SystemExit(f"{name}: a prompt is cut where the completion starts")
        if said != f"{answer}{TURN_END}":
            raise SystemExit(f"{name}: the loss covers {said!r}; expected the answer {answer!r}")
    trainer.train()
    return prepared.num_rows


def preferences(folder: Path, name: str, out: str) -> int:
    """Prepare and train one step of DPO on ``name``; return the rows prepared."""
    tokenizer = AutoTokenizer.from_pretrained(BASE)
    table = _first(load_dataset(str(folder), name, split="train"))
    written = rows_of(folder / name / "train.jsonl")[: table.num_rows]
    trainer = DPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(BASE),
        args=DPOConfig(**settings(out, max_length=LONGEST)),
        train_dataset=table,
        processing_class=tokenizer,
    )
    prepared = trainer.train_dataset
    if prepared.num_rows != len(written):
        raise SystemExit(f"{name}: TRL keeps {prepared.num_rows} rows; expected {len(written)}")
    for row, source in zip(prepared, written, strict=True):
        for part in ("chosen", "rejected"):
            said = tokenizer.decode(row[f"{part}_ids"])
            answer = _text(source[part])
            if said.strip().removesuffix(TURN_END) != answer:
                raise SystemExit(f"{name}: {part} is {said!r}; expected {answer!r}")
    trainer.train()
    return prepared.num_rows


def _text(part: Any) -> str:
    return part if isinstance(part, str) else str(part[-1]["content"])


def _first(table: Dataset) -> Dataset:
    return table.select(range(min(ROWS, table.num_rows)))


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    print(f"datasets: {every_configuration(folder):,} rows of {len(configurations(folder))} forms")
    with tempfile.TemporaryDirectory() as out:
        for name in ("openai_messages", "prompt_completion"):
            print(f"TRL SFTTrainer: {supervised(folder, name, out):,} rows of {name}")
        name = "preference_messages"
        print(f"TRL DPOTrainer: {preferences(folder, name, out):,} rows of {name}")


if __name__ == "__main__":
    main()
