"""Pre-train the small base that ships: ``python -m sft_assets.pretraining.pretrain``.

Everything it needs is here: the practice is generated, the tokenizer is built, nothing is
downloaded. On a GPU it takes minutes, on two cores hours. What matters more than the size of the
model: strings to repeat and short tables first, and loss on the answers alone. Without that order,
or with loss on the prompts, a model of this size does not begin to copy.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sft_assets.pretraining.batches import ShardOrder, read_batches, shard_order
from sft_assets.pretraining.plans import CPU, FURTHER, GPU, PretrainPlan, RunClock
from sft_assets.pretraining.scores import held_out_practice, score
from sft_assets.pretraining.shards import ShardPlan, ShardWriters
from sft_assets.pretraining.small_model import hidden_states, open_model, save_model
from sft_assets.train.tokenizer import build_tokenizer

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerFast, Qwen3ForCausalLM


def pretrain(
    folder: Path, plan: PretrainPlan, *, shards: Path | None = None, start_from: Path | None = None
) -> None:
    """Train a base into ``folder``; progress goes to ``training_log.jsonl`` there.

    ``start_from`` continues from the weights of another run (its optimizer state is not kept).
    """
    import torch

    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    torch.set_float32_matmul_precision("high")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = build_tokenizer()
    model = open_model(tokenizer, start_from).to(device)
    with tempfile.TemporaryDirectory(prefix="practice-") as scratch:
        order = shard_order(plan)
        written = ShardPlan(plan.seed, order.levels, plan.shard_rows)
        writers = ShardWriters(written, shards or Path(scratch), plan.writers, plan.ahead)
        try:
            _run(model, tokenizer, plan, order, writers, folder)
        finally:
            writers.stop()
    save_model(model, tokenizer, folder)


def _run(
    model: "Qwen3ForCausalLM",
    tokenizer: "PreTrainedTokenizerFast",
    plan: PretrainPlan,
    order: ShardOrder,
    writers: ShardWriters,
    folder: Path,
) -> None:
    import torch

    device = model.lm_head.weight.device
    optimizers = _build_optimizers(model, plan)
    log = folder / "training_log.jsonl"
    log.write_text("", encoding="utf-8")
    held_out = held_out_practice(tokenizer, plan)
    pad = int(tokenizer.pad_token_id)
    running, tokens, progress = None, 0, 0.0
    clock = RunClock(plan)
    batches = read_batches(plan, order, writers, clock, pad)
    saved = time.monotonic()
    step = 0
    while (progress := clock.progress(step)) < 1.0:
        ids, positions, wanted = next(batches)
        step += 1
        share = _rate_share(step, progress, plan)
        for optimizer, rate in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * share
        ids, positions, wanted = (t.to(device, non_blocking=True) for t in (ids, positions, wanted))
        with torch.autocast(device.type, torch.bfloat16, enabled=_has_bfloat16(device)):
            hidden = hidden_states(model, ids).flatten(0, 1)[positions]
            loss = torch.nn.functional.cross_entropy(model.lm_head(hidden).float(), wanted)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, _ in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        tokens += ids.numel()
        kept = loss.detach()
        running = kept if running is None else running.lerp(kept, 0.03)
        is_scored = step % plan.score_every == 0
        if step % 100 == 0 or is_scored:
            row: dict[str, object] = {"step": step, "loss": round(float(running), 4)}
            if is_scored:
                row |= score(model, held_out)
            _tell(log, row, clock, tokens)
        if time.monotonic() - saved > plan.save_seconds:
            save_model(model, tokenizer, folder)
            saved = time.monotonic()
    if running is not None:
        last = {"step": step, "loss": round(float(running), 4), **score(model, held_out)}
        _tell(log, last, clock, tokens)


def _has_bfloat16(device: "torch.device") -> bool:
    """Tell whether matrices in bfloat16 are faster than in fp32 there."""
    import torch

    return device.type == "cuda" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))


def _tell(log: Path, row: Mapping[str, object], clock: RunClock, tokens: int) -> None:
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")
    seconds = clock.seconds
    told = {**row, "seconds": round(seconds), "tokens_a_second": round(tokens / seconds)}
    sys.stderr.write(json.dumps(told) + "\n")


def _build_optimizers(
    model: "Qwen3ForCausalLM", plan: PretrainPlan
) -> list[tuple["torch.optim.Optimizer", float]]:
    """Return the optimizers with their full learning rates.

    Muon for the matrices: at this size it reached copying in well under half of AdamW's steps.
    """
    import torch

    from sft_assets.pretraining.muon import Muon

    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    model.model.embed_tokens.requires_grad_(plan.embeds)
    others = [
        p for n, p in model.named_parameters() if p.requires_grad and (p.ndim != 2 or "embed" in n)
    ]
    return [
        (Muon(matrices, lr=plan.matrix_rate), plan.matrix_rate),
        (
            torch.optim.AdamW(
                others,
                lr=plan.other_rate,
                betas=(0.9, 0.95),
                weight_decay=0.0,
                fused=others[0].is_cuda,
            ),
            plan.other_rate,
        ),
    ]


def _rate_share(step: int, progress: float, plan: PretrainPlan) -> float:
    """Return the share of the full learning rate: up, level, then down."""
    if step < plan.warm_up_steps:
        return step / plan.warm_up_steps
    if progress <= plan.decay_from:
        return 1.0
    return max(0.02, (1 - progress) / (1 - plan.decay_from))


def main() -> None:
    """Run from the command line."""
    import torch

    parser = argparse.ArgumentParser(description="Pre-train the base model that ships.")
    parser.add_argument("--out", type=Path, default=Path("data/base_model"))
    parser.add_argument("--minutes", type=float, default=None, help="end by the clock")
    parser.add_argument("--steps", type=int, default=None)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--start-from", type=Path, default=None, help="weights to go on from")
    parser.add_argument("--device", choices=("auto", "cpu"), default="auto")
    chosen = parser.parse_args()
    if chosen.device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    plan = GPU if torch.cuda.is_available() and chosen.device == "auto" else CPU
    if chosen.start_from is not None:
        plan = FURTHER
    given = {name: getattr(chosen, name) for name in ("minutes", "steps", "seed")}
    plan = replace(plan, **{name: value for name, value in given.items() if value is not None})
    sys.stderr.write(json.dumps(asdict(plan)) + "\n")
    pretrain(chosen.out, plan, start_from=chosen.start_from)


if __name__ == "__main__":
    main()
