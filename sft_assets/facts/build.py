"""From a report's extracted tables to its facts: read, prove, doubt, and count every cell."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from sft_assets.concepts import load_concepts
from sft_assets.facts.agreement import check_quarters, compare_readings
from sft_assets.facts.contradictions import find_contradictions
from sft_assets.facts.footing import (
    accuse_by_footing,
    explain_by_power,
    foot,
    prove_by_footing,
)
from sft_assets.facts.growth import ChangeCheck, check_changes, wrong_changes
from sft_assets.facts.identities import (
    check_identities,
    evaluate_identities,
    find_odd_decimals,
)
from sft_assets.facts.page_breaks import continuations
from sft_assets.facts.page_items import Cell, cells_of, grids_of, items_in_order, lines_of
from sft_assets.facts.periods import FiscalCalendar
from sft_assets.facts.readings import PrintedChange, Reading, SectionReading
from sft_assets.facts.restatement import mark_restated
from sft_assets.facts.section_reader import Reader
from sft_assets.facts.sections import find_sections
from sft_assets.facts.segments import PROOF as SEGMENTS
from sft_assets.facts.segments import WRONG as SEGMENTS_WRONG
from sft_assets.facts.segments import (
    add_up_segments,
    find_segments,
    find_wrong_segments,
    prove_by_segments,
    wrong_parts,
)
from sft_assets.facts.sentences import read_sentences
from sft_assets.facts.statements import choose_sections
from sft_assets.lineage.digests import digest_of
from sft_assets.schemas.facts import FACTS

STATEMENT_NAMES = {
    "flow_changes": "management_discussion",
    "segments": "management_discussion",
}


@dataclass(frozen=True, slots=True)
class FactsResult:
    """The facts of a report and the account of its cells."""

    facts: pl.DataFrame
    quarantine: pl.DataFrame
    cells_in: int
    cells_kept: int
    cells_dropped: Mapping[str, int]
    cells_quarantined: Mapping[str, int]
    facts_from_sentences: int
    quarantined_from_sentences: int


def build_facts(
    report: Mapping[str, Any],
    pages: pl.DataFrame,
    lines: pl.DataFrame,
    cells: pl.DataFrame,
    joined: pl.DataFrame | None = None,
    *,
    min_ocr_confidence: float = 0.9,
) -> FactsResult:
    """Return what the report's tables and sentences say.

    Args:
        report: The report's row of ``raw_reports``.
        pages: Its ``extracted_pages``.
        lines: Its ``extracted_lines``.
        cells: Its ``extracted_cells``.
        joined: Its ``joined_tables``; without them each table is read as its page shows it.
        min_ocr_confidence: Below it a number read by OCR is set aside, whatever proves it.
    """
    read = judge_report(report, pages, lines, cells, joined, min_ocr_confidence=min_ocr_confidence)
    return _account(_frame(report, pages, read), read)


@dataclass(frozen=True, slots=True)
class ReportReading:
    """All that was read of a report, and what became of it."""

    cells: Sequence[Cell]
    found: Sequence[SectionReading]  # whatever a heading announces
    chosen: Sequence[SectionReading]  # the sections that are what their headings say
    readings: Sequence[Reading]
    proofs: Mapping[int, Sequence[str]]  # by index of readings
    reasons: Mapping[int, str]  # why a reading is set aside


def judge_report(
    report: Mapping[str, Any],
    pages: pl.DataFrame,
    lines: pl.DataFrame,
    cells: pl.DataFrame,
    joined: pl.DataFrame | None = None,
    *,
    min_ocr_confidence: float = 0.9,
) -> ReportReading:
    """Return the readings of a report with their proofs and doubts; see ``build_facts``."""
    read = read_report(report, pages, lines, cells, joined, min_ocr_confidence=min_ocr_confidence)
    readings, proofs, reasons = read.judged(read.readings, read.chosen)
    return ReportReading(read.cells, read.found, read.chosen, readings, proofs, reasons)


@dataclass(frozen=True, slots=True)
class UnjudgedReport:
    """What the tables and sentences of a report say, before anything is proved or doubted."""

    cells: Sequence[Cell]
    found: Sequence[SectionReading]
    chosen: Sequence[SectionReading]
    readings: Sequence[Reading]  # of the chosen sections
    sentences: Callable[[Sequence[Reading]], tuple[Sequence[Reading], Sequence[PrintedChange]]]
    """What the sentences say, given the readings of the tables."""
    judge: "Judge"

    def judged(
        self, readings: Sequence[Reading], sections: Sequence[SectionReading]
    ) -> tuple[Sequence[Reading], Mapping[int, Sequence[str]], Mapping[int, str]]:
        """Return all readings with their proofs and doubts, those of sentences included."""
        marked = mark_restated(readings)
        in_sentences, said = self.sentences(marked)
        everything = [*marked, *in_sentences]
        changes = check_changes(everything, [*(c for s in sections for c in s.changes), *said])
        everything += wrong_changes(changes, everything)
        wrong = find_wrong_segments(add_up_segments(sections))
        everything += wrong_parts(wrong, everything, {cell.key: cell for cell in self.cells})
        return everything, *self.judge.judge(everything, sections, changes)


def read_report(
    report: Mapping[str, Any],
    pages: pl.DataFrame,
    lines: pl.DataFrame,
    cells: pl.DataFrame,
    joined: pl.DataFrame | None = None,
    *,
    min_ocr_confidence: float = 0.9,
) -> UnjudgedReport:
    """Return the readings of a report, not yet judged; see ``build_facts``."""
    fiscal = FiscalCalendar(int(report["fiscal_year"]), _day(report["period_end"]))
    concepts = load_concepts()
    all_cells = cells_of(cells)
    items = items_in_order(lines_of(lines), grids_of(all_cells))
    sections = find_sections(items, continuations(joined))
    language = str(report["language"])
    reader = Reader(concepts, fiscal, language, str(report["company"]), default_currency(report))
    announced = [s for s in sections if s.heading.statement != "other"]
    found = [reader.read(s) for s in [*announced, *find_segments(sections)]]
    chosen = choose_sections(found, language)

    def sentences(
        of_tables: Sequence[Reading],
    ) -> tuple[Sequence[Reading], Sequence[PrintedChange]]:
        if not language.startswith("zh"):
            return [], []
        return read_sentences(pages, lines, of_tables, concepts, fiscal)

    judge = Judge(
        _ocr_pages(pages), min_ocr_confidence, has_mezzanine=not language.startswith("zh")
    )
    readings = [r for item in chosen for r in item.readings]
    return UnjudgedReport(all_cells, found, chosen, readings, sentences, judge)


def default_currency(report: Mapping[str, Any]) -> str | None:
    """Return the currency that a bare 元 or $ means in this report; None where that is open."""
    if report["exchange"] in {"SSE", "SZSE", "BSE"}:
        return "CNY"
    if report["exchange"] in {"NASDAQ", "NYSE"}:
        return "USD"
    return "CNY" if report["language"] == "zh" else None


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides what is proved and what must be set aside."""

    ocr_pages: frozenset[int]
    min_confidence: float
    has_mezzanine: bool

    def judge(
        self,
        readings: Sequence[Reading],
        sections: Sequence[SectionReading],
        printed_changes: ChangeCheck,
    ) -> tuple[Mapping[int, list[str]], Mapping[int, str]]:
        """Return, by index, what proves a reading and why it must be set aside."""
        odd = find_odd_decimals(readings)
        readings = [replace(r, doubt=r.doubt or odd.get(i)) for i, r in enumerate(readings)]
        held, failures = check_identities(readings, has_mezzanine=self.has_mezzanine)
        agreeing, conflicts = compare_readings(readings)
        sums = foot(sections)
        footed = prove_by_footing(sums)
        sources = [held, agreeing, check_quarters(readings), printed_changes.proofs()]
        sources += [{i: {"sum_of_parts"} for i, r in enumerate(readings) if _key(r) in footed}]
        segments = add_up_segments(sections)
        broken_down = prove_by_segments(segments)
        sources += [{i: {SEGMENTS} for i, r in enumerate(readings) if _key(r) in broken_down}]
        proofs = {
            i: sorted({name for source in sources for name in source.get(i, ())})
            for i in range(len(readings))
        }
        against = dict(find_contradictions(readings, proofs))
        proved = {key for i, r in enumerate(readings) if proofs[i] and (key := _key(r))}
        miscounted = dict(printed_changes.accused())
        misadded = {s.total.key for s in find_wrong_segments(segments)}
        miscounted |= {i: SEGMENTS_WRONG for i, r in enumerate(readings) if _key(r) in misadded}
        accused = accuse_by_footing(sums, proved | footed)
        unfooted = {
            i: "breaks_sum_of_parts" for i, r in enumerate(readings) if _key(r) in accused
        } | _breaking_identities(readings, proofs)
        reasons: dict[int, str] = {}
        for i, reading in enumerate(readings):
            reason = reading.doubt or unfooted.get(i) or against.get(i) or conflicts.get(i)
            reason = reason or failures.get(i) or (None if proofs[i] else miscounted.get(i))
            if reason is None and reading.scope in {"unresolved", "both"}:
                reason = "scope_unclear"
            if reason is None and reading.page_no in self.ocr_pages:
                reason = self._doubt_of_ocr(reading, is_proved=bool(proofs[i]))
            if reason is not None:
                reasons[i] = reason
        return proofs, reasons

    def _doubt_of_ocr(self, reading: Reading, *, is_proved: bool) -> str | None:
        unsure = reading.confidence is not None and reading.confidence < self.min_confidence
        return "doubtful_ocr" if unsure or not is_proved else None


