"""``transformers.Trainer`` with the loss on answers only, in an order fixed before it starts.

Loaded only inside a training process: importing this module loads torch and transformers.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 - runs only in a training process
from transformers import PrinterCallback, Trainer, TrainerCallback  # noqa: TID253

from sft_assets.language_models.job_child import report
from sft_assets.language_models.jobs import MemoryRanOutError, NonFiniteLossError
from sft_assets.train.answer_loss import answer_loss
from sft_assets.train.forgetting import Penalty
from sft_assets.train.journal import Journal
from sft_assets.train.packing import Pack
from sft_assets.train.part_checkpoints import PartCheckpoint
from sft_assets.train.saved_state import SavedState

OUT_OF_MEMORY = ("out of memory", "can't allocate memory", "not enough memory")
LAYER = re.compile(r"\.layers\.(\d+)\.")

Collate = Callable[[Sequence[Pack]], dict[str, torch.Tensor]]


@dataclass(slots=True)
class Lesson:
    """What is learned, and how it is told of."""

    packs: Sequence[Pack]  # one a row, in the order in which they are learned
    collate: Collate
    steps: int
    journal: Journal
    label_smoothing: float = 0.0
    layer_decay: float = 1.0
    penalties: Sequence[Penalty] = field(default_factory=list)
    micro_rows: int = 1


class PackDataset(torch.utils.data.Dataset[Pack]):
    """Packs in the order in which they are learned."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = packs

    def __len__(self) -> int:
        return len(self._packs)

    def __getitem__(self, at: int) -> Pack:
        return self._packs[at]


