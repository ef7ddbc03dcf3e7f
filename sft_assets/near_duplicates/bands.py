"""Candidates: texts that share a band of their signatures.

A band is seven values of a signature folded into one number. Two texts with Jaccard index j share
at least one of the 18 bands with probability 1 - (1 - j^7)^18: 0.985 at 0.80, 0.13 at 0.50.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from sft_assets.near_duplicates.minhash import U32, U64, mix

BANDS, ROWS = 18, 7  # 126 of the 128 permutations

Pairs = list[tuple[int, int]]


def band_keys(values: U32) -> U64:
    """Return one number a band, (texts, BANDS); the bands' own numbers are mixed in."""
    used = values[:, : BANDS * ROWS].reshape(len(values), BANDS, ROWS).astype(np.uint64)
    keys = np.tile(np.arange(BANDS, dtype=np.uint64), (len(values), 1))
    for row in range(ROWS):
        keys = mix(keys * np.uint64(0x100000001B3) + used[:, :, row])
    return keys


def find_candidates(keys: U64, groups: npt.NDArray[np.int64] | None = None) -> Pairs:
    """Return the index pairs ``(i, j)``, ``i < j``, that share a band, in order.

    With ``groups`` (one number a text) only texts of one group are candidates.
    """
    if len(keys) < 2:
        return []
    long = _long(keys, groups)
    repeated = long.filter(pl.len().over("group", "key") > 1)
    pairs = (
        repeated.join(repeated, on=["group", "key"], suffix="_other")
        .filter(pl.col("row") < pl.col("row_other"))
        .select("row", "row_other")
        .unique()
        .sort("row", "row_other")
    )
    return [(int(i), int(j)) for i, j in pairs.iter_rows()]


def find_candidates_among(keys: U64, among: U64) -> Pairs:
    """Return ``(i, j)`` for text ``i`` of ``keys`` and ``j`` of ``among`` that share a band.

    One pass over the bands of ``among``, however many texts ``keys`` has: what a new report costs.
    """
    if not len(keys) or not len(among):
        return []
    found = np.isin(among, np.unique(keys))
    rows = np.flatnonzero(found.any(axis=1))
    if not rows.size:
        return []
    near = _long(among[rows], None).join(_long(keys, None), on="key", suffix="_new")
    pairs = near.select("row_new", "row").unique().sort("row_new", "row")
    return sorted((int(i), int(rows[j])) for i, j in pairs.iter_rows())


def _long(keys: U64, groups: npt.NDArray[np.int64] | None) -> pl.DataFrame:
    count = len(keys)
    rows = np.repeat(np.arange(count, dtype=np.int64), BANDS)
    group = np.zeros(count, np.int64) if groups is None else groups
    return pl.DataFrame({"row": rows, "group": np.repeat(group, BANDS), "key": keys.reshape(-1)})
