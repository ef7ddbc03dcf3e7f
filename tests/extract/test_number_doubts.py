"""What puts a number in doubt that was read alike twice: ink, neighbours, the page."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth

from sft_assets.extract.reading.lines import Word
from sft_assets.extract.reading.lost_minus import ABOVE, BESIDE, has_minus_before
from sft_assets.extract.reading.number_doubts import doubt_more
from sft_assets.extract.reading.picture_reading import read_picture
from sft_assets.extract.reading.specks import count_specks, is_speckled

SCALE = 200 / 72
NUMBERS = ("973,342.89", "60.81", "1,234", "4,166,449", "7,522", "0.35", "313.62%", "99.45")
FONTS = ("Helvetica", "Times-Roman", "Courier")


@pytest.fixture
def cut_number(make_pdf: Callable[..., Path]) -> Callable[[str, str, float], object]:
    """Print ``before + number``, blur it, and cut out the number as it is cut out of a scan."""

    def cut(before: str, number: str, font: str, blur: float) -> object:
        def draw(canvas: object) -> None:
            canvas.setFont(font, 10)  # type: ignore[attr-defined]
            canvas.drawString(60, 100, before + number)  # type: ignore[attr-defined]
            canvas.line(20, 92, 180, 92)  # type: ignore[attr-defined]
            canvas.line(20, 112, 180, 112)  # type: ignore[attr-defined]

        document = pypdfium2.PdfDocument(make_pdf(draw, size=(200.0, 200.0)))
        picture = np.asarray(document[0].render(scale=SCALE).to_pil().convert("RGB"))
        document.close()
        if blur:
            picture = cv2.GaussianBlur(picture, (0, 0), blur).astype(np.uint8)
        x0 = 60 + stringWidth(before, font, 10)
        x1, top, bottom = x0 + stringWidth(number, font, 10), 90.0, 104.0
        beside, above = BESIDE * (bottom - top), ABOVE * (bottom - top)
        rows, columns = (top - above, bottom + above), (x0 - beside, x1 + beside)
        return picture[
            round(rows[0] * SCALE) : round(rows[1] * SCALE),
            round(columns[0] * SCALE) : round(columns[1] * SCALE),
        ]

    return cut


@pytest.mark.parametrize("blur", [0.0, 1.2, 2.0])
@pytest.mark.parametrize("font", FONTS)
def test_a_minus_that_was_passed_over(
    cut_number: Callable[..., np.ndarray], font: str, blur: float
) -> None:
    seen = {n for n in NUMBERS if has_minus_before(cut_number("-", n, font, blur), n[0])}
    assert seen == set(NUMBERS)


@pytest.mark.parametrize("blur", [0.0, 1.2, 2.0])
@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("before", ["", "$ ", "in ", "of"])
def test_no_minus(
    cut_number: Callable[..., np.ndarray], font: str, blur: float, before: str
) -> None:
    seen = {n for n in NUMBERS if has_minus_before(cut_number(before, n, font, blur), n[0])}
    assert seen == set()


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("before", ["<", "of <"])
def test_a_sign_that_was_read_is_no_minus(
    make_pdf: Callable[..., Path], font: str, before: str
) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(font, 10)
        for i, number in enumerate(("2019", "12.5", "1,234.50")):
            canvas.drawString(40, 150 - 20 * i, f"{before}{number}> of it")

    document = pypdfium2.PdfDocument(make_pdf(draw, size=(300.0, 200.0)))
    found = read_picture(document[0], "rapidocr", 200).words
    document.close()
    numbers = [word for word in found if any(map(str.isdigit, word.text))]
    assert [word.text.strip("<>") for word in numbers] == ["2019", "12.5", "1,234.50"]
    assert doubtful(numbers) == []


def words(*texts: str | tuple[str, float]) -> list[Word]:
    """Words of one line, ten points apart; a text with a confidence, else 0.9."""
    found, x = [], 0.0
    for text in texts:
        said, confidence = (text, 0.9) if isinstance(text, str) else text
        spans = tuple((x + 5.0 * i, x + 5.0 * i + 5) for i in range(len(said)))
        found.append(Word(said, x, 100.0, spans[-1][1], 110.0, spans, 10.0, confidence))
        x = spans[-1][1] + 10
    return found


def doubtful(found: Sequence[Word]) -> list[str]:
    return [word.text for word in found if word.confidence == 0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(["Total", "1,234", "7,397)"], ["7,397)"], id="opening-bracket-lost"),
        pytest.param(["Total", "(1,234)", "(7,397)"], [], id="bracketed"),
        pytest.param(["Total", "(", "7,397)"], [], id="bracket-alone"),
        pytest.param(["(see", "page", "1,234.5)"], [], id="closes-what-was-opened"),
        pytest.param(["31,", "2023)"], [], id="a-year"),
        pytest.param([("1,40,", 0.0), "700.00"], ["1,40,", "700.00"], id="fragments"),
        pytest.param([("Total", 0.0), "700.00"], ["Total"], id="no-number-beside"),
        pytest.param(["22,218;274.36"], ["22,218;274.36"], id="dirt-between-digits"),
        pytest.param(["2021;", "1,234"], [], id="semicolon-behind-a-number"),
        pytest.param(["12345678901234567X"], ["12345678901234567X"], id="code"),
        pytest.param(["059212345678"], [], id="telephone"),
    ],
)
def test_neighbours(line: list[str | tuple[str, float]], expected: list[str]) -> None:
    assert doubtful(doubt_more(words(*line), is_coarse=False)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1.234", True, id="comma-of-thousands"),
        pytest.param("11,268.597", True, id="last-comma"),
        pytest.param("-12.345", True, id="negative"),
        pytest.param("294%", True, id="percentage-without-its-point"),
        pytest.param("12.5%", False, id="percentage"),
        pytest.param("1,268.59", False, id="decimals"),
        pytest.param("2023", False, id="year"),
        pytest.param("100", False, id="count"),
    ],
)
def test_points_on_a_coarse_page(text: str, expected: bool) -> None:
    assert bool(doubtful(doubt_more(words(text), is_coarse=True))) is expected
    assert not doubtful(doubt_more(words(text), is_coarse=False))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("5.85", True, id="may-be-585"),
        pytest.param("(12.5)", True, id="negative"),
        pytest.param("3.1%", True, id="percentage"),
        pytest.param("1,234.50", False, id="commas-hold-it"),
        pytest.param("1,234", False, id="no-point"),
    ],
)
def test_points_on_a_speckled_page(text: str, expected: bool) -> None:
    found = doubt_more(words(text), is_coarse=False, is_speckled=True)
    assert bool(doubtful(found)) is expected


def test_specks_are_counted_beside_the_lines() -> None:
    page = np.full((900, 900, 3), 255, dtype=np.uint8)
    page[100:130, 100:800] = 0  # a line of type, or a picture
    places = [(i, j) for i in range(200, 880, 60) for j in range(20, 880, 60)]
    for i, j in places:
        page[i : i + 2, j : j + 2] = 40
    line = ((0.0, 190.0), (900.0, 190.0), (900.0, 210.0), (0.0, 210.0))
    assert len(places) == 180
    assert count_specks(page, [], SCALE) == 180
    assert count_specks(page, [line], SCALE) == 165
    assert is_speckled(page, [], SCALE)
    page[400:] = 255
    assert not is_speckled(page, [], SCALE)
