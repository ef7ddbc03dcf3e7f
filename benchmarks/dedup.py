"""Near-duplicate search beside datasketch, rensa and text-dedup's method, on one set of rows.

    make bench-dedup            100,000 rows; ROWS=20000 for a short run
    PEERS=DIR make bench-dedup  DIR: where `pip install --target DIR --no-deps rensa` put rensa

Every side gets the same texts, cuts the same shingles and uses 128 permutations; processor time is
measured, since wall time tells about the neighbours. Recall is of planted twins whose exact Jaccard
index is 0.80 to 0.95. Peers propose candidates; only ours and datasketch's are then verified alike.
"""

import hashlib
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from datasketch import MinHash, MinHashLSH
from rich.console import Console
from rich.table import Table

from sft_assets.near_duplicates import (
    ShingleSets,
    band_keys,
    find_candidates,
    find_candidates_among,
    jaccard,
    shingles,
    sign,
)

PLANTED = 200
THRESHOLD = Decimal("0.8")
CHARACTERS = [chr(0x4E00 + at) for at in range(1500)]
Pairs = set[tuple[int, int]]


@dataclass(frozen=True)
class Measured:
    """What one side took and found."""

    name: str
    signing_seconds: float
    whole_seconds: float
    pairs: Pairs


def make_texts(count: int, seed: int = 7) -> tuple[list[str], list[tuple[int, int]]]:
    """Return ``count`` texts shaped like question and answer, and which are planted twins."""
    draw = random.Random(seed)
    frames = [_words(draw, 40) for _ in range(60)]
    texts = [
        f"{_words(draw, 12)}{draw.choice(frames)}{draw.randint(10, 10**9):,}元{_words(draw, 30)}"
        for _ in range(count - PLANTED)
    ]
    twins = []
    while len(twins) < PLANTED:
        of = draw.randrange(count - PLANTED)
        altered = list(texts[of])
        for _ in range(draw.randint(1, 3)):
            altered[draw.randrange(len(altered))] = draw.choice(CHARACTERS)
        text = "".join(altered)
        if Decimal("0.8") <= jaccard(shingles(texts[of]), shingles(text)) <= Decimal("0.95"):
            twins.append((of, len(texts)))
            texts.append(text)
    return texts, twins


def _words(draw: random.Random, count: int) -> str:
    return "".join(draw.choices(CHARACTERS, k=count))


def ours(texts: list[str]) -> Measured:
    """One call over all texts; the exact index only of candidates."""
    started = time.process_time()
    keys = band_keys(sign(texts).values)
    signed = time.process_time() - started
    sets = ShingleSets(texts)
    found = {pair for pair in find_candidates(keys) if sets.jaccard(*pair) >= THRESHOLD}
    return Measured("sft_assets", signed, time.process_time() - started, found)


def datasketch(texts: list[str]) -> Measured:
    """Its documented loop in its fastest scheme, with bands that reach our recall."""
    started = time.process_time()
    hashes = []
    for text in texts:
        minhash = MinHash(num_perm=128, scheme="affine32")
        minhash.update_batch([shingle.encode() for shingle in shingles(text)])
        hashes.append(minhash)
    signed = time.process_time() - started
    index = MinHashLSH(num_perm=128, params=(18, 7))
    found: Pairs = set()
    for at, minhash in enumerate(hashes):
        for other in index.query(minhash):
            if jaccard(shingles(texts[other]), shingles(texts[at])) >= THRESHOLD:
                found.add((other, at))
        index.insert(at, minhash)
    return Measured("datasketch 2 (affine32)", signed, time.process_time() - started, found)


def rensa(texts: list[str]) -> Measured:
    """Its documented loop; it hashes strings in Rust."""
    import rensa as library

    started = time.process_time()
    hashes = []
    for text in texts:
        minhash = library.RMinHash(num_perm=128, seed=42)
        minhash.update(list(shingles(text)))
        hashes.append(minhash)
    signed = time.process_time() - started
    index = library.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    found: Pairs = set()
    for at, minhash in enumerate(hashes):
        found |= {(other, at) for other in index.query(minhash)}
        index.insert(at, minhash)
    return Measured("rensa (unverified)", signed, time.process_time() - started, found)


def text_dedup(texts: list[str]) -> Measured:
    """Its method, written again: SHA-1, a modulus by 2^61 - 1, one hash table a band."""
    started = time.process_time()
    draw = np.random.RandomState(42)
    prime, most = np.uint64((1 << 61) - 1), np.uint32((1 << 32) - 1)
    a = draw.randint(1, prime, size=128, dtype=np.uint64)
    b = draw.randint(0, prime, size=128, dtype=np.uint64)
    rows = []
    for text in texts:
        hashed = [
            int.from_bytes(hashlib.sha1(s.encode()).digest()[:4], "little") for s in shingles(text)
        ]
        column = np.array(hashed, np.uint64).reshape(-1, 1)
        rows.append(((column * a + b) % prime & most).min(axis=0))
    signed = time.process_time() - started
    found: Pairs = set()
    for start in range(0, 126, 7):
        table: dict[bytes, list[int]] = defaultdict(list)
        for at, values in enumerate(rows):
            bucket = table[values[start : start + 7].tobytes()]
            found |= {(other, at) for other in bucket[:1]}  # a cluster hangs on its first
            bucket.append(at)
    return Measured(
        "text-dedup's method (unverified)", signed, time.process_time() - started, found
    )


def one_more_row(texts: list[str]) -> float:
    """Return the seconds that one more row costs where the others' bands are there."""
    known = band_keys(sign(texts).values)
    started = time.process_time()
    find_candidates_among(band_keys(sign([texts[5] + "。"]).values), known)
    return time.process_time() - started


def main() -> None:
    """Print the table and the two ratios."""
    console = Console()
    count = int(os.environ.get("ROWS", "100000"))
    if peers := os.environ.get("PEERS"):
        sys.path.append(peers)
    texts, twins = make_texts(count)
    ours(texts[:2000])  # imports and caches
    sides: list[Callable[[list[str]], Measured]] = [ours, datasketch, rensa, text_dedup]
    table = Table(title=f"{count:,} rows, {len(twins)} planted twins, processor time")
    for head in ("", "signatures/s", "rows/s in all", "seconds", "recall of planted"):
        table.add_column(head, justify="left" if not head else "right")
    measured: dict[str, Measured] = {}
    for side in sides:
        try:
            result = side(texts)
        except ImportError:
            table.add_row(side.__name__, "not installed, skipped", "", "", "")
            continue
        measured[side.__name__] = result
        found = sum(twin in result.pairs for twin in twins)
        table.add_row(
            result.name,
            f"{count / result.signing_seconds:,.0f}",
            f"{count / result.whole_seconds:,.0f}",
            f"{result.whole_seconds:.2f}",
            f"{100 * found / len(twins):.1f} %",
        )
    console.print(table)
    own = measured["ours"].whole_seconds
    console.print(f"datasketch / ours: {measured['datasketch'].whole_seconds / own:.1f}")
    console.print(f"one more row: {100 * one_more_row(texts) / own:.2f} % of the full pass")


if __name__ == "__main__":
    main()
