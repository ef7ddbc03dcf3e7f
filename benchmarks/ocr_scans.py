"""How well and how fast scans with a known text are read, beside plain tesseract.

    make bench-ocr        (SFT_ASSETS_TEST_CORPUS names the folder with ocr/index.jsonl)

An amount is a number of four digits or more, or with a comma, a point or a percent sign, and its
minus sign or brackets are part of it; each page's amounts are compared as a multiset with those of
the text layer that the scan was made from. A number marked doubtful is handed on by nobody: it is
counted apart, neither right nor wrong, and not found. Seconds are of the processor, ours and
tesseract's, for the same pictures. What stands in a picture of the source page, such as a chart,
has no text layer to be compared with: it is left out and counted as unproven. Without the corpus,
only worn pages of the sample are read.
"""

import json
import os
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from benchmarks.worn_scans import WEARS, worn_pages, worn_pdf
from sft_assets.extract.reading.lines import Word, build_words
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.reading.pdfium_page import frame_of, read_page
from sft_assets.extract.reading.picture_reading import PictureReading, read_picture

DPI = 200
NUMBER = re.compile(r"\d(?:[\d.,，]*\d)?")
SIGN = re.compile(r"(?<![0-9A-Za-z)）%])[-−–－]\s?[$¥]?$")
YEAR = re.compile(r"(?:19|20)\d{2}")  # in brackets, a year is not negative
MIN_DIGITS = 4
PERCENT, BRACKETS = ("%", "％"), ("(", "（", ")", "）")
SCANS = (
    "scan_maotai2021_key_pages.pdf",
    "scan_maotai2021_rotated_90_180.pdf",
    "scan_msft2023_statements.pdf",
    "scan_mincankun2019_full_47p.pdf",
    "scan_huajin2019_low_quality_100dpi.pdf",
)


def amounts_of(texts: Sequence[str]) -> Counter[str]:
    """Return the amounts in ``texts`` as a multiset, a negative one with "-" before it.

    >>> sorted(amounts_of(["2021 12 1,234.50 (3.1) 7 -2.5% 3-5%", "1,234.50"]).items())
    [('-2.5', 1), ('-3.1', 1), ('1,234.50', 2), ('2021', 1), ('5', 1)]
    """
    found: Counter[str] = Counter()
    for text in texts:
        for match in NUMBER.finditer(text):
            number, before, after = (
                match.group().replace("，", ","), text[: match.start()], text[match.end() :]
            )  # fmt: skip
            digits = sum(map(str.isdigit, number))
            if digits < MIN_DIGITS and after[:1] not in PERCENT and digits == len(number):
                continue
            bracketed = before.rstrip("$¥")[-1:] in BRACKETS and after.lstrip("%％")[:1] in BRACKETS
            negative = (bracketed and not YEAR.fullmatch(number)) or bool(SIGN.search(before))
            found["-" * negative + number] += 1
    return found


