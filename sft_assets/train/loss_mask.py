"""Show a training row as it is learned: which text counts in the loss, and which is only read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A stretch of a row."""

    text: str
    learned: bool
    tokens: int


def masked_texts(row: EncodedConversation, tokenizer: Any) -> list[MaskedText]:
    """Return the row's text in stretches that are learned or not, control tokens written out.

    It is decoded from the very ids and labels that training gets, so that it shows a fault of the
    mask and not what the mask was meant to be.
    """
    found: list[MaskedText] = []
    start = 0
    learned = [label != IGNORED_LABEL for label in row.labels]
    for at in range(1, len(learned) + 1):
        if at == len(learned) or learned[at] != learned[start]:
            ids = list(row.input_ids[start:at])
            text = tokenizer.decode(ids, skip_special_tokens=False)
            found.append(MaskedText(text, learned[start], len(ids)))
            start = at
    return found


def count_tokens(rows: Sequence[EncodedConversation]) -> tuple[int, int]:
    """Return the number of tokens of ``rows``, and of those that are learned.

    >>> count_tokens([EncodedConversation((5, 6, 7), (-100, 6, 7))])
    (3, 2)
    """
    tokens = sum(len(row.input_ids) for row in rows)
    learned = sum(label != IGNORED_LABEL for row in rows for label in row.labels)
    return tokens, learned
