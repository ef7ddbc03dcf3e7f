"""Which settings of a recipe exclude each other, each with its reason.

All of it is known from the recipe alone: nothing is loaded to find out.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sft_assets.train.recipe import Recipe

SECTIONS: Final[dict[str, frozenset[str]]] = {  # section -> the methods that it belongs to
    "lora": frozenset({"lora", "qlora"}),
    "adalora": frozenset({"adalora"}),
    "quantization": frozenset({"qlora"}),
    "prefix": frozenset({"prefix"}),
    "adapter": frozenset({"adapter"}),
}
UNMERGEABLE: Final = {
    "prefix": "a prefix is keys and values before the text, and no weight of the model holds them",
    "adapter": "a bottleneck has a non-linear function inside, and no linear layer can hold it",
}


def find_faults(recipe: "Recipe") -> list[str]:
    """Return why the recipe cannot work, one sentence a fault; empty if it can."""
    return [*_sections(recipe), *_methods(recipe), *_data(recipe), *_scale(recipe)]


def _sections(recipe: "Recipe") -> list[str]:
    faults = []
    for section, methods in SECTIONS.items():
        given = getattr(recipe, section) is not None
        if given and recipe.method not in methods:
            why = ": quantised weights cannot be trained" if section == "quantization" else ""
            faults.append(
                f"a {section} section belongs to method: {' or '.join(sorted(methods))}, "
                f"and to no other{why}"
            )
        if not given and recipe.method in methods:
            faults.append(f"method: {recipe.method} needs a {section} section")
    return faults


def _methods(recipe: "Recipe") -> list[str]:
    method, forgetting = recipe.method, recipe.forgetting
    pairs = [
        (
            method == "prefix" and recipe.gradient_checkpointing,
            "prefix with gradient_checkpointing: the checkpointed layers would compute their "
            "prefix twice and lose its gradient",
        ),
        (
            recipe.merge == "always" and method in UNMERGEABLE,
            f"merge: always with method: {method}: {UNMERGEABLE.get(method, '')}",
        ),
        (
            forgetting.method == "ewc" and method != "full",
            f"forgetting.method: ewc with method: {method}: Fisher information is of weights that "
            "are trained, and the base's are frozen",
        ),
        (
            forgetting.method == "l2" and method not in ("full", "lora"),
            f"forgetting.method: l2 with method: {method}: its distance to the base is no "
            "difference of weights",
        ),
        (
            (forgetting.method == "none") != (forgetting.strength == 0),
            "forgetting.strength is above 0 exactly where forgetting.method is not none",
        ),
        (
            recipe.optimizer.layer_decay < 1 and method not in ("full", "lora"),
            f"optimizer.layer_decay with method: {method}: its weights do not belong to one layer",
        ),
        (
            recipe.teacher is not None and recipe.data.learn == "all",
            "teacher with data.learn: all: the teacher's answers are what is to be learned",
        ),
    ]
    return [reason for holds, reason in pairs if holds]


def _data(recipe: "Recipe") -> list[str]:
    data, validation = recipe.data, recipe.validation
    pairs = [
        (
            data.packing == "joined",
            "data.packing: joined: documents of one row would read each other; use isolated",
        ),
        (
            data.packing == "isolated" and recipe.method == "prefix",
            "data.packing with method: prefix: the prefix would stand before the first document "
            "of a row only",
        ),
        (
            data.max_tokens != "auto" and data.min_tokens > data.max_tokens,
            "data.min_tokens is above data.max_tokens: no row would be left",
        ),
        (
            validation.patience is not None and validation.every_steps is None,
            "validation.patience without validation.every_steps: nothing to stop by",
        ),
        (
            validation.every_steps is not None and validation.rows == 0,
            "validation.every_steps with validation.rows: 0: nothing to validate on",
        ),
    ]
    return [reason for holds, reason in pairs if holds]


def _scale(recipe: "Recipe") -> list[str]:
    scale, zero = recipe.scale, recipe.scale.zero
    pairs = [
        (
            recipe.data.rows_a_step % scale.ranks != 0,
            f"a step has {recipe.data.rows_a_step} rows, which {scale.ranks} ranks cannot share "
            "evenly; the batch must be the same on any number of ranks",
        ),
        (
            scale.offload and (zero is None or zero < 2),
            "scale.offload with scale.zero below 2: ZeRO offloads what it shares out",
        ),
        (
            zero is not None and recipe.method == "adalora",
            "scale.zero with method: adalora: the importance of a rank is read from gradients, "
            "which ZeRO does not leave in place",
        ),
        (
            zero == 3 and recipe.method in ("qlora", "prefix", "adapter"),
            f"scale.zero: 3 with method: {recipe.method}: only a part of each weight is on a rank",
        ),
        (
            zero == 3 and recipe.forgetting.method != "none",
            "scale.zero: 3 with forgetting: only a part of each weight is on a rank",
        ),
        (
            zero is not None and recipe.precision == "fp16" and recipe.method == "qlora",
            "scale.zero with method: qlora in fp16: use bf16",
        ),
    ]
    return [reason for holds, reason in pairs if holds]
