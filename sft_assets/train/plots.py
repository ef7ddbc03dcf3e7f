"""The training curve as a picture."""

import json
from io import BytesIO
from pathlib import Path

from sft_assets.train.journal import TRAINING_LOG, VALIDATION_LOG


def draw_training_curve(folder: Path, *, title: str, fit: str = "") -> bytes:
    """Return a PNG of the loss by step: each step thin, a running mean thick, validation as dots.

    Args:
        folder: Where the logs are.
        title: Name of the recipe.
        fit: What it comes to, in words.
    """
    from matplotlib.figure import Figure  # not pyplot: no global state, no display

    rows = _read(folder / TRAINING_LOG)
    validated = _read(folder / VALIDATION_LOG)
    steps = [row["step"] for row in rows]
    losses = [row["loss"] for row in rows]
    figure = Figure(figsize=(7.2, 3.8), layout="constrained")
    axes = figure.subplots()
    axes.plot(steps, losses, color="#9db4d6", linewidth=0.8, label="each step")
    axes.plot(steps, running_mean(losses), color="#1f4e9c", linewidth=2.0, label="running mean")
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


def running_mean(values: list[float], keep: float = 0.9) -> list[float]:
    """Return the exponential running mean of ``values``, corrected for its start.

    >>> running_mean([2.0, 2.0, 2.0])
    [2.0, 2.0, 2.0]
    """
    means: list[float] = []
    total = weight = 0.0
    for value in values:
        total = keep * total + (1 - keep) * value
        weight = keep * weight + (1 - keep)
        means.append(round(total / weight, 6))
    return means


def _read(path: Path) -> list[dict[str, float]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
