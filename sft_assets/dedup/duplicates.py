"""Find near-duplicate pairs and decide which of each group stays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from sft_assets.dedup.components import connected_components
from sft_assets.dedup.sameness import Meaning, Row, sameness_key, text_of
from sft_assets.near_duplicates import (
    PERMUTATIONS,
    ShingleSets,
    band_keys,
    find_candidates,
    sign,
)
from sft_assets.near_duplicates.minhash import U32


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A dropped pair and the kept one that it resembles."""

    pair_id: str
    twin_id: str
    jaccard: Decimal
    kept_because: str  # of the twin: reviewed, original, least_id


def find_duplicates(
    rows: Sequence[Row],
    meanings: Mapping[str, Meaning],
    signatures: Mapping[str, Sequence[int]],
    *,
    threshold: Decimal,
) -> list[Duplicate]:
    """Return the pairs to drop, in order of id; the order of ``rows`` does not matter.

    In order of ``priority``, a pair stays unless one that stays is alike. So no two kept pairs are
    alike, each dropped pair is alike to the kept one it names, and no chain of small differences
    drops a pair that resembles nothing kept.

    Args:
        rows: Rows of ``PAIRS``.
        meanings: Of the facts that they cite (``meanings_of``).
        signatures: pair_id -> MinHash signature; the missing ones, and those of answers that a
            reviewer corrected since, are computed.
        threshold: Jaccard index from which two pairs are alike.
    """
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[sameness_key(row, meanings)].append(row)
    several = [sorted(group, key=priority) for group in groups.values() if len(group) > 1]
    ordered = [row for group in several for row in group]
    if not ordered:
        return []
    group_of = np.repeat(np.arange(len(several)), [len(group) for group in several])
    texts = [text_of(row) for row in ordered]
    keys = band_keys(_signatures_of(ordered, texts, signatures))
    sets = ShingleSets(texts)
    alike: dict[int, dict[int, Decimal]] = defaultdict(dict)  # later -> earlier -> index
    for first, second in find_candidates(keys, group_of):
        index = sets.jaccard(first, second)
        if index >= threshold:
            alike[second][first] = index
    edges = [(first, second) for second, earlier in alike.items() for first in earlier]
    found = [
        duplicate
        for component in connected_components(edges)
        for duplicate in _in_component(component, alike, ordered)
    ]
    return sorted(found, key=lambda d: d.pair_id)


def priority(row: Row) -> tuple[bool, bool, str]:
    """Return the sort key by which a pair is preferred: reviewed, then original, then least id."""
    return (
        row["review_status"] == "unreviewed",
        row["parent_id"] is not None,
        str(row["pair_id"]),
    )


def why_kept(row: Row) -> str:
    """Return why a pair stays and its twins go."""
    if row["review_status"] != "unreviewed":
        return "reviewed"
    return "original" if row["parent_id"] is None else "least_id"


def _in_component(
    component: Sequence[int], alike: Mapping[int, Mapping[int, Decimal]], ordered: Sequence[Row]
) -> list[Duplicate]:
    """Return the duplicates among pairs that hang together; their positions are their priority."""
    dropped: dict[int, Duplicate] = {}
    for position in component:
        kept = [first for first in alike.get(position, {}) if first not in dropped]
        if kept:
            twin = ordered[min(kept)]
            dropped[position] = Duplicate(
                str(ordered[position]["pair_id"]),
                str(twin["pair_id"]),
                alike[position][min(kept)],
                why_kept(twin),
            )
    return list(dropped.values())


def _signatures_of(
    rows: Sequence[Row], texts: Sequence[str], known: Mapping[str, Sequence[int]]
) -> U32:
    """Return a signature a row; unknown ones and those of corrected answers are computed."""
    matrix = np.empty((len(rows), PERMUTATIONS), np.uint32)
    missing = []
    for at, row in enumerate(rows):
        values = known.get(str(row["pair_id"])) if row["review_status"] != "corrected" else None
        if values is None:
            missing.append(at)
        else:
            matrix[at] = values
    if missing:
        matrix[missing] = sign([texts[at] for at in missing]).values
    return matrix
