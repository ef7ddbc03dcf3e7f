"""Is an answer right? Pure comparisons of an answer with its reference."""

import unicodedata
from collections import Counter
from decimal import Decimal
from typing import Final

from sft_assets.numbers import find_numbers

REFUSAL_MARKS: Final = (
    "无法回答", "无法确定", "未披露", "未提供", "没有披露", "没有这项", "无法得出", "不能回答",
    "not disclose", "cannot be answered", "cannot answer", "not stated", "do not state",
    "not provided", "no information",
)  # fmt: skip


def numbers_of(text: str) -> Counter[Decimal | str]:
    """Return how often each number stands in ``text``: amounts in their base unit, years, pages.

    Units count: 1.5亿元 is 150,000,000 and not 1.5. What looks like a number and is none, such as
    ``12,34``, counts as it is printed, so that it equals nothing but itself.

    >>> numbers_of("2020年收入1,200万元") == numbers_of("收入12,000,000元（2020年）")
    True
    >>> numbers_of("12.30%") == numbers_of("12.3%")
    True
    """
    found: Counter[Decimal | str] = Counter()
    for span in find_numbers(text):
        value = span.in_base_unit
        found[span.printed if value is None else value] += 1
    return found


def is_refusal(text: str) -> bool:
    """Tell whether ``text`` says that the passages do not hold the answer."""
    lowered = text.lower()
    return any(mark in lowered for mark in REFUSAL_MARKS)


def numbers_match(answer: str, reference: str) -> bool | None:
    """Tell whether the numbers of ``answer`` are those of ``reference``, each as often.

    Where the reference refuses, the answer must refuse and name no number that the refusal does
    not name; where it answers, a refusal is wrong whatever it names. None where the reference
    neither refuses nor holds a number: there is nothing to be exact about.

    >>> numbers_match("收入为12元", "收入为12.00元"), numbers_match("收入为12元", "未披露收入")
    (True, False)
    """
    wanted = numbers_of(reference)
    if is_refusal(reference):
        return is_refusal(answer) and not numbers_of(answer) - wanted
    if not wanted:
        return None
    return not is_refusal(answer) and numbers_of(answer) == wanted


def texts_match(answer: str, reference: str) -> bool:
    """Tell whether both texts are the same but for width, case and spaces.

    >>> texts_match("第 9 页 ", "第９页"), texts_match("9", "8")
    (True, False)
    """
    return _folded(answer) == _folded(reference)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
