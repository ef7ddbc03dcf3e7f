"""Find every number of a sentence, with its place, its value and its unit word."""

import re
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.numbers.amounts import AmountError, parse_plain_number
from sft_assets.numbers.units import (
    CURRENCY_MARKS,
    LONGEST_FIRST_MARKS,
    LONGEST_FIRST_UNITS,
    UNIT_WORDS,
    UnitWord,
    to_ascii_width,
)

_TOKEN = re.compile(r"\d(?:[\d,.]*\d)?|(?<![\d.])\.\d+")
_MARKS = "|".join(re.escape(mark) for mark in LONGEST_FIRST_MARKS)
_SIGNS_BEFORE = re.compile(rf"(?P<outer>[-(]\s?)?(?:(?P<mark>{_MARKS})\s?(?P<inner>[-(]\s?)?)?$")
_RANGE_BEFORE = re.compile(r"[0-9A-Za-z%)年月日]\s?$")
_UNIT_AFTER = re.compile(
    r"\s?(" + "|".join(re.escape(unit) for unit in LONGEST_FIRST_UNITS) + r")(?![a-z])", re.I
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s?$", re.I)
_PAGE_BEFORE = re.compile(
    r"(?:第\s?|\bpages?\s|\bpp?\.\s?|(?:第|\bpages?|\bpp?\.)\s?\d+\s?[-、,至]\s?)$", re.I
)
_ORDINAL_BEFORE = re.compile(r"(?:第|前|\btop\s|\bNote\s|\bItem\s|附注|附註|[Ff]orm\s)\s?$")
_BASE_BEFORE = re.compile(r"(?:每|\bper\s|\bevery\s)\s?$")
_LIST_OF_YEARS = re.compile(r"(?:19|20)\d\d(?:[,.](?:19|20)\d\d)+")


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number of a text; ``text[start:end] == printed``.

    Sign, brackets, currency mark and unit word around the digits belong to the span.
    """

    start: int
    end: int  # exclusive
    printed: str
    value: Decimal | None  # signed, not scaled; None where the print is no number
    unit_word: str  # as printed, "" without
    unit: str | None  # currency, percent, percentage_points, per_share, shares, persons, times
    scale: int
    currency: str | None
    kind: str  # amount, year, date, page, ordinal, base, identifier, malformed

    @property
    def in_base_unit(self) -> Decimal | None:
        """The value times its scale."""
        return None if self.value is None else self.value * self.scale


def find_numbers(text: str) -> list[NumberSpan]:
    """Return every number of ``text`` in order; spans never overlap.

    Years, dates, page numbers, ordinals ("top 5", 第3), bases ("per 10 shares") and identifiers
    (10-K, Q1) come back too, each with its ``kind``: who compares amounts takes
    ``find_amounts``. A printed mistake comes back as ``malformed`` with no value, so that it
    cannot pass for a number and cannot vanish either.

    >>> [(n.printed, n.kind) for n in find_numbers("2021年营业收入1,234.50万元(第9页)")]
    [('2021', 'year'), ('1,234.50万元', 'amount'), ('9', 'page')]
    """
    plain = to_ascii_width(text)
    spans: list[NumberSpan] = []
    for match in _TOKEN.finditer(plain):
        floor = spans[-1].end if spans else 0
        if match.start() < floor:
            continue
        if _LIST_OF_YEARS.fullmatch(match[0]):
            for year in re.finditer(r"\d{4}", match[0]):
                at = match.start() + year.start()
                spans.append(_bare(text, at, at + 4, "year"))
            continue
        spans.append(_read(text, plain, match, floor))
    return spans


def find_amounts(text: str) -> list[NumberSpan]:
    """Return the numbers of ``text`` that state a quantity (kind ``amount`` or ``malformed``).

    >>> [n.value for n in find_amounts("profit of $ (1,234) million in 2021, page 7")]
    [Decimal('-1234')]
    """
    return [span for span in find_numbers(text) if span.kind in {"amount", "malformed"}]


def _bare(text: str, start: int, end: int, kind: str) -> NumberSpan:
    digits = to_ascii_width(text[start:end])
    try:
        value: Decimal | None = Decimal(digits)
    except ArithmeticError:  # a date such as 2021.12.31
        value = None
    return NumberSpan(start, end, text[start:end], value, "", None, 1, None, kind)


def _read(text: str, plain: str, match: re.Match[str], floor: int) -> NumberSpan:
    start, end = match.span()
    before, after = plain[floor:start], plain[end : end + 24]
    signs = _SIGNS_BEFORE.search(before)
    mark = signs["mark"] if signs else None
    kind = None if mark else _kind_without_amount(match[0], before, after)
    if kind:
        return _bare(text, start, end, kind)
    try:
        value: Decimal | None = parse_plain_number(match[0])
        kind = "amount"
    except AmountError:
        value, kind = None, "malformed"
    start, end, negative = _take_signs(plain, floor, start, end)
    if value is not None and negative:
        value = -value
    word, printed_word = UnitWord(None), ""
    unit_match = _unit_after(plain[end : end + 24])
    if unit_match:
        word, printed_word = UNIT_WORDS[unit_match[1].lower()], text[end:][: unit_match.end()]
        end += unit_match.end()
    currency = CURRENCY_MARKS[mark] if mark else word.currency
    unit = word.unit or ("currency" if mark else None)
    printed, printed_word = text[start:end], printed_word.strip()
    return NumberSpan(start, end, printed, value, printed_word, unit, word.scale, currency, kind)


def _unit_after(after: str) -> re.Match[str] | None:
    match = _UNIT_AFTER.match(after)
    if match and match[1] in {"人", "名", "股", "千", "万"} and match[0] != match[1]:
        return None  # "5 人民..." or "3 千": too short a word to bind over a space
    return match


def _kind_without_amount(digits: str, before: str, after: str) -> str | None:
    """Return what a number is that states no quantity; None where it may state one."""
    has_unit = _unit_after(after) is not None
    if re.search(r"[A-Za-z_]-?$", before) and not re.search(r"(?i)\bFY-?$", before):
        return "identifier"
    if not has_unit and re.match(r"-?[A-Za-z_]", after):
        return "identifier"
    if re.match(r"\s?[页頁]", after) or _PAGE_BEFORE.search(before):
        return "page"
    if re.fullmatch(r"(?:19|20)\d\d", digits) and not has_unit:
        return "year"
    if _is_part_of_date(digits, before, after, has_unit=has_unit):
        return "date"
    if "." not in digits and _ORDINAL_BEFORE.search(before):
        return "ordinal"
    if _BASE_BEFORE.search(before) and re.match(r"\s?(?:股|shares?)", after):
        return "base"
    is_enumerator = re.fullmatch(r"\d{1,2}", digits) and before[-1:] == "(" and after[:1] == ")"
    is_section = re.fullmatch(r"\d+(?:\.\d+){2,}", digits)
    return "ordinal" if is_enumerator or is_section else None


def _is_part_of_date(digits: str, before: str, after: str, *, has_unit: bool) -> bool:
    if re.fullmatch(r"(?:19|20)\d\d[.]\d{1,2}(?:[.]\d{1,2})?", digits) and not has_unit:
        return True
    if not re.fullmatch(r"\d{1,2}", digits):
        return False
    return bool(
        re.match(r"\s?(?:年|个?月|月份|日|号|號)", after)
        or _MONTH_BEFORE.search(before)
        or re.match(rf"\s{_MONTH}\b", after)
        or re.search(r"(?:19|20)\d\d-(?:\d\d-)?$", before)
    )


def _take_signs(plain: str, floor: int, start: int, end: int) -> tuple[int, int, bool]:
    """Widen a span by its currency mark and sign.

    Brackets are negative only directly around the digits, as in accounts: ``(12.5%)`` in a
    sentence is an aside.
    """
    match = _SIGNS_BEFORE.search(plain[floor:start])
    if match is None:
        return start, end, False
    outer, inner = (match["outer"] or "").strip(), (match["inner"] or "").strip()
    outer_at = floor + match.start()
    bare_at = outer_at + len(match["outer"] or "")
    if "-" in (outer, inner):
        is_range = outer == "-" and bool(_RANGE_BEFORE.search(plain[:outer_at]))
        return (bare_at, end, False) if is_range else (outer_at, end, True)
    closing = re.match(r"\s?\)", plain[end:])
    if "(" in (outer, inner) and closing:
        return outer_at, end + closing.end(), True
    return (start if inner else bare_at), end, False