def _breaking_identities(
    readings: Sequence[Reading], proofs: Mapping[int, Sequence[str]]
) -> dict[int, str]:
    """Return the unproved readings that keep an identity from holding by a power of ten."""
    found: dict[int, str] = {}
    for checks in evaluate_identities(readings):
        for check in checks:
            if not check.holds:
                values = zip(check.amounts, check.members, strict=True)
                for i in explain_by_power(values, check.difference):
                    if not proofs[i]:
                        found[i] = f"breaks_{check.identity.name}"
    return found


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def _ocr_pages(pages: pl.DataFrame) -> frozenset[int]:
    return frozenset(pages.filter(pl.col("text_source") == "ocr")["page_no"].to_list())


def _frame(
    report: Mapping[str, Any],
    pages: pl.DataFrame,
    read: ReportReading,
) -> pl.DataFrame:
    page_rows = {row["page_no"]: row for row in pages.iter_rows(named=True)}
    rows = []
    for i, reading in enumerate(read.readings):
        proof = read.proofs[i]
        status = "quarantined" if i in read.reasons else "proved" if proof else "accepted"
        row = _row(report, page_rows[reading.page_no], reading)
        if (reading.doubt or "").startswith("unreadable"):
            row["value"] = None
        rows.append(row | {"status": status, "proofs": proof, "reason": read.reasons.get(i)})
    ordered = pl.DataFrame(rows, schema=FACTS)
    return ordered.sort("page_no", "table_no", "row_no", "col_no", "top", "x0", "fact_id")


