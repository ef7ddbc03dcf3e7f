"""Attention of packed rows on a CPU: each document in a kernel call of its own length.

The mask that keeps documents apart costs the square of the whole row's length, and on a CPU it is
computed for real. Cut at the documents, a row of four costs a quarter. On a GPU the usual kernels
stay: there a launch a document costs more than it saves, and FlashAttention cuts by itself.
"""

from itertools import pairwise
from typing import Any, Final

import torch  # noqa: TID253 - runs only in a training process

from sft_assets.train.recipe import Recipe

BY_DOCUMENT: Final = "by_document"


def prepare_packed(model: Any, recipe: Recipe) -> None:
    """Let ``model`` attend by document, where the recipe packs and this is how it is faster.

    Layers of a sliding window keep the usual kernels.
    """
    from transformers import AttentionInterface

    config = model.config
    windowed = set(getattr(config, "layer_types", None) or ["full_attention"]) != {"full_attention"}
    if recipe.data.packing != "isolated" or model.device.type != "cpu" or windowed:
        return
    AttentionInterface.register(BY_DOCUMENT, documents_attention)
    model.set_attn_implementation(BY_DOCUMENT)


def documents_attention(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    position_ids: torch.Tensor | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Return causal attention within each document, [rows, width, heads, head size].

    ``query`` is [rows, heads, width, head size], ``key`` and ``value`` have as many heads or a
    divisor of them. A document begins where ``position_ids`` [rows or 1, width] are 0. The mask is
    not looked at: padding stands on the right, where causal attention never looks.
    """
    del attention_mask
    rows, _heads, width, _size = query.shape
    if position_ids is None:
        position_ids = torch.arange(width)[None]
    shared = query.shape[1] != key.shape[1]
    done = []
    for row, positions in enumerate(position_ids.expand(rows, width).tolist()):
        bounds = [at for at, position in enumerate(positions) if position == 0]
        parts = [
            torch.nn.functional.scaled_dot_product_attention(
                query[row : row + 1, :, start:end],
                key[row : row + 1, :, start:end],
                value[row : row + 1, :, start:end],
                dropout_p=dropout if module.training else 0.0,
                scale=scaling,
                is_causal=True,
                enable_gqa=shared,
            )
            for start, end in pairwise([*bounds, width])
        ]
        done.append(torch.cat(parts, dim=2))
    return torch.cat(done).transpose(1, 2).contiguous(), None
