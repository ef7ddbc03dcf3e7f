"""Merge a checkpoint into a model that loads by itself: ``python -m sft_assets.train.merge``.

What is compared is not the model in memory but the one read back from the files: the merged or
served model that differs from the trained one is a complaint about every trainer.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import GateError
from sft_assets.language_models.job_child import make_reproducible, run_as_job
from sft_assets.language_models.quantized import load_quantized, read_quantization, widen
from sft_assets.language_models.trained_models import (
    ADAPTER_FOLDER,
    BOTTLENECK_CONFIG,
    PEFT_CONFIG,
    attach_adapter,
    load_trained,
)
from sft_assets.train.recipe_rules import UNMERGEABLE

PROBES: Final = (
    "[第12页]\n单位：元\n营业收入：2020年 1,234,567,890.12；2019年 1,100,000.00\n多少？",
    "[page 7]\nTotal assets: FY2020 12,345; FY2019 11,000\nWhat were total assets?",
    "你好。",
    "0123456789.,%-()",
)
TOLERANCE: Final = 1e-4  # of a logit
SMALL_BYTES: Final = 2**30  # up to here logits are compared in float64: only what is saved differs
ADAPTER_FILES: Final = (
    PEFT_CONFIG,
    "adapter_model.safetensors",
    BOTTLENECK_CONFIG,
    "bottleneck.safetensors",
)


def merge(job: Mapping[str, Any]) -> dict[str, Any]:
    """Write the trained model of ``job["checkpoint"]`` to ``job["out"]``, in one piece if it can.

    What no weight of the base can hold (a prefix, bottlenecks) is published beside the base, in
    ``adapter/``, and ``trained_models.load_trained`` puts both together.

    Raises:
        GateError: If the model read back gives other logits than the trained one.
    """
    make_reproducible(0, int(job["threads"]))
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    checkpoint, out = Path(job["checkpoint"]), Path(job["out"])
    tokenizer = AutoTokenizer.from_pretrained(str(checkpoint))
    is_whole = not any((checkpoint / name).exists() for name in (PEFT_CONFIG, BOTTLENECK_CONFIG))
    start = checkpoint if is_whole else Path(job["base"])
    small = sum(path.stat().st_size for path in start.glob("*.safetensors")) < SMALL_BYTES
    exact = torch.float64 if small else torch.float32
    quantization = read_quantization(checkpoint)
    if quantization is None:
        model = AutoModelForCausalLM.from_pretrained(str(start), dtype=exact, use_safetensors=True)
    else:  # four bits compute in float32 at most
        exact = torch.float32
        model = load_quantized(start, quantization, exact)
    if not is_whole:
        model = attach_adapter(model, checkpoint)
    trained = probe_logits(model, tokenizer)
    reason = _cannot_merge(checkpoint)
    if reason:
        base = AutoModelForCausalLM.from_pretrained(str(start), dtype="auto", use_safetensors=True)
        base.save_pretrained(str(out))
        for name in ADAPTER_FILES:
            if (checkpoint / name).exists():
                (out / ADAPTER_FOLDER).mkdir(exist_ok=True)
                shutil.copyfile(checkpoint / name, out / ADAPTER_FOLDER / name)
    else:
        if quantization is not None:
            model = attach_adapter(widen(load_quantized(start, quantization, exact)), checkpoint)
        merged = model if is_whole else model.merge_and_unload()
        merged.to(torch.float32).save_pretrained(str(out))
    tokenizer.save_pretrained(str(out))
    read_back = load_trained(out, exact)
    worst = check_parity(trained, probe_logits(read_back, tokenizer))
    return {"largest_difference": worst, "not_merged": reason}


def _cannot_merge(checkpoint: Path) -> str:
    """Return why the adapter stays beside the base; empty if it can be merged."""
    if (checkpoint / BOTTLENECK_CONFIG).exists():
        return UNMERGEABLE["adapter"]
    config = checkpoint / PEFT_CONFIG
    kind = json.loads(config.read_text(encoding="utf-8"))["peft_type"] if config.exists() else ""
    return UNMERGEABLE["prefix"] if kind == "PREFIX_TUNING" else ""


def probe_logits(model: Any, tokenizer: Any) -> list[Any]:
    """Return the logits of every position of each probe."""
    import torch

    model.eval()
    with torch.no_grad():
        return [
            model(input_ids=torch.tensor([tokenizer(text)["input_ids"]])).logits for text in PROBES
        ]


def check_parity(trained: list[Any], merged: list[Any]) -> str:
    """Return the largest difference of two logits, as text.

    Raises:
        GateError: If it exceeds ``TOLERANCE`` or is not a number.
    """
    differences = [float((a - b).abs().max()) for a, b in zip(trained, merged, strict=True)]
    worst = max(differences)
    if not all(difference <= TOLERANCE for difference in differences):  # a NaN is never <=
        raise GateError(
            f"merged model differs from the trained one by {worst:.2e} in a logit; "
            f"expected at most {TOLERANCE:.0e}. hint: train and merge in fp32"
        )
    return f"{worst:.1e}"


if __name__ == "__main__":
    run_as_job(merge)
