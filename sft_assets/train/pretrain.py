"""Pre-train the small base that ships: ``python -m sft_assets.train.pretrain``.

Everything it needs is here: the practice text is generated, the tokenizer is built, nothing is
downloaded. The order of the practice matters more than the size of the model: strings to repeat
and short numbers first, then full amounts in long tables. Without that order, or with loss on the
prompts, a model of this size does not begin to copy.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation, encode_conversation
from sft_assets.train.practice_text import DRILL, EASY, HARD, MIDDLE, make_conversation
from sft_assets.train.tokenizer import CONTEXT_TOKENS, build_tokenizer

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerFast, Qwen3ForCausalLM

MODEL_SHAPE: Final[dict[str, Any]] = {
    "hidden_size": 128,
    "num_hidden_layers": 4,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "intermediate_size": 256,
    "max_position_embeddings": CONTEXT_TOKENS,
    "tie_word_embeddings": True,
    "rope_theta": 10_000.0,
    "attention_dropout": 0.0,
}
"""About 1.2 million weights, half of them the embedding table."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of the curriculum."""

    until: float  # share of all steps at which it ends
    easy: int  # weights of the difficulties
    middle: int
    hard: int
    batch_tokens: int  # padded tokens a step; small ones first, many steps are what starts copying
    drill: int = 0


@dataclass(frozen=True, slots=True)
class PretrainPlan:
    """Settings of one pre-training run."""

    seed: int = 20
    steps: int = 5000
    phases: tuple[Phase, ...] = (
        Phase(until=0.25, easy=1, middle=0, hard=0, batch_tokens=2048),
        Phase(until=0.50, easy=1, middle=3, hard=0, batch_tokens=3072),
        Phase(until=1.00, easy=1, middle=3, hard=6, batch_tokens=3072),
    )
    matrix_rate: float = 0.02  # Muon, for the matrices of the layers
    other_rate: float = 0.003  # AdamW, for embeddings and norms
    warm_up_steps: int = 60
    decay_from: float = 0.6  # share of the steps at full rate; then linearly down to 2 %
    save_every: int = 250
    held_out: int = 40  # conversations that are scored
    threads: int = 1


FIRST: Final = PretrainPlan()
SECOND: Final = PretrainPlan(
    seed=21,
    steps=2600,
    phases=(Phase(until=1.0, easy=0, middle=0, hard=0, batch_tokens=2560, drill=1),),
    warm_up_steps=30,
    decay_from=0.35,
)
"""What made the base that ships: the second run starts from the weights of the first. Its drills,
many terse questions about one table, train where to look rather than how to phrase."""


def pretrain(folder: Path, plan: PretrainPlan, start_from: Path | None = None) -> None:
    """Train a base into ``folder``; progress goes to ``training_log.jsonl`` there.

    ``start_from`` continues from the weights of another run (its optimizer state is not kept).
    """
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.set_num_threads(plan.threads)
    torch.manual_seed(plan.seed)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = build_tokenizer()
    if start_from is None:
        config = Qwen3Config(
            vocab_size=len(tokenizer),
            pad_token_id=tokenizer.pad_token_id,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
            **MODEL_SHAPE,
        )
        model = Qwen3ForCausalLM(config)
    else:
        model = Qwen3ForCausalLM.from_pretrained(str(start_from), dtype=torch.float32)
    optimizers = _build_optimizers(model, plan)
    held_out = _held_out(tokenizer, plan)
    log = folder / "training_log.jsonl"
    log.write_text("", encoding="utf-8")
    started = time.monotonic()
    running = 0.0
    for step, batch in enumerate(_batches(tokenizer, plan), start=1):
        share = _rate_share(step, plan)
        for optimizer, rate in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * share
        loss = _answer_loss(model, *batch)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, _ in optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        running = loss.item() if step == 1 else 0.97 * running + 0.03 * loss.item()
        if step % 50 == 0 or step == plan.steps:
            row = {"step": step, "loss": round(running, 4)}
            if step % plan.save_every == 0 or step == plan.steps:
                row |= _score(model, held_out)
                _save(model, tokenizer, folder)
            seconds = round(time.monotonic() - started)
            with log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row) + "\n")
            sys.stderr.write(json.dumps(row | {"seconds": seconds}) + "\n")
        if step >= plan.steps:
            break
    _save(model, tokenizer, folder)


def _build_optimizers(
    model: "Qwen3ForCausalLM", plan: PretrainPlan
) -> list[tuple["torch.optim.Optimizer", float]]:
    """Return the optimizers with their full learning rates.

    Muon for the matrices: at this size it reached copying in well under half of AdamW's steps.
    """
    import torch

    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.ndim != 2 or "embed" in n]
    return [
        (torch.optim.Muon(matrices, lr=plan.matrix_rate, weight_decay=0.01), plan.matrix_rate),
        (torch.optim.AdamW(others, lr=plan.other_rate, betas=(0.9, 0.95), weight_decay=0.0),
         plan.other_rate),
    ]  # fmt: skip


