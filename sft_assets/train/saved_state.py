"""The state of a training in and out of a checkpoint: weights, optimizer, schedule, randomness.

Loaded only inside a training process: importing this module loads torch.
"""

import random
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch  # noqa: TID253 - runs only in a training process
from safetensors.torch import load_file, save_file

from sft_assets.train.journal import Journal
from sft_assets.train.part_checkpoints import (
    JOURNAL,
    STATE,
    WEIGHTS,
    Identity,
    prune,
    publish,
    rank_files,
    staged_folder,
)
from sft_assets.train.scale import BatchPlan
from sft_assets.train.tensor_trees import load_tree, save_tree

PARTS_OF_ZERO: Final = (  # what DeepSpeed's optimizers hold of a rank, by stage
    "base_optimizer_state",
    "single_partition_of_fp32_groups",
    "optimizer_state_dict",
    "fp32_flat_groups",
)
ADALORA_MEANS: Final = ("ipt", "exp_avg_ipt", "exp_avg_unc")


@dataclass(slots=True)
class SavedState:
    """Where checkpoints of a training go, and what they say of themselves."""

    folder: Path
    identity: Identity
    plan: BatchPlan
    journal: Journal
    keep: int
    keep_best: bool
    rank: int = 0

    def save(self, trainer: Any) -> None:
        """Write and publish a checkpoint of ``trainer``; all ranks call it together."""
        step = int(trainer.state.global_step)
        staged = staged_folder(self.folder, step)
        if self.rank == 0:
            shutil.rmtree(staged, ignore_errors=True)
            staged.mkdir(parents=True)
        trainer.accelerator.wait_for_everyone()
        weights = trained_weights(trainer.model)
        if self.rank == 0:
            save_file(weights, staged / WEIGHTS, metadata={"format": "pt"})
            trainer.state.save_to_json(str(staged / STATE))
            (staged / JOURNAL).write_text(self.journal.as_text(), encoding="utf-8")
        tensors, tree = (staged / name for name in rank_files(self.rank))
        save_tree(state_of(trainer), tensors, tree)
        trainer.accelerator.wait_for_everyone()
        if self.rank == 0:
            publish(self.folder, step, self.identity, self.plan.as_plain())
            best = self.journal.best_step if self.keep_best else None
            prune(self.folder, keep=self.keep, also=() if best is None else (best,))
        trainer.accelerator.wait_for_everyone()

    def load_weights(self, checkpoint: Path, model: Any) -> None:
        """Put the checkpoint's weights into ``model``."""
        put_weights(model, load_file(checkpoint / WEIGHTS))

    def load_optimizer(self, checkpoint: Path, trainer: Any) -> None:
        """Put optimizer, schedule and what else moves into ``trainer``."""
        saved = load_tree(*(checkpoint / name for name in rank_files(self.rank)))
        if trainer.is_deepspeed_enabled:
            _load_zero(trainer.model_wrapped, saved["optimizer"])
        else:
            trainer.optimizer.load_state_dict(saved["optimizer"])
        trainer.lr_scheduler.load_state_dict(saved["schedule"])
        if trainer.accelerator.scaler is not None:
            trainer.accelerator.scaler.load_state_dict(saved["scaler"])
        if saved["adalora"] is not None:
            _load_adalora(trainer.model, saved["adalora"])

    def load_random_state(self, checkpoint: Path) -> None:
        """Put every random generator where it was."""
        saved = load_tree(*(checkpoint / name for name in rank_files(self.rank)))["random"]
        random.setstate(saved["python"])
        kind, keys, *rest = saved["numpy"]
        np.random.set_state((kind, keys.numpy().astype(np.uint32), *rest))
        torch.random.set_rng_state(saved["cpu"])
        if saved["cuda"]:
            torch.cuda.random.set_rng_state_all(saved["cuda"])


