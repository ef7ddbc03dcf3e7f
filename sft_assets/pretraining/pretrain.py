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
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation
from sft_assets.pretraining.shards import (
    LONGEST,
    REPORTS,
    ShardPlan,
    ShardWriters,
    conversations,
    encode_practice,
)
from sft_assets.train.tokenizer import CONTEXT_TOKENS, build_tokenizer

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from transformers import PreTrainedTokenizerFast, Qwen3ForCausalLM

    Row = tuple[NDArray[np.uint16], NDArray[np.bool_]]

MODEL_SHAPE: Final[dict[str, Any]] = {
    "hidden_size": 192,
    "num_hidden_layers": 6,
    "num_attention_heads": 6,
    "num_key_value_heads": 6,
    "head_dim": 32,
    "intermediate_size": 512,
    "max_position_embeddings": CONTEXT_TOKENS,
    "tie_word_embeddings": True,
    "rope_theta": 10_000.0,
    "attention_dropout": 0.0,
}
"""About 3.6 million weights, a quarter of them the embedding table."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of the curriculum."""

    until: float  # share of the run at which it ends
    batch_tokens: int  # padded tokens a step; small ones first, many steps are what starts copying
    levels: tuple[str, ...]  # of the shards that are read in turn


@dataclass(frozen=True, slots=True)
class PretrainPlan:
    """Settings of one pre-training run."""

    phases: tuple[Phase, ...]
    seed: int = 20
    steps: int = 20_000
    minutes: float | None = None  # ends the run, and paces its rates, by the clock instead
    shard_rows: int = 500
    shards: int = 20_000  # most that are written
    reread_after: int | None = None  # shards; each is then read a second time
    matrix_rate: float = 0.02  # Muon, for the matrices of the layers
    other_rate: float = 0.003  # AdamW, for embeddings and norms
    warm_up_steps: int = 100
    decay_from: float = 0.5  # share of the run at full rate; then linearly down to 2 %
    score_every: int = 1000  # steps
    held_out: int = 300  # conversations that are scored
    save_seconds: int = 60
    writers: int = 1  # processes that write practice
    ahead: int = 8  # shards that are written before they are asked for
    threads: int = 1


CPU: Final = PretrainPlan(
    phases=(
        Phase(0.15, 2048, ("easy",)),
        Phase(0.40, 3072, ("easy", "middle", REPORTS)),
        Phase(1.00, 4096, (REPORTS,)),
    ),
    steps=16_000,
)
"""Two cores for some hours; weaker than what ships."""

GPU: Final = PretrainPlan(
    phases=(
        Phase(0.03, 16_384, ("easy",)),
        Phase(0.08, 16_384, ("easy", "middle", REPORTS)),
        Phase(0.60, 49_152, (REPORTS,)),
        Phase(1.00, 65_536, (REPORTS,)),
    ),
    steps=30_000,
    reread_after=600,
    writers=14,
    ahead=400,
)
"""What made the base that ships, on one H200."""


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
    model = _open_model(tokenizer, start_from).to(device)
    with tempfile.TemporaryDirectory(prefix="practice-") as scratch:
        order = _shard_order(plan)
        written = ShardPlan(plan.seed, order.levels, plan.shard_rows)
        writers = ShardWriters(written, shards or Path(scratch), plan.writers, plan.ahead)
        try:
            _run(model, tokenizer, plan, order, writers, folder)
        finally:
            writers.stop()
    _save(model, tokenizer, folder)


def _run(
    model: "Qwen3ForCausalLM",
    tokenizer: "PreTrainedTokenizerFast",
    plan: PretrainPlan,
    order: "_ShardOrder",
    writers: ShardWriters,
    folder: Path,
) -> None:
    import torch

    device = model.lm_head.weight.device
    optimizers = _build_optimizers(model, plan)
    log = folder / "training_log.jsonl"
    log.write_text("", encoding="utf-8")
    held_out = _held_out(tokenizer, plan)
    pad = int(tokenizer.pad_token_id)
    running, tokens, progress = None, 0, 0.0
    clock = _Clock(plan)
    batches = _batches(plan, order, writers, clock, pad)
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
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
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
            _save(model, tokenizer, folder)
            saved = time.monotonic()
    if running is not None:
        last = {"step": step, "loss": round(float(running), 4), **score(model, held_out)}
        _tell(log, last, clock, tokens)


def _tell(log: Path, row: Mapping[str, object], clock: "_Clock", tokens: int) -> None:
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")
    seconds = clock.seconds
    told = {**row, "seconds": round(seconds), "tokens_a_second": round(tokens / seconds)}
    sys.stderr.write(json.dumps(told) + "\n")


