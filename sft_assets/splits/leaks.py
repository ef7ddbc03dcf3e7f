"""What must not be in two splits: a company, a fact, a near-duplicate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sft_assets.near_duplicates import ShingleSets, band_keys, find_candidates_among, sign

Row = Mapping[str, object]


def companies_in_two_splits(rows: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """Return the companies that occur in more than one split; ``rows`` are (split, companies).

    >>> companies_in_two_splits([("train", ["a", "b"]), ("test", ["b"])])
    ['b']
    """
    return _in_two(rows)


def facts_in_two_splits(rows: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """Return the facts that are cited in more than one split; ``rows`` are (split, fact_ids)."""
    return _in_two(rows)


def near_duplicates_of(
    rows: Sequence[Row], held_out: Sequence[Row], *, threshold: Decimal
) -> dict[str, str]:
    """Return pair_id of ``rows`` -> pair_id of the first alike pair of ``held_out``.

    Question and context are compared, numbers as whole tokens: the answer follows from them, and
    its fixed wording would make strangers look alike.
    """
    texts, held_texts = [_text(row) for row in rows], [_text(row) for row in held_out]
    candidates = find_candidates_among(
        band_keys(sign(texts).values), band_keys(sign(held_texts).values)
    )
    sets = ShingleSets([*texts, *held_texts])
    alike: dict[str, str] = {}
    for i, j in candidates:
        pair_id = str(rows[i]["pair_id"])
        if pair_id not in alike and sets.jaccard(i, len(texts) + j) >= threshold:
            alike[pair_id] = str(held_out[j]["pair_id"])
    return alike


def _in_two(rows: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    splits: dict[str, set[str]] = defaultdict(set)
    for split, things in rows:
        for thing in things:
            splits[thing].add(split)
    return sorted(thing for thing, found in splits.items() if len(found) > 1)


def _text(row: Row) -> str:
    return f"{row['question']}\n{row['context']}"
