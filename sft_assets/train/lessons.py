"""What a training learns, all of it decided before the first step: rows, order, portions, rate."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import SettingsError
from sft_assets.language_models.base_models import count_weights
from sft_assets.language_models.chat import EncodedConversation, refuse_other_format
from sft_assets.train.learning_rates import default_rate
from sft_assets.train.loss_mask import count_tokens
from sft_assets.train.packing import Pack, collate_packs, filler, pack_rows
from sft_assets.train.recipe import Recipe
from sft_assets.train.rows import (
    EncodedRows,
    cut_off,
    encode_rows,
    order_rows,
    pad_rows,
    read_conversations,
)
from sft_assets.train.teacher import learn_from_teacher

NO_LIMIT: Final = 131072


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything that the steps learn, in order."""

    tokenizer: Any
    packs: Sequence[Pack]  # rows_a_step x steps of them
    collate: Callable[[Sequence[Pack]], Any]
    steps: int
    learning_rate: float
    max_tokens: int
    validation: Sequence[EncodedConversation]
    remembered: Sequence[EncodedConversation]  # rows of what is not to be forgotten
    general_shares: Sequence[float]  # of each step's learned tokens, those of general rows
    counts: Mapping[str, Any]

    @property
    def pad_id(self) -> int:
        """Token that fills gaps."""
        return int(self.tokenizer.pad_token_id)


def prepare_lessons(job: Mapping[str, Any], recipe: Recipe) -> Lessons:
    """Return what ``job`` teaches.

    Raises:
        SettingsError: If no row is left.
    """
    from transformers import AutoTokenizer

    data, base = Path(job["data"]), Path(job["base"])
    tokenizer = AutoTokenizer.from_pretrained(str(base))
    refuse_other_format(tokenizer)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    conversations = read_conversations(data / "train.jsonl")
    kept = Path(job["kept"]) if job.get("kept") else None
    taught, without_teacher = learn_from_teacher(conversations, recipe, kept)
    limit = longest_row(taught, tokenizer, recipe, base)
    encoded = encode_rows(
        taught, tokenizer, limit, min_tokens=recipe.data.min_tokens, learn=recipe.data.learn
    )
    held_out = encode_rows(
        read_conversations(data / "validation.jsonl"), tokenizer, limit, learn=recipe.data.learn
    )
    dropped = {**without_teacher, **encoded.dropped}
    rows_in = len(conversations)
    if not encoded.rows:
        raise SettingsError(
            f"training rows are 0 of {rows_in}; expected at least one. "
            f"hint: raise data.max_tokens above {limit}, or release a larger data set"
        )
    general = _general(encoded, job.get("general_rows", ()))
    packs, steps = order_packs(encoded.rows, recipe, general, limit, int(tokenizer.pad_token_id))
    remembered = [encoded.rows[at] for at in sorted(general)] or list(encoded.rows)
    return Lessons(
        tokenizer=tokenizer,
        packs=packs,
        collate=collate_for(recipe, int(tokenizer.pad_token_id)),
        steps=steps,
        learning_rate=rate_of(recipe, base),
        max_tokens=limit,
        validation=held_out.rows[: recipe.validation.rows],
        remembered=remembered,
        general_shares=general_shares(packs, steps, [encoded.rows[at] for at in general]),
        counts={
            "rows_in": rows_in,
            "kept": len(encoded.rows),
            "dropped": {reason: rows for reason, rows in dropped.items() if rows},
        },
    )


def longest_row(
    conversations: Sequence[Sequence[dict[str, str]]], tokenizer: Any, recipe: Recipe, base: Path
) -> int:
    """Return the number of tokens above which a row is dropped.

    ``auto`` takes it from the rows: 99.5 % of them fit, and none exceeds the base's context.
    """
    if recipe.data.max_tokens != "auto":
        return recipe.data.max_tokens
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    context = int(config.get("max_position_embeddings", NO_LIMIT))
    rows = encode_rows(conversations, tokenizer, NO_LIMIT).rows
    return min(context, cut_off([len(row.input_ids) for row in rows] or [context]))


def rate_of(recipe: Recipe, base: Path) -> float:
    """Return the peak learning rate: the recipe's, or what suits its method and the base's size."""
    rate = recipe.optimizer.learning_rate
    return default_rate(recipe.method, count_weights(base)) if rate == "auto" else rate


def order_packs(
    rows: Sequence[EncodedConversation],
    recipe: Recipe,
    general: frozenset[int],
    limit: int,
    pad_id: int,
) -> tuple[list[Pack], int]:
    """Return the packs of all steps in order, and how many steps they make.

    Every step has the recipe's number of packs; the last one is filled up with rows that teach
    nothing, so that ranks can share it out evenly too.
    """
    data, optimizer = recipe.data, recipe.optimizer
    packs: list[Pack] = []
    epoch = 0
    wanted = (optimizer.max_steps or 0) * data.rows_a_step
    while epoch < (optimizer.epochs or 0) or len(packs) < wanted:
        ordered = order_rows(
            rows,
            epochs=1,
            batch_rows=data.batch_rows,
            seed=recipe.seed,
            general=general,
            first_epoch=epoch,
        )
        if data.packing == "isolated":
            packs += pack_rows(ordered, limit)
        else:
            packs += [(row,) for row in ordered]
        epoch += 1
    steps = optimizer.max_steps or -(-len(packs) // data.rows_a_step)
    total = steps * data.rows_a_step
    return [*packs[:total], *[(filler(pad_id),)] * (total - len(packs))], steps


def general_shares(
    packs: Sequence[Pack], steps: int, general: Sequence[EncodedConversation]
) -> list[float]:
    """Return for each step the share of its learned tokens that is of ``general`` rows.

    Their wording is free, so that an answer token of theirs has a loss many times as high as one
    of a report row: a step that holds many of them stands out of the curve.
    """
    known = {id(row) for row in general}
    a_step = len(packs) // steps
    shares = []
    for start in range(0, len(packs), a_step):
        rows = [row for pack in packs[start : start + a_step] for row in pack]
        learned = count_tokens(rows)[1]
        of_general = count_tokens([row for row in rows if id(row) in known])[1]
        shares.append(round(of_general / learned, 4) if learned else 0.0)
    return shares


def _general(encoded: EncodedRows, row_nos: Sequence[int]) -> frozenset[int]:
    """Return the positions among the kept rows of those that are of general data."""
    wanted = set(row_nos)
    return frozenset(at for at, row_no in enumerate(encoded.row_nos) if row_no in wanted)


def collate_for(recipe: Recipe, pad_id: int) -> Callable[[Sequence[Pack]], Any]:
    """Return what makes a batch of packs, as the recipe packs them."""
    if recipe.data.packing == "isolated":
        return partial(collate_packs, pad_id=pad_id)
    return partial(_pad_single, pad_id=pad_id)


def _pad_single(packs: Sequence[Pack], pad_id: int) -> Any:
    return pad_rows([row for (row,) in packs], pad_id)
