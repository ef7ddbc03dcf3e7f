"""What redaction does to real reports, above all that no number of a table is touched.

    python -m benchmarks.redaction.real_reports FOLDER [--show]

``FOLDER`` holds one folder a report with the tables that ``sft_assets.extract.dump`` writes. Each
finding is led back through the lines to its boxes, and the cell that lies there is looked up: that
is another way than the one redaction itself takes.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.table import Table

from sft_assets.numbers import AmountError, parse_amount
from sft_assets.redact.cells import read_page_cells
from sft_assets.redact.detectors import find_identifiers
from sft_assets.redact.finding import Finding

Row = Mapping[str, object]


@dataclass(slots=True)
class Report:
    """Counts of one report; what was found is kept for ``--show``."""

    name: str
    pages: int = 0
    seconds: float = 0.0
    numeric_cells: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    identifiers_in_cells: int = 0  # bare numbers in a cell that its heading calls an identifier
    altered: list[str] = field(default_factory=list)  # any other cell that holds only a number
    shown: list[str] = field(default_factory=list)


def is_numeric(text: str) -> bool:
    """Return whether a cell holds one printed amount and nothing else."""
    try:
        return parse_amount(text) is not None
    except AmountError:
        return False


def read_report(folder: Path) -> Report:
    """Redact every page of the report in ``folder`` and look at the cells under each finding."""
    tables = {
        name: pl.read_parquet(folder / f"extracted_{name}.parquet").partition_by(
            "page_no", as_dict=True
        )
        for name in ("pages", "lines", "cells")
    }
    report = Report(folder.name)
    for (page_no,), page in sorted(tables["pages"].items()):
        text = page["text"][0]
        cells = _rows(tables["cells"], page_no)
        numeric = [cell for cell in cells if is_numeric(str(cell["text"]))]
        report.pages += 1
        report.numeric_cells += len(numeric)
        started = time.process_time()
        page_cells = read_page_cells(cells)
        found = find_identifiers(text, page_cells)
        report.seconds += time.process_time() - started
        named = frozenset().union(*page_cells.by_context.values())
        for finding in found:
            report.kinds[finding.kind] += 1
            before, after = text[: finding.start][-30:], text[finding.end :][:15]
            line = f"{page_no} {finding.kind} {before!r} << {text[finding.start : finding.end]!r}"
            report.shown.append(f"{folder.name[:16]} p{line} >> {after!r}")
            for cell in _cells_under(finding, _rows(tables["lines"], page_no), numeric):
                bare = "".join(c for c in str(cell["text"]) if c.isdigit())
                if bare in named:
                    report.identifiers_in_cells += 1
                else:
                    report.altered.append(f"{report.shown[-1]} in cell {cell['text']!r}")
    return report


def _rows(by_page: Mapping[tuple[object, ...], pl.DataFrame], page_no: object) -> list[Row]:
    frame = by_page.get((page_no,))
    return [] if frame is None else list(frame.iter_rows(named=True))


def _cells_under(finding: Finding, lines: list[Row], cells: list[Row]) -> Iterator[Row]:
    """Yield the cells in which the middle of a character of ``finding`` lies."""
    points = []
    for line in lines:
        for at in range(max(finding.start, line["start"]), min(finding.end, line["end"])):
            x0, x1 = line["char_x0"][at - line["start"]], line["char_x1"][at - line["start"]]
            points.append(((x0 + x1) / 2, (line["top"] + line["bottom"]) / 2))
    for cell in cells:
        if any(cell["x0"] < x < cell["x1"] and cell["top"] < y < cell["bottom"] for x, y in points):
            yield cell


def main() -> None:
    """Print a row a report and the totals."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="list every finding: real values")
    args = parser.parse_args()
    folders = sorted(path.parent for path in args.folder.glob("*/extracted_cells.parquet"))
    table = Table(
        "report", "pages", "numeric cells", "altered", "identifiers", "found", "ms a page"
    )
    reports = [read_report(folder) for folder in folders]
    for report in reports:
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(report.kinds.items()))
        speed = f"{1000 * report.seconds / max(1, report.pages):.1f}"
        counts = (report.pages, report.numeric_cells, len(report.altered))
        table.add_row(
            report.name, *map(str, counts), str(report.identifiers_in_cells), kinds, speed
        )
    Console(width=160).print(table)
    if args.show:
        print("\n".join(line for report in reports for line in report.shown))
    altered = [line for report in reports for line in report.altered]
    print("\n".join(altered))
    cells, pages = sum(r.numeric_cells for r in reports), sum(r.pages for r in reports)
    print(f"{len(reports)} reports, {pages} pages, {cells} numeric cells, {len(altered)} altered")


if __name__ == "__main__":
    main()
