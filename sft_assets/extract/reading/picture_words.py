"""Words of the lines that an OCR engine read, in points, straightened; and numbers read again.

Runs in an isolated child only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean
from typing import TYPE_CHECKING

from sft_assets.extract.reading import comma_tails, lost_minus
from sft_assets.extract.reading.comma_tails import PageTails, tails_of
from sft_assets.extract.reading.lines import Word
from sft_assets.extract.reading.number_doubts import DOUBTFUL, doubt_more, has_unclear_point
from sft_assets.extract.reading.number_readings import (
    PERCENT,
    NumberReading,
    Settled,
    confuses_signs,
    find_numbers,
    known_signs,
    middle_digits,
    needs_third,
    only_number,
    reading_of,
    settle,
    spaces_within,
    with_open_comma,
)
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.reading.picture_frame import PictureFrame
from sft_assets.worker.ocr import OcrLine, Quad, cut_out, recognize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

WIDE = 1.1  # of the line's height: a wider gap parts two words though no space was read
CROSSES = 0.6  # of the line's height that a ruling line goes through to part two words
TIGHT = (0.15, -0.1)  # of the height, beside and above: how a number is cut out to be read again
LOOSE = (0.2, 0.05)  # ... and a third time
CURRENCIES = ("$", "¥", "￥", "£", "€")
AMOUNT_ENDS = "0123456789)）%"
NO_MINUS = "—―一~～－<＜〈≤"  # read before a number: what lies there is no sign of it
ENLARGE = 2.0
SHARPEN = 0.8


@dataclass(frozen=True, slots=True)
class OcrWord:
    """A word with the confidence of each of its code points."""

    word: Word
    confidences: tuple[float, ...]

    def part(self, start: int, end: int) -> "OcrWord | None":
        """Return the code points ``start`` to ``end`` without white space around them."""
        text = self.word.text[start:end]
        start += len(text) - len(text.lstrip())
        text = text.strip()
        if not text:
            return None
        spans = self.word.spans[start : start + len(text)]
        known = self.confidences[start : start + len(text)]
        x0, x1 = spans[0][0], spans[-1][1]
        word = replace(self.word, text=text, x0=x0, x1=x1, spans=spans, confidence=fmean(known))
        return OcrWord(word, known)


@dataclass(frozen=True, slots=True)
class PictureView:
    """The upright picture that was read, and the way from it to the straightened frame."""

    picture: "Picture"
    scale: float  # pixels a point
    frame: PictureFrame

    def words_of(self, line: OcrLine, walls: Sequence[Edge]) -> list[OcrWord]:
        """Return the words of ``line``, parted at spaces, wide gaps and vertical rules."""
        whole = self._whole(line)
        starts = [0, *_breaks(whole.word, walls), len(whole.word.text)]
        parts = (whole.part(a, b) for a, b in pairwise(starts))
        return [part for part in parts if part is not None]

    def _whole(self, line: OcrLine) -> OcrWord:
        x0, x1, top, bottom = line.x0, line.x1, line.top, line.bottom
        quad = line.quad or ((x0, top), (x1, top), (x1, bottom), (x0, bottom))
        corners = [self.frame.straighten(x / self.scale, y / self.scale) for x, y in quad]
        x0, x1 = min(c[0] for c in corners), max(c[0] for c in corners)
        top, bottom = sorted(
            ((corners[0][1] + corners[1][1]) / 2, (corners[2][1] + corners[3][1]) / 2)
        )
        spans = tuple((x0 + a * (x1 - x0), x0 + b * (x1 - x0)) for a, b in line.spans)
        gaps = spaces_within(line.text)
        kept = [i for i in range(len(line.text)) if i not in gaps]
        text = "".join(line.text[i] for i in kept)
        spans = tuple(spans[i] for i in kept)
        word = Word(text, x0, top, x1, bottom, spans, bottom - top, line.confidence)
        return OcrWord(word, tuple(line.confidences[i] for i in kept))

    def cut(self, word: Word, start: int, end: int, margins: tuple[float, float]) -> "Picture":
        """Return the picture of some code points of ``word`` with margins beside and above."""
        beside, above = (margin * (word.bottom - word.top) for margin in margins)
        x0, x1 = word.spans[start][0] - beside, word.spans[end - 1][1] + beside
        corners = [
            self.frame.tilt(x, y)
            for x, y in (
                (x0, word.top - above), (x1, word.top - above),
                (x1, word.bottom + above), (x0, word.bottom + above),
            )
        ]  # fmt: skip
        a, b, c, d = ((x * self.scale, y * self.scale) for x, y in corners)
        quad: Quad = (a, b, c, d)
        return cut_out(self.picture, quad)


def _breaks(word: Word, walls: Sequence[Edge]) -> list[int]:
    """Return where a new word begins in a line: after a space, a wide gap, a ruling line.

    A currency sign behind an amount is that of the next column.
    """
    height = word.bottom - word.top
    crossing = [
        x0
        for x0, top, _, bottom in walls
        if word.x0 < x0 < word.x1
        and min(bottom, word.bottom) - max(top, word.top) >= CROSSES * height
    ]
    middles = [(a + b) / 2 for a, b in word.spans]
    return [
        i
        for i in range(1, len(word.text))
        if word.text[i - 1] == " "
        or (word.text[i] in CURRENCIES and word.text[i - 1] in AMOUNT_ENDS)
        or word.spans[i][0] - word.spans[i - 1][1] > WIDE * height
        or any(middles[i - 1] < x < middles[i] for x in crossing)
    ]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of a word, read more than once."""

    word: Word
    start: int
    end: int
    readings: list[NumberReading]
    settled: Settled

    @property
    def open_comma(self) -> str | None:
        """Return its text with a comma for the last sign where nothing but that sign is open."""
        if self.settled.is_doubtful or has_unclear_point(self.settled.text):
            return with_open_comma(self.readings)
        return None

    def tails(self, view: PictureView, places: Sequence[int]) -> list[float]:
        """Return the tails of the signs at ``places``, counted from the number's start."""
        spans = self.word.spans[self.start : self.end]
        x0, length = spans[0][0], max(spans[-1][1] - spans[0][0], 1e-6)
        margins = (comma_tails.BESIDE, comma_tails.ABOVE)
        crop = view.cut(self.word, self.start, self.end, margins)
        return tails_of(crop, [(sum(spans[i]) / 2 - x0) / length for i in places])

    def with_comma(self, page: PageTails, view: PictureView) -> "_Number":
        """Return it settled where its open sign looks like the commas of the page."""
        text = self.open_comma
        tails = self.tails(view, [text.rindex(",")]) if text else []
        if text is None or not any(map(page.is_comma, tails)):
            return self
        return replace(self, settled=Settled(text, is_doubtful=False))


