"""Read one printed amount, as a cell of a table holds it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.numbers.units import (
    CURRENCY_MARKS,
    LONGEST_FIRST_MARKS,
    LONGEST_UNIT,
    UNIT_WORDS,
    UnitWord,
    to_ascii_width,
)

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"(?:0|[1-9]\d*)?\.\d+|0|[1-9]\d*")
_ABSENT = re.compile(
    r"-{1,4}|—{1,3}|―{1,2}|─{1,2}|/|N/A|n/a|N\.A\.|NA|不适用|不適用|无|無|NM|nm|N\.M\.|n\.m\.|\*+|nil|Nil|\([-—]\)"
)
_DIRECTIONS = {
    "增加": 1, "上升": 1, "增长": 1, "增長": 1, "提高": 1,
    "减少": -1, "減少": -1, "下降": -1, "降低": -1, "下滑": -1,
}  # fmt: skip


class AmountError(ValueError):
    """Text that is not certainly one amount.

    Attributes:
        reason: ``grouping``, ``sign``, ``brackets``, ``words``, ``several`` or ``leading_zero``.
    """

    def __init__(self, reason: str, rule: str) -> None:
        super().__init__(f"amount is refused for {reason}; expected {rule}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount. ``value`` has its sign and is not multiplied by ``scale``."""

    value: Decimal
    printed: str
    unit: str | None = None  # currency, percent, percentage_points, per_share ...; None unsaid
    scale: int = 1
    currency: str | None = None  # ISO 4217; None where the text does not say it

    @property
    def in_base_unit(self) -> Decimal:
        """The value times its scale."""
        return self.value * self.scale


def parse_amount(text: str) -> Amount | None:
    """Return the amount printed in ``text``; None for a blank, a dash or "not applicable".

    A dash is absent and not zero: a zero is printed as 0. Brackets and every kind of minus sign
    are negative. Triangles are refused, since they mean a loss here and a rise there. A number
    wrapped inside a cell is joined only where its first line cannot be a number by itself.

    Raises:
        AmountError: If the text is not certainly one amount, e.g. ``272,86`` or ``1,23,456``.

    >>> parse_amount("（1,234.50）万元").in_base_unit
    Decimal('-12345000.00')
    >>> parse_amount("—") is None
    True
    """
    rest = _join_wrapped(to_ascii_width(text).strip())
    if not rest or _ABSENT.fullmatch(rest.replace(" ", "")):
        return None
    sign, rest = _take_direction(rest)
    marks: list[str] = []
    negative, rest, mark = _take_sign_and_mark(rest)
    marks += mark
    rest, word = _take_unit(rest)
    if rest.startswith("(") or rest.endswith(")"):
        if negative or not (rest.startswith("(") and rest.endswith(")")):
            raise AmountError("brackets", "one pair of brackets around the number, no other sign")
        inner_negative, rest, mark = _take_sign_and_mark(rest[1:-1].strip())
        marks += mark
        if inner_negative or len(marks) > 1:
            raise AmountError("sign", "one sign and one currency")
        negative = True
        rest, inner = _take_unit(rest)
        if inner is not None and word is not None:
            raise AmountError("words", "one unit")
        word = inner or word
    if not rest or _ABSENT.fullmatch(rest):
        return None
    if sign < 0 and negative:
        raise AmountError("sign", "a word or a sign for the direction, not both")
    value = parse_plain_number(rest)
    word = word or UnitWord(None)
    currency = CURRENCY_MARKS[marks[0]] if marks else word.currency
    unit = word.unit or ("currency" if marks else None)
    value = -value if negative or sign < 0 else value
    return Amount(value, text.strip(), unit, word.scale, currency)


def parse_plain_number(text: str) -> Decimal:
    """Return an unsigned number with correct or no thousands separators.

    Raises:
        AmountError: If the separators are misplaced, or it is anything else.

    >>> parse_plain_number("1,234.50")
    Decimal('1234.50')
    """
    if _GROUPED.fullmatch(text) or _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"0\d[\d,.]*", text):
        raise AmountError("leading_zero", "a number, not a code")
    if re.fullmatch(r"[\d,.]+", text):
        raise AmountError("grouping", "separators every three digits and one decimal point")
    if re.fullmatch(r"[\d,.\s()-]+", text):
        raise AmountError("several", "one number")
    raise AmountError("words", "digits, separators, a sign, a known unit or currency")


def _take_direction(text: str) -> tuple[int, str]:
    for word, sign in _DIRECTIONS.items():
        if text.startswith(word):
            return sign, text[len(word) :].strip()
    return 1, text


def _take_sign_and_mark(text: str) -> tuple[bool, str, list[str]]:
    """Take one sign and one currency mark off the front, in either order."""
    negative, signs = False, 0
    marks: list[str] = []
    while text:
        mark = next((m for m in LONGEST_FIRST_MARKS if text.startswith(m)), None)
        if text[0] in "-+" and not signs:
            negative, signs, text = text[0] == "-", 1, text[1:].lstrip()
        elif mark and not marks:
            marks, text = [mark], text[len(mark) :].lstrip()
        else:
            break
    return negative, text, marks


def _take_unit(text: str) -> tuple[str, UnitWord | None]:
    if text[-1:].isdigit():
        return text, None
    end = text[-LONGEST_UNIT:].lower()
    for start in range(len(end)):
        word = UNIT_WORDS.get(end[start:])
        if word is not None:
            return text[: start - len(end)].rstrip(), word
    return text, None


def _join_wrapped(text: str) -> str:
    """Join the lines of a wrapped number; other line breaks stay and are refused later."""
    lines = [part.strip() for part in text.split("\n") if part.strip()]
    if len(lines) == 1:
        return lines[0]
    if len(lines) != 2:
        return text
    first, second = lines
    joined = first + second
    body = joined.lstrip("(-$ ").rstrip(")% ")
    if not _GROUPED.fullmatch(body) or re.match(r"\D", second.rstrip(")% ") or "x"):
        if first in {"$", "¥", "-", "("} or second in {")", "%", ")%"}:
            return joined
        return text
    head = first.lstrip("(-$ ")
    is_number_alone = bool(_GROUPED.fullmatch(head) or _PLAIN.fullmatch(head))
    cents_cut = bool(re.search(r"\.\d$", head) and re.fullmatch(r"\d\)?", second))
    return text if is_number_alone and not cents_cut else joined
