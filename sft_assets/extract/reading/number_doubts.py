"""Numbers that stay doubtful because of what stands beside them, or of how the page looks.

Runs over the words of a page after each number was read twice.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from sft_assets.extract.reading.lines import Word
from sft_assets.extract.reading.number_readings import find_numbers

DOUBTFUL = 0.0  # confidence of a word with a number whose readings do not agree
BESIDE = 1.1  # of the line's height: a wider gap parts two numbers
ONE_GROUP = re.compile(r"[-−–+]?[(（]?\d{1,3}(?:,\d{3})*\.\d{3}")
LONE_POINT = re.compile(r"[-−–+]?[(（]?\d+\.\d+")
BROKEN = re.compile(r"\d[;；:：'’`´\"·*^~|\\]\d")  # dirt read as a sign parts a number in two
ENDLESS = re.compile(r"\d{13}")  # a code: one digit more or less is seen by no reading
NO_POINT = re.compile(r"\d{3,}\s?[%％]")
CLOSED = re.compile(r"[-−–$¥￥]*\d[\d.,，]*[.,，][\d.,，]*[%％]?[)）]")
BRACKETS = {"(": 1, "（": 1, ")": -1, "）": -1}


def doubt_more(words: Sequence[Word], *, is_coarse: bool, is_speckled: bool = False) -> list[Word]:
    """Return ``words`` with those made doubtful that their neighbours or the page put in doubt.

    Args:
        words: In the order in which they were read: those of a line follow each other.
        is_coarse: Whether points were seen for commas on this page.
        is_speckled: Whether dirt lies on it, which may be a decimal point.
    """
    found = _doubt(words, _broken(words) | _fragments(words) | _half_bracketed(words))
    if is_coarse:
        found = _doubt(found, _unclear_points(found))
    return _doubt(found, _lone_points(found)) if is_speckled else found


def _doubt(words: Sequence[Word], places: set[int]) -> list[Word]:
    return [replace(w, confidence=DOUBTFUL) if i in places else w for i, w in enumerate(words)]


def _broken(words: Sequence[Word]) -> set[int]:
    """Return amounts with a sign between their digits that no number has, and endless codes."""
    return {
        i
        for i, word in enumerate(words)
        if ENDLESS.search(word.text) or (BROKEN.search(word.text) and find_numbers(word.text))
    }


def _fragments(words: Sequence[Word]) -> set[int]:
    """Return numbers that stand close to a doubtful one of their line.

    One misread sign parts "1,440,700.00" into "1,40," and "700.00", of which the second looks
    sound.
    """
    left = {
        i
        for i, (a, b) in enumerate(pairwise(words))
        if DOUBTFUL in (a.confidence, b.confidence)
        and a.top == b.top
        and b.x0 - a.x1 <= BESIDE * a.size
        and find_numbers(a.text)
        and find_numbers(b.text)
    }
    return left | {i + 1 for i in left}


def _half_bracketed(words: Sequence[Word]) -> set[int]:
    """Return amounts that a bracket closes and none opens: the lost one made them negative."""
    places: set[int] = set()
    depth = 0
    for i, word in enumerate(words):
        if i and word.top != words[i - 1].top:
            depth = 0
        if depth <= 0 and CLOSED.fullmatch(word.text):
            places.add(i)
        depth = max(0, depth + sum(BRACKETS.get(char, 0) for char in word.text))
    return places


def _unclear_points(words: Sequence[Word]) -> set[int]:
    """Return where a point may be a comma of thousands, or a percentage has lost its point."""
    unclear: tuple[Callable[[str], object], ...] = (has_unclear_point, NO_POINT.search)
    return {i for i, word in enumerate(words) if any(test(word.text) for test in unclear)}


def _lone_points(words: Sequence[Word]) -> set[int]:
    """Return numbers that would be good ones without their point, too: 5.85 and 585."""
    return {
        i
        for i, word in enumerate(words)
        if any(LONE_POINT.fullmatch(word.text[a:b]) for a, b in find_numbers(word.text))
    }


def has_unclear_point(text: str) -> bool:
    """Return whether a point in a number of ``text`` may be the comma of thousands.

    >>> [has_unclear_point(t) for t in ("1.234", "1.23", "-12.345", "11,268.597", "1,268.59")]
    [True, False, True, True, False]
    """
    return any(ONE_GROUP.fullmatch(text[a:b]) for a, b in find_numbers(text))
