"""Characters' boxes as plain pdfplumber gives them, for every way in which a page may set text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.pdfium_page import frame_of, read_page
from sft_assets.extract.reading.plumber_page import shift_of

NEAR = 0.5  # points
Make = Callable[..., Path]
Letter = tuple[str, float, float, float, float, bool]


def both(path: Path) -> tuple[list[Letter], list[Letter]]:
    """Return the printed characters as both readers see them, in the displayed frame."""
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    frame, content = frame_of(page), read_page(page, 1)
    with pdfplumber.open(path) as plain:
        dx, dy = shift_of(frame, plain.pages[0])
        theirs = [
            (c["text"], c["x0"] - dx, c["top"] - dy, c["x1"] - dx, c["bottom"] - dy, c["upright"])
            for c in plain.pages[0].chars
        ]
    document.close()
    return letters(content), [c for c in theirs if not c[0].isspace()]


def letters(content: PageContent) -> list[Letter]:
    chars = content.chars.take(~content.chars.blank)
    found = zip(chars.text, chars.boxes, chars.upright.tolist(), strict=True)
    return [(text, *box, upright) for text, box, upright in found]


def assert_same(path: Path, expected: str) -> None:
    ours, theirs = (sorted(found) for found in both(path))
    assert "".join(c[0] for c in ours) == "".join(sorted(expected))
    assert [c[0] for c in ours] == [c[0] for c in theirs]
    for mine, plain in zip(ours, theirs, strict=True):
        assert mine[1:5] == pytest.approx(plain[1:5], abs=NEAR), mine[0]
        assert mine[5] == plain[5]


def overhanging(canvas: Any) -> None:
    for i, font in enumerate(("Helvetica", "Times-Italic", "Courier", "Times-Bold")):
        canvas.setFont(font, 30)
        canvas.drawString(60, 400 - 60 * i, "fjWQgf")


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (20.0, 30.0, 380.0, 480.0)], ids=["whole", "cropped"])
def test_turned_and_cropped_pages(
    make_pdf: Make, rotation: int, crop: tuple[float, float, float, float] | None
) -> None:
    document = pypdfium2.PdfDocument(make_pdf(overhanging))
    page = document[0]
    page.set_rotation(rotation)
    if crop:
        page.set_cropbox(*crop)
    path = make_pdf(overhanging).with_name("turned.pdf")
    document.save(path)
    document.close()
    assert_same(path, "fjWQgf" * 4)


@pytest.mark.parametrize("angle", [90, 180, 270, 30], ids=lambda a: f"{a}-degrees")
def test_turned_text(make_pdf: Make, angle: int) -> None:
    def draw(canvas: Any) -> None:
        canvas.translate(200, 250)
        canvas.rotate(angle)
        canvas.setFont("Helvetica", 20)
        canvas.drawString(0, 0, "Wage (12)")

    assert_same(make_pdf(draw), "Wage(12)")


def test_stretched_and_spaced_text(make_pdf: Make) -> None:
    def draw(canvas: Any) -> None:
        text = canvas.beginText(50, 300)
        text.setFont("Helvetica", 12)
        text.setHorizScale(70)
        text.setCharSpace(1.5)
        text.textOut("12,345")
        canvas.drawText(text)

    assert_same(make_pdf(draw), "12,345")


def test_raised_text(make_pdf: Make) -> None:
    def draw(canvas: Any) -> None:
        text = canvas.beginText(50, 300)
        text.setFont("Helvetica", 12)
        text.textOut("m")
        text.setRise(5)
        text.textOut("2")
        canvas.drawText(text)

    assert_same(make_pdf(draw), "m2")


def test_full_width_forms_and_ticks(make_pdf: Make, chinese_font: str) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(chinese_font, 12)
        canvas.drawString(50, 300, "（１２３）％、一")

    assert_same(make_pdf(draw), "（１２３）％、一")


def test_accented_letters(make_pdf: Make) -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 300, "ÄÖé")

    assert_same(make_pdf(draw), "ÄÖé")


def test_text_set_downwards_has_its_columns(make_pdf: Make) -> None:
    """In vertical writing the boxes may differ in height, not in which column they stand."""
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3", isVertical=True))

    def draw(canvas: Any) -> None:
        canvas.setFont("HeiseiMin-W3", 20)
        canvas.drawString(200, 400, "一二三")

    ours, theirs = both(make_pdf(draw))
    assert [c[0] for c in ours] == [c[0] for c in theirs] == ["一", "二", "三"]
    for mine, plain in zip(ours, theirs, strict=True):
        assert (mine[1], mine[3]) == pytest.approx((plain[1], plain[3]), abs=NEAR)
        assert mine[2] == pytest.approx(plain[2], abs=3.0)  # the height above the origin differs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("of fof", "offof", id="plain"),
        pytest.param("f", "f", id="alone"),
        pytest.param("fifth", "fifth", id="fi-in-two-letters"),
    ],
)
@pytest.mark.parametrize("font", ["Helvetica", "Times-Italic", "Courier"])
def test_an_overhanging_f_is_one_letter(
    make_pdf: Make, font: str, text: str, expected: str
) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(font, 12)
        canvas.drawString(50, 300, text)

    assert_same(make_pdf(draw), expected)
