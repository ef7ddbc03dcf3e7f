"""The loss by step as a reader should see it: general rows apart, and a running mean."""

from collections.abc import Mapping, Sequence
from typing import Final

GENERAL_STEP: Final = 0.1  # share of a step's learned tokens; above it the step is shown apart

Row = Mapping[str, float]  # of training_log.jsonl


def split_steps(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return the steps of report rows, and those that general rows are much of.

    An answer token of a general row has a loss many times as high, whatever was learned, so that
    such a step stands out of the curve. Where all steps are such, none is told apart.

    >>> split_steps([{"loss": 0.2, "general_share": 0.0}, {"loss": 1.5, "general_share": 0.2}])
    ([{'loss': 0.2, 'general_share': 0.0}], [{'loss': 1.5, 'general_share': 0.2}])
    """
    general = [row for row in rows if row.get("general_share", 0.0) > GENERAL_STEP]
    others = [row for row in rows if row.get("general_share", 0.0) <= GENERAL_STEP]
    return (others, general) if others else (general, [])


def running_mean(values: Sequence[float], keep: float = 0.9) -> list[float]:
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
