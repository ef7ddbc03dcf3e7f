"""The training curve as a picture."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from sft_assets.language_models.loss_steps import GENERAL_STEP, running_mean, split_steps
from sft_assets.train.journal import TRAINING_LOG, VALIDATION_LOG


def draw_training_curve(folder: Path, *, title: str, fit: str = "") -> bytes:
    """Return a PNG of the loss by step: each step thin, a running mean thick, validation as dots.

    Steps of which general rows make up much stand above the others, whatever was learned: they
    are marked apart, and the running mean leaves them out.

    Args:
        folder: Where the logs are.
        title: Name of the recipe.
        fit: What it comes to, in words.
    """
    from matplotlib.figure import Figure  # not pyplot: no global state, no display

    rows = _read(folder / TRAINING_LOG)
    validated = _read(folder / VALIDATION_LOG)
    others, general = split_steps(rows)
    figure = Figure(figsize=(7.2, 3.8), layout="constrained")
    axes = figure.subplots()
    mean = running_mean([row["loss"] for row in others])
    label = "steps of report rows" if general else "each step"
    _line(axes, others, color="#9db4d6", linewidth=0.8, label=label)
    steps = [row["step"] for row in others]
    axes.plot(steps, mean, color="#1f4e9c", linewidth=2.0, label="their running mean")
    if general:
        told = f"steps with over {GENERAL_STEP:.0%} of general rows"
        _line(axes, general, color="#8a8f98", marker="x", linestyle="none", label=told)
    if validated:
        axes.plot(
            [row["step"] for row in validated],
            [row["validation_loss"] for row in validated],
            color="#b3541e",
            marker="o",
            markersize=4,
            linewidth=1.2,
            label="validation",
        )
    axes.set_xlabel("step")
    axes.set_ylabel("loss of an answer token")
    axes.set_title(f"Training, recipe {title}" + (f"\n{fit}" if fit else ""), fontsize=11)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    axes.legend(frameon=False)
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=110, metadata={"Software": None})
    return stream.getvalue()


def _line(axes: Any, rows: Sequence[Mapping[str, float]], **style: Any) -> None:
    axes.plot([row["step"] for row in rows], [row["loss"] for row in rows], **style)


def _read(path: Path) -> list[dict[str, float]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
