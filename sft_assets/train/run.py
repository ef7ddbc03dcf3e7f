"""Train one checkpoint in a process of its own: ``python -m sft_assets.train.run --job FILE``.

From top to bottom: rows are encoded and ordered, the base is loaded, the recipe's method decides
which weights move, the Trainer moves them, and what is left is written as safetensors.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sft_assets.errors import SettingsError
from sft_assets.language_models.chat import EncodedConversation
from sft_assets.language_models.job_child import make_reproducible, run_as_job
from sft_assets.train.recipe import Recipe
from sft_assets.train.rows import encode_rows, order_rows, read_conversations

VALIDATION_ROWS = 64  # enough to see whether it learned or memorised


def train(job: Mapping[str, Any]) -> dict[str, Any]:
    """Train as ``job`` says and return counts and losses; the files go to ``job["out"]``."""
    recipe = Recipe.model_validate(job["recipe"])
    make_reproducible(recipe.seed, recipe.threads)
    from transformers import AutoTokenizer

    data, out = Path(job["data"]), Path(job["out"])
    tokenizer = AutoTokenizer.from_pretrained(job["base"])
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    limit = recipe.data.max_tokens
    encoded = encode_rows(read_conversations(data / "train.jsonl"), tokenizer, limit)
    validation = encode_rows(read_conversations(data / "validation.jsonl"), tokenizer, limit)
    if not encoded.rows:
        raise SettingsError(
            f"training rows are 0 of {encoded.rows_in}; expected at least one. "
            f"hint: raise data.max_tokens above {limit}, or release a larger data set"
        )
    model = load_trainable(Path(job["base"]), recipe)
    losses = _fit(model, encoded.rows, validation.rows[:VALIDATION_ROWS], tokenizer, recipe, out)
    save_checkpoint(model, out)
    tokenizer.save_pretrained(str(out))
    return {
        "rows_in": encoded.rows_in,
        "kept": len(encoded.rows),
        "dropped": {reason: rows for reason, rows in encoded.dropped.items() if rows},
        **losses,
    }


def load_trainable(base: Path, recipe: Recipe) -> Any:
    """Return the base model with the weights that the recipe trains set to move.

    Raises:
        SettingsError: If the recipe's modules are not in this model, or its precision is not on
            this machine.
    """
    import torch
    from transformers import AutoModelForCausalLM

    has_gpu = torch.cuda.is_available()
    if recipe.precision == "bf16" and not has_gpu:
        raise SettingsError(
            "precision is bf16 and this machine has no GPU; expected auto or fp32 here"
        )
    model = AutoModelForCausalLM.from_pretrained(
        str(base), dtype=torch.float32, use_safetensors=True
    )
    if recipe.lora is None:
        return model
    from peft import LoraConfig, get_peft_model

    leaves = {name.rpartition(".")[2] for name, _ in model.named_modules()}
    unknown = sorted(set(recipe.lora.target_modules) - leaves)
    if unknown:
        raise SettingsError(
            f"lora.target_modules names {', '.join(unknown)}; expected modules of the base model"
        )
    return get_peft_model(
        model,
        LoraConfig(
            task_type="CAUSAL_LM",
            r=recipe.lora.rank,
            lora_alpha=recipe.lora.alpha,
            lora_dropout=recipe.lora.dropout,
            target_modules=list(recipe.lora.target_modules),
        ),
    )


def _fit(
    model: Any,
    rows: Sequence[EncodedConversation],
    validation: Sequence[EncodedConversation],
    tokenizer: Any,
    recipe: Recipe,
    out: Path,
) -> dict[str, Any]:
    import torch
    from transformers import TrainingArguments

    from sft_assets.train.answer_trainer import AnswerTrainer, StepLog, mean_answer_loss

    data, optimizer = recipe.data, recipe.optimizer
    rows_a_step = data.batch_rows * data.accumulate
    if optimizer.max_steps is None:
        epochs = optimizer.epochs or 1
        steps = -(-len(rows) * epochs // rows_a_step)
    else:
        steps = optimizer.max_steps
        epochs = -(-steps * rows_a_step // len(rows))
    ordered = order_rows(rows, epochs=epochs, batch_rows=data.batch_rows, seed=recipe.seed)
    ordered = ordered[: steps * rows_a_step]
    use_gpu = torch.cuda.is_available()
    bf16 = recipe.precision == "bf16" or (
        recipe.precision == "auto" and use_gpu and torch.cuda.is_bf16_supported()
    )
    arguments = TrainingArguments(
        output_dir=str(out.parent / "trainer"),
        max_steps=steps,
        per_device_train_batch_size=data.batch_rows,
        gradient_accumulation_steps=data.accumulate,
        learning_rate=optimizer.learning_rate,
        lr_scheduler_type="cosine",
        warmup_steps=round(optimizer.warm_up_share * steps),
        weight_decay=optimizer.weight_decay,
        max_grad_norm=optimizer.max_grad_norm,
        optim="adamw_torch",
        bf16=bf16,
        use_cpu=not use_gpu,
        seed=recipe.seed,
        data_seed=recipe.seed,
        logging_steps=1,
        logging_nan_inf_filter=False,  # else a NaN is logged as the last good loss
        save_strategy="no",
        report_to=[],
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_num_workers=0,
        dataloader_pin_memory=False,
    )
    pad_id = int(tokenizer.pad_token_id)

    def validation_loss() -> str | None:
        if not validation:
            return None
        return f"{mean_answer_loss(model, validation, pad_id, data.batch_rows):.4f}"

    before = validation_loss()
    trainer = AnswerTrainer(
        model=model,
        args=arguments,
        rows=ordered,
        pad_id=pad_id,
        callbacks=[StepLog(out / "training_log.jsonl", steps)],
    )
    trainer.train()
    return {
        "steps": steps,
        "validation_loss_before": before,
        "validation_loss_after": validation_loss(),
    }


def save_checkpoint(model: Any, out: Path) -> None:
    """Write the trained weights as safetensors; no file names a path of this machine."""
    model.save_pretrained(str(out), safe_serialization=True)
    (out / "README.md").unlink(missing_ok=True)  # a model card that names local paths
    adapter = out / "adapter_config.json"
    if adapter.exists():
        config = json.loads(adapter.read_text(encoding="utf-8"))
        config["base_model_name_or_path"] = "base_model"  # the published step, not a path
        config["target_modules"] = sorted(config["target_modules"])  # a set in PEFT
        adapter.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    run_as_job(train)
