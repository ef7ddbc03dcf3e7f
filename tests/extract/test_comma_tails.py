"""The ink below the digits tells a comma from a point where an engine sees only points."""

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pypdfium2
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from sft_assets.extract.reading.comma_tails import ABOVE, BESIDE, PageTails, tails_of
from sft_assets.extract.reading.number_readings import (
    NumberReading,
    known_signs,
    middle_digits,
    with_open_comma,
)

SCALE, SIZE = 200 / 72, 10
TOP, BOTTOM = 7.4, 2.6  # of a line's box, from the base line, in points
LOOKS = [("Helvetica", 0.0), ("Helvetica", 1.3), ("Times-Roman", 0.0), ("Times-Roman", 1.3),
         ("Courier", 0.0), ("Courier", 1.0)]  # fmt: skip
RANDOM = Random(3)
PROVED = [f"{RANDOM.randrange(10**6, 10**8):,}.{RANDOM.randrange(10, 99)}" for _ in range(20)]
COMMAS = [f"{RANDOM.randrange(10**4, 10**6):,}" for _ in range(20)]
POINTS = [f"{RANDOM.randrange(10, 1000)}.{RANDOM.randrange(100, 999)}" for _ in range(20)]
Tails = Callable[[Sequence[int]], list[float]]


@pytest.fixture
def page_of(make_pdf: Callable[..., Path]) -> Callable[..., dict[str, Tails]]:
    """Print numbers one below another; return how to measure the signs of each."""

    def print_page(numbers: Sequence[str], font: str, blur: float, ruled: bool) -> dict[str, Tails]:
        def draw(canvas: object) -> None:
            canvas.setFont(font, SIZE)  # type: ignore[attr-defined]
            for i, number in enumerate(numbers):
                canvas.drawString(40, 1180 - 16 * i, number)  # type: ignore[attr-defined]
                if ruled:
                    canvas.line(20, 1177 - 16 * i, 180, 1177 - 16 * i)  # type: ignore[attr-defined]

        document = pypdfium2.PdfDocument(make_pdf(draw, size=(200.0, 1200.0)))
        picture = np.asarray(document[0].render(scale=SCALE).to_pil().convert("RGB"))
        document.close()
        if blur:
            picture = cv2.GaussianBlur(picture, (0, 0), blur).astype(np.uint8)
        return {
            number: measure(picture, number, font, 20 + 16 * i) for i, number in enumerate(numbers)
        }

    def measure(picture: np.ndarray, number: str, font: str, base: float) -> Tails:
        def tails(places: Sequence[int]) -> list[float]:
            width, height = stringWidth(number, font, SIZE), TOP + BOTTOM
            rows = (base - TOP - ABOVE * height, base + BOTTOM + ABOVE * height)
            columns = (40 - BESIDE * height, 40 + width + BESIDE * height)
            crop = picture[
                round(rows[0] * SCALE) : round(rows[1] * SCALE),
                round(columns[0] * SCALE) : round(columns[1] * SCALE),
            ]
            middles = [
                stringWidth(number[:i], font, SIZE) + stringWidth(number[i], font, SIZE) / 2
                for i in places
            ]
            return tails_of(crop, [middle / width for middle in middles])

        return tails

    return print_page


@pytest.mark.parametrize("ruled", [False, True], ids=["bare", "ruled"])
@pytest.mark.parametrize(("font", "blur"), LOOKS)
def test_signs_of_one_page(
    page_of: Callable[..., dict[str, Tails]], font: str, blur: float, ruled: bool
) -> None:
    measured = page_of([*PROVED, *COMMAS, *POINTS], font, blur, ruled)
    commas, others = [], []
    for number in PROVED:
        at_commas, at_point = known_signs(number)
        commas += measured[number](at_commas)
        others += measured[number]([*at_point, *middle_digits(number)])
    page = PageTails(commas, others)
    assert len(commas) > 20
    told = [n for n in COMMAS if page.is_comma(*measured[n]([n.index(",")]))]
    assert len(told) >= 18
    assert [n for n in POINTS if page.is_comma(*measured[n]([n.index(".")]))] == []


@pytest.mark.parametrize(
    ("commas", "others"),
    [
        pytest.param([0.1] * 4, [0.0] * 9, id="few-commas"),
        pytest.param([0.1] * 9, [0.0] * 4, id="few-others"),
        pytest.param([0.04] * 9, [0.0] * 9, id="short-tails"),
        pytest.param([0.1] * 6 + [0.02] * 3, [0.03] * 9, id="commas-without-tails"),
        pytest.param([0.1] * 9, [0.0] * 9 + [0.3], id="a-point-with-a-tail"),
    ],
)
def test_a_page_that_does_not_tell(commas: list[float], others: list[float]) -> None:
    assert not PageTails(commas, others).is_comma(0.2)
    assert PageTails([0.1] * 9, [0.0] * 9).is_comma(0.2)


def test_a_picture_without_digits() -> None:
    assert tails_of(np.full((30, 60, 3), 255, dtype=np.uint8), [0.5]) == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["24,268,840", "24,268.840"], "24,268,840", id="one-saw-a-point"),
        pytest.param(["618.259", "618.259"], "618,259", id="both-saw-a-point"),
        pytest.param(["-1.234", "-1,234"], "-1,234", id="minus"),
        pytest.param(["1,284", "1.234"], None, id="digits-differ"),
        pytest.param(["-1.234", "1,234"], None, id="sign-lost"),
        pytest.param(["12.34", "12,34"], None, id="no-group"),
        pytest.param(["1234", "1.234"], None, id="no-sign-seen"),
        pytest.param(["1,234.567.89", "1,234.567.89"], None, id="cents"),
    ],
)
def test_numbers_with_an_open_comma(texts: list[str], expected: str | None) -> None:
    assert with_open_comma([NumberReading(text, 0.99) for text in texts]) == expected
    assert with_open_comma([NumberReading(text, 0.9) for text in texts]) is None
