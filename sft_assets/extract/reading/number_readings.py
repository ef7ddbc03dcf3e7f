"""What two readings of a printed number together say, and whether it stays doubtful.

A coarse scan shows a comma as a point and an 8 as a 6. The digits count only where two readings
agree on them and neither was unsure; the signs between them are then told by how groups of three
digits and decimals can stand, or by the reading that saw them well.
"""

import re
from dataclasses import dataclass

MIN_DIGITS = 4  # fewer, without a sign between them, are a note, a year's end or a day
SURE = 0.97  # confidence of each digit of a reading that counts; an 8 read as a 6 has 0.95
CLEAR = 0.99  # ... of one reading at least where three agree that were less sure

NUMBER = re.compile(r"[-−–+]?[(（]?[-−–]?\d(?:[\d.,，]*\d)?")
AMOUNT = re.compile(r"[-−–+$¥￥]*[(（]?[-−–$]?\d{2,3}[)）]?")  # alone in its word
PERCENT = ("%", "％")
SPACED = re.compile(r"(?<![\d.,，])\d{1,3}(?: ?[.,，] ?\d{3})+(?: ?[.,，] ?\d{1,4})?(?!\d)")
SEPARATORS = ".,，"
GROUPED = re.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,4})?")
PLAIN = re.compile(r"\d+(?:\.\d+)?")
DATE = re.compile(r"(?:19|20)\d{2}\.\d{1,2}\.\d{1,2}")
CENTS = re.compile(r"(\d{1,3}(?:[.,，]\d{3})+)[.,，](\d{2})")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+")
SHORT_END = re.compile(r"\d+[.,，]\d{1,2}")
GROUPS = re.compile(r"\d{1,3}(?:[.,，]\d{3}){2,}")
MINUS = str.maketrans({"−": "-", "–": "-", "（": "("})


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number as one reading saw it."""

    text: str
    sureness: float  # lowest confidence of its digits, 0..1

    @property
    def digits(self) -> str:
        """Return the digits alone."""
        return "".join(char for char in self.text if char.isdigit())

    @property
    def sign(self) -> str:
        """Return the minus sign or bracket before the digits."""
        return self.text[: len(self.text) - len(self.text.lstrip("-−–+(（"))].translate(MINUS)

    def agrees(self, other: "NumberReading") -> bool:
        """Return whether both saw the same digits and the same sign."""
        return self.digits == other.digits and self.sign == other.sign


@dataclass(frozen=True, slots=True)
class Settled:
    """What the readings of a number come to."""

    text: str
    is_doubtful: bool


def find_numbers(text: str, *, is_cell: bool = False) -> list[tuple[int, int]]:
    """Return start and end of each number in ``text`` that is worth a second reading.

    A short number is a day or a note in running text, and an amount where it fills a cell.

    >>> find_numbers("2021 年 1,234.50 元, 12 日, 35%, (5.2)")
    [(0, 4), (7, 15), (25, 27), (30, 34)]
    >>> find_numbers("785", is_cell=True), find_numbers("$(68)", is_cell=True), find_numbers("785")
    ([(0, 3)], [(1, 4)], [])
    """
    is_amount = is_cell and bool(AMOUNT.fullmatch(text))
    return [
        found.span()
        for found in NUMBER.finditer(text)
        if is_amount
        or sum(c.isdigit() for c in found.group()) >= MIN_DIGITS
        or any(c in SEPARATORS for c in found.group())
        or text[found.end() : found.end() + 1] in PERCENT
    ]


def spaces_within(text: str) -> list[int]:
    """Return where in ``text`` spaces stand that are only the width of a sign in a number.

    Chinese fonts set a comma as wide as a digit. One group of three digits after one comma may
    be two numbers; a number with two signs or more is one.

    >>> spaces_within("1,440, 700.00 and 12, 345")
    [6]
    """
    found = []
    for spaced in SPACED.finditer(text):
        if sum(char in SEPARATORS for char in spaced.group()) > 1:
            joined = spaced.group().replace(" ", "")
            if _well_formed(joined) or _repair(joined):
                start = spaced.start()
                found += [start + i for i, char in enumerate(spaced.group()) if char == " "]
    return found


def reading_of(text: str, confidences: tuple[float, ...], start: int, end: int) -> NumberReading:
    """Return ``text[start:end]`` as a reading; ``confidences`` has one of each code point."""
    known = [confidences[i] for i in range(start, end) if text[i].isdigit()]
    return NumberReading(text[start:end], min(known, default=0.0))


def only_number(text: str, confidences: tuple[float, ...], digits: str) -> NumberReading:
    """Return the number in ``text`` that is most like ``digits``; an empty one if there is none.

    A part of what was read is unsure when it is another number than the first reading's.
    """
    if gaps := spaces_within(text):
        kept = [i for i in range(len(text)) if i not in gaps]
        text, confidences = "".join(text[i] for i in kept), tuple(confidences[i] for i in kept)
    found = [reading_of(text, confidences, *m.span()) for m in NUMBER.finditer(text)]
    best = max(
        found, key=lambda n: (n.digits == digits, len(n.digits)), default=NumberReading("", 0.0)
    )
    is_part = best.digits != digits and len(best.digits) < sum(map(str.isdigit, text))
    return NumberReading(best.text, 0.0) if is_part else best


def needs_third(first: NumberReading, second: NumberReading) -> bool:
    """Return whether two readings leave a number open."""
    return not first.agrees(second) or min(first.sureness, second.sureness) < SURE


def settle(readings: list[NumberReading]) -> Settled:
    """Return what the readings, the first of them the page's own, come to.

    >>> one, two = NumberReading("1.234,567.89", 0.99), NumberReading("1,234.567.89", 0.99)
    >>> settle([one, two])
    Settled(text='1,234,567.89', is_doubtful=False)
    >>> settle([NumberReading("1,234", 0.99), NumberReading("1,284", 0.99)])
    Settled(text='1,234', is_doubtful=True)
    """
    first = readings[0]
    for leader in readings:
        if any(r.digits == leader.digits and r.sign != leader.sign for r in readings):
            continue  # a crop may have cut the sign off: it is not put to the vote
        agreed = [reading for reading in readings if reading.agrees(leader)]
        if _is_enough(agreed):
            return _spell(agreed)
    return Settled(first.text, is_doubtful=True)


def with_open_comma(readings: list[NumberReading]) -> str | None:
    """Return the number with commas where nothing is open but its last sign; else None.

    That sign is a comma of thousands, or a point before three decimals.

    >>> seen = [NumberReading("24,268,840", 0.99), NumberReading("24,268.840", 0.99)]
    >>> with_open_comma(seen), with_open_comma([NumberReading("1.23", 0.99)] * 2)
    ('24,268,840', None)
    """
    first = readings[0]
    alike = [reading for reading in readings if reading.digits == first.digits]
    if any(r.sign != first.sign for r in alike) or not _is_enough(alike):
        return None
    sign = first.text[: len(first.sign)]
    number = _commas(first.text[len(sign) :])
    return sign + number if THOUSANDS.fullmatch(number) else None


def known_signs(text: str) -> tuple[list[int], list[int]]:
    """Return where groups of digits prove a comma in a number, and where a point.

    >>> known_signs("1,234,567"), known_signs("1.234.567,89"), known_signs("0.5")
    (([1], []), ([1, 5], [9]), ([], [1]))
    """
    places = [i for i, char in enumerate(text) if char in SEPARATORS]
    if CENTS.fullmatch(text) or (len(places) == 1 and SHORT_END.fullmatch(text)):
        return places[:-1], places[-1:]
    return (places[:-1], []) if GROUPS.fullmatch(text) else ([], [])


def middle_digits(text: str) -> list[int]:
    """Return where digits stand between two others, away from any sign.

    >>> middle_digits("12,345,678.90")
    [4, 8]
    """
    return [i for i in range(1, len(text) - 1) if text[i - 1 : i + 2].isdecimal()]


def _is_enough(agreed: list[NumberReading]) -> bool:
    """Return whether two sure readings agree, or three of which one was clear."""
    sure = sorted(reading.sureness for reading in agreed)
    return sum(s >= SURE for s in sure) >= 2 or (len(sure) > 2 and sure[-1] >= CLEAR)


def _spell(agreed: list[NumberReading]) -> Settled:
    """Return the number of readings that agree on the digits, with the signs between them."""
    sign = agreed[0].text[: len(agreed[0].sign)]
    texts = [reading.text[len(reading.sign) :] for reading in agreed]
    spelled = [text for text in map(_well_formed, texts) if text is not None]
    if not spelled:
        spelled = [text for text in map(_repair, texts) if text is not None]
    if len({text.replace(",", "") for text in spelled}) != 1:
        return Settled(agreed[0].text, is_doubtful=True)
    if _well_formed(texts[0]) is not None:
        return Settled(agreed[0].text, is_doubtful=False)
    return Settled(sign + spelled[0], is_doubtful=False)


def _well_formed(text: str) -> str | None:
    """Return ``text`` with plain commas if its groups and decimals, or a date, can stand so."""
    plain = text.replace("，", ",")
    return plain if any(form.fullmatch(plain) for form in (GROUPED, PLAIN, DATE)) else None


def confuses_signs(readings: list[NumberReading]) -> bool:
    """Return whether a reading shows a comma where another, or the groups, show a point."""
    shapes = {re.sub(r"\d", "", reading.text).replace("，", ",") for reading in readings}
    return len(shapes) > 1 or any(_well_formed(r.text.lstrip("-−–+(（")) is None for r in readings)


def _repair(text: str) -> str | None:
    """Return ``text`` with the only signs that its groups of digits allow; None if unclear."""
    if found := CENTS.fullmatch(text):
        return f"{_commas(found[1])}.{found[2]}"
    if GROUPS.fullmatch(text):
        return _commas(text)
    return None


def _commas(text: str) -> str:
    return re.sub(r"[.，]", ",", text)
