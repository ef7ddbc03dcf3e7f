"""Muon for many small matrices: those of one shape are orthogonalised in one go.

``torch.optim.Muon`` takes them one by one, which on a GPU is hundreds of tiny kernels a step.
Source: K. Jordan et al., Muon: an optimizer for hidden layers in neural networks (2024).
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import torch  # noqa: TID253 - loaded only by the pre-training

COEFFICIENTS: Final = (3.4445, -4.7750, 2.0315)
ROUNDS: Final = 5


class Muon(torch.optim.Optimizer):
    """Momentum whose steps are made orthogonal; for matrices alone."""

    def __init__(
        self,
        matrices: Iterable[torch.nn.Parameter],
        lr: float,
        momentum: float = 0.95,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(
            list(matrices), {"lr": lr, "momentum": momentum, "weight_decay": weight_decay}
        )

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # noqa: ARG002
        """Move all matrices by one step."""
        for group in self.param_groups:
            alike: dict[torch.Size, list[tuple[torch.Tensor, torch.Tensor]]] = defaultdict(list)
            for matrix in group["params"]:
                if matrix.grad is not None:
                    alike[matrix.shape].append((matrix, matrix.grad))
            for shape, pairs in alike.items():
                matrices = [matrix for matrix, _ in pairs]
                gradients = torch.stack([gradient for _, gradient in pairs])
                buffer = self.state[matrices[0]].setdefault("momentum", torch.zeros_like(gradients))
                buffer.lerp_(gradients, 1 - group["momentum"])
                step = orthogonal(gradients.lerp(buffer, group["momentum"]))
                rate = group["lr"] * max(1.0, shape[0] / shape[1]) ** 0.5
                torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
                torch._foreach_add_(matrices, list(step.unbind()), alpha=-rate)


def orthogonal(matrices: torch.Tensor) -> torch.Tensor:
    """Return the nearest orthogonal matrices, roughly: (n, rows, columns) -> the same shape.

    >>> told = orthogonal(torch.diag(torch.tensor([3.0, 1.0]))[None])[0]
    >>> bool((told.diagonal() - 1).abs().max() < 0.4)
    True
    """
    a, b, c = COEFFICIENTS
    kind = torch.bfloat16 if matrices.is_cuda else torch.float32
    x = matrices.to(kind)
    is_tall = x.shape[1] > x.shape[2]
    if is_tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(ROUNDS):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * (gram @ gram)) @ x
    found: torch.Tensor = (x.transpose(1, 2) if is_tall else x).to(matrices.dtype)
    return found
