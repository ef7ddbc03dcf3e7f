"""A scan with a watermark over it: the lines below are read as if it were not there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest

from sft_assets.extract.child import ocr_pages, read_boxes
from sft_assets.extract.reading.slanted_quads import part_slanted_quads
from sft_assets.extract.row_checks import refuse_contradictions

DOC = "ab" * 32
PAYLOAD = {"doc_id": DOC, "ocr_engine": "rapidocr", "ocr_dpi": 200, "characters": "pdfium"}
SIZE = (330.0, 260.0)
ROWS = [("Revenue", "1,212,345"), ("Cost of sales", "(737,891)"), ("Gross profit", "474,454"),
        ("Other income", "12,906"), ("Operating costs", "(88,120)")]  # fmt: skip


@pytest.fixture
def scan(make_pdf: Callable[..., Path]) -> Callable[[float], Path]:
    """A statement as a picture, with a grey word across it."""

    def draw(canvas: Any, angle: float) -> None:
        canvas.saveState()
        canvas.translate(165, 130)
        canvas.rotate(angle)
        canvas.setFont("Helvetica-Bold", 26)
        canvas.setFillGray(0.85)
        canvas.drawCentredString(0, 0, "CONFIDENTIAL")
        canvas.restoreState()
        canvas.setFont("Helvetica", 11)
        for i, (label, amount) in enumerate(ROWS):
            canvas.drawString(30, 230 - 48 * i, label)
            canvas.drawRightString(300, 230 - 48 * i, amount)

    def make(angle: float) -> Path:
        document = pypdfium2.PdfDocument(make_pdf(lambda canvas: draw(canvas, angle), size=SIZE))
        picture = document[0].render(scale=200 / 72).to_pil().convert("L")
        document.close()
        return make_pdf(lambda canvas: canvas.drawInlineImage(picture, 0, 0, *SIZE), size=SIZE)

    return make


@pytest.mark.parametrize("angle", [30, 60, -40])
def test_lines_under_a_watermark(scan: Callable[[float], Path], angle: float) -> None:
    pdf = scan(angle)
    found = ocr_pages({**PAYLOAD, "pdf": str(pdf), "pages": [1]})
    tables = {
        name: found[name] for name in ("extracted_pages", "extracted_lines", "extracted_cells")
    }
    refuse_contradictions(tables, DOC, [1])  # type: ignore[arg-type]
    lines = tables["extracted_lines"]
    assert isinstance(lines, pl.DataFrame)
    assert lines["text"].to_list() == [*(f"{a} {b}" for a, b in ROWS), "CONFIDENTIAL"]
    boxes = [
        [1, list(box), "ocr"]
        for box in lines.head(len(ROWS)).select("x0", "top", "x1", "bottom").rows()
    ]
    again = read_boxes({**PAYLOAD, "pdf": str(pdf), "boxes": boxes})["texts"]
    assert again == lines["text"].to_list()[:-1]


def test_which_lines_are_slanted() -> None:
    level = ((0.0, 0.0), (100.0, 2.0), (100.0, 12.0), (0.0, 10.0))
    on_its_side = ((0.0, 0.0), (10.0, 0.0), (10.0, 100.0), (0.0, 100.0))
    one_sign = ((5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0))
    climbs = ((0.0, 90.0), (90.0, 0.0), (97.0, 7.0), (7.0, 97.0))
    steep_from_its_top = ((40.0, 0.0), (50.0, 5.0), (10.0, 105.0), (0.0, 100.0))
    straight, slanted = part_slanted_quads(
        [level, on_its_side, one_sign, climbs, steep_from_its_top], 0.01
    )
    assert straight == [level, on_its_side, one_sign]
    a, b, c, d = steep_from_its_top
    assert slanted == [climbs, (d, a, b, c)]


def test_one_letter_of_a_watermark_towers_above_the_lines() -> None:
    line = ((0.0, 0.0), (100.0, 0.0), (100.0, 10.0), (0.0, 10.0))
    heading = ((0.0, 0.0), (200.0, 0.0), (200.0, 40.0), (0.0, 40.0))
    initial = ((0.0, 0.0), (30.0, 0.0), (30.0, 34.0), (0.0, 34.0))
    letter = ((0.0, 0.0), (60.0, 0.0), (60.0, 70.0), (0.0, 70.0))
    assert part_slanted_quads([*[line] * 5, heading, initial, letter], 0.0) == (
        [*[line] * 5, heading, initial], [letter],
    )  # fmt: skip
