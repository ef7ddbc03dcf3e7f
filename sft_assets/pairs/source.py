"""What pairs of one report are made from: its identity, its usable facts and its redacted text."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from sft_assets.numbers import AmountError, parse_amount
from sft_assets.numbers.units import to_ascii_width
from sft_assets.programs import Operand, operand_from_row

STATEMENT_ORDER = ("income_statement", "balance_sheet", "cash_flow", "key_data", "research", "text")
YEAR_END_TOLERANCE_DAYS = 10  # 52- and 53-week fiscal years end on another day each year


@dataclass(frozen=True, slots=True)
class Report:
    """The version of a report that is in use."""

    report_key: str
    doc_id: str
    company: str
    company_id: str
    fiscal_year: int
    period_end: date
    language: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A usable fact: who, what, when, where, and the number as an operand."""

    fact_id: str
    evidence_id: str
    label: str
    operand: Operand
    page_no: int
    table_no: int | None
    row_no: int | None
    col_no: int | None
    statement: str

    @property
    def meaning(self) -> tuple[str, str, int, str, str]:
        """What the number says, wherever it stands: metric, scope, year, basis, period type."""
        o = self.operand
        return (o.metric, o.scope, o.fiscal_year, o.basis, o.period_type)

    @property
    def row(self) -> tuple[int, int, int, str, str]:
        """The printed row that it stands in."""
        none = -1
        table = none if self.table_no is None else self.table_no
        row = none if self.row_no is None else self.row_no
        return (self.page_no, table, row, self.operand.metric, self.operand.scope)


@dataclass(frozen=True, slots=True, eq=False)
class ReportSource:
    """All that the pair makers read about one report; equal only to itself, so that rows cache."""

    report: Report
    facts: tuple[Fact, ...]  # every usable occurrence, in reading order
    chosen: Mapping[tuple[str, str, int, str, str], Fact]  # meaning -> the occurrence to cite
    pages: Mapping[int, str]  # page_no -> redacted text
    set_aside: Mapping[str, int]  # why a fact was not used -> facts


def current_reports(raw_reports: pl.DataFrame) -> list[Report]:
    """Return the reports in use, in order of their keys."""
    rows = raw_reports.filter(pl.col("is_current")).sort("report_key").iter_rows(named=True)
    return [
        Report(
            r["report_key"],
            r["doc_id"],
            r["company"],
            r["company_id"],
            r["fiscal_year"],
            r["period_end"],
            r["language"],
        )
        for r in rows
    ]


def read_source(report: Report, facts: pl.DataFrame, pages: pl.DataFrame) -> ReportSource:
    """Return the usable part of ``facts`` and ``pages`` for ``report``."""
    set_aside: Counter[str] = Counter()
    usable: list[Fact] = []
    texts = {
        row["page_no"]: row["text"]
        for row in pages.filter(pl.col("doc_id") == report.doc_id).iter_rows(named=True)
    }
    packed = {page_no: pack(text) for page_no, text in texts.items()}
    order = ["page_no", "table_no", "row_no", "col_no", "fact_id"]
    for row in facts.sort(order, nulls_last=True).iter_rows(named=True):
        reason = _why_not(row, report)
        if reason is None and pack(row["value_printed"]) not in packed.get(row["page_no"], ""):
            reason = "not_in_redacted_text"
        if reason:
            set_aside[reason] += 1
        else:
            usable.append(_fact(row))
    chosen, ambiguous = _choose(usable)
    set_aside["ambiguous"] += ambiguous
    return ReportSource(report, tuple(usable), chosen, texts, dict(sorted(set_aside.items())))


def pack(text: str) -> str:
    r"""Return ``text`` in ASCII width and without white space, to find print in running text.

    >>> pack("１ 234.50\n万元")
    '1234.50万元'
    """
    return "".join(to_ascii_width(text).split())


def _why_not(row: Mapping[str, object], report: Report) -> str | None:
    if row["doc_id"] != report.doc_id:
        return "superseded"
    if row["status"] not in {"proved", "accepted"}:
        return "not_proved"
    if row["value"] is None or row["fiscal_year"] is None or row["metric"] is None:
        return "incomplete"
    if not _is_full_year(str(row["period"]), int(str(row["fiscal_year"])), report):
        return "not_a_full_year"
    try:
        read = parse_amount(str(row["value_printed"]))
    except AmountError:
        return "print_is_no_amount"
    if read is None or abs(read.value) != abs(Decimal(str(row["value"]))):
        return "print_is_another_amount"
    return None


def _is_full_year(period: str, fiscal_year: int, report: Report) -> bool:
    """Return whether ``period`` is a whole fiscal year or the last day of one."""
    if period == str(fiscal_year):
        return True
    try:
        day = date.fromisoformat(period)
    except ValueError:
        return False
    years_back = report.fiscal_year - fiscal_year
    month, month_day = report.period_end.month, min(report.period_end.day, 28)
    expected = date(report.period_end.year - years_back, month, month_day)
    return abs((day - expected).days) <= YEAR_END_TOLERANCE_DAYS


def _fact(row: Mapping[str, object]) -> Fact:
    return Fact(
        fact_id=str(row["fact_id"]),
        evidence_id=str(row["evidence_id"]),
        label=str(row["label"] or ""),
        operand=operand_from_row(row),
        page_no=int(str(row["page_no"])),
        table_no=_whole(row["table_no"]),
        row_no=_whole(row["row_no"]),
        col_no=_whole(row["col_no"]),
        statement=str(row["statement"] or ""),
    )


def _whole(value: object) -> int | None:
    return None if value is None else int(str(value))


def _choose(
    facts: Iterable[Fact],
) -> tuple[dict[tuple[str, str, int, str, str], Fact], int]:
    """Return the occurrence to cite for each meaning; meanings whose occurrences differ are out."""
    groups: dict[tuple[str, str, int, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[fact.meaning].append(fact)
    chosen: dict[tuple[str, str, int, str, str], Fact] = {}
    ambiguous = 0
    for meaning, group in sorted(groups.items()):
        best = min(group, key=_preference)
        if all(_agree(best.operand, other.operand) for other in group):
            chosen[meaning] = best
        else:
            ambiguous += len(group)
    return chosen, ambiguous


def _preference(fact: Fact) -> tuple[int, int, str]:
    known = fact.statement in STATEMENT_ORDER
    rank = STATEMENT_ORDER.index(fact.statement) if known else len(STATEMENT_ORDER)
    return (rank, fact.page_no, fact.fact_id)


def _agree(a: Operand, b: Operand) -> bool:
    """Return whether two prints of one figure differ by no more than rounding."""
    if a.unit != b.unit or a.currency != b.currency:
        return False
    return abs(a.base_value - b.base_value) <= max(_resolution(a), _resolution(b)) / 2


def _resolution(operand: Operand) -> Decimal:
    printed = to_ascii_width(operand.value_printed)
    places = len(printed.rpartition(".")[2].rstrip(")% ")) if "." in printed else 0
    return operand.scale * Decimal(1).scaleb(-places)
