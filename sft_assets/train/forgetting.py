"""Pulls back to the base model, added to the loss: against forgetting what it could do.

Loaded only inside a training process: importing this module loads torch.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch  # noqa: TID253 - runs only in a training process

from sft_assets.language_models.chat import EncodedConversation
from sft_assets.train.answer_loss import answer_loss
from sft_assets.train.recipe import Recipe
from sft_assets.train.rows import pad_rows

Penalty = Callable[[], torch.Tensor]


def penalties(
    model: Any, recipe: Recipe, rows: Sequence[EncodedConversation], pad_id: int
) -> list[Penalty]:
    """Return what the recipe adds to the mean loss of a step.

    Args:
        model: The model before its first step.
        recipe: Which pull, and how strong.
        rows: Rows of what is not to be forgotten; Fisher information is measured on them.
        pad_id: Token that fills gaps.
    """
    found: list[Penalty] = []
    forgetting = recipe.forgetting
    if forgetting.method == "l2":
        pull = _l2_of_deltas(model) if recipe.method == "lora" else _l2_to_start(model)
        found.append(lambda: 0.5 * forgetting.strength * pull())
    if forgetting.method == "ewc":
        wanted = rows[: forgetting.fisher_rows]
        ewc = _weighed_l2(model, fisher_information(model, wanted, pad_id))
        found.append(lambda: 0.5 * forgetting.strength * ewc())
    if recipe.adalora is not None and recipe.adalora.orthogonality:
        weight = recipe.adalora.orthogonality
        found.append(lambda: weight * _orthogonality(model))
    return found


def fisher_information(
    model: Any, rows: Sequence[EncodedConversation], pad_id: int
) -> dict[str, torch.Tensor]:
    """Return for each trained weight the mean squared gradient of a row's mean answer loss.

    The diagonal of the empirical Fisher matrix (Kirkpatrick et al. 2017, arXiv:1612.00796), scaled
    to a mean of 1 over all weights, so that ``strength`` means the same on any model.
    """
    named = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
    squares = {name: torch.zeros_like(weight) for name, weight in named.items()}
    model.eval()
    for row in rows:
        batch = {k: v.to(model.device) for k, v in pad_rows([row], pad_id).items()}
        total, tokens = answer_loss(model, batch)
        grads = torch.autograd.grad(total / tokens, list(named.values()), allow_unused=True)
        for name, grad in zip(named, grads, strict=True):
            if grad is not None:
                squares[name] += grad.detach() ** 2
    model.train()
    weights = sum(square.numel() for square in squares.values())
    mean = sum(float(square.sum()) for square in squares.values()) / weights
    return {name: square / mean for name, square in squares.items()} if mean else squares


def _l2_to_start(model: Any) -> Penalty:
    start = {n: w.detach().clone() for n, w in model.named_parameters() if w.requires_grad}

    def distance() -> torch.Tensor:
        named = dict(model.named_parameters())
        return torch.stack([(named[n] - begin).pow(2).sum() for n, begin in start.items()]).sum()

    return distance


def _weighed_l2(model: Any, fisher: dict[str, torch.Tensor]) -> Penalty:
    start = {n: w.detach().clone() for n, w in model.named_parameters() if n in fisher}

    def distance() -> torch.Tensor:
        named = dict(model.named_parameters())
        parts = [(fisher[n] * (named[n] - begin).pow(2)).sum() for n, begin in start.items()]
        return torch.stack(parts).sum()

    return distance


def _l2_of_deltas(model: Any) -> Penalty:
    """Return the squared size of what LoRA adds to the weights: of scaling * B @ A."""

    def size() -> torch.Tensor:
        parts = [
            (module.scaling[name] * module.lora_B[name].weight @ a.weight).pow(2).sum()
            for module in model.modules()
            if hasattr(module, "lora_A")
            for name, a in module.lora_A.items()
        ]
        return torch.stack(parts).sum()

    return size


def _orthogonality(model: Any) -> torch.Tensor:
    """Return AdaLoRA's regulariser; PEFT adds it only to a loss that the model itself computed."""
    parts = []
    for name, weight in model.named_parameters():
        if "lora_A" in name or "lora_B" in name:
            product = weight @ weight.T if "lora_A" in name else weight.T @ weight
            parts.append(torch.norm(product - torch.eye(len(product), device=weight.device)))
    return torch.stack(parts).mean()
