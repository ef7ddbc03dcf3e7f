"""tesseract as the selected engine: the same rows as with the embedded one."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
import pytest
from PIL import Image

from sft_assets.errors import SettingsError
from sft_assets.extract.boxes import read_box
from sft_assets.extract.report_reading import ExtractConfig, ReportReading, read_report

DOC = "ab" * 32
WIDTH, HEIGHT = 330.0, 230.0
NEAR = 4.0  # points between an edge that OCR sees and the printed one
ROWS = [("Year ended 31 March", "2023", "2022"), ("Revenue", "1,212,345", "1,111,234"),
        ("Cost of sales", "(737,891)", "(656,543)"), ("Gross profit", "474,454", "454,691"),
        ("Other income", "12,906", "18,350"), ("Operating costs", "(88,120)", "(90,077)"),
        ("Profit for the year", "399,240", "382,964")]  # fmt: skip
TESSERACT = ExtractConfig(ocr_engine="tesseract")


@pytest.fixture
def tesseract() -> None:
    """Skip where the engine, a system package, is not installed."""
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed: apt-get install tesseract-ocr")
    import pytesseract

    if missing := {"chi_sim", "eng"} - set(pytesseract.get_languages()):
        pytest.skip(f"tesseract has no {', '.join(sorted(missing))}: install tesseract-ocr-chi-sim")


@pytest.fixture
def read_scan(make_pdf: Callable[..., Path]) -> Callable[[int, float], tuple[Path, ReportReading]]:
    """Scan a statement laid on the glass turned and askew by degrees, and read it."""

    def statement(canvas: Any) -> None:
        canvas.setFont("Helvetica", 11)
        for i, (label, a, b) in enumerate(ROWS):
            canvas.drawString(30, 190 - 24 * i, label)
            canvas.drawRightString(230, 190 - 24 * i, a)
            canvas.drawRightString(300, 190 - 24 * i, b)

    def read(turn: int, skew: float) -> tuple[Path, ReportReading]:
        document = pypdfium2.PdfDocument(make_pdf(statement, size=(WIDTH, HEIGHT)))
        picture = document[0].render(scale=200 / 72).to_pil().convert("L")
        document.close()
        picture = picture.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
        picture = picture.rotate(-turn, expand=True)
        width, height = picture.size[0] * 0.36, picture.size[1] * 0.36
        pdf = make_pdf(
            lambda canvas: canvas.drawInlineImage(picture, 0, 0, width, height),
            size=(width, height),
        )
        return pdf, read_report(pdf, DOC, 1, TESSERACT)

    return read


@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize(
    ("turn", "skew"), [(0, 0.0), (90, 0.0), (180, 0.0), (270, 0.0), (0, 3.0)],
    ids=["upright", "90", "180", "270", "askew"],
)  # fmt: skip
def test_a_scanned_statement(
    read_scan: Callable[[int, float], tuple[Path, ReportReading]], turn: int, skew: float
) -> None:
    pdf, found = read_scan(turn, skew)
    assert found.tables["extracted_pages"]["text_source"].to_list() == ["ocr"]
    cells = found.tables["extracted_cells"]
    assert cells["text"].to_list() == [text for row in ROWS for text in row]
    assert not cells.filter(pl.col("confidence") == 0).height
    if not skew:
        cell = cells.filter(pl.col("text") == "1,212,345").row(0, named=True)
        ends = {0: cell["x1"], 90: cell["bottom"], 180: WIDTH - cell["x0"],
                270: WIDTH - cell["top"]}  # fmt: skip
        assert ends[turn] == pytest.approx(230, abs=NEAR)
        box = tuple(cell[side] for side in ("x0", "top", "x1", "bottom"))
        assert read_box(pdf, 1, box, source="ocr") == "1,212,345"


def test_an_engine_that_is_not_installed_is_refused(
    read_scan: Callable[[int, float], tuple[Path, ReportReading]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match=r"without tesseract; .*hint: apt-get"):
        read_scan(0, 0.0)


def test_boxes_are_not_read_again_without_the_engine(
    make_pdf: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pdf = make_pdf(lambda canvas: canvas.drawString(40, 400, "Revenue 1,234"))
    monkeypatch.setenv("PATH", str(tmp_path))
    box = (0.0, 0.0, 400.0, 500.0)
    with pytest.raises(SettingsError, match=r"without tesseract; .*hint: apt-get"):
        read_box(pdf, 1, box, source="ocr", config=TESSERACT)
    assert read_box(pdf, 1, box, source="text_layer", config=TESSERACT) == "Revenue 1,234"


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.usefixtures("tesseract")
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_of_prose(turn: int, corpus: Path) -> None:
    name = f"docling_ocr_test_rotated_{turn}.pdf" if turn else "docling_ocr_test.pdf"
    found = read_report(corpus / "ocr" / name, DOC, 1, TESSERACT)
    truth = (corpus / "ocr" / "docling_ocr_test.truth.md").read_text(encoding="utf-8")
    assert found.tables["extracted_pages"]["text"][0].split() == truth.split()
