"""Pages a CPU second of one core for words and tables, ours beside its peers, on real reports.

    make bench-extract CORPUS=... [PAGES=2] [PYMUPDF=/path/to/python]

All readers read the same pages, spread evenly over each report, and take turns at every page, so
that a machine that slows down slows all of them. CPU time is counted, not the clock. PyMuPDF is
AGPL and never a dependency: it runs in an environment of its own, whose Python PYMUPDF names.
"""

import argparse
import json
import os
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
from rich.console import Console
from rich.table import Table

from benchmarks.plain_reading import fill_grid, plain_words
from benchmarks.plumber_oracle import plain_page
from sft_assets.extract.child import extract_chunk
from sft_assets.extract.reading import pdfium_calls as ask
from sft_assets.extract.reading.pdfium_drawing import read_drawing
from sft_assets.extract.reading.pdfium_page import frame_of, read_page
from sft_assets.extract.report_reading import TABLES, Unreadable
from sft_assets.extract.tables.grids import GridSettings, find_grids
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import text_limits

FOLDERS = ("zh_reports", "en_reports")
MIN_RATIO = 5.0
MAX_WORKER_MB = 400
OURS, PLUMBER = "ours: words, tables", "pdfplumber: the same"
LIMIT, WALK, MUPDF = "pypdfium2: raw text, the limit", "ours: the walk's whole page", "PyMuPDF"
MUPDF_PROGRAM = """
import json, sys, time
import pymupdf
seconds = []
for path, numbers in json.load(sys.stdin):
    document = pymupdf.open(path)
    for number in numbers:
        started = time.process_time()
        page = document[number]
        page.get_text("words")
        [table.extract() for table in page.find_tables().tables]
        seconds.append(time.process_time() - started)
sys.__stdout__.write("\\n" + json.dumps(seconds))
"""


