"""Several short rows in one: no padding, and yet no row sees another.

What keeps them apart is the position, which starts again at each document: attention is then
within a document only, on every kernel. A test compares the logits with those of each row alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation

if TYPE_CHECKING:
    import torch

Pack = tuple[EncodedConversation, ...]
WINDOW_ROWS: Final = 256  # rows among which partners are sought; more would upset their order


def pack_rows(rows: Sequence[EncodedConversation], max_tokens: int) -> list[Pack]:
    """Return ``rows`` in packs of at most ``max_tokens``, each row in exactly one.

    First-fit decreasing within windows of the given order; packs come in the order of their first
    row, so that what was mixed stays mixed.
    """
    packs: list[Pack] = []
    for start in range(0, len(rows), WINDOW_ROWS):
        window = list(enumerate(rows[start : start + WINDOW_ROWS]))
        window.sort(key=lambda item: (-len(item[1].input_ids), item[0]))
        bins: list[list[tuple[int, EncodedConversation]]] = []
        room: list[int] = []
        for item in window:
            size = len(item[1].input_ids)
            at = next((i for i, left in enumerate(room) if left >= size), None)
            if at is None:
                bins.append([])
                room.append(max_tokens)
                at = len(bins) - 1
            bins[at].append(item)
            room[at] -= size
        for held in bins:
            held.sort(key=lambda item: item[0])
        bins.sort(key=lambda held: held[0][0])
        packs += [tuple(row for _, row in held) for held in bins]
    return packs


def filler(pad_id: int) -> EncodedConversation:
    """Return a row that teaches nothing: it fills the last step, so that all steps are alike."""
    return EncodedConversation((pad_id,), (IGNORED_LABEL,))


def collate_packs(packs: Sequence[Pack], pad_id: int) -> dict[str, "torch.Tensor"]:
    """Return a batch of packs: ``input_ids``, ``position_ids`` and ``labels``.

    There is no attention mask on purpose: with one, transformers would let the documents of a row
    read each other. The gap at the end is one more document, which is not learned.
    """
    import torch

    width = max(sum(len(row.input_ids) for row in pack) for pack in packs)
    ids: Any = []
    positions: Any = []
    labels: Any = []
    for pack in packs:
        gap = width - sum(len(row.input_ids) for row in pack)
        documents = [*pack, EncodedConversation((pad_id,) * gap, (IGNORED_LABEL,) * gap)]
        ids.append([token for row in documents for token in row.input_ids])
        positions.append([at for row in documents for at in range(len(row.input_ids))])
        # a document's first token would be predicted from the one before it
        labels.append(
            [
                IGNORED_LABEL if at == 0 else label
                for row in documents
                for at, label in enumerate(row.labels)
            ]
        )
    return {
        "input_ids": torch.tensor(ids),
        "position_ids": torch.tensor(positions),
        "labels": torch.tensor(labels),
    }
