"""What happened at each step, and what that means: when to stop, which step was best.

Every decision is a function of the rows alone, so that a training that was killed and goes on from
a checkpoint, which holds them, decides as an undisturbed one would.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sft_assets.language_models.jobs import DivergedError

TRAINING_LOG: Final = "training_log.jsonl"
VALIDATION_LOG: Final = "validation_log.jsonl"
DIVERGENCE_STEPS: Final = 10  # steps whose mean loss is looked at
DIVERGENCE_RISE: Final = 1.0  # above the lowest such mean, beside doubling it


@dataclass(slots=True)
class Journal:
    """Rows of the training log and of the validation log."""

    training: list[dict[str, float]] = field(default_factory=list)
    validation: list[dict[str, float]] = field(default_factory=list)  # step 0: before training

    def as_text(self) -> str:
        """Return it as JSON, one row a line."""
        lines = [json.dumps(row) for row in (*self.training, *self.validation)]
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def from_text(cls, text: str) -> "Journal":
        """Return what ``as_text`` wrote."""
        rows = [json.loads(line) for line in text.split("\n") if line]
        return cls(
            [row for row in rows if "loss" in row],
            [row for row in rows if "validation_loss" in row],
        )

    def write_logs(self, folder: Path, general_shares: Sequence[float]) -> None:
        """Write both logs; the second only where something was validated on the way.

        ``general_shares`` has the share of general rows of each step of the training.
        """
        told = [
            {**row, "general_share": share}
            for row, share in zip(self.training, general_shares, strict=False)  # it may stop early
        ]
        for name, rows in ((TRAINING_LOG, told), (VALIDATION_LOG, self.validation)):
            if rows or name == TRAINING_LOG:
                text = "".join(json.dumps(row) + "\n" for row in rows)
                (folder / name).write_text(text, encoding="utf-8")

    def refuse_divergence(self) -> None:
        """Compare the newest steps' mean loss with the lowest such mean before.

        Raises:
            DivergedError: If it is at least twice as high, and ``DIVERGENCE_RISE`` above it.
        """
        losses = [row["loss"] for row in self.training]
        if len(losses) < 2 * DIVERGENCE_STEPS:
            return
        newest = _mean(losses[-DIVERGENCE_STEPS:])
        lowest = min(
            _mean(losses[at : at + DIVERGENCE_STEPS])
            for at in range(len(losses) - 2 * DIVERGENCE_STEPS + 1)
        )
        if newest > max(2 * lowest, lowest + DIVERGENCE_RISE):
            raise DivergedError(
                f"mean loss of {DIVERGENCE_STEPS} steps is {newest:.3f} at step {len(losses)} and "
                f"was {lowest:.3f}; expected it to fall. hint: lower learning_rate, or lengthen "
                "warm_up_share"
            )

    def add_validation(self, step: int, loss: float | None) -> None:
        """Take down a validation; None where there are no rows to validate on, or a known step."""
        if loss is not None and all(row["step"] != step for row in self.validation):
            self.validation.append({"step": step, "validation_loss": round(loss, 6)})

    def validation_at(self, step: int) -> float | None:
        """Return the validation loss after ``step``; None if it was not measured."""
        found = [row["validation_loss"] for row in self.validation if row["step"] == step]
        return found[0] if found else None

    @property
    def best_step(self) -> int | None:
        """Trained step with the lowest validation loss, the first of equals; None without one."""
        trained = [row for row in self.validation if row["step"] > 0]
        if not trained:
            return None
        return int(min(trained, key=lambda row: row["validation_loss"])["step"])

    def is_over(self, patience: int | None) -> bool:
        """Tell whether the last ``patience`` validations all brought no new lowest loss."""
        best = self.best_step
        if patience is None or best is None:
            return False
        return sum(row["step"] > best for row in self.validation) >= patience


def describe_fit(
    training: Sequence[float], before: float | None, validation: Sequence[float]
) -> str:
    """Return in words whether the model learned, or learned by heart.

    Args:
        training: Loss of each step.
        before: Validation loss of the untrained model.
        validation: Validation loss on the way, the last one of the trained model.

    >>> describe_fit([2.0, 1.0], 2.0, [1.5, 1.1])
    'learns: validation loss 2.000 -> 1.100'
    >>> describe_fit([2.0, 0.1], 2.0, [1.0, 1.4])
    'over-fits: validation loss was 1.000 and ends at 1.400, while training loss fell to 0.100'
    """
    if before is None or not validation:
        return "unknown: there are no validation rows"
    last, best = validation[-1], min(validation)
    if last > 1.05 * min(best, before) and training and training[-1] < training[0]:
        lowest = min(best, before)
        return (
            f"over-fits: validation loss was {lowest:.3f} and ends at {last:.3f}, "
            f"while training loss fell to {training[-1]:.3f}"
        )
    verb = "learns" if last < before else "does not learn"
    return f"{verb}: validation loss {before:.3f} -> {last:.3f}"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
