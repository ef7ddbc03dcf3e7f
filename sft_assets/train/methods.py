"""Which weights move: the base model made trainable as the recipe's method says.

Loaded only inside a training process.
"""

import json
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import SettingsError
from sft_assets.language_models.quantized import load_quantized, write_quantization
from sft_assets.train.recipe import LoraPart, Recipe
from sft_assets.train.recipe_rules import refuse_for_machine

STATEFUL_ATTENTION: Final = ("linear_attention", "mamba", "recurrent", "conv")


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

    Raises:
        SettingsError: If the recipe's modules are not in this model, or its precision is not on
            this machine, or its packing is not for this kind of model.
    """
    import torch
    from transformers import AutoModelForCausalLM

    has_gpu = torch.cuda.is_available()
    refuse_for_machine(
        recipe, has_gpu=has_gpu, gpu_has_bf16=has_gpu and torch.cuda.is_bf16_supported()
    )
    refuse_packing_of_states(base, recipe)
    if recipe.quantization is not None:
        settings = recipe.quantization.model_dump(mode="json")
        model = load_quantized(base, settings, compute_dtype(recipe))
        model.requires_grad_(requires_grad=False)
    else:
        model = AutoModelForCausalLM.from_pretrained(
            str(base), dtype=torch.float32, use_safetensors=True
        )
    return _attach(model, recipe, steps)


def refuse_packing_of_states(base: Path, recipe: Recipe) -> None:
    """Refuse packing for a model that carries a state from token to token.

    Raises:
        SettingsError: Then: positions that start again do not clear that state.
    """
    if recipe.data.packing == "none":
        return
    config = json.loads((base / "config.json").read_text(encoding="utf-8"))
    kinds = [str(kind) for kind in config.get("layer_types") or ()]
    stateful = sorted({k for k in kinds if any(mark in k for mark in STATEFUL_ATTENTION)})
    if stateful:
        raise SettingsError(
            f"data.packing is isolated and the base has layers of {', '.join(stateful)}; expected "
            "attention only. hint: such layers carry a state from one document to the next"
        )


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
        refuse_unknown_modules(model, "adalora", part.target_modules)
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
    refuse_unknown_modules(model, "lora", part_lora.target_modules)
    return LoraConfig(
        task_type="CAUSAL_LM",
        r=part_lora.rank,
        lora_alpha=part_lora.alpha,
        lora_dropout=part_lora.dropout,
        target_modules=list(part_lora.target_modules),
    )


def refuse_unknown_modules(model: Any, section: str, wanted: tuple[str, ...]) -> None:
    """Refuse modules that the base does not have.

    Raises:
        SettingsError: Then, with their names.
    """
    leaves = {name.rpartition(".")[2] for name, _ in model.named_modules()}
    unknown = sorted(set(wanted) - leaves)
    if unknown:
        raise SettingsError(
            f"{section}.target_modules names {', '.join(unknown)}; "
            "expected modules of the base model"
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
