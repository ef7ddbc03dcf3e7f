"""Find near-duplicate pairs and decide which of each group stays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.dedup.sameness import Meaning, Row, sameness_key, text_of
from sft_assets.near_duplicates import find_candidates, jaccard, shingles, signature


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A dropped pair and the kept one that it resembles."""

    pair_id: str
    twin_id: str
    jaccard: Decimal


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
    dropped = [
        duplicate
        for group in groups.values()
        if len(group) > 1
        for duplicate in _in_group(group, signatures, threshold)
    ]
    return sorted(dropped, key=lambda d: d.pair_id)


def priority(row: Row) -> tuple[bool, bool, str]:
    """Return the sort key by which a pair is preferred: reviewed, then original, then least id."""
    return (
        row["review_status"] == "unreviewed",
        row["parent_id"] is not None,
        str(row["pair_id"]),
    )


def _in_group(
    group: Sequence[Row], signatures: Mapping[str, Sequence[int]], threshold: Decimal
) -> list[Duplicate]:
    ordered = sorted(group, key=priority)
    sets = [shingles(text_of(row)) for row in ordered]
    known = [
        (None if row["review_status"] == "corrected" else signatures.get(str(row["pair_id"])))
        or signature(of)
        for row, of in zip(ordered, sets, strict=True)
    ]
    alike: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)  # later -> earlier ones
    for first, second in find_candidates(known):
        index = jaccard(sets[first], sets[second])
        if index >= threshold:
            alike[second].append((first, index))
    dropped: dict[int, Duplicate] = {}
    for position, row in enumerate(ordered):
        kept = [(first, index) for first, index in alike[position] if first not in dropped]
        if kept:
            twin, index = min(kept)
            dropped[position] = Duplicate(str(row["pair_id"]), str(ordered[twin]["pair_id"]), index)
    return list(dropped.values())
