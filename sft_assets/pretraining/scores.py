"""How much of held-out practice a model answers letter by letter."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation
from sft_assets.pretraining.plans import PretrainPlan
from sft_assets.pretraining.shards import LONGEST, REPORTS, conversations, encode_practice
from sft_assets.pretraining.small_model import hidden_states

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerFast, Qwen3ForCausalLM


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


def held_out_practice(
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
