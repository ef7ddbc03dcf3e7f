"""Pages of real reports: nothing is lost against plain pdfplumber, and cells can be read again."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pypdfium2
import pytest

from sft_assets.extract.child import extract_chunk, read_boxes

pytestmark = pytest.mark.corpus
AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
PAGES = 1  # of each report


def sampled(corpus: Path) -> Iterator[tuple[Path, int]]:
    for folder in ("zh_reports", "en_reports"):
        for number, pdf in enumerate(sorted((corpus / folder).glob("*.pdf"))):
            if folder == "en_reports" and number % 8:
                continue
            document = pypdfium2.PdfDocument(pdf)
            count = len(document)
            document.close()
            for k in range(PAGES):
                yield pdf, 1 + (number * 7 + count * (2 * k + 1) // (2 * PAGES)) % count


def chunk(pdf: Path, page_no: int, characters: str) -> dict[str, pl.DataFrame]:
    payload = {"doc_id": "ab" * 32, "pdf": str(pdf), "min_readability": 0.0}
    found = extract_chunk(
        {**payload, "first_page": page_no, "last_page": page_no, "characters": characters}
    )
    return {name: table for name, table in found.items() if isinstance(table, pl.DataFrame)}


def test_pages_of_real_reports(corpus: Path) -> None:
    lost: Counter[str] = Counter()
    total = seen = amounts = in_cells = 0
    for pdf, page_no in sampled(corpus):
        seen += 1
        ours, plain = (chunk(pdf, page_no, c) for c in ("pdfium", "pdfplumber"))
        letters, expected = (
            Counter("".join("".join(t["extracted_pages"]["text"]).split())) for t in (ours, plain)
        )
        total += expected.total()
        lost += expected - letters
        text = ours["extracted_pages"]["text"][0]
        cells = ours["extracted_cells"].filter(pl.col("text") != "").rows(named=True)
        amounts += len(AMOUNT.findall(text))
        in_cells += sum(len(AMOUNT.findall(cell["text"])) for cell in cells)
        boxes = [
            [page_no, [cell[k] for k in ("x0", "top", "x1", "bottom")], "text_layer"]
            for cell in cells
        ]
        again = read_boxes({"pdf": str(pdf), "characters": "pdfium", "boxes": boxes})["texts"]
        for cell, read in zip(cells, again, strict=True):  # type: ignore[call-overload]
            assert "".join(cell["text"].split()) == "".join(read.split()), (pdf.name[:6], page_no)
    assert seen > 15
    assert lost.total() <= total / 5000, "characters that pdfplumber finds and we do not"
    assert not any(char.isdigit() for char in lost), "no digit may be lost"
    assert in_cells >= 0.7 * amounts  # the rest stands in sentences
