"""A notice that runs up the margin, or over the lines, is none of their words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sft_assets.clean.page_edits import find_edits
from sft_assets.clean.page_lines import read_pages
from sft_assets.extract.child import extract_chunk, read_boxes
from sft_assets.extract.reading.body_text import part_body
from sft_assets.lineage.text_edits import apply_edits

PAYLOAD = {"doc_id": "ab" * 32, "min_readability": 0.5, "characters": "pdfium"}
NAMES = ("goods", "sales", "leases", "staff", "freight", "rent", "power", "paper", "water")
ROWS = [(f"Cost of {name}", "1,234", "5,678") for name in NAMES]
NOTICE = "Not for sale"


def draw_page(
    x: float, size: float, angle: float = 90, text: str = NOTICE, page: str = "Cost"
) -> Callable[[Any], None]:
    """Draw a ruled table of three columns, and ``text`` turned by ``angle`` from ``x`` on."""

    def draw(canvas: Any) -> None:
        for i, row in enumerate(ROWS):
            y = 440 - 30 * i
            canvas.drawString(60, y, row[0].replace("Cost", page))
            canvas.drawRightString(240, y, row[1])
            canvas.drawRightString(340, y, row[2])
        for i in range(len(ROWS) + 1):
            canvas.line(55, 458 - 30 * i, 350, 458 - 30 * i)
        for edge in (55, 160, 250, 350):
            canvas.line(edge, 458, edge, 458 - 30 * len(ROWS))
        canvas.saveState()
        canvas.translate(x, 220 if angle > 0 else 400)
        canvas.rotate(angle)
        canvas.setFont("Helvetica", size)
        canvas.drawString(0, 0, text)
        canvas.restoreState()

    return draw


def chunk(pdf: Path, pages: int = 1) -> dict[str, Any]:
    return extract_chunk({**PAYLOAD, "pdf": str(pdf), "first_page": 1, "last_page": pages})


MARKS = [
    pytest.param(30, 10, 90, id="left-margin-upwards"),
    pytest.param(30, 10, -90, id="left-margin-downwards"),
    pytest.param(380, 10, -90, id="right-margin"),
    pytest.param(95, 40, 90, id="large-over-the-labels"),
    pytest.param(58, 14, 90, id="half-over-the-labels"),
]


@pytest.mark.parametrize(("x", "size", "angle"), MARKS)
def test_it_is_a_line_of_its_own(
    make_pdf: Callable[..., Path], x: float, size: float, angle: float
) -> None:
    found = chunk(make_pdf(draw_page(x, size, angle)))
    (text,) = found["extracted_pages"]["text"]
    assert text.split("\n") == [*(" ".join(row) for row in ROWS), NOTICE]
    cells = found["extracted_cells"].sort("row_no", "col_no")["text"].to_list()
    assert cells == [cell for row in ROWS for cell in row]


@pytest.mark.parametrize(("x", "size", "angle"), MARKS)
def test_a_repeated_one_is_dropped_with_its_reason(
    make_pdf: Callable[..., Path], x: float, size: float, angle: float
) -> None:
    drawn = [draw_page(x, size, angle, page=p) for p in ("Cost", "Sale", "Use", "Loss")]
    found = chunk(make_pdf(*drawn), 4)
    pages = read_pages(*(found[f"extracted_{name}"] for name in ("pages", "lines", "cells")))
    edits = find_edits(pages)
    assert len(pages) == 4
    for page in pages:
        assert [edit.rule for edit in edits[page.page_no]].count("watermark") == 1
        assert NOTICE not in apply_edits(page.text, edits[page.page_no])


def test_a_row_read_again_has_no_letter_of_it(make_pdf: Callable[..., Path]) -> None:
    pdf = make_pdf(draw_page(95, 40))
    lines = chunk(pdf)["extracted_lines"].head(len(ROWS))
    boxes = [
        [1, list(box), "text_layer"] for box in lines.select("x0", "top", "x1", "bottom").rows()
    ]
    read = read_boxes({**PAYLOAD, "pdf": str(pdf), "boxes": boxes})["texts"]
    assert read == [" ".join(row) for row in ROWS]


def _header(canvas: Any) -> None:
    draw_page(200, 10, text="Restated")(canvas)


def _beside_in_the_table(canvas: Any) -> None:
    """A label of several rows, turned, in a column of its own left of all others."""
    draw_page(40, 10, text="Expenses")(canvas)
    for y in (458, 188):
        canvas.line(25, y, 350, y)
    canvas.line(25, 458, 25, 188)
    for i in range(1, 9):
        canvas.line(25, 458 - 30 * i, 350, 458 - 30 * i)


def _turned_page(canvas: Any) -> None:
    canvas.drawString(350, 20, "7")
    canvas.rotate(90)
    for i in range(9):
        canvas.drawString(100, -60 - 30 * i, "A page set on its side")


def _two_letters(canvas: Any) -> None:
    draw_page(30, 10, text="no")(canvas)


@pytest.mark.parametrize("draw", [_header, _beside_in_the_table, _turned_page, _two_letters])
def test_other_turned_text_stays(
    read_made: Callable[..., Any], draw: Callable[[Any], None]
) -> None:
    content = read_made(draw)
    assert (~content.chars.upright).any()
    assert part_body(content) == (content.chars, [])
