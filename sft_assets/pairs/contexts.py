"""The passage that goes with a question: the rows that hold the evidence, and a few that do not."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from sft_assets.pairs.metric_names import metric_name
from sft_assets.pairs.source import Fact, Report, ReportSource
from sft_assets.pairs.wording import BASES, unit_text

MAX_COLUMNS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A printed row, as far as its numbers are usable facts."""

    key: tuple[int, int, int, str, str]  # Fact.row
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
    rows = report_rows(source, language)
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
def report_rows(source: ReportSource, language: str) -> dict[tuple[int, int, int, str, str], Row]:
    """Return the printed rows of the report in reading order; sentences are rows of one number."""
    rows: dict[tuple[int, int, int, str, str], Row] = {}
    for key, group in groupby(sorted(source.facts, key=_reading_order), key=lambda f: f.row):
        facts = _distinct_columns(group, language)
        first = facts[0]
        if any(unit_text(f.operand, language) != unit_text(first.operand, language) for f in facts):
            facts = [first]
        label = " ".join(first.label.split()) or metric_name(first.operand.metric, language)
        rows[key] = Row(
            key,
            label or first.operand.metric,
            tuple(heading(f, language) for f in facts),
            tuple(f.operand.value_printed.strip() for f in facts),
            unit_text(first.operand, language),
            first.operand.unit == "currency",
            first.operand.scope,
        )
    return rows


def heading(fact: Fact, language: str) -> str:
    """Return the column heading of a fact, e.g. ``2020年``, ``2019年末`` or ``FY2020``."""
    o = fact.operand
    basis = BASES[language].get(o.basis, "")
    if language == "zh":
        return f"{o.fiscal_year}年{'末' if o.period_type == 'instant' else ''}{basis}"
    return f"{'End of ' if o.period_type == 'instant' else ''}FY{o.fiscal_year}{basis}"


def print_rows(report: Report, rows: Iterable[Row], language: str) -> str:
    """Return ``rows`` as text: report, page and unit, headings, one line a row."""
    zh = language == "zh"
    year = report.fiscal_year
    lines = [
        f"{report.company}{year}年年度报告" if zh else f"{report.company} {year} annual report"
    ]
    ordered = sorted(rows, key=lambda r: (r.page_no, r.scope, r.columns, r.key))
    page = None
    for (page_no, scope, columns), block in groupby(
        ordered, key=lambda r: (r.page_no, r.scope, r.columns)
    ):
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
        lines.append(" ".join(["项目" if zh else "Item", *columns]))
        lines += [_line(row, unit) for row in block_rows]
    return "\n".join(lines)


def _line(row: Row, unit: str) -> str:
    label = row.label
    if row.unit and not (row.is_money and row.unit == unit) and row.unit not in label:
        label = f"{label}（{row.unit}）" if row.unit[0] >= "　" else f"{label} ({row.unit})"
    return " ".join([label, *row.cells])


def _reading_order(fact: Fact) -> tuple[tuple[int, int, int, str, str], int, str]:
    return (fact.row, -1 if fact.col_no is None else fact.col_no, fact.fact_id)


def _distinct_columns(group: Iterable[Fact], language: str) -> list[Fact]:
    seen: dict[str, Fact] = {}
    for fact in group:
        seen.setdefault(heading(fact, language), fact)
    return list(seen.values())[:MAX_COLUMNS]


def _nearest(
    rows: dict[tuple[int, int, int, str, str], Row],
    picked: Sequence[tuple[int, int, int, str, str]],
    seed: str,
) -> list[tuple[int, int, int, str, str]]:
    """Return candidate distractors: same page and headings first, near rows first, then by chance.

    The side on which a neighbour stands differs from pair to pair, so that the evidence is not
    always the first row.
    """
    if not picked:
        return []
    home = rows[picked[0]]
    taken_labels = {rows[key].label for key in picked}

    def distance(key: tuple[int, int, int, str, str]) -> tuple[bool, bool, int, str]:
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
