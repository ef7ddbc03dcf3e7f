"""Wiring of ``clean``: from extracted pages to clean ones, page for page."""

from collections import Counter

import polars as pl

from sft_assets.clean.page_edits import find_edits
from sft_assets.clean.page_lines import read_pages
from sft_assets.lineage.text_edits import apply_edits, edits_as_rows
from sft_assets.schemas.pages import PAGES
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepResult


def clean(inputs: Inputs) -> StepResult:
    """Return the clean pages of one report."""
    table, rules = clean_tables(
        inputs.table("extracted_pages"),
        inputs.table("extracted_lines"),
        inputs.table("extracted_cells"),
    )
    return StepResult(
        tables={"clean_pages": table},
        ledger=Ledger(
            unit="page", rows_in=inputs.table("extracted_pages").height, kept=table.height
        ),
        metadata={f"edits_{rule}": count for rule, count in sorted(rules.items())},
    )


def clean_tables(
    pages: pl.DataFrame, lines: pl.DataFrame, cells: pl.DataFrame
) -> tuple[pl.DataFrame, Counter[str]]:
    """Return ``clean_pages`` and how many edits each rule made."""
    texts = read_pages(pages, lines, cells)
    edits = find_edits(texts)
    doc_ids = dict(pages.select("page_no", "doc_id").iter_rows())
    rows = [
        {
            "doc_id": doc_ids[page.page_no],
            "page_no": page.page_no,
            "text": apply_edits(page.text, edits[page.page_no]),
            "edits": edits_as_rows(edits[page.page_no]),
        }
        for page in texts
    ]
    rules = Counter(edit.rule for found in edits.values() for edit in found)
    return pl.DataFrame(rows, schema=PAGES, orient="row"), rules


STEPS: tuple[Step, ...] = (
    Step(
        name="clean_pages",
        stage="clean",
        grain=Grain.REPORT,
        tables=("clean_pages",),
        inputs=("extracted_pages", "extracted_lines", "extracted_cells"),
        code_version="3",
        description="Running heads, page numbers, contents, watermarks dropped; wrapped lines joined.",
        compute=clean,
        ledger_input="extracted_pages",
    ),
)
