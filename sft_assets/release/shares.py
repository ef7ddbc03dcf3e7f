"""The shares that settings limit, and splits that are too thin to judge by."""

from collections.abc import Mapping

import polars as pl

from sft_assets.errors import GateError
from sft_assets.release.settings import ReleaseSettings

FEWEST_ROWS = 200  # about reports: below, shares are chance and are only told
ENOUGH_TIMES = 10  # so many times the wanted validation rows for training, and they can be had
REFUSALS = ("unanswerable", "wrong_year", "wrong_unit", "forward_looking", "advice")


def shares_of(lineage: pl.DataFrame) -> dict[str, float]:
    """Return the share in percent of each kind of row that a setting limits."""
    reports = lineage.filter(pl.col("origin") == "report")
    train = lineage.filter(pl.col("split") == "train")
    wrong = reports.filter(~pl.col("is_target").fill_null(value=True)).height
    return {
        "negative_pct": _percent(wrong, reports.height),
        "cot_pct": _percent(reports.filter(pl.col("augmentation") == "cot").height, reports.height),
        "refusal_pct": _percent(
            reports.filter(pl.col("kind").is_in(REFUSALS)).height, reports.height
        ),
        "general_pct": _percent(train.filter(pl.col("origin") == "general").height, train.height),
    }


def refuse_shares(shares: Mapping[str, float], settings: ReleaseSettings, rows: int) -> None:
    """Refuse shares above their limits, and those below where that is asked for.

    With few ``rows`` about reports shares are chance, and none is refused.

    Raises:
        GateError: Naming each share, what it is and its limits.
    """
    wrong = _outside(shares, settings, rows, above=True)
    if settings.refuse_low_shares:
        wrong += low_shares(shares, settings, rows)
    if wrong:
        raise GateError(
            f"shares of the release are out of their limits: {'; '.join(wrong)}\n"
            "hint: change the shares of instruction_pairs, augmented_pairs or dataset_splits, or "
            "the limits of sft_dataset"
        )


def low_shares(shares: Mapping[str, float], settings: ReleaseSettings, rows: int) -> list[str]:
    """Return the shares below their limits, in words; without critiques no negative is missed."""
    return _outside(shares, settings, rows, above=False)


def thin_splits(lineage: pl.DataFrame, fewest: int) -> list[str]:
    """Return in words that validation has fewer rows than ``fewest`` although there are enough.

    A company's split follows from its name, so that no row can be moved to where it is missed.
    """
    rows = lineage.filter(pl.col("origin") == "report")["split"].to_list()
    validation, train = rows.count("validation"), rows.count("train")
    if validation >= fewest or train < ENOUGH_TIMES * fewest:
        return []
    return [
        f"validation rows are {validation}, expected {fewest} "
        "(pin a company to validation, raise validation_pct, or use folds)"
    ]


def _outside(
    shares: Mapping[str, float], settings: ReleaseSettings, rows: int, *, above: bool
) -> list[str]:
    if rows < FEWEST_ROWS:
        return []
    limits = settings.share_limits
    if not settings.critiques:
        limits = limits | {"negative_pct": (0, limits.get("negative_pct", (0, 100))[1])}
    return [
        f"{name} is {shares[name]:.1f}, expected {low} to {high}"
        for name, (low, high) in sorted(limits.items())
        if (shares.get(name, 0.0) > high if above else shares.get(name, 0.0) < low)
    ]


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
