"""What a recipe needs of its base and of this machine, asked before any weight is loaded.

The rules that a recipe can be judged by alone are in ``recipe_rules``.
"""

import importlib.util
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import SettingsError
from sft_assets.train.recipe import Recipe

STATEFUL_ATTENTION: Final = ("linear_attention", "mamba", "recurrent", "conv")
LEFT_LOCK_SECONDS: Final = 600.0  # the build that it guards takes a minute


def refuse_unfit(recipe: Recipe, base: Path) -> None:
    """Refuse a recipe that the base in folder ``base`` or this machine cannot be trained by.

    Raises:
        SettingsError: With every fault, each with what is expected instead.
    """
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    has_bf16 = bool(gpus) and torch.cuda.is_bf16_supported()
    faults = [
        *find_precision_faults(recipe, has_gpu=gpus > 0, gpu_has_bf16=has_bf16),
        *find_rank_faults(recipe, gpus),
        *find_missing_parts(recipe, gpus),
        *_packing_of_states(recipe, base),
        *find_unknown_modules(recipe, base),
    ]
    if faults:
        raise SettingsError(f"the recipe cannot be trained here: {'; '.join(faults)}")


def find_precision_faults(recipe: Recipe, *, has_gpu: bool, gpu_has_bf16: bool) -> Iterator[str]:
    """Yield why the recipe's precision is not to be had on this machine."""
    if recipe.precision in ("bf16", "fp16") and not has_gpu:
        yield (
            f"precision is {recipe.precision} and this machine has no GPU; "
            "expected auto or fp32 here"
        )
    elif recipe.precision == "bf16" and not gpu_has_bf16:
        yield (
            "precision is bf16 and this GPU cannot compute in it; expected auto, fp16 or fp32 here"
        )


def find_rank_faults(recipe: Recipe, gpus: int) -> Iterator[str]:
    """Yield why the ranks cannot share the machine's ``gpus``; on a CPU any number can."""
    here = int(os.environ.get("LOCAL_WORLD_SIZE", recipe.scale.ranks))  # torchrun tells its share
    if 0 < gpus < here:
        yield (
            f"scale.ranks is {recipe.scale.ranks}, {here} of them on this machine, which has "
            f"{gpus} GPU; expected at most {gpus} here"
        )


def find_missing_parts(recipe: Recipe, gpus: int) -> Iterator[str]:
    """Yield each package or tool that the recipe asks for and that is not there."""
    if recipe.quantization is not None and not _is_installed("bitsandbytes"):
        yield (
            "method is qlora and bitsandbytes is not installed; "
            "expected it: pip install 'sft-assets[qlora]'"
        )
    for tracker in recipe.trackers:
        if not _is_installed(tracker):
            yield (
                f"trackers names {tracker}, which is not installed; "
                f"expected it: pip install 'sft-assets[{tracker}]'"
            )
    if recipe.scale.zero is None:
        return
    setting = f"scale.zero is {recipe.scale.zero}"
    if not _is_installed("deepspeed"):
        yield f"{setting} and deepspeed is not installed; expected it, or scale.zero: null"
    elif not gpus:  # there DeepSpeed compiles how its ranks talk to each other
        compiler = os.environ.get("CXX", "c++")
        beside_python = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        for tool in (compiler, "ninja"):
            if shutil.which(tool, path=beside_python) is None:
                yield (
                    f"{setting} and without a GPU DeepSpeed has a part to compile, for which "
                    f"{tool} is missing; expected it (g++ and ninja-build), or scale.zero: null"
                )
        yield from (
            f"{setting} and {lock} is of a build that was killed, for which DeepSpeed would wait "
            "for ever; expected none: remove that file"
            for lock in left_build_locks(_extensions_folder())
        )


def left_build_locks(folder: Path) -> list[Path]:
    """Return the locks of torch's compiled extensions that no running build can hold any more."""
    locks = folder.glob("**/deepspeed_*/lock")
    return sorted(p for p in locks if time.time() - p.stat().st_mtime > LEFT_LOCK_SECONDS)


def find_unknown_modules(recipe: Recipe, base: Path) -> Iterator[str]:
    """Yield the target modules that are no layers of the base which an adapter can stand beside."""
    section = "lora" if recipe.lora else "adalora"
    part = recipe.lora or recipe.adalora
    if part is None:
        return
    known = adaptable_modules(base)
    unknown = sorted(set(part.target_modules) - known)
    if unknown:
        yield (
            f"{section}.target_modules names {', '.join(unknown)}, which the base "
            f"({_model_type(base)}) does not have; expected some of {', '.join(sorted(known))}"
        )


def adaptable_modules(base: Path) -> set[str]:
    """Return the last names of the base's linear and embedding layers, without its weights."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM
    from transformers.pytorch_utils import Conv1D

    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(str(base)))
    kinds = (torch.nn.Linear, torch.nn.Embedding, Conv1D)
    found = (name for name, module in model.named_modules() if isinstance(module, kinds))
    return {name.rpartition(".")[2] for name in found}


def _packing_of_states(recipe: Recipe, base: Path) -> Iterator[str]:
    """Yield why rows cannot be packed for a model that carries a state from token to token."""
    if recipe.data.packing == "none":
        return
    kinds = [str(kind) for kind in _config_of(base).get("layer_types") or ()]
    stateful = sorted({k for k in kinds if any(mark in k for mark in STATEFUL_ATTENTION)})
    if stateful:
        yield (
            f"data.packing is isolated and the base has layers of {', '.join(stateful)}, which "
            "carry a state from one document to the next; expected data.packing: none"
        )


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


def _extensions_folder() -> Path:
    from torch.utils.cpp_extension import get_default_build_root

    return Path(os.environ.get("TORCH_EXTENSIONS_DIR") or get_default_build_root())


def _model_type(base: Path) -> str:
    return str(_config_of(base).get("model_type"))


def _config_of(base: Path) -> dict[str, Any]:
    config: dict[str, Any] = json.loads((base / "config.json").read_text(encoding="utf-8"))
    return config
