"""Peak learning rates that suit a method and a size, where a recipe says ``auto``.

The larger a model, the smaller the steps that it bears; what starts from nothing beside frozen
weights (an adapter, a prefix) bears larger ones than the weights themselves.
"""

from typing import Final

from sft_assets.train.recipe import Method

SIZES: Final = (50_000_000, 1_000_000_000, 13_000_000_000)  # weights of the base, upper bounds
RATES: Final[dict[Method, tuple[float, float, float, float]]] = {
    "full": (3e-4, 5e-5, 1e-5, 5e-6),
    "lora": (1e-3, 3e-4, 2e-4, 1e-4),
    "qlora": (1e-3, 3e-4, 2e-4, 1e-4),
    "adalora": (5e-3, 1e-3, 5e-4, 2e-4),
    "prefix": (1e-2, 5e-3, 3e-3, 1e-3),
    "adapter": (1e-3, 5e-4, 2e-4, 1e-4),
}


def default_rate(method: Method, weights: int) -> float:
    """Return the peak rate for ``method`` on a base of so many weights.

    >>> default_rate("lora", 3_600_000), default_rate("full", 7_600_000_000)
    (0.001, 1e-05)
    """
    return RATES[method][sum(weights > size for size in SIZES)]
