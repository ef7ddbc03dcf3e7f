"""The doors: the tables that pass between stages, all found in ``TABLES``."""

import polars as pl

from sft_assets.schemas.facts import FACTS, PRIOR_YEAR_FIGURES
from sft_assets.schemas.pages import (
    CELLS,
    EXTRACTED_PAGES,
    JOINED_TABLES,
    LINES,
    PAGES,
    REDACTIONS,
)
from sft_assets.schemas.pairs import (
    DROPPED_DUPLICATES,
    GENERAL_PAIRS,
    PAIRS,
    REVIEW_QUEUE,
    SIGNATURES,
    SPLITS,
)
from sft_assets.schemas.reports import RAW_REPORTS, REJECTIONS
from sft_assets.schemas.tables import Table

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("raw_reports", RAW_REPORTS, key=("report_key", "version_no")),
        Table("rejected_files", REJECTIONS, key=("doc_id", "file_name"), corpus=True),
        Table("extracted_pages", EXTRACTED_PAGES, key=("doc_id", "page_no"), step="extract"),
        Table("extracted_lines", LINES, key=("doc_id", "page_no", "line_no"), step="extract"),
        Table(
            "extracted_cells",
            CELLS,
            key=("doc_id", "page_no", "table_no", "row_no", "col_no"),
            step="extract",
        ),
        Table("clean_pages", PAGES, key=("doc_id", "page_no")),
        Table(
            "joined_tables",
            JOINED_TABLES,
            key=("doc_id", "page_no", "table_no"),
            step="clean_pages",
        ),
        Table("normalized_pages", PAGES, key=("doc_id", "page_no")),
        Table("redacted_pages", PAGES, key=("doc_id", "page_no"), step="redact"),
        Table("redactions", REDACTIONS, key=("doc_id", "page_no", "start"), step="redact"),
        Table("financial_facts", FACTS, key=("fact_id",), step="facts"),
        Table("fact_quarantine", FACTS, key=("fact_id",), step="facts"),
        Table(
            "prior_year_figures",
            PRIOR_YEAR_FIGURES,
            key=("later_report_key", "metric", "scope", "period", "basis"),
            corpus=True,
        ),
        Table("instruction_pairs", PAIRS, key=("pair_id",)),
        Table("augmented_pairs", PAIRS, key=("pair_id",)),
        Table("comparison_pairs", PAIRS, key=("pair_id",), corpus=True),
        Table("review_queue", REVIEW_QUEUE, key=("pair_id",), corpus=True),
        Table("reviewed_pairs", PAIRS, key=("pair_id",), corpus=True),
        Table("pair_signatures", SIGNATURES, key=("pair_id",)),
        Table("deduplicated_pairs", PAIRS, key=("pair_id",), step="dedup", corpus=True),
        Table(
            "dropped_duplicates", DROPPED_DUPLICATES, key=("pair_id",), step="dedup", corpus=True
        ),
        Table("general_pairs", GENERAL_PAIRS, key=("pair_id",), corpus=True),
        Table("dataset_splits", SPLITS, key=("pair_id",), corpus=True),
        Table("sft_dataset", SPLITS, key=("pair_id",), corpus=True),
    )
}

__all__ = ["TABLES", "Table"]


def empty(name: str) -> pl.DataFrame:
    """Return table ``name`` without rows."""
    return pl.DataFrame(schema=TABLES[name].schema)
