"""A folder of reports with their extracted tables, kept between runs of a measurement.

Extraction takes a minute a report and facts a second, so the tables are read once and kept in
``cache/<name of the PDF>/``; delete the folder to read them again.
"""

import argparse
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sft_assets.clean.steps import joined_tables
from sft_assets.extract.dump import dump
from sft_assets.ingest.intake import take_in
from sft_assets.sample import sample_inbox

TABLES = ("pages", "lines", "cells")


@dataclass(frozen=True, slots=True)
class ExtractedReport:
    """One report: what ``build_facts`` takes."""

    pdf: Path
    row: Mapping[str, Any]  # of raw_reports
    pages: pl.DataFrame
    lines: pl.DataFrame
    cells: pl.DataFrame
    joined: pl.DataFrame  # joined_tables

    @property
    def name(self) -> str:
        """Name of the file."""
        return self.pdf.stem

    @property
    def tables(
        self,
    ) -> tuple[Mapping[str, Any], pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The arguments of ``build_facts``, in its order."""
        return self.row, self.pages, self.lines, self.cells, self.joined


def parse_folder(description: str | None) -> argparse.ArgumentParser:
    """Return a parser of the arguments that every measurement of this kind has."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=Path, nargs="?", help="PDFs; without it the bundled sample")
    parser.add_argument("--cache", type=Path, default=Path("build/extracts"))
    parser.add_argument("--only", default="", help="a part of the file name")
    parser.add_argument("--cached", action="store_true", help="leave out reports not read yet")
    return parser


def read_folder(
    args: argparse.Namespace, names: Collection[str] | None = None
) -> Iterator[ExtractedReport]:
    """Yield the reports of ``args.folder`` by name, those of ``names`` only where it is given.

    A file that is no report is told on stderr.
    """
    for pdf in sorted((args.folder or sample_inbox()).rglob("*.pdf")):
        folder = args.cache / pdf.stem
        if names is not None and pdf.stem not in names:
            continue
        if args.only not in pdf.stem or (args.cached and not _is_read(folder)):
            continue
        record = take_in(pdf, str(args.cache / "intake"))
        if record.identity is None:
            print(f"{pdf.name}: {record.reason}", file=sys.stderr)
            continue
        if not _is_read(folder):
            dump(pdf, folder)
        row = record.identity.model_dump() | {
            "report_key": record.identity.report_key,
            "doc_id": record.doc_id,
        }
        tables = [pl.read_parquet(folder / f"extracted_{name}.parquet") for name in TABLES]
        yield ExtractedReport(pdf, row, *tables, joined_tables(*tables))


def _is_read(folder: Path) -> bool:
    return all((folder / f"extracted_{name}.parquet").is_file() for name in TABLES)