@dataclass(frozen=True, slots=True)
class PageScore:
    """Counts of amounts on one or more pages."""

    printed: int
    right: int  # unmarked, and printed
    wrong: Counter[str] = field(default_factory=Counter)  # unmarked, and not printed
    missed: Counter[str] = field(default_factory=Counter)  # printed, and not among the unmarked
    doubtful: int = 0
    unproven: int = (
        0  # read in a picture of the source page, where no text layer says what is right
    )

    def __add__(self, other: "PageScore") -> "PageScore":
        """Return the counts of both."""
        return PageScore(
            self.printed + other.printed,
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
            self.doubtful + other.doubtful,
            self.unproven + other.unproven,
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

    scan: Path | bytes
    index: int  # 0-based
    source: Path | bytes
    source_page: int  # 1-based


def pages_of(corpus: Path, name: str) -> Iterator[ScanPage]:
    """Yield the pages of the scan ``name`` as the corpus describes them."""
    lines = (corpus / "ocr" / "index.jsonl").read_text(encoding="utf-8").split("\n")
    known = next(row for row in map(json.loads, filter(None, lines)) if row["file"] == name)
    source = corpus / Path(known["derived_from"]).parent.name / Path(known["derived_from"]).name
    for index, page_no in enumerate(known["source_pages_1based"]):
        yield ScanPage(corpus / "ocr" / name, index, source, page_no)


def worn_pages_of(wear: str) -> Iterator[ScanPage]:
    """Yield pages of the sample after ``wear``."""
    for page in worn_pages(wear):
        yield ScanPage(worn_pdf(page), 0, page.source(), page.page_no)


def read_scan_page(page: ScanPage) -> tuple[PageScore, float]:
    """Return the score of one page, and the processor's seconds that reading it took."""
    started = time.process_time()
    with closing(pypdfium2.PdfDocument(page.scan)) as scan:
        reading = read_picture(scan[page.index], "rapidocr", DPI)
    ours = time.process_time() - started
    return score_reading(page, reading), ours


def score_reading(page: ScanPage, reading: PictureReading) -> PageScore:
    """Return the score of what was read on one page."""
    printed, pictures = _source_of(page)
    width, height = reading.frame.page_width, reading.frame.page_height
    beside: list[Word] = []
    within: list[str] = []
    for word in reading.words:
        x0, top, x1, bottom = reading.frame.to_page(word.box)
        x, y = (x0 + x1) / 2 / width, (top + bottom) / 2 / height
        if any(a <= x <= c and b <= y <= d for a, b, c, d in pictures):
            within.append(word.text)
        else:
            beside.append(word)
    return replace(score_words(printed, beside), unproven=amounts_of(within).total())


def _source_of(page: ScanPage) -> tuple[list[str], list[Box]]:
    """Return the words of the source page, and where its pictures are, in shares of its sides.

    A picture under text of the page, such as a background, is none of them.
    """
    with closing(pypdfium2.PdfDocument(page.source)) as document:
        source = document[page.source_page - 1]
        content = read_page(source, page.source_page)
        frame = frame_of(source)
        found = [
            frame.box(*item.get_bounds())
            for item in source.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
        ]
    words = [word.text for word in build_words(content.chars)]
    boxes = [box for box in found if not len(content.chars.within(box))]
    w, h = content.width, content.height
    return words, [(a / w, b / h, c / w, d / h) for a, b, c, d in boxes]


def tesseract_seconds(page: ScanPage) -> float:
    """Return the processor's seconds of plain tesseract for the same picture."""
    import pytesseract

    with closing(pypdfium2.PdfDocument(page.scan)) as scan:
        picture = scan[page.index].render(scale=DPI / 72).to_pil()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    pytesseract.image_to_data(picture, lang="chi_sim+eng", config=f"--dpi {DPI}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


HEADS = ("pages", "printed", "recall", "precision", "missed", "doubtful", "unproven", "ours",
         "tesseract")  # fmt: skip


def _tell(name: str, pages: Sequence[ScanPage], *, beside_tesseract: bool) -> None:
    """Print the row of one scan, and below it the numbers that were read wrong."""
    read = [read_scan_page(page) for page in pages]
    total = sum((score for score, _ in read), PageScore(0, 0))
    ours = 60 * len(pages) / sum(seconds for _, seconds in read)
    peer = "-"
    if beside_tesseract:
        peer = f"{60 * len(pages) / sum(map(tesseract_seconds, pages)):.1f}"
    columns = (
        len(pages), total.printed, f"{total.recall:.2%}", f"{total.precision:.2%}",
        total.missed.total(), total.doubtful, total.unproven, f"{ours:.1f}", peer,
    )  # fmt: skip
    print(f"{name:<40}" + "".join(f"{column:>10}" for column in columns), flush=True)
    if total.wrong:
        print(f"  wrong: {', '.join(sorted(total.wrong.elements()))}", flush=True)


def main(names: Sequence[str]) -> None:
    """Print one row a scan or way of wear; ``names`` picks some of them."""
    corpus = os.environ.get("SFT_ASSETS_TEST_CORPUS")
    os.environ["OMP_THREAD_LIMIT"] = "1"  # tesseract's
    print("amounts of scanned pages; ours and tesseract: pages a minute of one core")
    print(f"{'scan':<40}" + "".join(f"{head:>10}" for head in HEADS))
    for wear in WEARS:
        if not names or wear in names:
            _tell(wear, list(worn_pages_of(wear)), beside_tesseract=False)
    for name in SCANS if corpus else ():
        if not names or name in names:
            _tell(name, list(pages_of(Path(str(corpus)), name)), beside_tesseract=True)


if __name__ == "__main__":
    main(sys.argv[1:])
