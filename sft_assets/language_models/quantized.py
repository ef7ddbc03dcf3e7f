"""A frozen base in four bits (NF4), and the same numbers again in full width.

Needs bitsandbytes (``pip install sft-assets[qlora]``); it works on a CPU too, slowly.
"""

import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import SettingsError

QUANTIZATION_FILE: Final = "quantization.json"


def require_bitsandbytes() -> None:
    """Refuse a quantised base where bitsandbytes is not installed.

    Raises:
        SettingsError: Then.
    """
    if importlib.util.find_spec("bitsandbytes") is None:
        raise SettingsError(
            "method is qlora and bitsandbytes is not installed; expected it. "
            "hint: pip install 'sft-assets[qlora]'"
        )


def load_quantized(base: Path, settings: Mapping[str, Any], dtype: Any) -> Any:
    """Return the base model with its linear layers in four bits, computing in ``dtype``."""
    require_bitsandbytes()
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    wanted = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type=settings["kind"],
        bnb_4bit_use_double_quant=settings["double"],
        bnb_4bit_compute_dtype=dtype,
    )
    model = AutoModelForCausalLM.from_pretrained(
        str(base), quantization_config=wanted, dtype=dtype, use_safetensors=True
    )
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            # else the first validation rounds the weights' scales to bfloat16, on some CPUs only
            module.support_avx512bf16_for_cpu = False
    return model


def widen(model: Any) -> Any:
    """Replace each four-bit layer of ``model`` by one that holds the same numbers in full width.

    What a QLoRA adapter was trained beside is these numbers, not those of the original base:
    merged into the original, it would be another model.
    """
    import torch
    from bitsandbytes.functional import dequantize_4bit
    from bitsandbytes.nn import Linear4bit

    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, Linear4bit):
                state = child.weight.quant_state
                weight = dequantize_4bit(child.weight.data, state).to(child.compute_dtype)
                has_bias = child.bias is not None
                wide = torch.nn.Linear(child.in_features, child.out_features, bias=has_bias)
                wide.weight = torch.nn.Parameter(weight, requires_grad=False)
                if has_bias:
                    wide.bias = torch.nn.Parameter(child.bias.data, requires_grad=False)
                setattr(parent, name, wide)
    del model.config.quantization_config
    model.is_quantized = model.is_loaded_in_4bit = False
    model.hf_quantizer = model.quantization_method = None
    return model


def write_quantization(folder: Path, settings: Mapping[str, Any]) -> None:
    """Write how the base was quantised beside the adapter that was trained on it."""
    text = json.dumps(dict(settings), indent=2, sort_keys=True) + "\n"
    (folder / QUANTIZATION_FILE).write_text(text, encoding="utf-8")


def read_quantization(folder: Path) -> dict[str, Any] | None:
    """Return what ``write_quantization`` wrote; None for a base in full width."""
    path = folder / QUANTIZATION_FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
