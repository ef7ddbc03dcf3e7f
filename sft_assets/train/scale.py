"""How a step's rows are portioned among ranks and forward passes, and what DeepSpeed is told.

The rows of a step are the recipe's, whatever the number of ranks and however small the memory:
only how many of them go through the model at a time changes.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sft_assets.train.recipe import Recipe


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """``micro_rows`` x ``accumulate`` x ``ranks`` = rows of a step."""

    micro_rows: int  # rows of one forward pass of one rank
    accumulate: int  # forward passes of one rank before the weights move
    ranks: int

    def as_plain(self) -> dict[str, int]:
        """Return it as JSON."""
        return asdict(self)


def plan_batches(recipe: Recipe, *, at_most: int | None = None) -> BatchPlan:
    """Return the plan with the largest forward pass of at most ``batch_rows`` rows.

    Args:
        at_most: A smaller limit, after memory ran out.
    """
    share = recipe.data.rows_a_step // recipe.scale.ranks
    limit = min(recipe.data.batch_rows, at_most or recipe.data.batch_rows, share)
    micro = next(rows for rows in range(limit, 0, -1) if share % rows == 0)
    return BatchPlan(micro, share // micro, recipe.scale.ranks)


def deepspeed_settings(recipe: Recipe, plan: BatchPlan) -> dict[str, Any] | None:
    """Return DeepSpeed's configuration, None where the recipe does not use it.

    torch's AdamW moves the weights on every stage: the same optimizer as without DeepSpeed, and
    none that must be compiled first.
    """
    zero = recipe.scale.zero
    if zero is None:
        return None
    stage: dict[str, Any] = {"stage": zero}
    if zero >= 2:
        stage |= {"overlap_comm": False, "contiguous_gradients": True}
    if recipe.scale.offload:
        stage["offload_optimizer"] = {"device": "cpu"}
        if zero == 3:
            stage["offload_param"] = {"device": "cpu"}
    if zero == 3:
        stage["stage3_gather_16bit_weights_on_model_save"] = True
    return {
        "train_micro_batch_size_per_gpu": plan.micro_rows,
        "gradient_accumulation_steps": plan.accumulate,
        "gradient_clipping": recipe.optimizer.max_grad_norm,
        "zero_optimization": stage,
        "zero_allow_untested_optimizer": True,
        "zero_force_ds_cpu_optimizer": False,
        "bf16": {"enabled": "auto"},
        "fp16": {"enabled": "auto"},
        "wall_clock_breakdown": False,
    }
