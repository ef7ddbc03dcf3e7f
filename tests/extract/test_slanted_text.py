"""A watermark set aslant parts no line, and is dropped when pages repeat it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sft_assets.clean.page_edits import find_edits
from sft_assets.clean.page_lines import read_pages
from sft_assets.extract.child import extract_chunk, read_boxes
from sft_assets.extract.reading.slanted_text import part_slanted
from sft_assets.lineage.text_edits import apply_edits

PAYLOAD = {"doc_id": "ab" * 32, "min_readability": 0.5, "characters": "pdfium"}
BODY = [f"Body line number {word} runs on and on over the page" for word in "abcdefghijkl"]


def draw_page(angle: float, text: str = "DRAFT") -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        for i, line in enumerate(BODY):
            canvas.drawString(40, 440 - 18 * i, line)
        canvas.saveState()
        canvas.translate(80, 230)
        canvas.rotate(angle)
        canvas.setFont("Helvetica", 36)
        canvas.setFillGray(0.8)
        canvas.drawString(0, 0, text)
        canvas.restoreState()

    return draw


def chunk(pdf: Path, pages: int) -> dict[str, Any]:
    return extract_chunk({**PAYLOAD, "pdf": str(pdf), "first_page": 1, "last_page": pages})


@pytest.mark.parametrize("angle", [30, 45, 60, -35])
def test_lines_stay_whole(make_pdf: Callable[..., Path], angle: float) -> None:
    (text,) = chunk(make_pdf(draw_page(angle)), 1)["extracted_pages"]["text"]
    assert text.split("\n") == [*BODY, "DRAFT"]


def test_a_repeated_one_is_a_watermark(make_pdf: Callable[..., Path]) -> None:
    found = chunk(make_pdf(*[draw_page(45)] * 5), 5)
    pages = read_pages(*(found[f"extracted_{name}"] for name in ("pages", "lines", "cells")))
    edits = find_edits(pages)
    for page in pages:
        assert [edit.rule for edit in edits[page.page_no] if not edit.replacement.strip()][-1] == "watermark"  # fmt: skip
        assert "DRAFT" not in apply_edits(page.text, edits[page.page_no])


def test_a_box_read_again_has_no_letter_of_it(make_pdf: Callable[..., Path]) -> None:
    pdf = make_pdf(draw_page(45))
    lines = chunk(pdf, 1)["extracted_lines"].head(len(BODY))
    boxes = [
        [1, list(box), "text_layer"] for box in lines.select("x0", "top", "x1", "bottom").rows()
    ]
    assert read_boxes({**PAYLOAD, "pdf": str(pdf), "boxes": boxes})["texts"] == BODY


def _plain(canvas: Any) -> None:
    canvas.drawString(40, 400, "x")
    canvas.setFont("Helvetica", 6)
    canvas.drawString(46, 404, "2")
    canvas.setFont("Helvetica", 10)
    canvas.drawString(50, 400, "of it")
    for i, letter in enumerate("upright"):
        canvas.drawString(40, 300 - 12 * i, letter)


def _turned(canvas: Any) -> None:
    canvas.rotate(90)
    canvas.drawString(100, -200, "Turned by a right angle")


@pytest.mark.parametrize("draw", [_plain, _turned], ids=["plain", "turned"])
def test_straight_text_stays(read_made: Callable[..., Any], draw: Callable[[Any], None]) -> None:
    chars = read_made(draw).chars
    assert part_slanted(chars) == (chars, [])
    assert len(chars) > 10
