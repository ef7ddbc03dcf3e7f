"""Tokens, shingles and the exact Jaccard index."""

import re
from collections.abc import Collection, Sequence
from decimal import ROUND_HALF_UP, Decimal

SHINGLE = 3  # tokens
FOUR_DECIMALS = Decimal("0.0001")

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
    return _index(len(a & b), union)


class ShingleSets:
    """The shingle sets of texts, as whole numbers that are equal where the shingles are.

    Each token gets a number as it is met, and a shingle is the three numbers side by side in one:
    no hash, so no collision, and the index below is exact.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._known: dict[str, int] = {}
        self._sets: dict[int, frozenset[int]] = {}  # of the texts that were asked for

    def jaccard(self, first: int, second: int) -> Decimal:
        """Return the exact Jaccard index of two texts by their positions, four decimals.

        >>> ShingleSets(["a b c d", "b c d e"]).jaccard(0, 1)
        Decimal('0.3333')
        """
        a, b = self._set(first), self._set(second)
        shared = len(a & b)
        return _index(shared, len(a) + len(b) - shared)

    def _set(self, at: int) -> frozenset[int]:
        if at not in self._sets:
            known = self._known
            numbers = [known.setdefault(t, len(known) + 1) for t in tokens(self._texts[at])]
            self._sets[at] = _packed(numbers)
        return self._sets[at]


def _packed(numbers: Sequence[int]) -> frozenset[int]:
    if len(numbers) < SHINGLE:
        padded = [*numbers, 0, 0, 0][:SHINGLE]
        return frozenset({(padded[0] << 64) | (padded[1] << 32) | padded[2]})
    runs = zip(numbers, numbers[1:], numbers[2:], strict=False)
    return frozenset((a << 64) | (b << 32) | c for a, b, c in runs)


def _index(shared: int, union: int) -> Decimal:
    return (Decimal(shared) / Decimal(union)).quantize(FOUR_DECIMALS, rounding=ROUND_HALF_UP)
