"""Pictures show what was read where it was read; they are made in a child and checked."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.drawing.child import LEGEND_HEIGHT, LOOKS, MAX_SIDE
from sft_assets.extract.drawing.marks import KINDS, marks_of, words_of
from sft_assets.extract.drawing.pictures import (
    MAX_SIDES,
    PNG,
    SCHEMA,
    _refuse_other_pictures,
    draw_report,
)
from sft_assets.extract.report_reading import ExtractConfig, read_report
from sft_assets.worker.answers import Answer, NoValues

DOC = "ab" * 32


def _page(canvas: Any) -> None:
    for i, (label, value) in enumerate([("Revenue", "12,345"), ("Costs", "678")]):
        canvas.rect(30, 390 - 20 * i, 150, 20)
        canvas.rect(180, 390 - 20 * i, 150, 20)
        canvas.drawString(34, 396 - 20 * i, label)
        canvas.drawRightString(320, 396 - 20 * i, value)
    canvas.drawString(30, 20, "Running foot")
    canvas.setFillColorRGB(1, 1, 1)
    canvas.drawString(30, 200, "white on white <b>")


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.copy()


def _has_outline(picture: Image.Image, kind: str) -> bool:
    colours = {colour for _, colour in picture.getcolors(maxcolors=1 << 24) or []}
    red, green, blue, _ = LOOKS[kind][0]
    return any(abs(r - red) + abs(g - green) + abs(b - blue) < 12 for r, g, b in colours)  # type: ignore[misc]


def test_every_kind_of_mark_has_a_look_of_its_own() -> None:
    assert set(LOOKS) == set(KINDS)
    assert len({look[0] for look in LOOKS.values()}) == len(KINDS)


def test_pages_are_drawn_with_their_marks(make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    pdf = make_pdf(_page, lambda c: c.drawString(30, 300, "<i>other</i> page"), _page)
    tables = read_report(pdf, DOC, 3, ExtractConfig()).tables
    foot = tables["extracted_lines"].filter(pl.col("text") == "Running foot").row(0, named=True)
    seen: list[int] = []
    failed = draw_report(
        pdf,
        tables,
        {(1, foot["start"]): "running_line"},
        [1, 2],
        tmp_path / "out",
        report_progress=lambda done, _total, _what: seen.append(done),
    )
    assert (failed, seen) == ({}, [2])
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["index.html", "page_0001.png", "page_0002.png"]
    first, second = (_opened(tmp_path / "out" / name) for name in names[1:])
    assert first.size == (800, round(500 * 110 / 72) + LEGEND_HEIGHT)
    for kind in ("ruled cell", "dropped line", "hidden text"):
        assert _has_outline(first, kind), kind
        assert not _has_outline(second, kind), kind
    index = (tmp_path / "out" / "index.html").read_text()
    assert 'class="dropped">Running foot' in index
    assert "&lt;i&gt;other&lt;/i&gt;" in index
    assert "<i>" not in index


def test_a_page_that_cannot_be_drawn_is_told(make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    pdf = make_pdf(_page)
    tables = read_report(pdf, DOC, 2, ExtractConfig()).tables  # one page too many
    assert draw_report(pdf, tables, {}, [1, 2], tmp_path) == {2: "crash"}
    assert "Page 2 could not be drawn: crash" in (tmp_path / "index.html").read_text()


def test_a_page_of_many_metres_is_drawn_coarser(
    make_pdf: Callable[..., Path], tmp_path: Path
) -> None:
    pdf = make_pdf(lambda c: c.drawString(9000, 7000, "far"), size=(14400.0, 14000.0))
    tables = read_report(pdf, DOC, 1, ExtractConfig()).tables
    assert draw_report(pdf, tables, {}, [1], tmp_path) == {}
    with Image.open(tmp_path / "page_0001.png") as picture:
        assert picture.width == MAX_SIDE


def test_words_of_a_line() -> None:
    line: dict[str, object] = {
        "text": "ab c",
        "x0": 0.0,
        "top": 5.0,
        "x1": 40.0,
        "bottom": 15.0,
        "char_x0": [0.0, 10.0, 20.0, 30.0],
        "char_x1": [10.0, 20.0, 30.0, 40.0],
    }
    assert words_of(line) == [("ab", (0.0, 5.0, 20.0, 15.0)), ("c", (30.0, 5.0, 40.0, 15.0))]
    on_side = {**line, "bottom": 105.0}
    assert words_of(on_side) == [("ab c", (0.0, 5.0, 40.0, 105.0))]


def test_marks_of_pages_without_rows() -> None:
    from sft_assets.extract.page_rows import Rows

    assert marks_of(Rows().frames(), {}, [4, 5]) == {4: [], 5: []}


def _png(width: int, height: int) -> bytes:
    head = struct.pack(">II", width, height) + bytes([8, 2, 0, 0, 0])
    chunk = b"IHDR" + head
    return PNG + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize(
    ("page_no", "png"),
    [
        pytest.param(2, _png(10, 10), id="another-page"),
        pytest.param(1, None, id="nothing"),
        pytest.param(1, b"", id="empty"),
        pytest.param(1, b"GIF89a" + bytes(30), id="no-png"),
        pytest.param(1, _png(0, 10), id="no-width"),
        pytest.param(1, _png(MAX_SIDES[0] + 1, 10), id="wide"),
        pytest.param(1, _png(10, 2_000_000_000), id="bomb"),
    ],
)
def test_what_is_no_picture_of_the_page_is_refused(page_no: int, png: bytes | None) -> None:
    rows = pl.DataFrame({"page_no": [page_no], "png": [png]}, schema=SCHEMA)
    with pytest.raises(RejectedDocumentError) as caught:
        _refuse_other_pictures(Answer(NoValues(), {"pictures": rows}, 0.0, 0), [1])
    assert caught.value.reason == "invalid_output"


def test_a_picture_of_the_page_is_believed() -> None:
    rows = pl.DataFrame({"page_no": [1], "png": [_png(900, 1300)]}, schema=SCHEMA)
    _refuse_other_pictures(Answer(NoValues(), {"pictures": rows}, 0.0, 0), [1])
