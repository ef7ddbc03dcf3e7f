"""Wiring of ``extract``: from a report's PDF to its pages, lines and cells."""

from collections.abc import Mapping

import polars as pl

from sft_assets.errors import GateError
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
    _refuse_many_failures(found.failed, page_count, inputs.config(ExtractConfig).max_failed_share)
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


def _refuse_many_failures(failed: Mapping[str, int], pages: int, max_share: float) -> None:
    """Refuse to publish a report of which too many pages could not be read.

    Raises:
        GateError: With the reasons and their counts.
    """
    count = sum(failed.values())
    if count > max(1, max_share * pages):
        reasons = ", ".join(f"{reason} {n}" for reason, n in sorted(failed.items()))
        raise GateError(
            f"{count} of {pages} pages failed ({reasons}); expected at most {max_share:.0%}. "
            "hint: run again when the machine has memory and time, or raise max_failed_share"
        )


STEPS: tuple[Step, ...] = (
    Step(
        name="extract",
        stage="extract",
        grain=Grain.REPORT,
        tables=("extracted_pages", "extracted_lines", "extracted_cells"),
        inputs=("raw_reports",),
        code_version="12",
        description="Characters with boxes, lines, table cells; OCR where no text can be read.",
        compute=extract,
        config=ExtractConfig,
    ),
)
