"""Read all pages of one report through isolated children."""

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.page_rows import Rows, page_row
from sft_assets.schemas.pages import CELLS, EXTRACTED_PAGES, LINES
from sft_assets.walk.step import StepConfig
from sft_assets.worker.answers import NoValues
from sft_assets.worker.chunks import ReadPlan, run_in_chunks
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import ocr_limits

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
WORKERS = "SFT_ASSETS_PDF_WORKERS"  # environment: children at a time; never changes a result

Progress = Callable[[int, int, str], None]


class ExtractConfig(StepConfig):
    """How pages are read."""

    characters: Literal["pdfium", "pdfplumber"] = "pdfium"
    """Whose characters are used; pdfplumber is four times slower and kept to compare with."""
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
    page_count: int


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
) -> ReportReading:
    """Return the tables of ``pdf``; each page is a row, also one that failed.

    Raises:
        RejectedDocumentError: If the pages cannot even be counted.
    """
    reader = _Reader(pdf, doc_id, config, report_progress or _tell_nobody)
    return reader.read(page_count or _count(pdf))


def _tell_nobody(done: int, total: int, what: str) -> None:
    del done, total, what


def _count(pdf: Path) -> int:
    answer = run_isolated(
        "sft_assets.extract.child:count_pages", {"pdf": str(pdf.resolve())}, values=PageCount
    )
    return answer.values.page_count


class _Reader:
    """One pass over one report."""

    def __init__(self, pdf: Path, doc_id: str, config: ExtractConfig, progress: Progress) -> None:
        self.pdf, self.doc_id, self.config, self.progress = pdf, doc_id, config, progress
        self.workers = max(1, int(os.environ.get(WORKERS) or min(2, os.cpu_count() or 1)))
        self.parts: list[dict[str, pl.DataFrame]] = []
        self.failed: dict[int, str] = {}  # page -> reason

    def read(self, page_count: int) -> ReportReading:
        unreadable = self._read_text_layers(page_count)
        ocr_pages = self._read_pictures(unreadable)
        rows = Rows(pages=[self._failed_row(n, r) for n, r in sorted(self.failed.items())])
        tables = {
            name: pl.concat([part[name] for part in [*self.parts, rows.frames()]]).sort(keys)
            for name, keys in KEYS.items()
        }
        reasons = sorted(self.failed.values())
        return ReportReading(tables, {r: reasons.count(r) for r in reasons}, ocr_pages)

    def _payload(self) -> dict[str, object]:
        return {"doc_id": self.doc_id, **self.config.model_dump()}

    def _failed_row(self, page_no: int, reason: str) -> dict[str, object]:
        return page_row(self.doc_id, page_no, status="failed", reason=reason)

    def _read_text_layers(self, page_count: int) -> list[int]:
        """Read the text layers and return the pages that need OCR."""
        unreadable: list[int] = []
        for chunk in run_in_chunks(
            "sft_assets.extract.child:extract_chunk",
            self.pdf,
            page_count,
            values=Unreadable,
            tables=TABLES,
            payload=self._payload(),
            plan=ReadPlan(workers=self.workers),
        ):
            if chunk.answer is None:
                self.failed[chunk.first_page] = chunk.reason or "crash"
            else:
                pages = chunk.answer.values.unreadable_pages
                unreadable += pages
                self.parts.append(_without(chunk.answer.tables, pages))
            self.progress(chunk.last_page, page_count, "pages")
        return unreadable

    def _read_pictures(self, pages: list[int]) -> int:
        """Read ``pages`` by OCR and return how many could be read."""
        groups = [pages[i : i + OCR_PAGES] for i in range(0, len(pages), OCR_PAGES)]
        done = 0
        with ThreadPoolExecutor(self.workers, thread_name_prefix="pdf-ocr") as pool:
            for group, found in zip(groups, pool.map(self._read_group, groups), strict=True):
                done += len(group)
                self.progress(done, len(pages), "pages by OCR")
                self.parts += found
        return done - len(set(pages) & set(self.failed))

    def _read_group(self, pages: list[int]) -> list[dict[str, pl.DataFrame]]:
        """Return the tables of ``pages``, read alone one by one when they fail together."""
        try:
            answer = run_isolated(
                "sft_assets.extract.child:ocr_pages",
                {**self._payload(), "pdf": str(self.pdf.resolve()), "pages": pages},
                values=NoValues,
                tables=TABLES,
                limits=ocr_limits(len(pages)),
            )
        except RejectedDocumentError as error:
            if len(pages) == 1:
                self.failed[pages[0]] = error.reason
                return []
            return [part for page in pages for part in self._read_group([page])]
        return [dict(answer.tables)]


def _without(tables: Mapping[str, pl.DataFrame], pages: list[int]) -> dict[str, pl.DataFrame]:
    return {name: table.filter(~pl.col("page_no").is_in(pages)) for name, table in tables.items()}
