"""Read all pages of one report through isolated children."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.page_rows import Rows, page_row
from sft_assets.extract.row_checks import refuse_contradictions
from sft_assets.schemas.pages import CELLS, EXTRACTED_PAGES, LINES
from sft_assets.walk.step import StepConfig
from sft_assets.worker.answers import Answer, NoValues
from sft_assets.worker.chunks import Chunk, ReadPlan, run_in_chunks
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import MAX_PAGES, ocr_limits, opening_limits, worker_count
from sft_assets.worker.ocr import require_engine

TABLES = {
    "extracted_pages": EXTRACTED_PAGES,
    "extracted_lines": LINES,
    "extracted_cells": CELLS,
}
KEYS = {
    "extracted_pages": ["page_no"],
    "extracted_lines": ["page_no", "line_no"],
    "extracted_cells": ["page_no", "table_no", "row_no", "col_no"],
}
OCR_PAGES = 4  # a child for OCR: models load once, a failing page costs few others

Progress = Callable[[int, int, str], None]


class ExtractConfig(StepConfig):
    """How pages are read."""

    characters: Literal["pdfium", "pdfplumber"] = "pdfium"
    """Whose characters are used; pdfplumber is seven times slower and kept to compare with."""
    ocr_engine: Literal["rapidocr", "tesseract"] = "rapidocr"
    """tesseract has to be installed as a system package."""
    ocr_dpi: int = Field(default=200, ge=72, le=300)
    """Resolution at which a page is drawn for OCR."""
    min_readability: float = Field(default=0.5, ge=0, le=1)
    """A page whose text layer is less readable is read from its picture."""
    max_failed_share: float = Field(default=0.1, ge=0, le=1)
    """More failed pages than this (and more than one) publish nothing: a machine that is out of
    memory or time fails page after page, and a later run reads them."""


class Unreadable(BaseModel):
    """Pages of a chunk whose text layer cannot be used."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    unreadable_pages: list[int]


