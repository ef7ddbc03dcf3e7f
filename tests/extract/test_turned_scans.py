"""Scans that were laid on the glass in another way: same cells, boxes where the page shows them."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pypdfium2
import pytest
from PIL import Image

from sft_assets.extract.child import extract_chunk, ocr_pages
from sft_assets.extract.reading.page_frame import Box
from sft_assets.worker import ocr
from sft_assets.worker.ocr import read_lines, turn_upright

DOC = "ab" * 32
WIDTH, HEIGHT = 330.0, 230.0
NEAR = 4.0  # points between an edge seen by OCR and that of the text layer
ROWS = [("Year ended 31 March", "2023", "2022"), ("Revenue", "1,212,345", "1,111,234"),
        ("Cost of sales", "(737,891)", "(656,543)"), ("Gross profit", "474,454", "454,691"),
        ("Other income", "12,906", "18,350"), ("Operating costs", "(88,120)", "(90,077)"),
        ("Profit for the year", "399,240", "382,964")]  # fmt: skip
PAYLOAD = {"doc_id": DOC, "min_readability": 0.5, "characters": "pdfium",
           "ocr_engine": "rapidocr", "ocr_dpi": 200}  # fmt: skip


def _statement(canvas: Any) -> None:
    canvas.setFont("Helvetica", 11)
    for i, (label, a, b) in enumerate(ROWS):
        canvas.drawString(30, 190 - 24 * i, label)
        canvas.drawRightString(230, 190 - 24 * i, a)
        canvas.drawRightString(300, 190 - 24 * i, b)


def _picture_of(pdf: Path) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    document.close()
    return picture


def _boxes(cells: pl.DataFrame) -> dict[str, Box]:
    amounts = cells.filter(pl.col("text").str.contains(",")).rows(named=True)
    return {row["text"]: (row["x0"], row["top"], row["x1"], row["bottom"]) for row in amounts}


def _turned(box: Box, turn: int) -> Box:
    """Return ``box`` of the upright page on the page turned clockwise."""
    x0, top, x1, bottom = box
    if turn == 90:
        return HEIGHT - bottom, x0, HEIGHT - top, x1
    if turn == 180:
        return WIDTH - x1, HEIGHT - bottom, WIDTH - x0, HEIGHT - top
    if turn == 270:
        return top, WIDTH - x1, bottom, WIDTH - x0
    return box


@pytest.fixture
def upright(make_pdf: Callable[..., Path]) -> tuple[Image.Image, dict[str, Box]]:
    """The statement's picture and its amounts' boxes, both upright, from its text layer."""
    made = make_pdf(_statement, size=(WIDTH, HEIGHT))
    found: Any = extract_chunk({**PAYLOAD, "pdf": str(made), "first_page": 1, "last_page": 1})
    return _picture_of(made), _boxes(found["extracted_cells"])


def _scan(make_pdf: Callable[..., Path], picture: Image.Image, rotate: int = 0) -> Path:
    """Write a page that is only ``picture``, displayed with ``rotate`` degrees of /Rotate."""
    width, height = picture.size[0] * 0.36, picture.size[1] * 0.36
    path = make_pdf(
        lambda canvas: canvas.drawInlineImage(picture, 0, 0, width, height), size=(width, height)
    )
    if not rotate:
        return path
    document = pypdfium2.PdfDocument(path)
    document[0].set_rotation(rotate)
    turned = path.with_name("rotated.pdf")
    document.save(turned)
    document.close()
    return turned


def _cells(pdf: Path) -> pl.DataFrame:
    found: Any = ocr_pages({**PAYLOAD, "pdf": str(pdf), "pages": [1]})
    return found["extracted_cells"]


@pytest.mark.parametrize(
    ("turn", "rotate"),
    [(0, 0), (90, 0), (180, 0), (270, 0), (0, 90), (90, 180)],
    ids=["upright", "90", "180", "270", "by-the-page", "both"],
)
def test_amounts_lie_where_the_page_shows_them(
    upright: tuple[Image.Image, dict[str, Box]],
    make_pdf: Callable[..., Path],
    turn: int,
    rotate: int,
) -> None:
    picture, printed = upright
    cells = _cells(_scan(make_pdf, picture.rotate(-turn, expand=True), rotate))
    assert cells["text"].to_list() == [text for row in ROWS for text in row]
    seen = _boxes(cells)
    assert len(printed) == 12
    for text, box in printed.items():
        expected = _turned(box, (turn + rotate) % 360)
        assert seen[text] == pytest.approx(expected, abs=NEAR), text


PROSE = """we may not be able to hire retain and motivate the people that our plans depend on and new
rules of markets in which services are sold could harm results or lead to losses that exceed what
has been set aside for them"""


def _prose(canvas: Any) -> None:
    """Long lines of small type, most of which the engine's test takes for turned ones."""
    rng = Random(1)
    for row in range(52):
        line = ""
        while canvas.stringWidth(line, "Helvetica", 10) < 470:
            line += f"{rng.choice(PROSE.split())} "
        canvas.drawString(60, 720 - 12.5 * row, line.strip())


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_of_prose_is_turned_as_it_reads_best(
    make_pdf: Callable[..., Path], turn: int
) -> None:
    picture = np.array(_picture_of(make_pdf(_prose, size=(612.0, 792.0))).convert("RGB"))
    turned = np.ascontiguousarray(np.rot90(picture, turn // 90))
    assert turn_upright(turned).turn == turn


def test_lines_that_told_the_direction_are_not_read_again(
    make_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lines that read better one way are enough, and what they say is kept."""
    picture = np.asarray(_picture_of(make_pdf(_statement, size=(WIDTH, HEIGHT))).convert("RGB"))
    monkeypatch.setattr(ocr, "_is_upside_down", lambda _: True)
    ocr._recognize.cache_clear()
    upright = turn_upright(picture)
    asked = ocr._recognize.cache_info()
    assert (upright.turn, asked.misses) == (0, 4)
    lines = read_lines(upright.image, upright.quads)
    assert ocr._recognize.cache_info().hits - asked.hits == 2
    assert len(lines) > len(ROWS)


@pytest.mark.parametrize("degrees", [-5.0, -1.0, 3.0])
def test_skewed_pages(
    upright: tuple[Image.Image, dict[str, Box]], make_pdf: Callable[..., Path], degrees: float
) -> None:
    picture, printed = upright
    askew = picture.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    cells = _cells(_scan(make_pdf, askew))
    assert cells["text"].to_list() == [text for row in ROWS for text in row]
    seen = _boxes(cells)
    assert len(seen) == len(printed) == 12
    assert not cells.filter(pl.col("confidence") == 0).height
