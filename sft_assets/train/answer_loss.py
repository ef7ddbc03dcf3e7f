"""The loss of the answers' tokens, and no other.

Loaded only inside a training process: importing this module loads torch.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch  # noqa: TID253 - runs only in a training process

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation
from sft_assets.train.rows import pad_rows


def answer_loss(
    model: Any, batch: dict[str, torch.Tensor], label_smoothing: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the summed cross entropy of the answers' tokens and their number.

    Only hidden states that predict an answer token go through the output layer, whose width is
    the vocabulary: for short answers to long contexts it would be most of the work. The model is
    called as a whole, since what wraps it (DDP, ZeRO, a prefix) works in its forward pass.
    """
    wanted = batch["labels"][:, 1:]  # position t predicts token t + 1
    learned = wanted != IGNORED_LABEL  # [rows, width - 1]
    places = torch.nn.functional.pad(learned, (0, 1))  # the last position predicts nothing
    given = {name: value for name, value in batch.items() if name != "labels"}
    with only_at(output_layer(model), places):
        logits = model(**given, use_cache=False).logits.float()  # [answer tokens, vocabulary]
    total = torch.nn.functional.cross_entropy(
        logits, wanted[learned], reduction="sum", label_smoothing=label_smoothing
    )
    return total, learned.sum()


def output_layer(model: Any) -> Any:
    """Return the output layer of a model, whatever it is wrapped in."""
    while hasattr(model, "module"):
        model = model.module
    whole = model.get_base_model() if hasattr(model, "get_base_model") else model
    return whole.get_output_embeddings()


@contextmanager
def only_at(layer: Any, places: torch.Tensor) -> Iterator[None]:
    """Let ``layer`` see only the hidden states at ``places``, a mask of [rows, width]."""
    handle = layer.register_forward_pre_hook(lambda _layer, given: (given[0][places],))
    try:
        yield
    finally:
        handle.remove()


def mean_answer_loss(
    model: Any, rows: Sequence[EncodedConversation], pad_id: int, batch_rows: int
) -> float:
    """Return the mean loss of an answer token over ``rows``."""
    total, tokens = 0.0, 0
    was_training = model.training
    model.eval()
    with torch.no_grad():
        for start in range(0, len(rows), batch_rows):
            batch = pad_rows(rows[start : start + batch_rows], pad_id)
            loss, count = answer_loss(model, {k: v.to(model.device) for k, v in batch.items()})
            total += loss.item()
            tokens += int(count)
    model.train(was_training)
    return total / tokens
