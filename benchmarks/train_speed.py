"""Tokens a second and peak memory of training, beside the plain Trainer and TRL's SFTTrainer.

    make bench-train DATA_ROOT=data [ROWS=96] [PEERS=DIR]

DIR is where `pip install --target DIR --no-deps trl datasets dill multiprocess xxhash` put them;
without it TRL is left out. Every side trains all weights of the bundled base on the same rows of a
released data set (lengths as they come), with the same labels, rows a step, optimizer, one thread,
in a process of its own. Only tokens of rows count, no padding. Processor time of the training loop
is measured, since wall time tells about the neighbours; the sides run one after another, twice, and
the better run counts.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from sft_assets.language_models.chat import EncodedConversation
from sft_assets.store.store import Store
from sft_assets.train.steps import BUNDLED_BASE

BATCH_ROWS = 8
MAX_TOKENS = 1024
SIDES = ("ours", "ours, packed", "plain Trainer", "TRL", "TRL, packed")


def main() -> None:
    """Run every side, or (with ``--side``) be one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-root", default=os.environ.get("DATA_ROOT", "data"))
    parser.add_argument("--rows", type=int, default=int(os.environ.get("ROWS") or 96))
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--side", choices=SIDES)
    given = parser.parse_args()
    if given.side:
        print(json.dumps(measure(given.side, given.data_root, given.rows)))
        return
    best: dict[str, dict[str, float]] = {}
    for _ in range(given.repeats):
        for side in SIDES:
            told = run_side(side, given)
            if told and told["seconds"] < best.get(side, {"seconds": float("inf")})["seconds"]:
                best[side] = told
    show(best, given.rows)