def state_of(trainer: Any) -> dict[str, Any]:
    """Return all of one rank that is not weights."""
    kind, keys, *rest = np.random.get_state(legacy=True)
    scaler = trainer.accelerator.scaler
    if trainer.is_deepspeed_enabled:
        optimizer = _zero_of(trainer.model_wrapped)
    else:
        optimizer = trainer.optimizer.state_dict()
    return {
        "optimizer": optimizer,
        "schedule": _plain_schedule(trainer.lr_scheduler.state_dict()),
        "scaler": scaler.state_dict() if scaler is not None else None,
        "adalora": _adalora_of(trainer.model),
        "random": {
            "python": random.getstate(),
            "numpy": (kind, torch.from_numpy(np.asarray(keys, dtype=np.int64)), *rest),
            "cpu": torch.random.get_rng_state(),
            "cuda": torch.cuda.random.get_rng_state_all() if torch.cuda.is_available() else [],
        },
    }


def trained_weights(model: Any) -> dict[str, torch.Tensor]:
    """Return the weights that training changes, by name, whole on every rank."""
    named = dict(_changing(model))
    with gathered(list(named.values())):
        return {name: w.detach().cpu().contiguous().clone() for name, w in named.items()}


def put_weights(model: Any, weights: dict[str, torch.Tensor]) -> None:
    """Put ``weights`` into ``model``.

    Raises:
        KeyError: If they are not those that training changes.
    """
    named = dict(_changing(model))
    if set(named) != set(weights):
        raise KeyError("checkpoint holds other weights than the recipe trains")
    with gathered(list(named.values()), writes=True), torch.no_grad():
        for name, weight in named.items():
            if weight.shape == weights[name].shape:  # else a rank that does not write
                weight.copy_(weights[name])


def _changing(model: Any) -> Iterator[tuple[str, Any]]:
    for name, weight in model.named_parameters():
        if weight.requires_grad or "ranknum" in name:
            yield name, weight


@contextmanager
def gathered(weights: Sequence[Any], *, writes: bool = False) -> Iterator[None]:
    """Make weights that ZeRO-3 shared out whole for a while."""
    if not any(hasattr(weight, "ds_id") for weight in weights):
        yield
        return
    from deepspeed.runtime.zero import GatheredParameters

    with GatheredParameters(list(weights), modifier_rank=0 if writes else None):
        yield


def _zero_of(engine: Any) -> dict[str, Any]:
    state = engine.optimizer.state_dict()
    if "state" in state:  # stage 0: the plain optimizer
        return {"plain": state}
    parts = {name: state[name] for name in PARTS_OF_ZERO if name in state}
    return {"parts": parts, "counts": _counts_of(engine)}


def _load_zero(engine: Any, saved: dict[str, Any]) -> None:
    if "plain" in saved:
        engine.optimizer.load_state_dict(saved["plain"])
        return
    whole = {**engine.optimizer.state_dict(), **saved["parts"]}  # what is no tensor is as it was
    ranks = torch.distributed.get_world_size()
    engine.optimizer.load_state_dict([whole] * ranks, load_from_fp32_weights=True)
    for name, value in saved["counts"].items():
        setattr(engine, name, value)


def _counts_of(engine: Any) -> dict[str, int]:
    names = ("global_steps", "global_samples", "micro_steps", "skipped_steps")
    return {name: int(getattr(engine, name)) for name in names}


def _plain_schedule(state: dict[str, Any]) -> dict[str, Any]:
    """Return a schedule's state without its functions, which the next run makes again."""
    return {name: value for name, value in state.items() if name != "lr_lambdas"} | {
        "lr_lambdas": [None] * len(state.get("lr_lambdas", []))
    }


def _adalora_of(model: Any) -> dict[str, Any] | None:
    allocator = getattr(getattr(model, "base_model", None), "rankallocator", None)
    if allocator is None:
        return None
    pattern = model.peft_config["default"].rank_pattern
    return {name: getattr(allocator, name) for name in ADALORA_MEANS} | {"pattern": pattern}


def _load_adalora(model: Any, saved: dict[str, Any]) -> None:
    for name in ADALORA_MEANS:
        setattr(model.base_model.rankallocator, name, saved[name])
    model.peft_config["default"].rank_pattern = saved["pattern"]
