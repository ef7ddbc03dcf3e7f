"""Scores of the lm-eval task. This file is released as it is, so it imports nothing of the project.

The steps before an answer are not compared: a model may reckon in its own way.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?%?")
_STEP_STARTS = ("计算：", "结果：", "Calculation:", "Result:")


def process_results(doc: Mapping[str, str], results: Sequence[str]) -> dict[str, float]:
    """Return 1 or 0 of each score: are the numbers, and is the text, those of the reference?"""
    said, reference = conclusion(results[0]), doc["answer"]
    return {
        "numbers_match": float(numbers_of(said) == numbers_of(reference)),
        "exact_match": float(said.split() == reference.split()),
    }


def conclusion(text: str) -> str:
    r"""Return ``text`` without the steps that stand before the answer.

    >>> conclusion("计算：<<1/2*100=50.00>>\n占比为50.00%。")
    '占比为50.00%。'
    >>> conclusion("<think>\n1 + 1\n</think>\n\n2")
    '2'
    """
    lines = _THINKING.sub("", text).strip().split("\n")
    steps = [at for at, line in enumerate(lines) if line.startswith(_STEP_STARTS)]
    return "\n".join(lines[steps[-1] + 1 :] if steps else lines).strip()


def numbers_of(text: str) -> Counter[str]:
    """Return how often each number stands in ``text``, whatever its width and separators.

    >>> numbers_of("１，200.50元，12%") == numbers_of("12%; 1200.50")
    True
    """
    plain = unicodedata.normalize("NFKC", text)
    return Counter(number.replace(",", "") for number in _NUMBER.findall(plain))
