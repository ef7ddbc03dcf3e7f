"""Text under something that was painted later is read by nobody; on top of it, by everybody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader

from sft_assets.extract.reading.lines import text_of
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.report_reading import ExtractConfig, read_report

Read = Callable[..., PageContent]
Draw = Callable[[Any], None]
AREA = (40, 290, 200, 30)  # around the line at y = 300
PAGE = (0, 0, 400, 500)
DOC = "ab" * 32


def _picture(mode: str, color: Any) -> ImageReader:
    return ImageReader(Image.new(mode, (8, 8), color))


def _text(canvas: Any) -> None:
    canvas.drawString(50, 400, "seen")
    canvas.drawString(50, 300, "Total 123")


def _image(area: tuple[float, ...], color: Any = (200, 210, 220), mask: Any = None) -> Draw:
    mode = "RGBA" if len(color) == 4 else "RGB"
    return lambda canvas: canvas.drawImage(_picture(mode, color), *area, mask=mask)


def _fill(
    area: tuple[float, ...], color: str = "white", alpha: float = 1.0, blend: str = "Normal"
) -> Draw:
    def draw(canvas: Any) -> None:
        canvas.saveState()
        canvas.setFillColor(color, alpha=alpha)
        canvas.setBlendMode(blend)
        canvas.rect(*area, stroke=0, fill=1)
        canvas.restoreState()

    return draw


def _clipped(canvas: Any) -> None:
    """Paint an area of which only a part beside the text is let through."""
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(300, 10, 50, 50)
    canvas.clipPath(path, stroke=0)
    _fill(PAGE)(canvas)
    canvas.restoreState()


def _form(*drawers: Draw) -> Draw:
    def draw(canvas: Any) -> None:
        canvas.beginForm("form")
        canvas.setFont("Helvetica", 10)
        for inner in drawers:
            inner(canvas)
        canvas.endForm()
        canvas.translate(10, 0)
        canvas.doForm("form")

    return draw


def _white_text(canvas: Any) -> None:
    canvas.drawString(50, 400, "seen")
    canvas.setFillColor("white")
    canvas.drawString(50, 300, "Total 123")


def _all(*drawers: Draw) -> Draw:
    def draw(canvas: Any) -> None:
        for each in drawers:
            each(canvas)

    return draw


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(_all(_text, _image(AREA)), id="picture"),
        pytest.param(_all(_text, _fill(AREA)), id="white-area"),
        pytest.param(_all(_text, _fill(AREA, "navy")), id="dark-area"),
        pytest.param(_all(_text, _form(_image(AREA))), id="picture-in-a-form"),
        pytest.param(_form(_text, _image(AREA)), id="both-in-a-form"),
        pytest.param(_all(_white_text, _image(AREA)), id="white-text-under-a-picture"),
        pytest.param(_all(_image(AREA), _text, _fill(AREA)), id="between-a-picture-and-an-area"),
    ],
)
def test_covered_text_is_hidden(read_made: Read, draw: Draw) -> None:
    content = read_made(draw)
    assert text_of(content.chars) == "seen"
    assert content.hidden_chars == 8


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(_all(_image(PAGE), _text), id="on-a-picture"),
        pytest.param(_all(_fill(PAGE, "yellow"), _text), id="on-an-area"),
        pytest.param(_all(_image(PAGE, (10, 20, 30)), _white_text), id="white-on-a-picture"),
        pytest.param(_all(_text, _image(AREA, (99, 99, 99, 90), "auto")), id="under-a-watermark"),
        pytest.param(_all(_text, _image(PAGE, (9, 9, 9, 0), "auto")), id="under-a-clear-picture"),
        pytest.param(_all(_text, _fill(AREA, "yellow", 0.4)), id="under-a-thin-area"),
        pytest.param(_all(_text, _fill(AREA, "yellow", blend="Multiply")), id="under-a-marker"),
        pytest.param(_all(_text, _image((300, 10, 50, 50))), id="beside-a-logo"),
        pytest.param(_all(_text, _clipped), id="beside-what-a-clip-lets-through"),
        pytest.param(_all(_text, _fill((50, 297, 60, 1), "black")), id="underlined"),
        pytest.param(_all(_text, _fill((40, 290, 200, 9.5))), id="above-an-area"),
        pytest.param(_form(_image(AREA), _text), id="on-a-picture-in-a-form"),
    ],
)
def test_text_that_shows_is_kept(read_made: Read, draw: Draw) -> None:
    content = read_made(draw)
    assert text_of(content.chars) == "seen\nTotal 123"
    assert content.hidden_chars == 0


def test_a_logo_hides_what_it_covers(read_made: Read) -> None:
    content = read_made(_all(_text, _image((73.5, 290, 60, 30))))
    assert text_of(content.chars) == "seen\nTotal"
    assert content.hidden_chars == 3


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("Total 123", "seen\nTotal 123"), ("Total 178", "seen"), ("Other word", "seen")],
    ids=["of-itself", "of-another-number", "of-another-word"],
)
def test_under_a_picture_of_text(
    read_made: Read, make_pdf: Callable[..., Path], printed: str, expected: str
) -> None:
    """A signature block pasted as a picture over the same words: they are what people see."""
    document = pypdfium2.PdfDocument(make_pdf(lambda canvas: canvas.drawString(50, 300, printed)))
    picture = document[0].render(scale=3).to_pil().crop((120, 540, 720, 630))
    document.close()
    over = _all(_text, lambda canvas: canvas.drawImage(ImageReader(picture), 40, 290, 200, 30))
    assert text_of(read_made(over).chars) == expected


def test_text_that_cannot_be_drawn_is_not_taken_for_covered(
    read_made: Read, chinese_font: str
) -> None:
    """The font is neither in the file nor, as a rule, on this machine: there is no ink to see."""

    def draw(canvas: Any) -> None:
        canvas.setFont(chinese_font, 10)
        canvas.drawString(50, 300, "本期净利润")
        _image(AREA, (99, 99, 99, 90), "auto")(canvas)

    assert text_of(read_made(draw).chars) == "本期净利润"


@pytest.mark.parametrize(
    "stamp", ["", "Copy 7 of the registry, not to be handed on"], ids=["plain", "stamped"]
)
def test_a_scan_over_its_text_layer_is_read_by_ocr(
    make_pdf: Callable[..., Path], stamp: str
) -> None:
    """The layer below, of an earlier reading, says something else than people see."""

    def printed(canvas: Any) -> None:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(60, 400, "Revenue 12,345")
        canvas.drawString(60, 360, "Gross profit 4,454")

    document = pypdfium2.PdfDocument(make_pdf(printed))
    picture = ImageReader(document[0].render(scale=200 / 72).to_pil().convert("L"))
    document.close()

    def scan(canvas: Any) -> None:
        canvas.drawString(60, 400, "Revenue for the year of the group 12,845")
        canvas.drawString(60, 360, "Gross profit for the year of the group 9,999")
        canvas.drawImage(picture, *PAGE)
        canvas.drawString(60, 100, stamp)

    found = read_report(make_pdf(scan), DOC, 1, ExtractConfig()).tables
    page = found["extracted_pages"].row(0, named=True)
    assert (page["text_source"], page["hidden_chars"]) == ("ocr", 69)
    assert page["text"].split("\n")[:2] == ["Revenue 12,345", "Gross profit 4,454"]
    assert found["extracted_lines"].filter(pl.col("text").str.contains("12,845|9,999")).is_empty()


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_turned_pages(make_pdf: Callable[..., Path], rotation: int) -> None:
    from sft_assets.extract.reading.pdfium_page import read_page

    document = pypdfium2.PdfDocument(make_pdf(_all(_text, _image(AREA))))
    page = document[0]
    page.set_rotation(rotation)
    page.set_cropbox(20, 30, 380, 480)
    content = read_page(page, 1)
    document.close()
    assert "".join(content.chars.text) == "seen"
    assert content.hidden_chars == 8


def test_a_page_looked_through_is_drawn_as_before(make_pdf: Callable[..., Path]) -> None:
    from sft_assets.extract.reading.pdfium_page import read_page

    document = pypdfium2.PdfDocument(make_pdf(_all(_text, _image(AREA))))
    page = document[0]
    before = page.render(scale=2).to_numpy().copy()
    read_page(page, 1)
    assert (before == page.render(scale=2).to_numpy()).all()
    document.close()
