"""How well and how fast scans with a known text are read, beside plain tesseract.

    make bench-ocr        (SFT_ASSETS_TEST_CORPUS names the folder with ocr/index.jsonl)

An amount is a number of four digits or more, or with a comma or point in it; each page's amounts
are compared as a multiset with those of the text layer that the scan was made from. A number
marked doubtful is handed on by nobody: it is counted apart, neither right nor wrong, and not
found. Seconds are of the processor, ours and tesseract's, for the same pictures.
"""

import json
import os
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
from rich.console import Console
from rich.table import Table

from sft_assets.extract.reading.lines import Word, build_words
from sft_assets.extract.reading.pdfium_page import read_page
from sft_assets.extract.reading.picture_reading import read_picture

DPI = 200
NUMBER = re.compile(r"\d(?:[\d.,，]*\d)?")
SCANS = (
    "scan_maotai2021_key_pages.pdf",
    "scan_maotai2021_rotated_90_180.pdf",
    "scan_msft2023_statements.pdf",
    "scan_mincankun2019_full_47p.pdf",
    "scan_huajin2019_low_quality_100dpi.pdf",
)


def amounts_of(texts: Sequence[str]) -> Counter[str]:
    """Return the amounts in ``texts`` as a multiset.

    >>> sorted(amounts_of(["2021 12 1,234.50 (3.1) 7", "1,234.50"]).items())
    [('1,234.50', 2), ('2021', 1), ('3.1', 1)]
    """
    found = (m.group().replace("，", ",") for text in texts for m in NUMBER.finditer(text))
    return Counter(t for t in found if sum(map(str.isdigit, t)) >= 4 or "," in t or "." in t)


@dataclass(frozen=True, slots=True)
class PageScore:
    """Counts of amounts on one or more pages."""

    printed: int
    right: int  # unmarked, and printed
    wrong: Counter[str] = field(default_factory=Counter)  # unmarked, and not printed
    missed: Counter[str] = field(default_factory=Counter)  # printed, and not among the unmarked
    doubtful: int = 0

    def __add__(self, other: "PageScore") -> "PageScore":
        """Return the counts of both."""
        return PageScore(
            self.printed + other.printed,
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
            self.doubtful + other.doubtful,
        )

    @property
    def recall(self) -> float:
        """Return the share of the printed amounts that were handed on as printed."""
        return self.right / self.printed if self.printed else 1.0

    @property
    def precision(self) -> float:
        """Return the share of the amounts handed on that are printed."""
        read = self.right + self.wrong.total()
        return self.right / read if read else 1.0


def score_page(printed: Sequence[str], sure: Sequence[str], doubtful: Sequence[str]) -> PageScore:
    """Return the score of one page from the texts of its words.

    >>> score_page(["1,234", "5.6"], ["1,234", "7.8"], ["5.6"])
    PageScore(printed=2, right=1, wrong=Counter({'7.8': 1}), missed=Counter({'5.6': 1}), doubtful=1)
    """
    truth, found = amounts_of(printed), amounts_of(sure)
    return PageScore(
        truth.total(),
        (truth & found).total(),
        found - truth,
        truth - found,
        amounts_of(doubtful).total(),
    )


def score_words(printed: Sequence[str], words: Sequence[Word]) -> PageScore:
    """Return the score of the words that OCR read on a page; confidence 0 marks doubt."""
    sure = [word.text for word in words if word.confidence]
    return score_page(printed, sure, [word.text for word in words if not word.confidence])


@dataclass(frozen=True, slots=True)
class ScanPage:
    """A scanned page and the page with a text layer that it was made from."""

    scan: Path
    index: int  # 0-based
    source: Path
    source_page: int  # 1-based


def pages_of(corpus: Path, name: str) -> Iterator[ScanPage]:
    """Yield the pages of the scan ``name`` as the corpus describes them."""
    lines = (corpus / "ocr" / "index.jsonl").read_text(encoding="utf-8").split("\n")
    known = next(row for row in map(json.loads, filter(None, lines)) if row["file"] == name)
    source = corpus / Path(known["derived_from"]).parent.name / Path(known["derived_from"]).name
    for index, page_no in enumerate(known["source_pages_1based"]):
        yield ScanPage(corpus / "ocr" / name, index, source, page_no)


def score_scan_page(page: ScanPage) -> tuple[PageScore, float, float]:
    """Return the score of one page, and the processor's seconds of ours and of tesseract."""
    started = time.process_time()
    scan = pypdfium2.PdfDocument(page.scan)
    words = read_picture(scan[page.index], "rapidocr", DPI).words
    ours = time.process_time() - started
    picture = scan[page.index].render(scale=DPI / 72).to_pil()
    scan.close()
    return score_words(_printed(page), words), ours, _tesseract_seconds(picture)


def _printed(page: ScanPage) -> list[str]:
    document = pypdfium2.PdfDocument(page.source)
    content = read_page(document[page.source_page - 1], page.source_page)
    document.close()
    return [word.text for word in build_words(content.chars)]


def _tesseract_seconds(picture: object) -> float:
    import pytesseract

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pytesseract.image_to_data(picture, lang="chi_sim+eng", config=f"--dpi {DPI}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(names: Sequence[str]) -> None:
    """Print one row a scan; ``names`` picks some of them."""
    corpus = Path(os.environ["SFT_ASSETS_TEST_CORPUS"])
    os.environ["OMP_THREAD_LIMIT"] = "1"  # tesseract's
    table = Table(title="amounts of scanned pages; pages a minute of one core")
    columns = ("scan", "pages", "printed", "recall", "precision", "wrong", "missed", "doubtful")
    for column in (*columns, "ours", "tesseract"):
        table.add_column(column)
    for name in names or SCANS:
        pages = [score_scan_page(page) for page in pages_of(corpus, name)]
        total = sum((score for score, _, _ in pages), PageScore(0, 0))
        speeds = (60 * len(pages) / sum(page[i] for page in pages) for i in (1, 2))
        table.add_row(
            name, str(len(pages)), str(total.printed), f"{total.recall:.2%}",
            f"{total.precision:.2%}", ", ".join(sorted(total.wrong)), str(total.missed.total()),
            str(total.doubtful), *(f"{speed:.1f}" for speed in speeds),
        )  # fmt: skip
    Console(width=160).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
