"""What the children answer, called here without a child around them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest

from sft_assets.extract.child import extract_chunk, read_boxes
from sft_assets.extract.report_reading import TABLES
from sft_assets.extract.row_checks import refuse_contradictions

PAYLOAD = {"doc_id": "ab" * 32, "min_readability": 0.5, "characters": "pdfium"}


def chunk(pdf: Path, pages: int = 1, **payload: Any) -> dict[str, Any]:
    return extract_chunk(
        {**PAYLOAD, "pdf": str(pdf), "first_page": 1, "last_page": pages, **payload}
    )


def _lone_bracket(canvas: Any) -> None:
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(50, 400, "(1,234")
    canvas.drawString(78, 400, ")")


def test_no_bracket_is_lost(make_pdf: Callable[..., Path], chinese_font: str) -> None:
    assert chinese_font
    found = chunk(make_pdf(_lone_bracket))
    (text,) = found["extracted_pages"]["text"]
    assert text.replace(" ", "") == "(1,234)"


@pytest.mark.parametrize("characters", ["pdfium", "pdfplumber"])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_both_readers_agree_on_turned_and_cropped_pages(
    make_pdf: Callable[..., Path], rotation: int, characters: str
) -> None:
    made = make_pdf(lambda canvas: canvas.drawString(90, 300, "Net income 1,234"))
    document = pypdfium2.PdfDocument(made)
    document[0].set_rotation(rotation)
    document[0].set_cropbox(20, 30, 380, 480)
    out = made.with_name("turned.pdf")
    document.save(out)
    document.close()
    found = chunk(out, characters=characters)
    line = found["extracted_lines"].row(0, named=True)
    width, height = (360, 450) if rotation in (0, 180) else (450, 360)
    assert found["extracted_pages"].select("width", "height").row(0) == (width, height)
    x = 70 if rotation == 0 else None
    if x is not None:
        assert (round(line["x0"]), round(line["bottom"])) == (x, 182)
    assert 0 <= line["x0"] < line["x1"] <= width
    assert 0 <= line["top"] < line["bottom"] <= height


def _grid_that_sticks_out(canvas: Any) -> None:
    for x in (50, 150, 250, 350):
        canvas.line(x, 300, x, 620)
    for y in (300, 340, 380, 560, 620):
        canvas.line(50, y, 350, y)
    for i, text in enumerate(("Revenue", "1,234", "5,678")):
        canvas.drawString(60 + 100 * i, 350, text)
        canvas.drawString(60 + 100 * i, 310, text)


def test_a_grid_that_sticks_out_of_the_page(make_pdf: Callable[..., Path]) -> None:
    """Its cells above the page are blank; with them the whole page would be refused."""
    found = chunk(make_pdf(_grid_that_sticks_out))
    refuse_contradictions({name: found[name] for name in TABLES}, "ab" * 32, [1])
    cells = found["extracted_cells"]
    assert [t for t in cells["text"] if t] == ["Revenue", "1,234", "5,678"] * 2
    assert cells["bottom"].min() >= 0


def test_lines_slice_the_pages_text(make_pdf: Callable[..., Path]) -> None:
    def draw(canvas: Any) -> None:
        for i, text in enumerate(["One line", "Another, longer line", "58"]):
            canvas.drawString(50, 400 - 20 * i, text)

    found = chunk(make_pdf(draw, draw), 2)
    texts = dict(found["extracted_pages"].select("page_no", "text").iter_rows())
    lines = found["extracted_lines"].rows(named=True)
    assert len(lines) == 6
    for line in lines:
        assert texts[line["page_no"]][line["start"] : line["end"]] == line["text"]
        assert len(line["char_x0"]) == len(line["char_x1"]) == len(line["text"])


def _scan(canvas: Any) -> None:
    canvas.drawInlineImage(_grey_picture(), 0, 0, 400, 500)


def _grey_picture() -> Any:
    from PIL import Image

    return Image.new("L", (40, 50), 128)


def _few_words(canvas: Any) -> None:
    canvas.drawString(50, 400, "One line")


@pytest.mark.parametrize(
    ("draw", "unreadable"),
    [
        pytest.param(_scan, [1], id="picture"),
        pytest.param(_few_words, [], id="few-words"),
        pytest.param(str, [], id="blank"),
    ],
)
def test_which_pages_need_their_picture_read(
    make_pdf: Callable[..., Path], draw: Callable[[Any], None], unreadable: list[int]
) -> None:
    found = chunk(make_pdf(draw))
    assert found["unreadable_pages"] == unreadable
    assert found["extracted_pages"].height == 1


def test_a_cell_read_again_has_its_text(make_pdf: Callable[..., Path]) -> None:
    def draw(canvas: Any) -> None:
        for i, (label, a, b) in enumerate([("", "2023", "2022"), ("Goods", "1,234", "(567)")]):
            canvas.drawString(40, 400 - 20 * i, label)
            canvas.drawRightString(250, 400 - 20 * i, a)
            canvas.drawRightString(330, 400 - 20 * i, b)

    pdf = make_pdf(draw)
    cells = chunk(pdf)["extracted_cells"].filter(pl.col("text") != "")
    boxes = [[r["page_no"], [r[k] for k in ("x0", "top", "x1", "bottom")], "text_layer"]
             for r in cells.rows(named=True)]  # fmt: skip
    again = read_boxes({"pdf": str(pdf), "characters": "pdfium", "boxes": boxes})
    assert again == {"texts": cells["text"].to_list()}
    assert cells.height == 5
