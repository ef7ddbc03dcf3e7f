"""Wiring of ``clean``: from extracted pages to clean ones, page for page."""

from collections import Counter
from dataclasses import asdict

import polars as pl

from sft_assets.clean.joined_tables import join_tables
from sft_assets.clean.page_edits import find_edits
from sft_assets.clean.page_lines import read_pages
from sft_assets.clean.running_lines import without_running_lines
from sft_assets.clean.table_parts import read_tables
from sft_assets.lineage.text_edits import apply_edits, edits_as_rows
from sft_assets.schemas.pages import JOINED_TABLES, PAGES
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepResult


def clean(inputs: Inputs) -> StepResult:
    """Return the clean pages of one report."""
    extracted = [inputs.table(f"extracted_{name}") for name in ("pages", "lines", "cells")]
    table, rules = clean_tables(*extracted)
    joined = joined_tables(*extracted)
    return StepResult(
        tables={"clean_pages": table, "joined_tables": joined},
        ledger=Ledger(
            unit="page", rows_in=inputs.table("extracted_pages").height, kept=table.height
        ),
        metadata={
            **{f"edits_{rule}": count for rule, count in sorted(rules.items())},
            "tables": joined.height,
            "tables_continued": joined.filter(pl.col("part_no") > 0).height,
        },
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


def joined_tables(pages: pl.DataFrame, lines: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return ``joined_tables``: every table of one report as a part of a joined one."""
    parts = join_tables(without_running_lines(read_pages(pages, lines, cells)), read_tables(cells))
    doc_ids = dict(pages.select("page_no", "doc_id").iter_rows())
    rows = [{"doc_id": doc_ids[part.page_no], **asdict(part)} for part in parts]
    return pl.DataFrame(rows, schema=JOINED_TABLES, orient="row")


STEPS: tuple[Step, ...] = (
    Step(
        name="clean_pages",
        stage="clean",
        grain=Grain.REPORT,
        tables=("clean_pages", "joined_tables"),
        inputs=("extracted_pages", "extracted_lines", "extracted_cells"),
        code_version="7",
        description="Running heads, contents and watermarks dropped; wraps and tables joined.",
        compute=clean,
        ledger_input="extracted_pages",
    ),
)
