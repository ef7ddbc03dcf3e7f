"""One training of ``benchmarks.forgetting``: trains without the rows that are to be remembered."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sft_assets.language_models.job_child import run_as_job
from sft_assets.train import lessons, run


def work(job: Mapping[str, Any]) -> dict[str, str]:
    """Return the losses on report rows and on general rows, before and after."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from sft_assets.train.answer_loss import mean_answer_loss
    from sft_assets.train.rows import encode_rows, read_conversations

    _leave_out_the_remembered()
    told = run.train(job)
    tokenizer = AutoTokenizer.from_pretrained(job["base"])
    rows = encode_rows(read_conversations(Path(job["measure"])), tokenizer, 1024).rows

    def loss_of(folder: str) -> str:
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
        return f"{mean_answer_loss(model, rows, tokenizer.pad_token_id, 8):.4f}"

    return {
        "report_before": told["validation_loss_before"],
        "report_after": told["validation_loss_after"],
        "general_before": loss_of(job["base"]),
        "general_after": loss_of(job["out"]),
    }


def _leave_out_the_remembered() -> None:
    """Let Fisher information be measured on the general rows, and nothing be learned from them."""
    order = lessons.order_packs

    def without_general(rows: Any, recipe: Any, general: Any, *given: Any) -> Any:
        kept = [row for at, row in enumerate(rows) if at not in general]
        return order(kept, recipe, frozenset(), *given)

    lessons.order_packs = without_general


if __name__ == "__main__":
    run_as_job(work)