def reread_numbers(words: Sequence[OcrWord], view: PictureView, *, is_speckled: bool) -> list[Word]:
    """Return ``words`` with each number read at least twice; confidence 0 where it stays open.

    Where points are seen for commas, a number such as 1.234 may be 1,234 and stays open too,
    unless its sign looks like the page's commas and unlike its points. Where specks lie about,
    such looks say nothing, and a number such as 5.85 may be 585.
    """
    numbers = [_numbers_of(words, i, view) for i in range(len(words))]
    is_coarse = any(confuses_signs(number.readings) for found in numbers for number in found)
    if is_coarse and not is_speckled:
        numbers = _with_commas(numbers, view)
    settled: list[Word] = []
    for ocr_word, found in zip(words, numbers, strict=True):
        word = ocr_word.word
        for number in reversed(found):
            start, end = number.start, number.end
            is_doubtful = number.settled.is_doubtful or _lost_minus(ocr_word.word, start, end, view)
            word = _with_number(word, start, end, number.settled.text, is_doubtful=is_doubtful)
        settled.append(word)
    return doubt_more(settled, is_coarse=is_coarse, is_speckled=is_speckled)


def _numbers_of(words: Sequence[OcrWord], at: int, view: PictureView) -> list[_Number]:
    ocr_word = words[at]
    found = []
    for start, end in find_numbers(ocr_word.word.text, is_cell=_is_cell(words, at)):
        readings = _readings(ocr_word, start, end, view)
        found.append(_Number(ocr_word.word, start, end, readings, settle(readings)))
    return found


