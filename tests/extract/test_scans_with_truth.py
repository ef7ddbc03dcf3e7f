"""Scans whose text is known: the count that the benchmark makes, and the bars it has to reach."""

import json
from pathlib import Path

import polars as pl
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from benchmarks.ocr_scans import (
    PageScore,
    amounts_of,
    pages_of,
    read_scan_page,
    score_page,
    worn_pages_of,
)
from benchmarks.worn_scans import WEARS
from sft_assets.extract.report_reading import ExtractConfig, read_report

DOC = "ab" * 32
CLEAN = ("scan_maotai2021_key_pages.pdf", "scan_maotai2021_rotated_90_180.pdf",
         "scan_msft2023_statements.pdf", "scan_mincankun2019_full_47p.pdf")  # fmt: skip
HARD = ("strong blur", "80 dpi", "noisy 100 dpi", "copy of a copy", "speckle")


@pytest.mark.parametrize(
    ("sure", "doubtful", "recall", "precision"),
    [
        pytest.param(["1,234", "5.6", "2021"], [], 1.0, 1.0, id="all"),
        pytest.param(["1,234", "2021"], ["5.6"], 2 / 3, 1.0, id="doubt-is-not-found"),
        pytest.param(["1,234", "5.8", "2021"], [], 2 / 3, 2 / 3, id="one-wrong"),
        pytest.param(["1,234", "1,234", "5.6", "2021"], [], 1.0, 3 / 4, id="one-too-many"),
        pytest.param([], [], 0.0, 1.0, id="nothing-read"),
    ],
)
def test_the_count(sure: list[str], doubtful: list[str], recall: float, precision: float) -> None:
    score = score_page(["1,234", "5.6", "2021", "12"], sure, doubtful)
    assert (score.recall, score.precision) == (pytest.approx(recall), pytest.approx(precision))


def test_amounts_are_told_from_other_numbers() -> None:
    assert amounts_of(["Note 12, page 58: 1,234.5 and 7.0%."]) == {"1,234.5": 1, "7.0": 1}


def test_signs_are_part_of_an_amount() -> None:
    assert amounts_of(["-1,234", "($68%)", "下降-2.9%", "2021-2022", "(7,397)", "(2017)"]) == {
        "-1,234": 1, "-68": 1, "-2.9": 1, "2021": 1, "2022": 1, "-7,397": 1,
        "2017": 1,
    }  # fmt: skip


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("name", CLEAN)
def test_clean_scans_are_read_exactly(name: str, corpus: Path) -> None:
    scores = [read_scan_page(page)[0] for page in pages_of(corpus, name)]
    total = sum(scores, PageScore(0, 0))
    assert total.printed > 80
    assert total.wrong == {}
    assert total.recall >= 0.995


@pytest.mark.slow
@pytest.mark.parametrize("wear", WEARS)
def test_no_number_of_a_worn_page_is_read_wrong(wear: str) -> None:
    pages = list(worn_pages_of(wear))[1:3]  # a Chinese and an American one
    total = sum((read_scan_page(page)[0] for page in pages), PageScore(0, 0))
    assert total.printed == 106
    assert total.wrong == {}
    assert total.recall >= (0.88 if wear in HARD else 0.99)


@pytest.mark.corpus
@pytest.mark.slow
def test_only_scanned_pages_of_a_mixed_report_are_read_by_ocr(corpus: Path) -> None:
    pdf = corpus / "ocr" / "mixed_haixiang2019_p1-30.pdf"
    pages = read_report(pdf, DOC, 30, ExtractConfig()).tables["extracted_pages"]
    by_ocr = pages.filter(pl.col("text_source") == "ocr")
    assert by_ocr["page_no"].to_list() == [7, 8, 12]
    assert pages.filter(pl.col("text_source") == "text_layer").height == 27


@pytest.mark.corpus
@pytest.mark.slow
def test_a_photographed_balance_sheet_gives_its_rows(corpus: Path, tmp_path: Path) -> None:
    picture = ImageReader(str(corpus / "ocr" / "real_zh_balance_sheet_page_2017Q3.png"))
    width, height = picture.getSize()
    pdf = tmp_path / "sheet.pdf"
    canvas = Canvas(str(pdf), pagesize=(595, 595 * height / width), invariant=True)
    canvas.drawImage(picture, 0, 0, 595, 595 * height / width)
    canvas.save()
    cells = read_report(pdf, DOC, 1, ExtractConfig()).tables["extracted_cells"]
    rows: dict[tuple[int, int], list[str]] = {}
    for cell in cells.filter(pl.col("text") != "").rows(named=True):
        place = (cell["table_no"], cell["row_no"])
        rows.setdefault(place, []).append("".join(cell["text"].split()))
    truth = corpus / "ocr" / "real_zh_balance_sheet_page_2017Q3.truth.json"
    expected = json.loads(truth.read_text(encoding="utf-8"))["rows"]
    assert len(expected) == 14
    assert [row for row in expected if row not in rows.values()] == []


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_of_prose_is_read_word_by_word(turn: int, corpus: Path) -> None:
    name = f"docling_ocr_test_rotated_{turn}.pdf" if turn else "docling_ocr_test.pdf"
    found = read_report(corpus / "ocr" / name, DOC, 1, ExtractConfig())
    truth = (corpus / "ocr" / "docling_ocr_test.truth.md").read_text(encoding="utf-8")
    assert found.tables["extracted_pages"]["text"][0].split() == truth.split()
    assert found.tables["extracted_cells"].is_empty()
