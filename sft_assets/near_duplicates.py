"""Near-duplicates of short texts: shingles, MinHash signatures, candidates and the exact measure.

A number is one token, however long it is, and so is a Latin word; a Chinese character is one by
itself, since Chinese has no spaces to split at. LSH only proposes: with 16 bands of 8 rows it finds
97 % of the pairs at 0.82, and the exact Jaccard index of the shingles decides.
"""

import re
from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

PERMUTATIONS = 128
SEED = 1  # of the permutations; signatures of different seeds do not compare
BANDS, ROWS = 16, 8
SHINGLE = 3  # tokens

_TOKEN = re.compile(r"\d+(?:[,.]\d+)*%?|[^\W\d_㐀-鿿豈-﫿]+|[㐀-鿿豈-﫿]")


def tokens(text: str) -> list[str]:
    """Return the tokens of ``text``, lower case; punctuation is none.

    >>> tokens("营业收入 1,234.50元 (USD)")
    ['营', '业', '收', '入', '1,234.50', '元', 'usd']
    """
    return [match[0].lower() for match in _TOKEN.finditer(text)]


def shingles(text: str) -> frozenset[str]:
    """Return the runs of three tokens of ``text``; a shorter text is one shingle of its own."""
    parts = tokens(text)
    if len(parts) < SHINGLE:
        return frozenset({" ".join(parts)})
    return frozenset(" ".join(parts[i : i + SHINGLE]) for i in range(len(parts) - SHINGLE + 1))


def jaccard(first: Collection[str], second: Collection[str]) -> Decimal:
    """Return the exact Jaccard index of two shingle sets, four decimals; 1 for two empty sets.

    >>> jaccard({"a", "b", "c"}, {"b", "c", "d"})
    Decimal('0.5000')
    """
    a, b = set(first), set(second)
    union = len(a | b)
    if not union:
        return Decimal("1.0000")
    index = Decimal(len(a & b)) / Decimal(union)
    return index.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def signature(of: Collection[str]) -> list[int]:
    """Return the MinHash signature of a shingle set, 128 unsigned 32-bit numbers."""
    from datasketch import MinHash

    minhash = MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme="affine32")
    minhash.update_batch([shingle.encode() for shingle in sorted(of)])
    return [int(value) for value in minhash.hashvalues]


def find_candidates(
    signatures: Sequence[Sequence[int]], among: Sequence[Sequence[int]] | None = None
) -> list[tuple[int, int]]:
    """Return index pairs that share a band, in order.

    Without ``among`` they are pairs ``(i, j)`` of ``signatures`` with ``i < j``; with it, ``i``
    indexes ``signatures`` and ``j`` indexes ``among``.
    """
    index = _index(signatures if among is None else among)
    found: set[tuple[int, int]] = set()
    for i, values in enumerate(signatures):
        for j in index.query(_minhash(values)):
            if among is not None:
                found.add((i, j))
            elif i != j:
                found.add((min(i, j), max(i, j)))
    return sorted(found)  # LSH answers in another order each run


def _index(signatures: Sequence[Sequence[int]]) -> Any:
    from datasketch import MinHashLSH

    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    for position, values in enumerate(signatures):
        index.insert(position, _minhash(values))
    return index


def _minhash(values: Sequence[int]) -> Any:
    import numpy as np
    from datasketch import LeanMinHash

    hashes = np.array(values, dtype=np.uint32)
    return LeanMinHash(seed=SEED, hashvalues=hashes, scheme="affine32")
