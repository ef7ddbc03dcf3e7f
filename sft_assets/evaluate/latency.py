"""How long one answer takes."""

import math
from collections.abc import Sequence


def latency_figures(seconds: Sequence[float]) -> dict[str, str | int]:
    """Return mean, median and 95th percentile of seconds an answer.

    >>> latency_figures([0.1, 0.2, 0.3])["p50_seconds"]
    '0.200'
    """
    if not seconds:
        return {"answers": 0}
    ordered = sorted(seconds)
    return {
        "answers": len(ordered),
        "mean_seconds": f"{sum(ordered) / len(ordered):.3f}",
        "p50_seconds": f"{nearest_rank(ordered, 0.50):.3f}",
        "p95_seconds": f"{nearest_rank(ordered, 0.95):.3f}",
    }


def nearest_rank(ordered: Sequence[float], share: float) -> float:
    """Return the percentile of sorted values by the nearest-rank method: always one of them.

    >>> nearest_rank([1, 2, 3, 4], 0.5), nearest_rank([1, 2, 3, 4], 0.95)
    (2, 4)
    """
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