@dataclass(slots=True)
class Clock:
    """CPU seconds by what was done."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def run(self, name: str, work: Callable[..., Any], *arguments: Any) -> Any:
        """Return what ``work`` gives and add its time to ``name``."""
        started = time.process_time()
        try:
            return work(*arguments)
        finally:
            self.seconds[name] += time.process_time() - started


def sample_pages(corpus: Path, pages: int) -> Iterator[tuple[Path, list[int]]]:
    """Yield each report with ``pages`` of its pages (0-based), spread evenly over it."""
    for pdf in (p for folder in FOLDERS for p in sorted((corpus / folder).glob("*.pdf"))):
        document = pypdfium2.PdfDocument(pdf)
        count = len(document)
        document.close()
        yield pdf, sorted({count * (2 * k + 1) // (2 * pages) for k in range(pages)})


def _ours(document: Any, number: int, parts: Clock) -> None:
    page = document[number]
    content = parts.run("characters, lines", read_page, page, number + 1)
    printed = parts.run("words", content.chars.printed)
    parts.run("words", plain_words, printed)
    grids = parts.run("table finder", find_grids, content.edges, GridSettings())
    for grid in grids:
        parts.run("cells", fill_grid, grid, printed)
    page.close()


def _inside(document: Any, number: int, parts: Clock) -> None:
    """Measure what reading the characters and lines is made of, apart from the race."""
    page = parts.run("of it: pdfium parses the page", document.__getitem__, number)
    frame = frame_of(page)
    parts.run("of it: lines", read_drawing, ask.address(page.raw), frame)
    text_page = parts.run("of it: pdfium's text page", page.get_textpage)
    text_page.close()
    page.close()


def _plumber(document: Any, number: int) -> None:
    page = document.pages[number]
    plain_page(page)
    page.close()


def _raw_text(document: Any, number: int) -> None:
    page = document[number]
    text_page = page.get_textpage()
    text_page.get_text_range()
    text_page.close()
    page.close()


def _walk(pdf: Path, number: int) -> None:
    payload = {"doc_id": "0" * 64, "pdf": str(pdf), "characters": "pdfium"}
    pages = {"first_page": number + 1, "last_page": number + 1}
    extract_chunk({**payload, **pages, "min_readability": 0.5})


def race(sample: list[tuple[Path, list[int]]]) -> tuple[Clock, Clock, int]:
    """Return the CPU seconds of each reader, of the parts of ours, and the count of pages."""
    clock, parts, pages = Clock(), Clock(), 0
    for pdf, numbers in sample:
        document = pypdfium2.PdfDocument(pdf)
        with pdfplumber.open(pdf) as plain:
            plain.pages[0].close()  # the page tree is read before the race
            for number in numbers:
                clock.run(OURS, _ours, document, number, parts)
                clock.run(PLUMBER, _plumber, plain, number)
                clock.run(LIMIT, _raw_text, document, number)
                clock.run(WALK, _walk, pdf, number)
                _inside(document, number, parts)
                pages += 1
        document.close()
    return clock, parts, pages


def mupdf_seconds(python: str, sample: list[tuple[Path, list[int]]]) -> float | None:
    """Return the CPU seconds of PyMuPDF's words and tables; None without it."""
    question = json.dumps([(str(pdf), numbers) for pdf, numbers in sample])
    answer = subprocess.run(
        [python, "-c", MUPDF_PROGRAM], input=question, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        return None
    return float(sum(json.loads(answer.stdout.rsplit("\n", 1)[-1])))


def worker_peak(corpus: Path) -> tuple[str, int, float]:
    """Return the longest report, its pages and the peak memory of one worker that reads it all."""
    counted = []
    for pdf, _ in sample_pages(corpus, 1):
        document = pypdfium2.PdfDocument(pdf)
        counted.append((len(document), pdf))
        document.close()
    pages, pdf = max(counted)
    payload = {"doc_id": "0" * 64, "pdf": str(pdf.resolve()), "first_page": 1, "last_page": pages}
    answer = run_isolated(
        "sft_assets.extract.child:extract_chunk",
        {**payload, "characters": "pdfium", "min_readability": 0.5},
        values=Unreadable,
        tables=TABLES,
        limits=text_limits(pages),
    )
    return pdf.stem, pages, answer.peak_memory_bytes / 1e6


def main() -> int:
    """Measure and print; return 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder with zh_reports and en_reports")
    parser.add_argument("--pages", type=int, default=2, help="of each report")
    parser.add_argument("--pymupdf", default=os.environ.get("PYMUPDF", ""), help="its Python")
    parser.add_argument("--no-memory", action="store_true", help="leave the long report out")
    options = parser.parse_args()
    sample = list(sample_pages(options.corpus, options.pages))
    clock, parts, pages = race(sample)
    print(f"{pages} pages of {len(sample)} reports")
    if not options.pymupdf:
        print("PyMuPDF left out: --pymupdf names no Python that has it")
    elif (seconds := mupdf_seconds(options.pymupdf, sample)) is None:
        print(f"PyMuPDF left out: {options.pymupdf} cannot run it")
    else:
        clock.seconds[MUPDF] = seconds
    _print_race(clock, pages)
    _print_parts(parts, clock.seconds[OURS], pages)
    ratio = clock.seconds[PLUMBER] / clock.seconds[OURS]
    print(f"ours is {ratio:.1f} times as fast as pdfplumber; expected at least {MIN_RATIO}")
    failed = ratio < MIN_RATIO
    if not options.no_memory:
        name, count, peak = worker_peak(options.corpus)
        print(f"{name}: {count} pages in one worker, peak {peak:.0f} MB; at most {MAX_WORKER_MB}")
        failed |= peak > MAX_WORKER_MB
    return int(failed)


def _print_race(clock: Clock, pages: int) -> None:
    table = Table(title="one core, the same pages in turn")
    for column in ("reader", "pages a CPU second", "ms a page", "times pdfplumber"):
        table.add_column(column)
    for name, seconds in sorted(clock.seconds.items(), key=lambda item: item[1]):
        table.add_row(
            name, f"{pages / seconds:.1f}", f"{1000 * seconds / pages:.1f}",
            f"{clock.seconds[PLUMBER] / seconds:.2f}",
        )  # fmt: skip
    Console().print(table)


def _print_parts(parts: Clock, total: float, pages: int) -> None:
    table = Table(title="where our time goes; what pdfium itself does is the limit's share")
    for column in ("part", "ms a page", "share"):
        table.add_column(column)
    for name, seconds in parts.seconds.items():
        table.add_row(name, f"{1000 * seconds / pages:.2f}", f"{seconds / total:.0%}")
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