class AnswerTrainer(Trainer):  # type: ignore[misc]
    """A Trainer that takes rows as they come, learns the answers, and can be killed at any time."""

    optimizer: Any
    control: Any

    def __init__(self, lesson: Lesson, saved: SavedState, **given: Any) -> None:
        super().__init__(
            train_dataset=PackDataset(lesson.packs), data_collator=lesson.collate, **given
        )
        self.model_accepts_loss_kwargs = True  # the loss is normalised over the step, here
        self._loss_shifts_labels = True
        self.remove_callback(PrinterCallback)  # standard output is for lines of progress
        self._lesson = lesson
        self._saved = saved

    def go(self, start: PartCheckpoint | None) -> None:
        """Train to the end, from ``start`` on if there is one."""
        self.train(resume_from_checkpoint=str(start.folder) if start else None)

    def _get_train_sampler(self, *_given: Any) -> torch.utils.data.Sampler[int]:
        return torch.utils.data.SequentialSampler(self.train_dataset)

    def create_optimizer(self, model: Any = None) -> Any:
        """Return the optimizer; with layer decay, lower layers get lower rates."""
        if self._lesson.layer_decay < 1 and self.optimizer is None:
            whole = self.model if model is None else model
            decayed = set(self.get_decay_parameter_names(whole))
            groups = layer_groups(whole, decayed, self._lesson.layer_decay, self.args.learning_rate)
            for group in groups:
                group["weight_decay"] *= self.args.weight_decay
            made, settings = self.get_optimizer_cls_and_kwargs(self.args, whole)
            self.optimizer = made(groups, **settings)
            return self.optimizer
        return super().create_optimizer(model)

    def training_step(self, *given: Any, **named: Any) -> Any:
        """Do one forward and backward pass.

        Raises:
            MemoryRanOutError: If its rows do not fit into memory.
        """
        try:
            return super().training_step(*given, **named)
        except RuntimeError as error:
            if not any(words in str(error).lower() for words in OUT_OF_MEMORY):
                raise
            raise MemoryRanOutError(
                f"memory ran out at step {self.state.global_step + 1} with "
                f"{self._lesson.micro_rows} rows at a time; expected them to fit. "
                "hint: lower data.batch_rows and raise accumulate, or set gradient_checkpointing"
            ) from error

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,  # the Trainer's own signature
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> Any:
        """Return the summed loss of the answers' tokens over the tokens of the whole step.

        Averaging each micro-batch by itself would weigh rows with short answers more. Among ranks
        gradients are averaged, so that the loss of each counts as many times as there are ranks.
        """
        del return_outputs
        total, tokens = answer_loss(model, inputs, self._lesson.label_smoothing)
        step_tokens = tokens if num_items_in_batch is None else num_items_in_batch
        for penalty in self._lesson.penalties:  # once a step: each pass adds its share
            total = total + penalty() * tokens
        loss = total / step_tokens * self.accelerator.num_processes
        if not torch.isfinite(loss):
            raise NonFiniteLossError(
                f"loss is {loss.item()} at step {self.state.global_step + 1}; expected a number. "
                "hint: lower learning_rate, or precision: fp32"
            )
        return loss

    def _clip_grad_norm(self, model: Any) -> Any:
        """Return the gradient's norm before it is clipped; one that is no number moves nothing."""
        norm = super()._clip_grad_norm(model)
        if norm is not None and self.accelerator.scaler is None and not math.isfinite(float(norm)):
            raise NonFiniteLossError(
                f"gradient is {float(norm)} at step {self.state.global_step + 1}; expected a "
                "number. hint: lower learning_rate, or precision: fp32"
            )
        return norm

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Take down one step and tell the parent process.

        Raises:
            NonFiniteLossError: If a figure is no number.
            DivergedError: If the loss rises for good.
        """
        del start_time
        if "loss" not in logs:
            return  # the summary at the end holds only times
        norm = float(logs.get("grad_norm") or 0.0)
        if not math.isfinite(logs["loss"]) or (
            self.accelerator.scaler is None and not math.isfinite(norm)
        ):
            raise NonFiniteLossError(
                f"loss is {logs['loss']} and gradient {norm} at step {self.state.global_step}; "
                "expected numbers. hint: lower learning_rate, or precision: fp32"
            )
        row = {
            "step": self.state.global_step,
            "loss": round(logs["loss"], 6),
            "learning_rate": round(logs["learning_rate"], 9),
            "grad_norm": round(norm, 6),
        }
        self._lesson.journal.training.append(row)
        self._lesson.journal.refuse_divergence()
        report(self.state.global_step, self._lesson.steps, **row)
        self.control = self.callback_handler.on_log(self.args, self.state, self.control, dict(row))

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        del model, trial
        self._saved.save(self)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        target = self.model if model is None else model
        self._saved.load_weights(Path(resume_from_checkpoint), target)

    def _prepare_for_training(self, max_steps: int, loader: Any, checkpoint: str | None) -> Any:
        prepared = super()._prepare_for_training(max_steps, loader, None)
        if checkpoint is not None:
            if self.is_deepspeed_enabled:  # it loads after the engine was made
                self._saved.load_weights(Path(checkpoint), self.model)
            self._saved.load_optimizer(Path(checkpoint), self)
        return prepared

    def _load_rng_state(self, checkpoint: str | None) -> None:
        if checkpoint is not None:
            self._saved.load_random_state(Path(checkpoint))


def layer_groups(
    model: Any, decayed: set[str], decay: float, learning_rate: float
) -> list[dict[str, Any]]:
    """Return the trained weights in groups by depth, the top first, each with its own rate.

    The output side learns at the full rate, each block below it at ``decay`` times that of the
    block above, the embeddings slowest (Howard and Ruder 2018, arXiv:1801.06146).
    """
    named = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
    blocks = 1 + max((int(m[1]) for name, _ in named if (m := LAYER.search(name))), default=0)
    groups: dict[tuple[int, bool], list[Any]] = {}
    for name, weight in named:
        found = LAYER.search(name)
        below = 1 + int(found[1]) if found else (0 if "embed" in name else blocks + 1)
        groups.setdefault((blocks + 1 - below, name in decayed), []).append(weight)
    return [
        {
            "params": weights,
            "lr": learning_rate * decay**depth,
            "weight_decay": float(is_decayed),  # multiplied by the recipe's
        }
        for (depth, is_decayed), weights in sorted(groups.items())
    ]


class Watch(TrainerCallback):  # type: ignore[misc]
    """Validate on the way, save where something was validated, and stop when it is over."""

    def __init__(
        self,
        journal: Journal,
        validate: Callable[[], float | None],
        *,
        every_steps: int | None,
        patience: int | None,
    ) -> None:
        self._journal = journal
        self._validate = validate
        self._every_steps = every_steps
        self._patience = patience

    def on_train_begin(self, _arguments: Any, state: Any, _control: Any, **_given: Any) -> None:
        """Validate the untrained model, once: a training that goes on has it in its journal."""
        if state.global_step == 0:
            self._journal.add_validation(0, self._validate())

    def on_step_end(self, _arguments: Any, state: Any, control: Any, **_given: Any) -> None:
        """Validate after every so many steps; what is best must be saved to be returned to."""
        if self._every_steps is None or state.global_step % self._every_steps:
            return
        self._journal.add_validation(state.global_step, self._validate())
        if self._patience is not None:
            control.should_save = True
            if self._journal.is_over(self._patience):
                control.should_training_stop = True


class RankAllocation(TrainerCallback):  # type: ignore[misc]
    """Let AdaLoRA share its ranks out, while the gradients of the step are still there."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def on_optimizer_step(self, _arguments: Any, state: Any, _control: Any, **_given: Any) -> None:
        """Allocate after the weights moved."""
        self._model.base_model.update_and_allocate(state.global_step)
