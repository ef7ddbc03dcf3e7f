"""What the facts stage finds in a folder of reports: statements, coverage, proofs, and the rest.

    make facts-survey CORPUS=DIR

One line a report: pages of the three consolidated statements, balance identity of each column,
share of the statements' rows whose label is known, facts by status. Below it: every statement
with quarantined numbers and why, and the unknown labels by frequency.
"""

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.report_folder import ExtractedReport, parse_folder, read_folder
from sft_assets.facts.build import ReportReading, judge_report
from sft_assets.facts.readings import SectionReading

STATEMENTS = ("balance_sheet", "income_statement", "cash_flow")
BALANCE = {
    "assets_equal_financing_side",
    "assets_equal_liabilities_and_equity",
    "assets_equal_liabilities_and_shareholders_equity",
    "assets_equal_net_assets_and_liabilities",
    "assets_less_current_liabilities_equal_capital",
    "equity_and_non_current_liabilities",
    "net_assets_equal_equity",
    "net_assets_equal_equity_of_owners",
}
BALANCED = frozenset({"total_assets", "total_assets_less_current_liabilities", "net_assets"})
"""What a sheet sets equal to its other side; the last two where it prints no total assets."""


@dataclass(slots=True)
class Survey:
    """What one report gave."""

    name: str
    statement_pages: dict[str, list[int]] = field(default_factory=dict)
    balanced: int = 0  # columns of consolidated balance sheets whose total is proved
    unbalanced: int = 0
    rows_known: int = 0
    rows_unknown: int = 0
    status: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    proofs: Counter[str] = field(default_factory=Counter)


def survey(report: ExtractedReport) -> Survey:
    """Return what the facts stage finds in ``report``."""
    read = judge_report(*report.tables)
    found = Survey(report.name)
    for section in read.chosen:
        _count_section(found, section)
    for i, reading in enumerate(read.readings):
        reason = read.reasons.get(i)
        found.status["quarantined" if reason else "proved" if read.proofs[i] else "accepted"] += 1
        found.proofs.update(read.proofs[i])
        if reason:
            found.reasons[reading.statement, reading.scope, reason] += 1
    _count_balances(found, read)
    return found


def _count_section(found: Survey, item: SectionReading) -> None:
    statement = item.section.heading.statement
    if statement not in STATEMENTS:
        return
    scopes = {r.scope for r in item.readings}
    pages = sorted({r.page_no for r in item.readings})
    if "consolidated" in scopes:
        found.statement_pages.setdefault(statement, []).extend(pages)
    found.rows_known += len({(r.page_no, *(r.place or ())[:2]) for r in item.readings})
    found.rows_unknown += len(item.unmapped)
    found.unknown.update((statement, label) for label in item.unmapped.values())


def _count_balances(found: Survey, read: ReportReading) -> None:
    columns: dict[tuple[str, str], dict[str, bool]] = {}
    for i, r in enumerate(read.readings):
        if (r.statement, r.scope) == ("balance_sheet", "consolidated") and r.concept.id in BALANCED:
            proved = bool(BALANCE & set(read.proofs[i])) and i not in read.reasons
            columns.setdefault((r.basis, r.period.period), {})[r.concept.id] = proved
    for sides in columns.values():
        proved = any(sides.values()) if "total_assets" not in sides else sides["total_assets"]
        found.balanced += proved
        found.unbalanced += not proved


def _pages(found: Survey, statement: str) -> str:
    pages = sorted(set(found.statement_pages.get(statement, [])))
    return "-" if not pages else f"{pages[0]}" if len(pages) == 1 else f"{pages[0]}-{pages[-1]}"


def _print(surveys: Sequence[Survey], most: int) -> None:
    console = Console(width=200)
    table = Table("report", "balance", "income", "cash", "balanced", "rows known", "proved",
                  "accepted", "quarantined")  # fmt: skip
    for s in surveys:
        rows = s.rows_known + s.rows_unknown
        table.add_row(
            s.name,
            *(_pages(s, statement) for statement in STATEMENTS),
            f"{s.balanced}/{s.balanced + s.unbalanced}",
            f"{s.rows_known / rows:.1%} of {rows}" if rows else "-",
            *(str(s.status[name]) for name in ("proved", "accepted", "quarantined")),
        )
    console.print(table)
    total = sum((s.status for s in surveys), Counter[str]())
    facts = total["proved"] + total["accepted"]
    known = sum(s.rows_known for s in surveys)
    rows = known + sum(s.rows_unknown for s in surveys)
    full = sum(all(s.statement_pages.get(n) for n in STATEMENTS) for s in surveys)
    balanced = sum(s.balanced for s in surveys)
    columns = balanced + sum(s.unbalanced for s in surveys)
    console.print(f"reports with all three statements: {full} of {len(surveys)}")
    console.print(f"balance identity: {balanced} of {columns} columns")
    console.print(f"rows of statements with a concept: {known} of {rows} ({known / rows:.2%})")
    console.print(
        f"facts: {facts} ({total['proved'] / facts:.1%} proved), {total['quarantined']} set aside"
    )
    console.print("\nset aside, by report, statement, scope and reason")
    for s in surveys:
        for (statement, scope, reason), count in sorted(s.reasons.items()):
            console.print(f"  {s.name}: {statement} {scope} {reason}: {count}", highlight=False)
    console.print("\nunknown labels of statements: reports, rows, statement, label")
    unknown = sum((s.unknown for s in surveys), Counter[tuple[str, str]]())
    reports = Counter(key for s in surveys for key in s.unknown)
    for key, count in sorted(unknown.items(), key=lambda kv: (-reports[kv[0]], -kv[1], kv[0]))[
        :most
    ]:
        console.print(f"  {reports[key]} {count} {key[0]} {key[1]!r}", highlight=False)
    proofs = sum((s.proofs for s in surveys), Counter[str]())
    console.print("\nproofs")
    for name, count in sorted(proofs.items(), key=lambda kv: (-kv[1], kv[0])):
        console.print(f"  {count} {name}", highlight=False)


def main() -> None:
    """Survey a folder."""
    parser = parse_folder(__doc__)
    parser.add_argument("--labels", type=int, default=60, help="how many unknown labels to list")
    parser.add_argument("--json", type=Path, help="write the table to this file, too")
    args = parser.parse_args()
    surveys = []
    for report in read_folder(args):
        surveys.append(survey(report))
        print(f"{len(surveys)} {report.name}", file=sys.stderr)
    if not surveys:
        sys.exit("no report was found")
    _print(surveys, args.labels)
    if args.json:
        rows = [
            {
                "report": s.name,
                "pages": {n: sorted(set(s.statement_pages.get(n, []))) for n in STATEMENTS},
                "balanced": s.balanced,
                "unbalanced": s.unbalanced,
                "rows_known": s.rows_known,
                "rows_unknown": s.rows_unknown,
                "facts": dict(sorted(s.status.items())),
            }
            for s in surveys
        ]
        args.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
