"""Merge a checkpoint into a model that loads by itself: ``python -m sft_assets.train.merge``.

What is compared is not the model in memory but the one read back from the files: the merged or
served model that differs from the trained one is a complaint about every trainer.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import GateError
from sft_assets.language_models.job_child import make_reproducible, run_as_job

PROBES: Final = (
    "[第12页]\n单位：元\n项目 2020年 2019年\n营业收入 1,234,567,890.12 1,100,000.00\n多少？",
    "[page 7]\nItem FY2020 FY2019\nTotal assets 12,345 11,000\nWhat were total assets?",
    "你好。",
    "0123456789.,%-()",
)
TOLERANCE: Final = 1e-4  # of a logit
SMALL_BYTES: Final = 2**30  # up to here logits are compared in float64: only what is saved differs
ADAPTER_CONFIG: Final = "adapter_config.json"


def merge(job: Mapping[str, Any]) -> dict[str, Any]:
    """Write the merged model of ``job["checkpoint"]`` to ``job["out"]``.

    Raises:
        GateError: If the model read back gives other logits than the trained one.
    """
    make_reproducible(0, int(job["threads"]))
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    checkpoint, out = Path(job["checkpoint"]), Path(job["out"])
    tokenizer = AutoTokenizer.from_pretrained(str(checkpoint))
    is_adapter = (checkpoint / ADAPTER_CONFIG).exists()
    start = str(job["base"]) if is_adapter else str(checkpoint)
    small = sum(path.stat().st_size for path in Path(start).glob("*.safetensors")) < SMALL_BYTES
    exact = torch.float64 if small else torch.float32
    model = AutoModelForCausalLM.from_pretrained(start, dtype=exact, use_safetensors=True)
    if is_adapter:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, str(checkpoint))
    trained = probe_logits(model, tokenizer)
    merged = model.merge_and_unload() if is_adapter else model
    merged.to(torch.float32).save_pretrained(str(out))
    tokenizer.save_pretrained(str(out))
    read_back = AutoModelForCausalLM.from_pretrained(str(out), dtype=exact, use_safetensors=True)
    return {"largest_difference": check_parity(trained, probe_logits(read_back, tokenizer))}


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
