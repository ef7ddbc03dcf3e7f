"""A whole report through its children: every page a row, whatever happens to it."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest
from PIL import Image

from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.boxes import read_box
from sft_assets.extract.dump import dump
from sft_assets.extract.report_reading import ExtractConfig, read_report
from sft_assets.worker import chunks, limits

DOC = "ab" * 32
ROWS = [("Year ended 31 March", "2023", "2022"), ("Revenue", "12,345", "11,234"),
        ("Cost of sales", "(7,891)", "(6,543)"), ("Gross profit", "4,454", "4,691")]  # fmt: skip


def _statement(canvas: Any) -> None:
    canvas.setFont("Helvetica", 11)
    for i, (label, a, b) in enumerate(ROWS):
        canvas.drawString(20, 150 - 22 * i, label)
        canvas.drawRightString(220, 150 - 22 * i, a)
        canvas.drawRightString(290, 150 - 22 * i, b)


def _scans(path: Path, turns: list[int]) -> list[Callable[[Any], None]]:
    """Draw pictures of the first page of ``path``, turned by these degrees clockwise."""
    document = pypdfium2.PdfDocument(path)
    picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    document.close()

    def drawer(turned: Image.Image) -> Callable[[Any], None]:
        def draw(canvas: Any) -> None:
            width, height = turned.size[0] * 0.36, turned.size[1] * 0.36
            canvas.setPageSize((width, height))
            canvas.drawInlineImage(turned, 0, 0, width, height)

        return draw

    return [drawer(picture.rotate(-turn, expand=True)) for turn in turns]


def test_scanned_pages_are_read_whichever_way_they_stand(make_pdf: Callable[..., Path]) -> None:
    made = make_pdf(_statement, size=(310.0, 180.0))
    pdf = make_pdf(*_scans(made, [0, 90]), size=(310.0, 180.0))
    found = read_report(pdf, DOC, 2, ExtractConfig())
    assert found.ocr_pages == 2
    assert found.tables["extracted_pages"]["text_source"].to_list() == ["ocr"] * 2
    expected = [cell for row in ROWS for cell in row]
    for page_no in (1, 2):
        cells = found.tables["extracted_cells"].filter(pl.col("page_no") == page_no)
        assert cells["text"].to_list() == expected
        assert cells["method"].unique().to_list() == ["ocr"]
    places = found.tables["extracted_cells"].filter(pl.col("text") == "12,345")
    upright, on_side = places.rows(named=True)
    assert upright["x1"] == pytest.approx(220, abs=4)
    assert on_side["bottom"] == pytest.approx(220, abs=4)  # what was right is below
    box = tuple(on_side[k] for k in ("x0", "top", "x1", "bottom"))
    assert read_box(pdf, 2, box, source="ocr") == "12,345"


def test_a_page_that_fails_is_a_row(make_pdf: Callable[..., Path]) -> None:
    pdf = make_pdf(_statement, _statement)
    found = read_report(pdf, DOC, 3, ExtractConfig())  # the intake counted one page too many
    pages = found.tables["extracted_pages"]
    assert pages["page_no"].to_list() == [1, 2, 3]
    assert pages["status"].to_list() == ["ok", "ok", "failed"]
    assert pages["reason"].to_list() == [None, None, "crash"]
    assert found.failed == {"crash": 1}


def test_a_page_whose_picture_cannot_be_read_fails_alone(
    make_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_pdf(_statement, size=(310.0, 180.0))
    (scan,) = _scans(made, [0])
    pdf = make_pdf(_statement, scan, _statement, size=(310.0, 180.0))

    run_isolated = chunks.run_isolated

    def refuse(task: str, *arguments: Any, **options: Any) -> Any:
        if task.endswith(":ocr_pages"):
            raise RejectedDocumentError("memory", task)
        return run_isolated(task, *arguments, **options)

    monkeypatch.setattr(chunks, "run_isolated", refuse)
    found = read_report(pdf, DOC, 3, ExtractConfig())
    assert found.tables["extracted_pages"]["status"].to_list() == ["ok", "failed", "ok"]
    assert (found.failed, found.ocr_pages) == ({"memory": 1}, 0)
    assert found.tables["extracted_lines"]["page_no"].unique().to_list() == [1, 3]


def _listener(seen: list[int]) -> Callable[[int, int, str], None]:
    def listen(done: int, total: int, what: str) -> None:
        assert (total, what) == (60, "pages")
        seen.append(done)

    return listen


def _published(table: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.write_parquet(stream, compression="zstd", statistics=True)
    return stream.getvalue()


def test_workers_change_nothing(
    make_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = make_pdf(*[_statement] * 60)
    found = {}
    for workers, expected in (("1", [25, 50, 60]), ("2", [25, 50, 60]), ("3", [20, 40, 60])):
        monkeypatch.setenv(limits.WORKERS, workers)
        seen: list[int] = []
        tables = read_report(pdf, DOC, 60, ExtractConfig(), _listener(seen)).tables
        found[workers] = {name: _published(table) for name, table in tables.items()}
        assert seen == expected
    assert found["1"] == found["2"] == found["3"]


def test_workers_change_nothing_of_scans(
    make_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_pdf(_statement, size=(310.0, 180.0))
    pdf = make_pdf(*_scans(made, [0, 180, 90]), size=(310.0, 180.0))
    found = {}
    for workers in ("1", "2"):
        monkeypatch.setenv(limits.WORKERS, workers)
        reading = read_report(pdf, DOC, 3, ExtractConfig())
        assert reading.ocr_pages == 3
        found[workers] = {name: _published(table) for name, table in reading.tables.items()}
    assert found["1"] == found["2"]


def test_dump_and_read_box(make_pdf: Callable[..., Path], tmp_path: Path) -> None:
    pdf = make_pdf(_statement, size=(310.0, 180.0))
    counts = dump(pdf, tmp_path / "out")
    assert counts == {"extracted_pages": 1, "extracted_lines": 4, "extracted_cells": 12}
    cells = pl.read_parquet(tmp_path / "out" / "extracted_cells.parquet")
    cell = cells.filter(pl.col("text") == "(7,891)").row(0, named=True)
    box = (cell["x0"], cell["top"], cell["x1"], cell["bottom"])
    assert read_box(pdf, 1, box, source="text_layer") == "(7,891)"


def test_a_file_that_is_no_pdf(tmp_path: Path) -> None:
    path = tmp_path / "no.pdf"
    path.write_bytes(b"no pdf")
    with pytest.raises(RejectedDocumentError):
        read_report(path, DOC, None, ExtractConfig())