def fact_ids_of(report: Mapping[str, Any], pages: pl.DataFrame, read: ReportReading) -> list[str]:
    """Return the ``fact_id`` of each reading, in their order."""
    page_rows = {row["page_no"]: row for row in pages.iter_rows(named=True)}
    return [str(_row(report, page_rows[r.page_no], r)["fact_id"]) for r in read.readings]


def _row(report: Mapping[str, Any], page: Mapping[str, Any], r: Reading) -> dict[str, object]:
    box = [r.box.x0, r.box.top, r.box.x1, r.box.bottom]
    statement = STATEMENT_NAMES.get(r.statement, r.statement)
    doc_id = str(report["doc_id"])
    evidence_id = digest_of("evidence", doc_id, r.page_no, [f"{x:.2f}" for x in box], r.printed)
    reading = [r.concept.id, r.label, r.value, r.unit, r.scale, r.currency, r.period.period]
    reading += [r.period.period_type, r.basis, r.scope, statement]
    table_no, row_no, col_no = r.place or (None, None, None)
    return {
        "fact_id": digest_of("fact", evidence_id, r.period.fiscal_year, *reading),
        "evidence_id": evidence_id,
        "report_key": report["report_key"],
        "doc_id": doc_id,
        "company": report["company"],
        "company_id": report["company_id"],
        "metric": r.concept.id,
        "label": r.label,
        "value_printed": r.printed,
        "value": r.value,
        "unit": r.unit,
        "scale": r.scale,
        "currency": r.currency,
        "fiscal_year": r.period.fiscal_year,
        "period": r.period.period,
        "period_type": r.period.period_type,
        "basis": r.basis,
        "scope": r.scope,
        "statement": statement,
        "page_no": r.page_no,
        "page_label": page["page_label"],
        "table_no": table_no,
        "row_no": row_no,
        "col_no": col_no,
        "x0": r.box.x0,
        "top": r.box.top,
        "x1": r.box.x1,
        "bottom": r.box.bottom,
        "text_source": page["text_source"],
    }


def _account(frame: pl.DataFrame, read: ReportReading) -> FactsResult:
    """Return the tables with an account in which every cell of the report appears once."""
    readings, reasons = read.readings, read.reasons
    fate: dict[tuple[int, int, int, int], str] = {
        cell.key: "not_a_statement" if cell.text.strip() else "blank" for cell in read.cells
    }
    for item in read.found:
        if item in read.chosen:
            fate |= item.dropped
        else:
            fate |= {r_key: "not_believed" for r in item.readings if (r_key := _key(r)) is not None}
    kept = 0
    quarantined: Counter[str] = Counter()
    for i, reading in enumerate(readings):
        key = _key(reading)
        if key is None:
            continue
        del fate[key]
        if i in reasons:
            quarantined[reasons[i]] += 1
        else:
            kept += 1
    sentences = [i for i, r in enumerate(readings) if r.place is None]
    doubted = sum(i in reasons for i in sentences)
    return FactsResult(
        facts=frame.filter(pl.col("status") != "quarantined"),
        quarantine=frame.filter(pl.col("status") == "quarantined"),
        cells_in=len(read.cells),
        cells_kept=kept,
        cells_dropped=dict(sorted(Counter(fate.values()).items())),
        cells_quarantined=dict(sorted(quarantined.items())),
        facts_from_sentences=len(sentences) - doubted,
        quarantined_from_sentences=doubted,
    )


def _key(reading: Reading) -> tuple[int, int, int, int] | None:
    return None if reading.place is None else (reading.page_no, *reading.place)
