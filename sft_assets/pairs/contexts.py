"""The passage that goes with a question: the rows that hold the evidence, and a few that do not."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from sft_assets.pairs.metric_names import metric_name
from sft_assets.pairs.source import Fact, Report, ReportSource
from sft_assets.pairs.wording import BASES, unit_text

MAX_COLUMNS = 4  # of a row; evidence beyond them is printed all the same
RowKey = tuple[int, int, int, str, str]  # Fact.row


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row, as far as its numbers are usable facts."""

    key: RowKey
    label: str
    columns: tuple[str, ...]  # heading of each number
    cells: tuple[str, ...]  # as printed
    unit: str
    is_money: bool  # its unit stands in the table's unit line, not in its label
    scope: str

    @property
    def page_no(self) -> int:
        """PDF page that it stands on."""
        return self.key[0]


def build_context(
    source: ReportSource,
    evidence: Sequence[Fact],
    language: str,
    *,
    distractors: int,
    max_chars: int,
) -> str:
    """Return the rows of ``evidence`` and up to ``distractors`` rows near them, as a short table.

    Distractors are left out where they would exceed ``max_chars``; evidence never is.
    """
    rows = report_rows(source, language) | rows_with(source, evidence, language)
    needed = list(dict.fromkeys(fact.row for fact in evidence))
    picked = [key for key in needed if key in rows]
    seed = "|".join(fact.fact_id for fact in evidence)
    for key in _nearest(rows, picked, seed):
        if len(picked) - len(needed) >= distractors:
            break
        longer = [*picked, key]
        if len(print_rows(source.report, [rows[k] for k in longer], language)) <= max_chars:
            picked = longer
    return print_rows(source.report, [rows[k] for k in picked], language)


@lru_cache(maxsize=64)
def report_rows(source: ReportSource, language: str) -> dict[RowKey, Row]:
    """Return the printed rows of the report in reading order; sentences are rows of one number."""
    return {key: _row(key, facts, [], language) for key, facts in _facts_of_rows(source).items()}


def rows_with(source: ReportSource, evidence: Iterable[Fact], language: str) -> dict[RowKey, Row]:
    """Return the rows of ``evidence``, each with the columns in which it stands.

    Facts of another report are passed over.
    """
    groups = _facts_of_rows(source)
    needed: dict[RowKey, list[Fact]] = {}
    for fact in evidence:
        if fact in groups.get(fact.row, ()):
            needed.setdefault(fact.row, []).append(fact)
    return {key: _row(key, groups[key], facts, language) for key, facts in needed.items()}


@lru_cache(maxsize=64)
def _facts_of_rows(source: ReportSource) -> dict[RowKey, list[Fact]]:
    ordered = sorted(source.facts, key=_reading_order)
    return {key: list(group) for key, group in groupby(ordered, key=lambda f: f.row)}


def _row(key: RowKey, group: Sequence[Fact], needed: Sequence[Fact], language: str) -> Row:
    facts = _columns(group, needed, language)
    first = facts[0]
    label = " ".join(first.label.split()) or metric_name(first.operand.metric, language)
    return Row(
        key,
        label or first.operand.metric,
        tuple(heading(f, language) for f in facts),
        tuple(f.operand.value_printed.strip() for f in facts),
        unit_text(first.operand, language),
        first.operand.unit == "currency",
        first.operand.scope,
    )


def heading(fact: Fact, language: str) -> str:
    """Return the column heading of a fact, e.g. ``2020年``, ``2019年末`` or ``FY2020``."""
    o = fact.operand
    basis = BASES[language].get(o.basis, "")
    if language == "zh":
        return f"{o.fiscal_year}年{'末' if o.period_type == 'instant' else ''}{basis}"
    return f"{'End of ' if o.period_type == 'instant' else ''}FY{o.fiscal_year}{basis}"


def print_rows(report: Report, rows: Iterable[Row], language: str) -> str:
    """Return ``rows`` as text: report, page and unit, one line a row with its headings."""
    zh = language == "zh"
    year = report.fiscal_year
    lines = [
        f"{report.company}{year}年年度报告" if zh else f"{report.company} {year} annual report"
    ]
    ordered = sorted(rows, key=lambda r: (r.page_no, r.scope, r.key))
    page = None
    for (page_no, scope), block in groupby(ordered, key=lambda r: (r.page_no, r.scope)):
        block_rows = list(block)
        units = [row.unit for row in block_rows if row.is_money]
        unit = units[0] if units else ""
        if page_no != page:
            page = page_no
            lines.append(f"[第{page_no}页]" if zh else f"[page {page_no}]")
        words = []
        if scope == "parent":
            words.append("母公司" if zh else "Parent company")
        if unit:
            words.append(f"单位：{unit}" if zh else f"({unit})")
        if words:
            lines.append(" ".join(words))
        lines += [_line(row, unit, zh=zh) for row in block_rows]
    return "\n".join(lines)


def _line(row: Row, unit: str, *, zh: bool) -> str:
    """Return a row with each number beside its own heading, as no reader can mistake."""
    label = row.label
    if row.unit and not (row.is_money and row.unit == unit) and row.unit not in label:
        label = f"{label}（{row.unit}）" if row.unit[0] >= "　" else f"{label} ({row.unit})"
    cells = [f"{head} {cell}" for head, cell in zip(row.columns, row.cells, strict=True)]
    return f"{label}：{'；'.join(cells)}" if zh else f"{label}: {'; '.join(cells)}"


def _reading_order(fact: Fact) -> tuple[RowKey, int, str]:
    return (fact.row, -1 if fact.col_no is None else fact.col_no, fact.fact_id)


def _columns(group: Sequence[Fact], needed: Sequence[Fact], language: str) -> list[Fact]:
    """Return ``needed`` and the first others up to ``MAX_COLUMNS``, in reading order.

    All are of one unit, and no two have one heading.
    """
    unit = unit_text((needed or group)[0].operand, language)
    columns = {heading(fact, language): fact for fact in reversed(needed)}
    for fact in group:
        if len(columns) < MAX_COLUMNS and unit_text(fact.operand, language) == unit:
            columns.setdefault(heading(fact, language), fact)
    kept = {fact.fact_id for fact in columns.values()}
    return [fact for fact in group if fact.fact_id in kept]


def _nearest(rows: dict[RowKey, Row], picked: Sequence[RowKey], seed: str) -> list[RowKey]:
    """Return candidate distractors: same page and headings first, near rows first, then by chance.

    The side on which a neighbour stands differs from pair to pair, so that the evidence is not
    always the first row.
    """
    if not picked:
        return []
    home = rows[picked[0]]
    taken_labels = {rows[key].label for key in picked}

    def distance(key: RowKey) -> tuple[bool, bool, int, str]:
        row = rows[key]
        apart = abs(key[2] - home.key[2]) + 100 * abs(key[1] - home.key[1])
        chance = hashlib.sha256(f"{seed}|{key}".encode()).hexdigest()
        return (row.scope != home.scope, row.columns != home.columns, apart // 4, chance)

    near = [
        key
        for key, row in rows.items()
        if key not in picked and row.page_no == home.page_no and row.label not in taken_labels
    ]
    return sorted(near, key=distance)
