"""Which weights move: the base model made trainable as the recipe's method says.

Loaded only inside a training process.
"""

import json
from pathlib import Path
from typing import Any

from sft_assets.language_models.quantized import load_quantized, write_quantization
from sft_assets.train.recipe import LoraPart, Recipe


def compute_dtype(recipe: Recipe) -> Any:
    """Return the type in which the recipe computes on this machine."""
    import torch

    use_gpu = torch.cuda.is_available()
    if recipe.precision == "auto":
        return torch.bfloat16 if use_gpu and torch.cuda.is_bf16_supported() else torch.float32
    return {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[recipe.precision]


def load_trainable(base: Path, recipe: Recipe, *, steps: int) -> Any:
    """Return the base model with the weights that the recipe trains set to move.

    Args:
        base: Folder of the base model.
        recipe: What is trained of it.
        steps: Length of the training; AdaLoRA shares its ranks out over it.
    """
    import torch
    from transformers import AutoModelForCausalLM

    if recipe.quantization is not None:
        settings = recipe.quantization.model_dump(mode="json")
        model = load_quantized(base, settings, compute_dtype(recipe))
        model.requires_grad_(requires_grad=False)
    else:
        model = AutoModelForCausalLM.from_pretrained(
            str(base), dtype=torch.float32, use_safetensors=True
        )
    return _attach(model, recipe, steps)


def _attach(model: Any, recipe: Recipe, steps: int) -> Any:
    if recipe.method == "full":
        return model
    if recipe.adapter is not None:
        from sft_assets.language_models.bottleneck import add_bottlenecks

        add_bottlenecks(model, recipe.adapter.width)
        return model
    from peft import get_peft_model

    return get_peft_model(model, _peft_config(model, recipe, steps))


def _peft_config(model: Any, recipe: Recipe, steps: int) -> Any:
    from peft import AdaLoraConfig, LoraConfig, PrefixTuningConfig

    if recipe.prefix is not None:
        config = model.config
        heads = getattr(config, "num_key_value_heads", config.num_attention_heads)
        width = getattr(config, "head_dim", config.hidden_size // config.num_attention_heads)
        return PrefixTuningConfig(
            task_type="CAUSAL_LM",
            num_virtual_tokens=recipe.prefix.tokens,
            token_dim=heads * width,  # of one layer's keys; PEFT's guess is wrong for some heads
            num_attention_heads=heads,
            num_layers=config.num_hidden_layers,
        )
    if recipe.adalora is not None:
        part = recipe.adalora
        return AdaLoraConfig(
            task_type="CAUSAL_LM",
            init_r=part.start_rank,
            target_r=part.rank,
            lora_alpha=part.alpha,
            lora_dropout=part.dropout,
            total_step=steps,
            tinit=round(part.warm_up_steps_share * steps),
            tfinal=round(part.final_steps_share * steps),
            deltaT=1,
            orth_reg_weight=part.orthogonality,
            target_modules=list(part.target_modules),
        )
    part_lora: LoraPart = recipe.lora  # type: ignore[assignment]  # by the recipe's own rules
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=part_lora.rank,
        lora_alpha=part_lora.alpha,
        lora_dropout=part_lora.dropout,
        target_modules=list(part_lora.target_modules),
    )


def save_checkpoint(model: Any, recipe: Recipe, out: Path, state: Any = None) -> None:
    """Write the trained weights as safetensors; no file names a path of this machine.

    Args:
        model: The trained model.
        recipe: How it was trained.
        out: Where the files go.
        state: Its weights, where ranks hold only parts of them.
    """
    if recipe.method == "adapter":
        from sft_assets.language_models.bottleneck import save_bottlenecks

        save_bottlenecks(model, out)
    else:
        model.save_pretrained(str(out), state_dict=state, safe_serialization=True)
    if recipe.quantization is not None:
        write_quantization(out, recipe.quantization.model_dump(mode="json"))
    (out / "README.md").unlink(missing_ok=True)  # a model card that names local paths
    adapter = out / "adapter_config.json"
    if adapter.exists():
        config = json.loads(adapter.read_text(encoding="utf-8"))
        config["base_model_name_or_path"] = "base_model"  # the published step, not a path
        if isinstance(config.get("target_modules"), list):
            config["target_modules"] = sorted(config["target_modules"])  # a set in PEFT
        adapter.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
