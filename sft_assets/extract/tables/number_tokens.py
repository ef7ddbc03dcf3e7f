"""Which words of a line are numbers of a table, and which signs belong to them."""

import re
from collections.abc import Sequence

from sft_assets.extract.reading.lines import Word, box_of

NUMBER = re.compile(
    r"[(（\[]?[-−–—+]?(?:[A-Z]{2,3}|HK|US|RMB|人民币|港币)?[$¥￥€£]?[(（]?[-−–]?"
    r"(?:\d{1,3}(?:[,，]\d{3})+|\d+)?(?:\.\d+)?(?<=\d)(?:%|％|x|bps?)?[)）\]]?(?:%|％)?\*{0,3}"
)
NOTHING = re.compile(r"[-−–—―]{1,3}|[(（][-−–—][)）]|N/?A|n/?a|NM|nm|N/?M|\*|不适用|無|无")
LEADING = re.compile(r"(?:[A-Z]{2,3})?[$¥￥€£]|[(（]|[$¥￥€£][(（]|[-−–+]|RMB|HK\$|US\$")
TRAILING = re.compile(r"[)）]|%|％|[)）]%|[)）]％|%[)）]")
NEAR = 3.0  # of the font size: how far a column pushes a currency sign from its number
CLOSE = 0.8  # ... and a bracket or a percent sign


def is_number(text: str) -> bool:
    """Return whether ``text`` is one printed number, or the dash that stands for none.

    >>> [is_number(t) for t in ("1,234", "(409)", "-5.2%", "$1.20", "—", "2023", "Note", "4(a)")]
    [True, True, True, True, True, True, False, False]
    """
    return bool(NUMBER.fullmatch(text) or NOTHING.fullmatch(text))


def has_digits(text: str) -> bool:
    """Return whether ``text`` is a number with digits, not a dash.

    >>> has_digits("12.5%"), has_digits("-")
    (True, False)
    """
    return bool(NUMBER.fullmatch(text))


def join_signs(words: Sequence[Word]) -> list[Word]:
    """Return the words with "$", "(", ")" and "%" joined to the number that they belong to.

    Columns of amounts push these signs away from their digits: ``$ 1,234``, ``(409 )``, ``3 %``.
    """
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        if last is None or not _belong(last, word):
            joined.append(word)
        else:
            joined[-1] = _glue(last, word)
    return joined


def _belong(left: Word, right: Word) -> bool:
    gap = (right.x0 - left.x1) / max(left.size, 1.0)
    before, after = left.text.replace(" ", ""), right.text
    if LEADING.fullmatch(before) and (NUMBER.fullmatch(after) or after in "(（" or _is_open(after)):
        return gap <= (NEAR * 4 if before[-1] in "$¥￥€£" else CLOSE)
    if TRAILING.fullmatch(after) and (NUMBER.fullmatch(before) or _is_open(before)):
        return gap <= CLOSE
    return False


def _is_open(text: str) -> bool:
    """Return whether ``text`` is a number whose bracket has not been closed."""
    return text.count("(") + text.count("（") > text.count(")") + text.count("）") and bool(
        NUMBER.fullmatch(text.rstrip("%％"))
    )


def _glue(left: Word, right: Word) -> Word:
    x0, top, x1, bottom = box_of([left.box, right.box])
    space = " " if right.x0 - left.x1 > 1.0 else ""
    gap = ((left.x1, right.x0),) if space else ()
    known = [c for c in (left.confidence, right.confidence) if c is not None]
    return Word(
        left.text + space + right.text, x0, top, x1, bottom,
        left.spans + gap + right.spans, left.size, min(known) if known else None,
    )  # fmt: skip


def digits_end(word: Word) -> float:
    """Return the right edge of the last digit, with which columns are aligned."""
    for char, (_, x1) in zip(reversed(word.text), reversed(word.spans), strict=True):
        if char.isdigit():
            return x1
    return word.x1
