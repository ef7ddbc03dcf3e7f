"""Train one checkpoint in a process of its own: ``python -m sft_assets.train.run --job FILE``.

From top to bottom: rows are encoded and ordered, the newest good checkpoint is looked for, the
base is loaded, the recipe's method decides which weights move, the Trainer moves them, and what is
left is written as safetensors. Several ranks run the same lines; the first of them writes.
"""

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sft_assets.errors import SettingsError
from sft_assets.language_models.job_child import is_first_rank, make_reproducible, run_as_job
from sft_assets.train.journal import Journal, describe_fit
from sft_assets.train.lessons import Lessons, prepare_lessons
from sft_assets.train.part_checkpoints import (
    JOURNAL,
    Identity,
    PartCheckpoint,
    RefusedCheckpoint,
    find_newest,
    judge,
)
from sft_assets.train.preflight import refuse_unfit
from sft_assets.train.recipe import Recipe
from sft_assets.train.scale import BatchPlan, deepspeed_settings, plan_batches


def train(job: Mapping[str, Any]) -> dict[str, Any]:
    """Train as ``job`` says and return counts and losses; the files go to ``job["out"]``.

    Args:
        job: ``recipe``, ``data`` (folder of conversations), ``base`` (folder), ``out``; and
            perhaps ``kept`` (folder of checkpoints), ``identity``, ``general_rows``,
            ``micro_rows`` and ``trackers``.
    """
    recipe = Recipe.model_validate(job["recipe"])
    refuse_unfit(recipe, Path(job["base"]))
    make_reproducible(recipe.seed, recipe.threads)
    out = Path(job["out"])
    kept = Path(job.get("kept") or out.parent / "checkpoints")
    kept.mkdir(parents=True, exist_ok=True)
    lessons = prepare_lessons(job, recipe)
    start, refused = find_newest(kept, _identity(job, recipe))
    plan = _plan(recipe, job.get("micro_rows"), start)
    result = _Run(job, recipe, lessons, plan, kept, start).train()
    return {
        **lessons.counts,
        **result,
        "resumed_from": start.step if start else 0,
        "refused_checkpoints": [f"{bad.name}: {bad.reason}" for bad in refused],
        "micro_rows": plan.micro_rows,
    }


def _identity(job: Mapping[str, Any], recipe: Recipe) -> Identity:
    told = job.get("identity", {})
    return Identity(
        recipe=told.get("recipe", recipe.digest),
        dataset=told.get("dataset", ""),
        base=told.get("base", ""),
        code_version=told.get("code_version", ""),
        ranks=recipe.scale.ranks,
    )


def _plan(recipe: Recipe, at_most: int | None, start: PartCheckpoint | None) -> BatchPlan:
    """Return the batches' plan; a checkpoint that was made in smaller portions keeps to them."""
    limits = [at_most or recipe.data.batch_rows]
    if start is not None:
        limits.append(int(start.plan["micro_rows"]))
    return plan_batches(recipe, at_most=min(limits))