class _Clock:
    """How far the run is: by its steps, or by the minutes that it is given."""

    def __init__(self, plan: PretrainPlan) -> None:
        self._plan = plan
        self._started = time.monotonic()
        self.now = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._started

    def progress(self, step: int) -> float:
        if self._plan.minutes is None:
            self.now = step / self._plan.steps
        else:
            self.now = self.seconds / 60 / self._plan.minutes
        return self.now


def _open_model(
    tokenizer: "PreTrainedTokenizerFast", start_from: Path | None
) -> "Qwen3ForCausalLM":
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    if start_from is not None:
        return Qwen3ForCausalLM.from_pretrained(str(start_from), dtype=torch.float32)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        **MODEL_SHAPE,
    )
    return Qwen3ForCausalLM(config)


def hidden_states(model: "Qwen3ForCausalLM", ids: "torch.Tensor") -> "torch.Tensor":
    """Return the last hidden states, (batch, length, hidden), as the model itself gives them.

    Written out because Transformers' own forward starts three times as many kernels, and a model
    of this size waits for nothing else. Padding is on the right, where causal attention never
    looks.
    """
    import torch
    from torch.nn.functional import rms_norm, scaled_dot_product_attention, silu

    config = model.config
    batch, length = ids.shape
    heads, width, epsilon = config.num_attention_heads, config.head_dim, config.rms_norm_eps
    shared = config.num_key_value_heads != heads
    x = model.model.embed_tokens(ids)
    cos, sin = model.model.rotary_emb(x, torch.arange(length, device=ids.device)[None])
    cos, sin = cos[:, None], sin[:, None]
    sin = torch.cat((-sin[..., : width // 2], sin[..., width // 2 :]), dim=-1)
    for layer in model.model.layers:
        attention, mlp = layer.self_attn, layer.mlp
        y = rms_norm(x, x.shape[-1:], layer.input_layernorm.weight, epsilon)
        q, k, v = (
            p(y).view(batch, length, -1, width).transpose(1, 2)
            for p in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        q = rms_norm(q.float(), (width,), attention.q_norm.weight, epsilon)
        k = rms_norm(k.float(), (width,), attention.k_norm.weight, epsilon)
        q, k = (t * cos + t.roll(width // 2, dims=-1) * sin for t in (q, k))
        q, k = q.to(v.dtype), k.to(v.dtype)
        seen = scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=shared)
        x = x + attention.o_proj(seen.transpose(1, 2).reshape(batch, length, heads * width))
        y = rms_norm(x, x.shape[-1:], layer.post_attention_layernorm.weight, epsilon)
        x = x + mlp.down_proj(silu(mlp.gate_proj(y)) * mlp.up_proj(y))
    return rms_norm(x, x.shape[-1:], model.model.norm.weight, epsilon)


def _build_optimizers(
    model: "Qwen3ForCausalLM", plan: PretrainPlan
) -> list[tuple["torch.optim.Optimizer", float]]:
    """Return the optimizers with their full learning rates.

    Muon for the matrices: at this size it reached copying in well under half of AdamW's steps.
    """
    import torch

    from sft_assets.pretraining.muon import Muon

    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
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


def score(
    model: "Qwen3ForCausalLM", held_out: Mapping[str, Sequence[EncodedConversation]]
) -> dict[str, Any]:
    """Return the share of held-out answers that greedy decoding would give letter by letter.

    Every token's arg max being right, given the right tokens before it, is that very event; what
    the calculator fills in is given.
    """
    import torch

    device = model.lm_head.weight.device
    by_kind: dict[str, list[bool]] = defaultdict(list)
    for kind, rows in held_out.items():
        for start in range(0, len(rows), 32):
            batch = rows[start : start + 32]
            ids, labels = _padded(batch)
            with (
                torch.no_grad(),
                torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"),
            ):
                hidden = hidden_states(model, ids.to(device))[:, :-1]
                wanted = labels[:, 1:].to(device)
                learned = wanted != IGNORED_LABEL
                right = torch.ones_like(learned)
                right[learned] = model.lm_head(hidden[learned]).argmax(-1) == wanted[learned]
            by_kind[kind] += right.all(dim=1).tolist()
    shares = {kind: round(sum(hits) / len(hits), 3) for kind, hits in sorted(by_kind.items())}
    every = [hit for hits in by_kind.values() for hit in hits]
    return {"held_out_exact": round(sum(every) / len(every), 4), "by_kind": shares}


def _padded(rows: Sequence[EncodedConversation]) -> tuple["torch.Tensor", "torch.Tensor"]:
    import torch

    width = max(len(row.input_ids) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    labels = torch.full((len(rows), width), IGNORED_LABEL)
    for at, row in enumerate(rows):
        ids[at, : len(row.input_ids)] = torch.tensor(row.input_ids)
        labels[at, : len(row.labels)] = torch.tensor(row.labels)
    return ids, labels


def _held_out(
    tokenizer: "PreTrainedTokenizerFast", plan: PretrainPlan
) -> dict[str, list[EncodedConversation]]:
    """Return conversations of one turn that no shard holds, by kind."""
    held_out: dict[str, list[EncodedConversation]] = defaultdict(list)
    drawn = (p for p in conversations(REPORTS, f"{plan.seed}:held out") if p.kind != "free")
    for told in islice(drawn, plan.held_out):
        row = encode_practice(tokenizer, told)
        if len(row.input_ids) <= LONGEST:
            held_out[told.kind].append(row)
    return held_out


@dataclass(frozen=True, slots=True)
class _ShardOrder:
    """Which level each shard has, and which phase it is read for."""

    levels: tuple[str, ...]
    of_phase: tuple[tuple[int, ...], ...]  # numbers of the shards of each phase


def _shard_order(plan: PretrainPlan) -> _ShardOrder:
    """Return the shards: as many a phase as it could read, were it the whole run.

    A phase that ends by the clock leaves its other shards unwritten.
    """
    levels: list[str] = []
    of_phase: list[tuple[int, ...]] = []
    share = max(1, plan.shards // len(plan.phases))
    for phase in plan.phases:
        own = [phase.levels[n % len(phase.levels)] for n in range(share)]
        of_phase.append(tuple(range(len(levels), len(levels) + share)))
        levels += own
    return _ShardOrder(tuple(levels), tuple(of_phase))


def _batches(
    plan: PretrainPlan, order: _ShardOrder, writers: ShardWriters, clock: _Clock, pad: int
) -> Iterator[tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]]:
    """Yield padded batches of similar lengths: ids, places of the learned tokens, these tokens."""
    for phase_no, phase in enumerate(plan.phases):
        pool: list[Row] = []
        for number in _read_twice(order.of_phase[phase_no], plan.reread_after):
            random = Random(f"{plan.seed}:{number}")  # noqa: S311
            pool += writers.take(number).rows()
            if sum(len(ids) for ids, _ in pool) < 8 * phase.batch_tokens:
                continue
            batches = _cut(sorted(pool, key=lambda row: len(row[0])), phase.batch_tokens)
            pool = []
            random.shuffle(batches)
            for batch in batches:
                yield _tensors(batch, pad)
            if clock.now >= phase.until:
                break


def _read_twice(numbers: Sequence[int], after: int | None) -> Iterator[int]:
    for at, number in enumerate(numbers):
        yield number
        if after is not None and at >= after:
            yield numbers[at - after]


def _cut(pool: Sequence["Row"], tokens: int) -> list[list["Row"]]:
    """Cut a pool that is sorted by length into batches of at most ``tokens`` padded tokens."""
    batches: list[list[Row]] = [[]]
    for row in pool:
        if batches[-1] and len(row[0]) * (len(batches[-1]) + 1) > tokens:
            batches.append([])
        batches[-1].append(row)
    return batches


def _tensors(
    batch: Sequence["Row"], pad: int
) -> tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]:
    import numpy as np
    import torch

    width = -(-max(len(ids) for ids, _ in batch) // 16) * 16
    ids = np.full((len(batch), width), pad, dtype=np.int64)
    learned = np.zeros((len(batch), width), dtype=bool)
    for at, (own, mask) in enumerate(batch):
        ids[at, : len(own)] = own
        learned[at, : len(own)] = mask
    learned[:, 0] = False
    places = np.flatnonzero(learned)
    return (
        torch.from_numpy(ids),
        torch.from_numpy(places - 1),  # the state before a token predicts it
        torch.from_numpy(ids.reshape(-1)[places]),
    )


def _save(model: "Qwen3ForCausalLM", tokenizer: "PreTrainedTokenizerFast", folder: Path) -> None:
    """Write weights in bfloat16 (half the bytes) with the tokenizer beside them."""
    import copy

    import torch

    copy.deepcopy(model).to("cpu", torch.bfloat16).save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))


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
    given = {name: getattr(chosen, name) for name in ("minutes", "steps", "seed")}
    plan = replace(plan, **{name: value for name, value in given.items() if value is not None})
    sys.stderr.write(json.dumps(asdict(plan)) + "\n")
    pretrain(chosen.out, plan, start_from=chosen.start_from)


if __name__ == "__main__":
    main()
