"""Load a model that training published: in one piece, or a base with what could not be merged."""

from pathlib import Path
from typing import Any, Final

ADAPTER_FOLDER: Final = "adapter"  # within a published model
PEFT_CONFIG: Final = "adapter_config.json"
BOTTLENECK_CONFIG: Final = "bottleneck.json"


def load_trained(folder: Path, dtype: Any) -> Any:
    """Return the model in ``folder``: Hugging Face files, and beside them perhaps an adapter."""
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=dtype, use_safetensors=True)
    adapter = folder / ADAPTER_FOLDER
    return attach_adapter(model, adapter) if adapter.is_dir() else model


def attach_adapter(model: Any, folder: Path) -> Any:
    """Return ``model`` with the adapter in ``folder``, of PEFT's or of bottlenecks."""
    if (folder / PEFT_CONFIG).exists():
        from peft import PeftModel

        return PeftModel.from_pretrained(model, str(folder))
    from sft_assets.language_models.bottleneck import load_bottlenecks

    load_bottlenecks(model, folder)
    return model
