"""MinHash signatures of many texts at once, over one flat array of all their shingles.

The scheme is ``affine32``: a shingle's 32-bit hash ``h`` is permuted to ``a * h + b`` modulo 2 to
the 32nd with an odd ``a``, which is a bijection and needs neither a modulus by a prime nor 64 bits.
Source: Broder 1997, "On the resemblance and containment of documents"; the name and the idea of
the odd multiplier are datasketch's (2.0).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from sft_assets.near_duplicates.texts import SHINGLE, tokens

PERMUTATIONS = 128
SEED = 1  # of the permutations; signatures of different seeds do not compare
BLOCK = 32_768  # shingles hashed at once: their 128 permutations stay in the cache
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # one for each token of a run

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Signatures:
    """One row a text."""

    values: U32  # (texts, PERMUTATIONS)
    shingles: npt.NDArray[np.int64]  # (texts,) size of the shingle set


def sign(texts: Sequence[str]) -> Signatures:
    """Return the signatures of ``texts``, the same on every machine.

    >>> sign(["a b c d", "a b c d", "x"]).shingles.tolist()
    [2, 2, 1]
    """
    if not texts:
        return Signatures(np.empty((0, PERMUTATIONS), np.uint32), np.empty(0, np.int64))
    flat, starts = _flat_hashes(texts)
    bounds = np.append(starts, flat.size)
    values = np.empty((len(texts), PERMUTATIONS), np.uint32)
    counts = np.empty(len(texts), np.int64)
    low = 0
    while low < len(texts):
        high = int(np.searchsorted(bounds, bounds[low] + BLOCK, side="right")) - 1
        high = min(max(high, low + 1), len(texts))
        part = flat[bounds[low] : bounds[high]]
        at = bounds[low:high] - bounds[low]
        values[low:high] = _minima((part >> np.uint64(32)).astype(np.uint32), at)
        counts[low:high] = _distinct(part, at)
        low = high
    return Signatures(values, counts)


def _minima(hashes: U32, starts: npt.NDArray[np.int64]) -> U32:
    """Return for each text the least value of each permutation of its hashes."""
    a, b = _permutations()
    found = np.empty((PERMUTATIONS, starts.size), np.uint32)
    permuted = np.empty_like(hashes)
    for row in range(PERMUTATIONS):
        np.multiply(hashes, a[row], out=permuted)
        permuted += b[row]
        np.minimum.reduceat(permuted, starts, out=found[row])
    return found.T


def _distinct(hashes: U64, starts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return how many different hashes each text has."""
    lengths = np.diff(np.append(starts, hashes.size))
    owner = np.repeat(np.arange(starts.size), lengths)
    order = np.lexsort((hashes, owner))
    h, o = hashes[order], owner[order]
    is_new = np.ones(h.size, dtype=bool)
    is_new[1:] = (h[1:] != h[:-1]) | (o[1:] != o[:-1])
    return np.bincount(o[is_new], minlength=starts.size)


def _flat_hashes(texts: Sequence[str]) -> tuple[U64, npt.NDArray[np.int64]]:
    """Return the hashes of all shingles in the order of the texts, and where each text begins."""
    known: dict[str, int] = {}
    numbers: list[int] = []
    lengths = np.empty(len(texts), np.int64)
    for at, text in enumerate(texts):
        parts = tokens(text)
        while len(parts) < SHINGLE:  # a short text is one shingle of its own
            parts.append("")
        lengths[at] = len(parts) - SHINGLE + 1
        numbers += [known.setdefault(part, len(known)) for part in parts]
    vocabulary = np.fromiter((_token_hash(token) for token in known), np.uint64, len(known))
    hashed = vocabulary[np.array(numbers, np.int64)]
    runs = sum(
        hashed[at : hashed.size - SHINGLE + 1 + at] * np.uint64(_ODD[at]) for at in range(SHINGLE)
    )
    mixed = mix(np.asarray(runs, np.uint64))
    ends = np.cumsum(lengths + SHINGLE - 1)
    inside = np.ones(mixed.size, dtype=bool)
    for back in range(1, SHINGLE):  # runs that begin in one text and end in the next
        inside[ends[:-1] - back] = False
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))
    return mixed[inside], starts


def _token_hash(token: str) -> int:
    return int.from_bytes(hashlib.blake2b(token.encode(), digest_size=8).digest(), "little")


def mix(values: U64) -> U64:
    """Return ``values`` with every bit depending on every other (the end of MurmurHash3)."""
    mixed = values ^ (values >> np.uint64(33))
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> np.uint64(33)
    return mixed


@cache
def _permutations() -> tuple[U32, U32]:
    """Return multipliers and increments; from SHA-256, so that no library's generator decides."""
    draws = [
        hashlib.sha256(f"affine32|{SEED}|{number}".encode()).digest()
        for number in range(PERMUTATIONS)
    ]
    a = np.array([int.from_bytes(draw[:4]) | 1 for draw in draws], np.uint32)
    b = np.array([int.from_bytes(draw[4:8]) for draw in draws], np.uint32)
    return a, b
