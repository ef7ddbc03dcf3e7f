"""``facts --html``: one page that shows what was read of a report beside its pages."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from sft_assets.cli.earlier_report import REASON
from sft_assets.facts.build import fact_ids_of, judge_report
from sft_assets.facts.html_page import build_page, pages_shown
from sft_assets.facts.pictures import draw_pages
from sft_assets.store.store import Store

EXTRACTED = ("extracted_pages", "extracted_lines", "extracted_cells")


def write_page(
    pdf: Path, root: str, key: str, out: Path, changed: Collection[str] = frozenset()
) -> None:
    """Write the page of report ``key`` of the data root to ``out``.

    ``changed`` are facts that an earlier report prints otherwise: they are shown as set aside.
    """
    reports = Store(root).require("raw_reports", key).read_table("raw_reports")
    report: Mapping[str, Any] = reports.filter(pl.col("is_current")).row(0, named=True)
    extracted = Store(root).require("extract", key)
    joined = Store(root).require("clean_pages", key).read_table("joined_tables")
    pages, lines, cells = (extracted.read_table(name) for name in EXTRACTED)
    read = judge_report(report, pages, lines, cells, joined)
    if changed:
        ids = fact_ids_of(report, pages, read)
        reasons = {i: REASON for i, fact_id in enumerate(ids) if fact_id in changed}
        read = replace(read, reasons={**read.reasons, **reasons})
    pictures = draw_pages(pdf, pages_shown(read))
    title = f"{report['company']}, {report['fiscal_year']} ({pdf.name})"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(build_page(title, read, pictures), encoding="utf-8")