class PageCount(BaseModel):
    """Number of pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    page_count: int = Field(ge=0)


@dataclass(frozen=True, slots=True)
class ReportReading:
    """What was read from one report."""

    tables: dict[str, pl.DataFrame]
    failed: dict[str, int]  # reason -> pages
    ocr_pages: int


def read_report(
    pdf: Path,
    doc_id: str,
    page_count: int | None,
    config: ExtractConfig,
    report_progress: Progress | None = None,
    *,
    ocr_only: Container[int] | None = None,
) -> ReportReading:
    """Return the tables of ``pdf``; each page is a row, also one that failed.

    Args:
        pdf: The file.
        doc_id: SHA-256 of its bytes.
        page_count: Its number of pages; None to count them.
        config: How pages are read.
        report_progress: Called with pages done, pages in all, and what they are.
        ocr_only: Pages that are read by OCR if they need it; None for all of them. The others
            then come without text.

    Raises:
        RejectedDocumentError: If the pages cannot even be counted, or are none or too many.
        SettingsError: If a page needs OCR by an engine that is not installed.
    """
    reader = _Reader(pdf, doc_id, config, report_progress or _tell_nobody)
    return reader.read(count_pages(pdf) if page_count is None else page_count, ocr_only)


def _tell_nobody(done: int, total: int, what: str) -> None:
    del done, total, what


def count_pages(pdf: Path) -> int:
    """Return the number of pages, counted in a child.

    Raises:
        RejectedDocumentError: If the file does not open, or has no page or too many.
    """
    answer = run_isolated(
        "sft_assets.extract.child:count_pages",
        {"pdf": str(pdf.resolve())},
        values=PageCount,
        limits=opening_limits(pdf.stat().st_size),
    )
    pages = answer.values.page_count
    if pages == 0:
        raise RejectedDocumentError("no_pages", "the page tree is empty")
    if pages > MAX_PAGES:
        raise RejectedDocumentError("too_large", f"{pages} pages, limit {MAX_PAGES}")
    return pages


class _Reader:
    """One pass over one report."""

    def __init__(self, pdf: Path, doc_id: str, config: ExtractConfig, progress: Progress) -> None:
        self.pdf, self.doc_id, self.config, self.progress = pdf, doc_id, config, progress
        self.workers = worker_count()
        self.parts: list[dict[str, pl.DataFrame]] = []
        self.failed: dict[int, str] = {}  # page -> reason

    def read(self, page_count: int, ocr_only: Container[int] | None) -> ReportReading:
        unreadable = self._read_text_layers(page_count)
        wanted = [n for n in unreadable if ocr_only is None or n in ocr_only]
        self._read_pictures(wanted)
        left = [self._row(n) for n in sorted(set(unreadable) - set(wanted))]
        failed = [self._row(n, status="failed", reason=r) for n, r in sorted(self.failed.items())]
        rows = Rows(pages=[*left, *failed])
        tables = {
            name: pl.concat([part[name] for part in [*self.parts, rows.frames()]]).sort(keys)
            for name, keys in KEYS.items()
        }
        reasons = sorted(self.failed.values())
        ocr_pages = len(set(wanted) - set(self.failed))
        return ReportReading(tables, {r: reasons.count(r) for r in reasons}, ocr_pages)

    def _payload(self) -> dict[str, object]:
        return {"doc_id": self.doc_id, **self.config.model_dump()}

    def _row(self, page_no: int, **known: object) -> dict[str, object]:
        return page_row(self.doc_id, page_no, **known)

    def _read_text_layers(self, page_count: int) -> list[int]:
        """Read the text layers and return the pages that need OCR."""
        unreadable: list[int] = []
        for chunk in run_in_chunks(
            "sft_assets.extract.child:extract_chunk",
            self.pdf,
            range(1, page_count + 1),
            values=Unreadable,
            tables=TABLES,
            payload=self._payload(),
            plan=ReadPlan(workers=self.workers),
            check=self._check_text,
        ):
            pages = chunk.answer.values.unreadable_pages if chunk.answer else []
            unreadable += pages
            self._keep(chunk, pages)
            self.progress(chunk.pages[-1], page_count, "pages")
        return unreadable

    def _read_pictures(self, pages: Sequence[int]) -> None:
        """Read ``pages`` by OCR."""
        done = 0
        if pages:
            require_engine(self.config.ocr_engine)
            self.progress(done, len(pages), "pages by OCR")
        for chunk in run_in_chunks(
            "sft_assets.extract.child:ocr_pages",
            self.pdf,
            pages,
            values=NoValues,
            tables=TABLES,
            payload=self._payload(),
            plan=ReadPlan(
                limits=ocr_limits,
                chunk_pages=OCR_PAGES,
                least_pages=1,
                workers=self.workers,
                wall_seconds=lambda count: 600 + 120.0 * count,
            ),
            check=self._check_pictures,
        ):
            self._keep(chunk, [])
            done += len(chunk.pages)
            self.progress(done, len(pages), "pages by OCR")

    def _keep(self, chunk: Chunk[Any], without: list[int]) -> None:
        if chunk.answer is None:
            self.failed.update(dict.fromkeys(chunk.pages, chunk.reason or "crash"))
        else:
            self.parts.append(_without(chunk.answer.tables, without))

    def _check_text(self, answer: Answer[Unreadable], pages: Sequence[int]) -> None:
        refuse_contradictions(answer.tables, self.doc_id, pages)
        unreadable = answer.values.unreadable_pages
        if unreadable != sorted(set(unreadable) & set(pages)):
            raise RejectedDocumentError("invalid_output", "unreadable pages are not of those asked")

    def _check_pictures(self, answer: Answer[NoValues], pages: Sequence[int]) -> None:
        refuse_contradictions(answer.tables, self.doc_id, pages)


def _without(tables: Mapping[str, pl.DataFrame], pages: list[int]) -> dict[str, pl.DataFrame]:
    return {name: table.filter(~pl.col("page_no").is_in(pages)) for name, table in tables.items()}