def _rate_share(step: int, plan: PretrainPlan) -> float:
    """Return the share of the full learning rate at ``step``: up, level, then down."""
    if step < plan.warm_up_steps:
        return step / plan.warm_up_steps
    done = step / plan.steps
    if done <= plan.decay_from:
        return 1.0
    return max(0.02, (1 - done) / (1 - plan.decay_from))


def _answer_loss(
    model: "Qwen3ForCausalLM", ids: "torch.Tensor", labels: "torch.Tensor"
) -> "torch.Tensor":
    """Return the mean cross entropy of the answers' tokens.

    Only hidden states that predict an answer token go through the head: its 5,000 columns would
    else cost more than the layers. Padding is on the right, so causal attention never sees it.
    """
    import torch

    hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[:, :-1]
    wanted = labels[:, 1:]
    learned = wanted != IGNORED_LABEL
    return torch.nn.functional.cross_entropy(model.lm_head(hidden[learned]), wanted[learned])


def _score(model: "Qwen3ForCausalLM", held_out: Sequence[EncodedConversation]) -> dict[str, float]:
    """Return the share of held-out answers that greedy decoding would give letter by letter.

    Every token's arg max being right, given the right tokens before it, is that very event.
    """
    import torch

    exact = answers = 0
    with torch.no_grad():
        for conversation in held_out:
            ids = torch.tensor([conversation.input_ids])
            hidden = model.model(input_ids=ids, use_cache=False).last_hidden_state[0]
            right = True
            for at, label in enumerate(conversation.labels[1:], start=1):
                if label != IGNORED_LABEL:
                    right &= int(model.lm_head(hidden[at - 1]).argmax()) == label
                elif conversation.labels[at - 1] != IGNORED_LABEL:  # an answer just ended
                    answers += 1
                    exact += right
                    right = True
    return {"held_out_exact": round(exact / answers, 4)}


def _held_out(
    tokenizer: "PreTrainedTokenizerFast", plan: PretrainPlan
) -> list[EncodedConversation]:
    random = Random(f"{plan.seed}:held out")  # noqa: S311
    return [
        encode_conversation(tokenizer, make_conversation(random, HARD))
        for _ in range(plan.held_out)
    ]


def _batches(
    tokenizer: "PreTrainedTokenizerFast", plan: PretrainPlan
) -> Iterator[tuple["torch.Tensor", "torch.Tensor"]]:
    """Yield padded batches of similar lengths, for ever; the same ones for the same plan."""
    step, pool_no = 0, 0
    while True:
        random = Random(f"{plan.seed}:{pool_no}")  # noqa: S311 - practice text, no secret
        pool_no += 1
        phase = next(p for p in plan.phases if step / plan.steps < p.until or p is plan.phases[-1])
        pool: list[EncodedConversation] = []
        while sum(len(c.input_ids) for c in pool) < 12 * phase.batch_tokens:
            weights = (phase.easy, phase.middle, phase.hard, phase.drill)
            level = random.choices((EASY, MIDDLE, HARD, DRILL), weights)[0]
            conversation = encode_conversation(tokenizer, make_conversation(random, level))
            if len(conversation.input_ids) <= phase.batch_tokens:
                pool.append(conversation)
        batches = _cut(sorted(pool, key=lambda c: len(c.input_ids)), phase.batch_tokens)
        random.shuffle(batches)
        for batch in batches:
            step += 1
            yield _pad(batch, int(tokenizer.pad_token_id))


def _cut(pool: Sequence[EncodedConversation], tokens: int) -> list[list[EncodedConversation]]:
    """Cut a pool that is sorted by length into batches of at most ``tokens`` padded tokens."""
    batches: list[list[EncodedConversation]] = [[]]
    for conversation in pool:
        if len(conversation.input_ids) * (len(batches[-1]) + 1) > tokens:
            batches.append([])
        batches[-1].append(conversation)
    return batches


def _pad(batch: Sequence[EncodedConversation], pad: int) -> tuple["torch.Tensor", "torch.Tensor"]:
    import torch

    width = max(len(c.input_ids) for c in batch)
    ids = [[*c.input_ids, *[pad] * (width - len(c.input_ids))] for c in batch]
    labels = [[*c.labels, *[IGNORED_LABEL] * (width - len(c.labels))] for c in batch]
    return torch.tensor(ids), torch.tensor(labels)


def _save(model: "Qwen3ForCausalLM", tokenizer: "PreTrainedTokenizerFast", folder: Path) -> None:
    """Write weights in bfloat16 (half the bytes) with the tokenizer beside them."""
    import copy

    import torch

    copy.deepcopy(model).to(torch.bfloat16).save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))


RUNS: Final = {"first": FIRST, "second": SECOND}


def main() -> None:
    """Run from the command line: both runs, or one of them."""
    parser = argparse.ArgumentParser(description="Pre-train the base model that ships.")
    parser.add_argument("--out", type=Path, default=Path("data/base_model"))
    parser.add_argument("--only", choices=tuple(RUNS), default=None)
    parser.add_argument("--start-from", type=Path, default=None, help="weights for --only")
    chosen = parser.parse_args()
    start: Path | None = chosen.start_from
    for name, plan in RUNS.items():
        if chosen.only in (None, name):
            pretrain(chosen.out / name, plan, start)
            start = chosen.out / name


if __name__ == "__main__":
    main()
