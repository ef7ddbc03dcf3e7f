"""Tell what is dropped from each report as running lines, and what repeats at the edges and stays.

    python scripts/running_lines.py [FOLDER] [--cache DIR] [--samples 12] [--out FILE]

FOLDER (default: the environment's SFT_ASSETS_TEST_CORPUS) is searched for reports (PDFs in
folders named ``*_reports`` where there are some). Prints one row a report, and with ``--samples``
below it the dropped lines, one example of each kind with the number of its pages, those first
that may carry content: lines of a table, lines with an amount. Ends with 1 when there was no
report. ``--cache`` keeps the extracted tables, so that a second run takes seconds.
"""

import argparse
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sft_assets.clean.page_lines import PageLine, PageText, read_pages
from sft_assets.clean.page_numbers import PAGE_NUMBER
from sft_assets.clean.running_lines import Dropped, find_running_lines, masked
from sft_assets.extract.dump import dump

RULES = ("running_line", "page_number", "watermark")
TABLES = ("extracted_pages", "extracted_lines", "extracted_cells")
EDGE = 0.12  # of the page's height: where a line that repeats is looked at
OUTERMOST = 2  # kept lines from the top and from the bottom
REPEATS = 3  # pages
AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d\.\d")


@dataclass(frozen=True, slots=True)
class Kind:
    """Lines that are alike but for their digits."""

    rule: str  # kept: it repeats at the edge and was not dropped
    example: str
    pages: tuple[int, ...]
    in_tables: int  # of the pages
    has_amount: bool

    @property
    def may_be_content(self) -> bool:
        """Whether a person should look at it."""
        return self.has_amount or self.in_tables * 2 > len(self.pages)

    def told(self) -> str:
        """Return the line of a sample."""
        first = ",".join(map(str, self.pages[:4])) + (",..." if len(self.pages) > 4 else "")
        mark = "?" if self.may_be_content else " "
        return f"  {mark} {self.rule:<13}{len(self.pages):>4} p ({first})  {self.example[:100]}"


def find_reports(folder: Path) -> list[Path]:
    """Return the reports in ``folder``, in order."""
    named = sorted(path for path in folder.glob("*_reports") if path.is_dir())
    return sorted(pdf for root in named or [folder] for pdf in root.rglob("*.pdf"))


def extracted(pdf: Path, cache: Path) -> list[pl.DataFrame]:
    """Return pages, lines and cells of ``pdf``, from ``cache`` where they are."""
    folder = cache / pdf.stem
    if not all((folder / f"{name}.parquet").exists() for name in TABLES):
        dump(pdf, folder)
    return [pl.read_parquet(folder / f"{name}.parquet") for name in TABLES]


def kinds_of(found: Iterable[tuple[int, PageLine, str]]) -> list[Kind]:
    """Return ``(page, line, rule)`` by kind: what may carry content first, then the frequent."""
    groups: dict[tuple[str, str], list[tuple[int, PageLine]]] = defaultdict(list)
    for page_no, line, rule in found:
        groups[rule, masked(line.text)].append((page_no, line))
    kinds = [
        Kind(
            rule,
            members[0][1].text,
            tuple(dict.fromkeys(page_no for page_no, _ in members)),
            sum(line.in_table for _, line in members),
            any(AMOUNT.search(line.text) for _, line in members),
        )
        for (rule, _), members in groups.items()
    ]
    return sorted(kinds, key=lambda k: (not k.may_be_content, -len(k.pages), k.rule, k.example))


def repeated_at_edges(pages: Sequence[PageText], gone: dict[int, list[Dropped]]) -> list[Kind]:
    """Return the kinds of lines that stay though they stand at the edge of several pages."""
    edge: list[tuple[int, PageLine, str]] = []
    for page in pages:
        starts = {dropped.line.start for dropped in gone[page.page_no]}
        kept = [line for line in page.lines if line.start not in starts]
        outer = {*kept[:OUTERMOST], *kept[-OUTERMOST:]}
        edge += [
            (page.page_no, line, "kept")
            for line in kept
            if line in outer
            and (masked(line.text) or PAGE_NUMBER.fullmatch(line.text))
            and (line.box[3] < EDGE * page.height or line.box[1] > (1 - EDGE) * page.height)
        ]
    return [kind for kind in kinds_of(edge) if len(kind.pages) >= REPEATS]


def tell_report(pdf: Path, cache: Path, samples: int) -> tuple[str, list[str]]:
    """Return the row of one report and its samples."""
    pages = read_pages(*extracted(pdf, cache))
    gone = find_running_lines(pages)
    all_gone = [(no, d.line, d.rule) for no, found in gone.items() for d in found]
    kept = repeated_at_edges(pages, gone)
    kinds = kinds_of(all_gone)
    counts = [sum(rule == name for _, _, rule in all_gone) for name in RULES]
    columns = [
        len(pages),
        sum(len(page.lines) for page in pages),
        *counts,
        sum(bool(found) for found in gone.values()),
        sum(kind.may_be_content for kind in kinds),
        len(kept),
    ]
    row = f"{pdf.stem[:36]:<36}" + "".join(f"{n:>9}" for n in columns)
    return row, [kind.told() for kind in [*kinds[:samples], *kept]]


def main() -> int:
    """Run the command of the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("SFT_ASSETS_TEST_CORPUS")
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--samples", type=int, default=0, help="kinds of lines a report")
    options = parser.parse_args()
    if options.folder is None:
        parser.error("no folder; set SFT_ASSETS_TEST_CORPUS or name one")
    reports = find_reports(options.folder)
    heads = ("pages", "lines", "running", "number", "mark", "on pages", "look at", "kept")
    print(f"{'report':<36}" + "".join(f"{head:>9}" for head in heads))
    with tempfile.TemporaryDirectory() as scratch:
        for pdf in reports:
            row, samples = tell_report(pdf, options.cache or Path(scratch), options.samples)
            print("\n".join([row, *samples]), flush=True)
    print(
        f"\n{len(reports)} reports. look at: kinds of dropped lines in tables or with an amount; "
        f"kept: kinds of lines that repeat at the edge of {REPEATS} pages and stay"
    )
    return 0 if reports else 1


if __name__ == "__main__":
    sys.exit(main())