class _Run:
    """One training, from the base or a checkpoint to its end."""

    def __init__(
        self,
        job: Mapping[str, Any],
        recipe: Recipe,
        lessons: Lessons,
        plan: BatchPlan,
        kept: Path,
        start: PartCheckpoint | None,
    ) -> None:
        self._job = job
        self._recipe = recipe
        self._lessons = lessons
        self._plan = plan
        self._kept = kept
        self._start = start
        text = (start.folder / JOURNAL).read_text(encoding="utf-8") if start else ""
        self._journal = Journal.from_text(text)

    def train(self) -> dict[str, Any]:
        """Train, return to the best step if the recipe wants it, and write what is left."""
        from sft_assets.train.document_attention import prepare_packed
        from sft_assets.train.methods import load_trainable, save_checkpoint
        from sft_assets.train.saved_state import gathered

        arguments = self._arguments()  # before the model: ZeRO-3 shares it out while it loads
        model = load_trainable(Path(self._job["base"]), self._recipe, steps=self._lessons.steps)
        model.to(arguments.device)
        prepare_packed(model, self._recipe)
        trainer = self._trainer(model, arguments)
        if not self._is_over():
            trainer.go(self._start)
        self._return_to_best(model)
        after = self._validate(model)
        steps = len(self._journal.training)
        if self._recipe.validation.patience is None:
            self._journal.add_validation(steps, after)
        before = self._journal.validation_at(0)
        out = Path(self._job["out"])
        with gathered(list(model.parameters())):
            if is_first_rank():
                save_checkpoint(model, self._recipe, out)
                self._lessons.tokenizer.save_pretrained(str(out))
                self._journal.write_logs(out, self._lessons.general_shares)
        seen = [row["validation_loss"] for row in self._journal.validation if row["step"]]
        losses = [row["loss"] for row in self._journal.training]
        return {
            "steps": steps,
            "validation_loss_before": None if before is None else f"{before:.4f}",
            "validation_loss_after": None if after is None else f"{after:.4f}",
            "fit": describe_fit(losses, before, [*seen, after] if after is not None else []),
        }

    def _validate(self, model: Any) -> float | None:
        from sft_assets.train.answer_loss import mean_answer_loss

        rows = self._lessons.validation
        if not rows:
            return None
        return mean_answer_loss(model, rows, self._lessons.pad_id, self._recipe.data.batch_rows)

    def _is_over(self) -> bool:
        """Tell whether the checkpoint is of the end: the process died while it wrote the result."""
        start, patience = self._start, self._recipe.validation.patience
        if start is None:
            return False
        return start.step >= self._lessons.steps or self._journal.is_over(patience)

    def _return_to_best(self, model: Any) -> None:
        """Put the weights of the best or, after a restart at the end, the last step into ``model``.

        Raises:
            SettingsError: If the best step's checkpoint is gone or damaged.
        """
        from safetensors.torch import load_file

        from sft_assets.train.part_checkpoints import WEIGHTS
        from sft_assets.train.saved_state import put_weights

        best = self._journal.best_step if self._recipe.validation.patience is not None else None
        if best is None and not self._is_over():
            return
        step = best or (self._start.step if self._start else 0)
        found = judge(self._kept / f"step-{step:08d}", _identity(self._job, self._recipe))
        if isinstance(found, RefusedCheckpoint):
            raise SettingsError(
                f"checkpoint of step {step} is refused ({found.reason}); expected it whole. "
                "hint: train again with force"
            )
        put_weights(model, load_file(found.folder / WEIGHTS))

    def _trainer(self, model: Any, arguments: Any) -> Any:
        from sft_assets.train.answer_trainer import AnswerTrainer, Lesson, RankAllocation, Watch
        from sft_assets.train.forgetting import penalties
        from sft_assets.train.saved_state import SavedState
        from sft_assets.train.trackers import trackers_of

        recipe, lessons = self._recipe, self._lessons
        lesson = Lesson(
            packs=lessons.packs,
            collate=lessons.collate,
            steps=lessons.steps,
            journal=self._journal,
            label_smoothing=recipe.optimizer.label_smoothing,
            layer_decay=recipe.optimizer.layer_decay,
            penalties=penalties(model, recipe, lessons.remembered, lessons.pad_id),
            micro_rows=self._plan.micro_rows,
        )
        saved = SavedState(
            folder=self._kept,
            identity=_identity(self._job, recipe),
            plan=self._plan,
            journal=self._journal,
            keep=recipe.checkpoints.keep,
            keep_best=recipe.validation.patience is not None,
            rank=int(os.environ.get("RANK", "0")),
        )
        watch = Watch(
            self._journal,
            lambda: self._validate(model),
            every_steps=recipe.validation.every_steps if lessons.validation else None,
            patience=recipe.validation.patience,
        )
        callbacks = [watch, *trackers_of(self._job, recipe, self._journal)]
        if recipe.adalora is not None:
            callbacks.append(RankAllocation(model))
        return AnswerTrainer(lesson, saved, model=model, args=arguments, callbacks=callbacks)

    def _arguments(self) -> Any:
        import torch

        from sft_assets.train.methods import compute_dtype

        recipe, plan = self._recipe, self._plan
        use_gpu = torch.cuda.is_available()
        if not use_gpu:
            os.environ["DS_ACCELERATOR"] = "cpu"
        if recipe.scale.zero is not None:
            _be_the_only_rank()
        from transformers import TrainingArguments

        optimizer, every = recipe.optimizer, recipe.checkpoints.every_steps
        dtype = compute_dtype(recipe)
        return TrainingArguments(
            output_dir=str(Path(self._job["out"]).parent / "trainer"),
            max_steps=self._lessons.steps,
            per_device_train_batch_size=plan.micro_rows,
            gradient_accumulation_steps=plan.accumulate,
            learning_rate=self._lessons.learning_rate,
            lr_scheduler_type="cosine",
            warmup_steps=round(optimizer.warm_up_share * self._lessons.steps),
            weight_decay=optimizer.weight_decay,
            max_grad_norm=optimizer.max_grad_norm,
            optim="adamw_torch",
            bf16=dtype is torch.bfloat16,
            fp16=dtype is torch.float16,
            activation_checkpointing=recipe.gradient_checkpointing,
            activation_checkpointing_kwargs={"use_reentrant": False},
            use_cpu=not use_gpu,
            ddp_backend="gloo" if recipe.scale.ranks > 1 and not use_gpu else None,
            ddp_find_unused_parameters=False,
            deepspeed=deepspeed_settings(recipe, plan),
            seed=recipe.seed,
            data_seed=recipe.seed,
            logging_steps=1,
            logging_nan_inf_filter=False,  # else a NaN is logged as the last good loss
            save_strategy="no" if every is None else "steps",
            save_steps=every or 1,
            report_to=[],
            disable_tqdm=True,
            remove_unused_columns=False,
            dataloader_num_workers=0,
            dataloader_pin_memory=False,
        )


def _be_the_only_rank() -> None:
    """Name a single process as a group of one: DeepSpeed wants a group."""
    if "RANK" in os.environ:
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    os.environ |= {
        "RANK": "0",
        "LOCAL_RANK": "0",
        "WORLD_SIZE": "1",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }


if __name__ == "__main__":
    run_as_job(train)
