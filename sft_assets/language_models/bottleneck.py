"""Bottleneck adapters: two small layers after attention and after the feed-forward of each block.

Houlsby et al. 2019 (arXiv:1902.00751). PEFT has none. A bottleneck starts as the identity (its
second layer is zero) and is saved beside the base model, not into it: the function between its two
layers is not linear, so that no weight of the base can hold it.
"""

import json
from pathlib import Path
from typing import Any, Final

import torch  # noqa: TID253 - runs only in a process that uses a model
from safetensors.torch import load_file, save_file

from sft_assets.errors import SettingsError
from sft_assets.language_models.trained_models import BOTTLENECK_CONFIG

WEIGHTS_FILE: Final = "bottleneck.safetensors"
PLACES: Final = {"self_attn": "attention_bottleneck", "mlp": "feed_forward_bottleneck"}


class Bottleneck(torch.nn.Module):
    """``hidden + up(gelu(down(hidden)))``; shapes [..., hidden] in and out."""

    def __init__(self, hidden: int, width: int) -> None:
        super().__init__()
        self.down = torch.nn.Linear(hidden, width)
        self.up = torch.nn.Linear(width, hidden)
        torch.nn.init.normal_(self.down.weight, std=hidden**-0.5)
        torch.nn.init.zeros_(self.down.bias)
        torch.nn.init.zeros_(self.up.weight)
        torch.nn.init.zeros_(self.up.bias)

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return the hidden states with what the bottleneck adds."""
        added: torch.Tensor = self.up(torch.nn.functional.gelu(self.down(hidden)))
        return hidden + added


def add_bottlenecks(model: Any, width: int) -> None:
    """Put bottlenecks into every block of ``model`` and freeze all else.

    Raises:
        SettingsError: If its blocks are not built of attention and feed-forward.
    """
    model.requires_grad_(requires_grad=False)
    layers = getattr(model.get_decoder(), "layers", ())
    if not layers or not all(hasattr(layers[0], place) for place in PLACES):
        raise SettingsError(
            f"base model is a {type(model).__name__}; expected blocks with {' and '.join(PLACES)} "
            "for method: adapter. hint: method: lora fits any linear layer"
        )
    for layer in layers:
        for place, name in PLACES.items():
            weight = next(getattr(layer, place).parameters())
            made = Bottleneck(model.config.hidden_size, width).to(weight.device)
            setattr(layer, name, made)
            getattr(layer, place).register_forward_hook(_through(made))


def save_bottlenecks(model: Any, folder: Path) -> None:
    """Write the bottlenecks of ``model``, and how wide they are."""
    weights = _weights_of(model)
    width = next(len(value) for name, value in weights.items() if name.endswith("down.bias"))
    save_file(weights, folder / WEIGHTS_FILE, metadata={"format": "pt"})
    told = {"width": width, "hidden_size": int(model.config.hidden_size)}
    (folder / BOTTLENECK_CONFIG).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def load_bottlenecks(model: Any, folder: Path) -> None:
    """Put the bottlenecks of ``folder`` into ``model``.

    Raises:
        SettingsError: If they belong to a model of another shape.
    """
    told = json.loads((folder / BOTTLENECK_CONFIG).read_text(encoding="utf-8"))
    if told["hidden_size"] != model.config.hidden_size:
        raise SettingsError(
            f"bottlenecks are for a hidden size of {told['hidden_size']}; expected "
            f"{model.config.hidden_size}"
        )
    add_bottlenecks(model, told["width"])
    weights = load_file(folder / WEIGHTS_FILE)
    if set(weights) != set(_weights_of(model)):
        raise SettingsError(f"{WEIGHTS_FILE} names other blocks; expected those of the base model")
    model.load_state_dict(weights, strict=False)
    model.to(next(model.parameters()).dtype)


def _weights_of(model: Any) -> dict[str, torch.Tensor]:
    names = tuple(f".{name}." for name in PLACES.values())
    return {
        name: value.detach().cpu().contiguous().clone()
        for name, value in model.state_dict().items()
        if any(mark in name for mark in names)
    }


def _through(bottleneck: Bottleneck) -> Any:
    def hook(_module: Any, _given: Any, output: Any) -> Any:
        if isinstance(output, tuple):  # attention gives its weights too
            return (bottleneck(output[0]), *output[1:])
        return bottleneck(output)

    return hook