def run_side(side: str, given: argparse.Namespace) -> dict[str, float] | None:
    """Return the figures of one side, measured in a process of its own; None if it cannot run."""
    command = [sys.executable, "-m", "benchmarks.train_speed", "--side", side]
    command += ["--data-root", given.data_root, "--rows", str(given.rows)]
    path = [os.environ.get("PYTHONPATH", ""), os.environ.get("PEERS", "")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        lines = done.stderr.strip().split("\n")
        print(f"{side}: left out ({lines[-1][:160]})", file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().split("\n")[-1])


def show(best: dict[str, dict[str, float]], rows: int) -> None:
    """Print the table."""
    table = Table(title=f"Training the bundled base on {rows} rows of the sample, one core")
    for name in ("side", "steps", "tokens/s", "x plain", "peak MiB", "last loss"):
        table.add_column(name, justify="left" if name == "side" else "right")
    plain = best["plain Trainer"]
    for side, told in best.items():
        rate = told["tokens"] / told["seconds"]
        ratio = rate / (plain["tokens"] / plain["seconds"])
        figures = [f"{told['steps']:.0f}", f"{rate:.0f}", f"{ratio:.2f}", f"{told['peak_mib']:.0f}"]
        table.add_row(side, *figures, f"{told['last_loss']:.3f}")
    Console(width=100).print(table)


def measure(side: str, data_root: str, rows: int) -> dict[str, float]:
    """Train on one side and return its figures."""
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(1)
    encoded, tokenizer = encoded_rows(data_root, rows)
    model = AutoModelForCausalLM.from_pretrained(str(BUNDLED_BASE), dtype=torch.float32)
    with tempfile.TemporaryDirectory() as scratch:
        train = TRAINERS[side](model, tokenizer, encoded, Path(scratch))
        started = time.process_time()
        steps, loss = train()
        seconds = time.process_time() - started
    return {
        "steps": steps,
        "tokens": sum(len(row.input_ids) for row in encoded),
        "seconds": seconds,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "last_loss": loss,
    }


def encoded_rows(data_root: str, count: int) -> tuple[list[EncodedConversation], Any]:
    """Return rows drawn at random from the released training split."""
    from transformers import AutoTokenizer

    from sft_assets.train.rows import encode_rows, read_conversations

    tokenizer = AutoTokenizer.from_pretrained(str(BUNDLED_BASE))
    with tempfile.TemporaryDirectory() as scratch:
        files = Store(data_root).require("sft_dataset", "corpus").local_files(Path(scratch))
        told = read_conversations(files / "openai_messages" / "train.jsonl")
    chosen = random.Random(3).sample(told, 2 * count)
    return list(encode_rows(chosen, tokenizer, MAX_TOKENS).rows[:count]), tokenizer


Train = Callable[[], tuple[int, float]]


def ours(packing: str) -> Callable[[Any, Any, Sequence[EncodedConversation], Path], Train]:
    """Return what prepares our trainer."""

    def prepare(
        model: Any, tokenizer: Any, rows: Sequence[EncodedConversation], out: Path
    ) -> Train:
        from transformers import TrainingArguments

        from sft_assets.train.answer_trainer import AnswerTrainer, Lesson
        from sft_assets.train.document_attention import prepare_packed
        from sft_assets.train.journal import Journal
        from sft_assets.train.lessons import collate_for, order_packs
        from sft_assets.train.part_checkpoints import Identity
        from sft_assets.train.recipe import load_recipe
        from sft_assets.train.saved_state import SavedState
        from sft_assets.train.scale import plan_batches

        recipe = load_recipe("full", "none")
        data = recipe.data.model_copy(update={"packing": packing, "batch_rows": BATCH_ROWS})
        optimizer = recipe.optimizer.model_copy(update={"max_steps": None, "epochs": 1})
        recipe = recipe.model_copy(update={"data": data, "optimizer": optimizer})
        pad = int(tokenizer.pad_token_id)
        packs, steps = order_packs(rows, recipe, frozenset(), MAX_TOKENS, pad)
        journal = Journal()
        lesson = Lesson(packs, collate_for(recipe, pad), steps, journal)
        nowhere = Identity("", "", "", "", 1)
        saved = SavedState(out, nowhere, plan_batches(recipe), journal, 1, keep_best=False)
        arguments = TrainingArguments(**common(out, steps))
        prepare_packed(model, recipe)
        trainer = AnswerTrainer(lesson, saved, model=model, args=arguments)

        def train() -> tuple[int, float]:
            stdout, sys.stdout = sys.stdout, sys.stderr
            try:
                trainer.go(None)
            finally:
                sys.stdout = stdout
            return steps, journal.training[-1]["loss"]

        return train

    return prepare


def plain(model: Any, tokenizer: Any, rows: Sequence[EncodedConversation], out: Path) -> Train:
    """Return the plain Trainer on padded batches in random order; the model computes its loss."""
    from transformers import Trainer, TrainingArguments

    from sft_assets.train.answer_trainer import PackDataset
    from sft_assets.train.rows import pad_rows

    steps = -(-len(rows) // BATCH_ROWS)
    trainer = Trainer(
        model=model,
        args=TrainingArguments(**common(out, steps)),
        train_dataset=PackDataset([(row,) for row in rows]),
        data_collator=lambda packs: pad_rows([row for (row,) in packs], tokenizer.pad_token_id),
    )

    def train() -> tuple[int, float]:
        trainer.train()
        losses = [told["loss"] for told in trainer.state.log_history if "loss" in told]
        return steps, losses[-1]

    return train


def trl(packing: bool) -> Callable[[Any, Any, Sequence[EncodedConversation], Path], Train]:
    """Return what prepares TRL's trainer, given ids and labels."""

    def prepare(
        model: Any, tokenizer: Any, rows: Sequence[EncodedConversation], out: Path
    ) -> Train:
        from datasets import Dataset
        from trl import SFTConfig, SFTTrainer

        told = [{"input_ids": list(r.input_ids), "labels": list(r.labels)} for r in rows]
        settings = common(out, -1) | {"num_train_epochs": 1}
        trainer = SFTTrainer(
            model=model,
            args=SFTConfig(**settings, packing=packing, max_length=MAX_TOKENS, loss_type="nll"),
            train_dataset=Dataset.from_list(told),
            processing_class=tokenizer,
        )

        def train() -> tuple[int, float]:
            trainer.train()
            losses = [row["loss"] for row in trainer.state.log_history if "loss" in row]
            return trainer.state.global_step, losses[-1]

        return train

    return prepare


def common(out: Path, steps: int) -> dict[str, Any]:
    """Return what all sides are told alike."""
    return {
        "output_dir": str(out),
        "max_steps": steps,
        "per_device_train_batch_size": BATCH_ROWS,
        "learning_rate": 3e-4,
        "lr_scheduler_type": "cosine",
        "optim": "adamw_torch",
        "use_cpu": True,
        "bf16": False,
        "seed": 7,
        "logging_steps": 1,
        "save_strategy": "no",
        "report_to": [],
        "disable_tqdm": True,
        "remove_unused_columns": False,
        "dataloader_pin_memory": False,
    }


TRAINERS: dict[str, Callable[..., Train]] = {
    "ours": ours("none"),
    "ours, packed": ours("isolated"),
    "plain Trainer": plain,
    "TRL": trl(packing=False),
    "TRL, packed": trl(packing=True),
}

if __name__ == "__main__":
    main()
