"""Wiring of ``extract``: from a report's PDF to its pages, lines and cells."""

import polars as pl

from sft_assets.extract.report_reading import ExtractConfig, read_report
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepResult


def extract(inputs: Inputs) -> StepResult:
    """Return pages, lines and cells of the report's current version."""
    current = inputs.table("raw_reports").filter(pl.col("is_current")).row(0, named=True)
    doc_id, page_count = current["doc_id"], int(current["page_count"])
    found = read_report(
        inputs.blob(doc_id),
        doc_id,
        page_count,
        inputs.config(ExtractConfig),
        inputs.report_progress,
    )
    failed = sum(found.failed.values())
    return StepResult(
        tables=found.tables,
        # A page that failed is kept: its row says so, and the page numbers stay whole.
        ledger=Ledger(unit="page", rows_in=page_count, kept=found.tables["extracted_pages"].height),
        metadata={
            "pages": page_count,
            "pages_by_ocr": found.ocr_pages,
            "pages_failed": failed,
            "lines": found.tables["extracted_lines"].height,
            "cells": found.tables["extracted_cells"].height,
            "hidden_chars": int(found.tables["extracted_pages"]["hidden_chars"].sum()),
        },
    )


STEPS: tuple[Step, ...] = (
    Step(
        name="extract",
        stage="extract",
        grain=Grain.REPORT,
        tables=("extracted_pages", "extracted_lines", "extracted_cells"),
        inputs=("raw_reports",),
        code_version="2",
        description="Characters with boxes, lines, table cells; OCR where no text can be read.",
        compute=extract,
        config=ExtractConfig,
    ),
)
