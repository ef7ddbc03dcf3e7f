"""What a training will need, estimated from the recipe and the base's headers before it starts.

An estimate, not a bound: weights, gradients and Adam's two moments are counted exactly, what the
layers keep for the backward pass roughly, what libraries take not at all.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sft_assets.language_models.base_models import tensor_shapes
from sft_assets.train.recipe import Recipe
from sft_assets.train.scale import plan_batches

WIDE: Final = 4  # bytes of a float32
NF4_BYTES: Final = 0.516  # four bits, and a constant of eight bits for each 64 weights
NF4_SINGLE_BYTES: Final = 0.5625  # that constant in 32 bits
KEPT_A_LAYER: Final = 14  # hidden-sized tensors that a layer keeps for the backward pass
USUAL_TOKENS: Final = 1024  # where max_tokens is auto: only the rows tell


@dataclass(frozen=True, slots=True)
class MemoryEstimate:
    """Bytes a rank needs."""

    trained_weights: int  # a number of weights, not bytes
    weights_bytes: int
    gradients_bytes: int
    optimizer_bytes: int
    activations_bytes: int

    @property
    def total_bytes(self) -> int:
        """All of them."""
        return (
            self.weights_bytes
            + self.gradients_bytes
            + self.optimizer_bytes
            + self.activations_bytes
        )


def estimate_memory(recipe: Recipe, base: Path) -> MemoryEstimate:
    """Return what a rank of the training needs."""
    shapes = tensor_shapes(base)
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    trained = trained_weights(recipe, shapes, config)
    ranks, zero = recipe.scale.ranks, recipe.scale.zero or 0
    total = sum(math.prod(shape) for shape in shapes.values())
    weights = total * WIDE
    if recipe.quantization is not None:
        linear = sum(math.prod(s) for n, s in shapes.items() if len(s) == 2 and "layers." in n)
        width = NF4_BYTES if recipe.quantization.double else NF4_SINGLE_BYTES
        weights = round(linear * width) + (total - linear) * WIDE
    if recipe.method != "full":
        weights += trained * WIDE
    optimizer = 0 if recipe.scale.offload else 2 * trained * WIDE // (ranks if zero >= 1 else 1)
    return MemoryEstimate(
        trained_weights=trained,
        weights_bytes=weights // (ranks if zero == 3 else 1),
        gradients_bytes=trained * WIDE // (ranks if zero >= 2 else 1),
        optimizer_bytes=optimizer,
        activations_bytes=_activations(recipe, config),
    )


def describe_memory(recipe: Recipe, base: Path) -> str:
    """Return the estimate in words: ``about 0.2 GB a rank, 0.4 million weights trained``."""
    estimate = estimate_memory(recipe, base)
    return (
        f"about {estimate.total_bytes / 1e9:.1f} GB a rank, "
        f"{estimate.trained_weights / 1e6:.2f} million weights trained"
    )


def trained_weights(
    recipe: Recipe, shapes: dict[str, tuple[int, ...]], config: dict[str, Any]
) -> int:
    """Return how many weights the recipe trains."""
    layers, hidden = int(config["num_hidden_layers"]), int(config["hidden_size"])
    if recipe.method == "full":
        return sum(math.prod(shape) for shape in shapes.values())
    if recipe.prefix is not None:
        heads = int(config.get("num_key_value_heads", config["num_attention_heads"]))
        width = int(config.get("head_dim") or hidden // int(config["num_attention_heads"]))
        return recipe.prefix.tokens * layers * 2 * heads * width
    if recipe.adapter is not None:
        return layers * 2 * (2 * hidden * recipe.adapter.width + recipe.adapter.width + hidden)
    part = recipe.lora or recipe.adalora
    modules = part.target_modules if part else ()
    rank = recipe.lora.rank if recipe.lora else recipe.adalora.start_rank if recipe.adalora else 0
    fitting = [s for n, s in shapes.items() if n.split(".")[-2] in modules and len(s) == 2]
    return sum(rank * (rows + columns) for rows, columns in fitting)


def _activations(recipe: Recipe, config: dict[str, Any]) -> int:
    """Return the bytes of what the layers keep of one forward pass, and of its output."""
    data = recipe.data
    tokens = data.max_tokens if data.max_tokens != "auto" else USUAL_TOKENS
    seen = plan_batches(recipe).micro_rows * tokens
    hidden, inner = int(config["hidden_size"]), int(config["intermediate_size"])
    a_layer = KEPT_A_LAYER * hidden + 3 * inner
    layers = int(config["num_hidden_layers"])
    kept = hidden * layers + a_layer if recipe.gradient_checkpointing else a_layer * layers
    learned = seen if data.learn == "all" else seen // 8
    return WIDE * (seen * kept + 2 * learned * int(config["vocab_size"]))
