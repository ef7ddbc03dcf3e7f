"""Which split a company belongs to: decided by its id, so that a new report never moves it."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Literal

Split = Literal["train", "validation", "test"]
BUCKETS = 10_000
FEWEST_COMPANIES = 3  # below, evaluation splits cannot all have a company of their own


def bucket_of(company_id: str, seed: str) -> int:
    """Return the bucket of a company, 0 to 9,999, from a hash of its id.

    >>> bucket_of("900001", "") == bucket_of("900001", "")
    True
    """
    digest = hashlib.sha256(f"{seed}\x1f{company_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % BUCKETS


def assign_companies(
    company_ids: Iterable[str],
    *,
    test_pct: int,
    validation_pct: int,
    seed: str = "",
    pinned: Mapping[str, Split] | None = None,
) -> dict[str, Split]:
    """Return company_id -> split, in order of id.

    A pinned company stays where it is pinned. Every other goes by its bucket: the lowest
    ``test_pct`` percent of the buckets are test, the next ``validation_pct`` validation, so that
    neither new reports nor new companies move it. Only where an evaluation split would stay empty
    although there are three companies, the training company with the lowest bucket is moved into
    it (test first). That one may return to training when a company with a low bucket arrives;
    pin it to prevent that.
    """
    pinned = pinned or {}
    known = sorted(set(company_ids))
    buckets = {company: bucket_of(company, seed) for company in known}
    splits: dict[str, Split] = {}
    for company in known:
        percent = buckets[company] * 100 // BUCKETS
        if company in pinned:
            splits[company] = pinned[company]
        elif percent < test_pct:
            splits[company] = "test"
        elif percent < test_pct + validation_pct:
            splits[company] = "validation"
        else:
            splits[company] = "train"
    wanted: tuple[tuple[Split, int], ...] = (("test", test_pct), ("validation", validation_pct))
    for split, percent in wanted:
        if percent and len(known) >= FEWEST_COMPANIES and split not in splits.values():
            movable = [c for c in known if splits[c] == "train" and c not in pinned]
            if len(movable) > 1:  # training must keep one
                splits[min(movable, key=lambda c: (buckets[c], c))] = split
    return splits