def _with_commas(numbers: list[list[_Number]], view: PictureView) -> list[list[_Number]]:
    """Return ``numbers`` with those settled whose open sign looks like the page's commas."""
    every = [number for found in numbers for number in found]
    if all(number.open_comma is None for number in every):
        return numbers
    page = _page_tails(every, view)
    return [[number.with_comma(page, view) for number in found] for found in numbers]


def _page_tails(numbers: Sequence[_Number], view: PictureView) -> PageTails:
    """Return the tails of commas that groups of digits prove, and of points and digits."""
    commas: list[float] = []
    others: list[float] = []
    for number in numbers:
        text = number.readings[0].text
        proved = known_signs(text)
        if not number.settled.is_doubtful and any(proved):
            commas += number.tails(view, proved[0])
            others += number.tails(view, [*proved[1], *middle_digits(text)])
    return PageTails(commas, others)


def _is_cell(words: Sequence[OcrWord], at: int) -> bool:
    """Return whether a word stands apart from those of its line, its currency left out."""
    word = words[at].word
    beside = (words[i].word for i in (at - 1, at + 1) if 0 <= i < len(words))
    return not any(
        other.top == word.top
        and other.text not in CURRENCIES
        and max(other.x0 - word.x1, word.x0 - other.x1) < WIDE * word.size
        for other in beside
    )


def _readings(word: OcrWord, start: int, end: int, view: PictureView) -> list[NumberReading]:
    first = reading_of(word.word.text, word.confidences, start, end)
    start -= word.word.text[:start].endswith(CURRENCIES)  # cut through, a sign is read as a digit
    end += word.word.text[end:].startswith(PERCENT)
    second = _read(view.cut(word.word, start, end, TIGHT), first.digits)
    if not needs_third(first, second):
        return [first, second]
    third = _read(_sharpen(view.cut(word.word, start, end, LOOSE)), first.digits)
    return [first, second, third]


def _lost_minus(word: Word, start: int, end: int, view: PictureView) -> bool:
    """Return whether a minus sign stands before a number that was read without a sign."""
    before = word.text[max(0, start - 1) : start]
    if not word.text[start].isdigit() or (before and before in NO_MINUS):
        return False
    crop = view.cut(word, start, end, (lost_minus.BESIDE, lost_minus.ABOVE))
    return lost_minus.has_minus_before(crop, word.text[start])


def _read(picture: "Picture", digits: str) -> NumberReading:
    found = recognize(picture)
    return only_number(found.text, found.confidences, digits)


def _sharpen(picture: "Picture") -> "Picture":
    import cv2
    import numpy as np

    large = cv2.resize(picture, None, fx=ENLARGE, fy=ENLARGE, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), ENLARGE)
    return np.asarray(cv2.addWeighted(large, 1 + SHARPEN, soft, -SHARPEN, 0), dtype=np.uint8)


def _with_number(word: Word, start: int, end: int, number: str, *, is_doubtful: bool) -> Word:
    """Return ``word`` with ``number`` in place of its code points ``start`` to ``end``."""
    confidence = DOUBTFUL if is_doubtful else word.confidence
    if number == word.text[start:end]:
        return replace(word, confidence=confidence)
    spans = word.spans[start:end]
    if len(number) != end - start:
        x0, step = spans[0][0], (spans[-1][1] - spans[0][0]) / len(number)
        spans = tuple((x0 + i * step, x0 + (i + 1) * step) for i in range(len(number)))
    return replace(
        word,
        text=word.text[:start] + number + word.text[end:],
        spans=(*word.spans[:start], *spans, *word.spans[end:]),
        confidence=confidence,
    )
