"""Training rows: read, encoded and put in order before training, so no chance is left in it."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from sft_assets.errors import SettingsError
from sft_assets.language_models.chat import (
    IGNORED_LABEL,
    EncodedConversation,
    encode_conversation,
)

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerFast

SORTED_BATCHES = 4
ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class EncodedRows:
    """The rows that are learned, and how many of which kind are not."""

    rows: tuple[EncodedConversation, ...]
    dropped: dict[str, int]  # reason -> rows
    row_nos: tuple[int, ...]  # 0-based line of each kept row

    @property
    def rows_in(self) -> int:
        """Rows of the file."""
        return len(self.rows) + sum(self.dropped.values())


def read_conversations(path: Path) -> list[list[dict[str, str]]]:
    """Return the conversations of an OpenAI-messages JSONL file.

    Raises:
        SettingsError: If a line is not of that form; the line is named, its text is not.
    """
    conversations = []
    lines = path.read_text(encoding="utf-8").split("\n")
    for line_no, line in enumerate(lines, start=1):
        if line:
            conversations.append(_conversation(line, f"{path.name} line {line_no}"))
    return conversations


def _conversation(line: str, place: str) -> list[dict[str, str]]:
    try:
        messages = json.loads(line)["messages"]
        turns = [{"role": str(m["role"]), "content": m["content"]} for m in messages]
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{place} is no conversation; expected a list of messages") from error
    if not all(isinstance(turn["content"], str) and turn["role"] in ROLES for turn in turns):
        raise SettingsError(f"{place} has an odd message; expected text said by one of {ROLES}")
    return turns


def encode_rows(
    conversations: Iterable[Sequence[dict[str, str]]],
    tokenizer: "PreTrainedTokenizerFast",
    max_tokens: int,
    *,
    min_tokens: int = 1,
    learn: str = "answers",
) -> EncodedRows:
    """Return the encoded rows; one without an answer, too short or too long, is dropped.

    A row is never cut: what is cut off first is the answer, or the table that it quotes.

    Args:
        max_tokens: Longest row that is kept.
        min_tokens: Shortest row that is kept.
        learn: ``answers``, or ``all``: every token but the first, as in pre-training.
    """
    kept: list[EncodedConversation] = []
    numbers: list[int] = []
    dropped = {"no_answer": 0, "too_short": 0, "too_long": 0}
    for row_no, messages in enumerate(conversations):
        encoded = encode_conversation(tokenizer, messages)
        if all(label == IGNORED_LABEL for label in encoded.labels):
            dropped["no_answer"] += 1
        elif len(encoded.input_ids) > max_tokens:
            dropped["too_long"] += 1
        elif len(encoded.input_ids) < min_tokens:
            dropped["too_short"] += 1
        else:
            kept.append(_all_learned(encoded) if learn == "all" else encoded)
            numbers.append(row_no)
    return EncodedRows(tuple(kept), dropped, tuple(numbers))


def _all_learned(row: EncodedConversation) -> EncodedConversation:
    return EncodedConversation(row.input_ids, (IGNORED_LABEL, *row.input_ids[1:]))


def cut_off(lengths: Sequence[int], *, share: float = 0.995, step: int = 16) -> int:
    """Return the length that at least ``share`` of the rows do not exceed, rounded up to ``step``.

    >>> cut_off([10] * 199 + [900])
    16
    >>> cut_off([10] * 99 + [900])
    912
    """
    ranked = sorted(lengths)
    longest = ranked[math.ceil(len(ranked) * share - 1e-9) - 1]
    return -(-longest // step) * step


def order_rows(
    rows: Sequence[EncodedConversation],
    *,
    epochs: int,
    batch_rows: int,
    seed: int,
    general: frozenset[int] = frozenset(),
    first_epoch: int = 0,
) -> list[EncodedConversation]:
    """Return the rows of all epochs in the order in which they are learned.

    Within a stretch of a few batches rows of like length stand together, which saves padding; over
    many batches it would put all of the short general rows into batches of their own, and the
    loss would jump from one to the next. What shares a stretch is by chance that ``seed`` fixes,
    but for the general rows: each stretch holds its share of them, to one row.

    Args:
        rows: What is learned.
        epochs: How many times each row comes.
        batch_rows: Rows of a forward pass.
        seed: What the order depends on, with the number of the epoch.
        general: Positions of the rows that are of general data.
        first_epoch: Number of the first epoch.
    """
    ordered: list[EncodedConversation] = []
    for epoch in range(first_epoch, first_epoch + epochs):
        random = Random(f"{seed}:{epoch}")  # noqa: S311 - order of rows, no secret
        shuffled = _spread(rows, general, random)
        stretch = SORTED_BATCHES * batch_rows
        for start in range(0, len(shuffled), stretch):
            part = sorted(shuffled[start : start + stretch], key=lambda row: len(row.input_ids))
            batches = [part[at : at + batch_rows] for at in range(0, len(part), batch_rows)]
            short = [batch for batch in batches if len(batch) < batch_rows]
            full = [batch for batch in batches if len(batch) == batch_rows]
            random.shuffle(full)
            ordered += [row for batch in (*full, *short) for row in batch]
    return ordered


def _spread(
    rows: Sequence[EncodedConversation], general: frozenset[int], random: Random
) -> list[EncodedConversation]:
    """Return ``rows`` shuffled, the general ones at even distances among the others."""
    order = list(range(len(rows)))
    random.shuffle(order)
    aside = [at for at in order if at in general]
    others = iter([at for at in order if at not in general])
    if not aside:
        return [rows[at] for at in order]
    mixed, taken = [], 0
    for place in range(len(rows)):  # the n-th general row comes when its share is due
        due = (2 * place + 1) * len(aside) >= (2 * taken + 1) * len(rows)
        if due and taken < len(aside):
            mixed.append(aside[taken])
            taken += 1
        else:
            mixed.append(next(others))
    return [rows[at] for at in mixed]


def pad_rows(rows: Sequence[EncodedConversation], pad_id: int) -> dict[str, "torch.Tensor"]:
    """Return a batch padded on the right: ``input_ids``, ``attention_mask`` and ``labels``."""
    import torch

    width = max(len(row.input_ids) for row in rows)
    gaps = [width - len(row.input_ids) for row in rows]
    pairs = list(zip(rows, gaps, strict=True))
    ids: Any = [[*row.input_ids, *[pad_id] * gap] for row, gap in pairs]
    mask: Any = [[1] * len(row.input_ids) + [0] * gap for row, gap in pairs]
    labels: Any = [[*row.labels, *[IGNORED_LABEL] * gap] for row, gap in pairs]
    return {
        "input_ids": torch.tensor(ids),
        "attention_mask": torch.tensor(mask),
        "labels": torch.tensor(labels),
    }
