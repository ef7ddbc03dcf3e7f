"""Which split a company belongs to: decided by its id, so that a new report never moves it."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
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


def fold_of(company: str, folds: int, seed: str) -> int | None:
    """Return the fold of a company, 0 to ``folds`` - 1; None where there are none.

    >>> fold_of("900001", 0, ""), fold_of("900001", 5, "") in range(5)
    (None, True)
    """
    return bucket_of(company, f"{seed}|folds") % folds if folds else None


def assign_companies(
    company_ids: Iterable[str],
    *,
    test_pct: int,
    validation_pct: int,
    seed: str = "",
    pinned: Mapping[str, Split] | None = None,
    trained_only: Collection[str] = (),
    fill_empty: bool = False,
) -> dict[str, Split]:
    """Return company_id -> split, in order of id.

    A pinned company stays where it is pinned, one of ``trained_only`` is trained on. Every other
    goes by its bucket: the lowest
    ``test_pct`` percent of the buckets are test, the next ``validation_pct`` validation, so that
    neither new reports nor new companies move it.

    ``fill_empty`` is for a small corpus: fewer than three companies are trained on, and where a
    split would stay empty although there are three, one is moved into it: the training company
    with the lowest bucket into test, then validation. That one may move back when a company with
    a low bucket arrives; pin it to prevent that.
    """
    fixed: dict[str, Split] = dict.fromkeys(trained_only, "train")
    fixed |= pinned or {}
    known = sorted(set(company_ids))
    buckets = {company: bucket_of(company, seed) for company in known}
    splits: dict[str, Split] = {}
    for company in known:
        percent = buckets[company] * 100 // BUCKETS
        if company in fixed:
            splits[company] = fixed[company]
        elif percent < test_pct:
            splits[company] = "test"
        elif percent < test_pct + validation_pct:
            splits[company] = "validation"
        else:
            splits[company] = "train"
    if fill_empty and len(known) < FEWEST_COMPANIES:
        return {company: fixed.get(company, "train") for company in known}
    if fill_empty:
        if test_pct:
            _fill("test", splits, buckets, fixed)
        if validation_pct:
            _fill("validation", splits, buckets, fixed)
        _fill("train", splits, buckets, fixed)
    return splits


def companies_of_rare_languages(languages: Mapping[str, str], fewest: int) -> list[str]:
    """Return the companies whose language fewer than ``fewest`` companies share.

    They are trained on: a test in a language that was never trained on measures nothing. Where the
    other companies are too few to fill all splits, there are none.

    >>> companies_of_rare_languages({"a": "zh", "b": "zh", "c": "zh", "d": "en"}, 2)
    ['d']
    >>> companies_of_rare_languages({"a": "zh", "d": "en"}, 2)
    []
    """
    counts = Counter(languages.values())
    rare = sorted(c for c, language in languages.items() if counts[language] < fewest)
    return rare if len(languages) - len(rare) >= FEWEST_COMPANIES else []


def _fill(
    empty: Split,
    splits: dict[str, Split],
    buckets: Mapping[str, int],
    pinned: Mapping[str, Split],
) -> None:
    """Move one company into ``empty`` if it has none, from a split that has several."""
    if empty in splits.values():
        return
    counts = Counter(splits.values())
    movable = [c for c in splits if c not in pinned and counts[splits[c]] > 1]
    if movable:
        is_train = empty == "train"
        low_first = sorted(
            movable, key=lambda c: (splits[c] != "train", buckets[c], c), reverse=is_train
        )
        splits[low_first[0]] = empty
