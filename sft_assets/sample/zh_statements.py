"""The three statements, of the group and of the parent company, with unit and signature lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sft_assets.sample.facts import Basis, Fact, Scope, period_of
from sft_assets.sample.history import Year
from sft_assets.sample.lines import (
    BALANCE_SHEET,
    CASH_FLOW,
    INCOME_STATEMENT,
    MINORITY_KEYS,
    Book,
    Line,
)
from sft_assets.sample.page_layout import Cell, Sheet, Table
from sft_assets.sample.zh_front import Report, full_widths


@dataclass(frozen=True, slots=True)
class Statement:
    """One kind of statement."""

    name: str
    title: str
    lines: tuple[Line, ...]
    instant: bool = False


STATEMENTS = (
    Statement("balance_sheet", "资产负债表", BALANCE_SHEET, True),
    Statement("income_statement", "利润表", INCOME_STATEMENT),
    Statement("cash_flow", "现金流量表", CASH_FLOW),
)


@dataclass(frozen=True, slots=True)
class Amounts:
    """One column of amounts."""

    head: str
    year: Year
    scope: Scope
    basis: Basis = "reported"

    @property
    def book(self) -> Book:
        """The books that the column shows."""
        return self.year.group if self.scope == "consolidated" else self.year.parent


def _columns(report: Report, statement: Statement, scope: Scope) -> list[Amounts]:
    """This year and the comparative column."""
    restated = report.restates and scope == "consolidated"
    columns: list[Amounts] = []
    for year in (report.this, report.before(1)):
        changed = restated and year is not report.this
        basis: Basis = "after_restatement" if changed else "reported"
        head = f"{year.year} 年 12 月 31 日" if statement.instant else f"{year.year} 年度"
        columns.append(Amounts(head, year, scope, basis))
    return columns


def _shown_lines(statement: Statement, *, with_group: bool) -> list[Line]:
    if with_group:
        return list(statement.lines)
    dropped = "（二）按所有权归属分类"
    return [
        line for line in statement.lines if line.key not in MINORITY_KEYS and line.label != dropped
    ]


def _fact(report: Report, statement: Statement, line: Line, column: Amounts) -> Fact:
    numbers, shown = report.company.numbers, column.year.year
    value = numbers.value(column.book.get(line.key, 0))
    year, period = period_of(line.key, shown, "12-31", instant=statement.instant, name=str(shown))
    basis = column.basis
    if year != shown and report.restates and column.scope == "consolidated":
        basis = "after_restatement"  # this year opens with the restated balance of the last
    return Fact(
        line.key,
        line.label,
        value,
        year,
        period,
        statement.name,
        "currency",
        numbers.scale,
        column.scope,
        basis,
    )


def _row(
    report: Report, statement: Statement, line: Line, columns: Sequence[Amounts], note: str | None
) -> tuple[Cell, ...]:
    cells = [Cell(line.label, indent=line.indent)]
    if note is not None:
        cells.append(Cell(note, align="center"))
    for column in columns:
        missing = not line.key or (column.scope == "parent" and line.key in MINORITY_KEYS)
        if missing:
            cells.append(Cell())
            continue
        amount = column.book.get(line.key, 0)
        fact = _fact(report, statement, line, column) if amount else None
        cells.append(Cell(report.company.numbers.cell(amount), fact, "right"))
    return tuple(cells)


def _eps_rows(report: Report, columns: Sequence[Amounts], *, note: bool) -> list[tuple[Cell, ...]]:
    blank = [Cell()] if note else []
    rows = [(Cell("八、每股收益："), *blank, *(Cell() for _ in columns))]
    for metric, label in (
        ("basic_eps", "（一）基本每股收益（元/股）"),
        ("diluted_eps", "（二）稀释每股收益（元/股）"),
    ):
        cells = [Cell(label, indent=1), *blank]
        for column in columns:
            if column.scope == "parent":
                cells.append(Cell())
                continue
            eps, year = column.year.basic_eps, column.year.year
            fact = Fact(
                metric,
                label,
                eps,
                year,
                str(year),
                "income_statement",
                "per_share",
                basis=column.basis,
            )
            cells.append(Cell(report.company.numbers.signed(eps), fact, "right"))
        rows.append(tuple(cells))
    return rows


def _draw_one(
    sheet: Sheet,
    report: Report,
    statement: Statement,
    prefix: str,
    columns: list[Amounts],
    *,
    noted: bool,
) -> None:
    company = report.company
    style = sheet.style
    if style.keeps_captions:
        sheet.keep(150)
    sheet.heading(f"{prefix}{statement.title}", 13, "center", 12)
    date = f"{report.year} 年 12 月 31 日" if statement.instant else f"{report.year} 年 1—12 月"
    sheet.aside(date, "center", 10)
    sheet.gap(-4)
    sheet.aside(f"编制单位：{company.name}", "left")
    if style.one_caption_line:
        sheet.gap(-18)
    sheet.aside(company.numbers.unit_line)
    with_group = any(column.scope == "consolidated" for column in columns)
    rows, number = [], 0
    for line in _shown_lines(statement, with_group=with_group):
        number += line.note
        note = (f"七、{number}" if line.note else "") if noted else None
        rows.append(_row(report, statement, line, columns, note))
    if statement.name == "income_statement" and with_group:
        rows += _eps_rows(report, columns, note=noted)
    heads = ["项目", *(["附注"] if noted else []), *(column.head for column in columns)]
    header = tuple(Cell(head, align="center") for head in heads)
    figures = [58 / len(columns)] * len(columns) if len(columns) > 2 else [24, 24]
    widths = full_widths(42, *([9] if noted else []), *figures)
    size = 8.0 if len(columns) > 2 else 9.0
    sheet.table(
        Table(widths, (header,), tuple(rows), size, style.repeat_header, style.shaded, style.rules)
    )
    sheet.aside(
        f"公司负责人：{company.chair}    主管会计工作负责人：{company.finance_head}    "
        f"会计机构负责人：{company.accounting_head}",
        "left",
        9,
    )
    sheet.gap(6)


def draw_statements(sheet: Sheet, report: Report) -> None:
    """All six statements, or three with group and parent side by side."""
    for statement in STATEMENTS:
        group = _columns(report, statement, "consolidated")
        parent = _columns(report, statement, "parent")
        if not report.company.pages.side_by_side:
            noted = report.company.pages.note_column
            _draw_one(sheet, report, statement, "合并", group, noted=noted)
            if not report.brief:
                _draw_one(sheet, report, statement, "母公司", parent, noted=False)
            continue
        both = []
        for columns, word in ((group, "合并"), (parent, "公司")):
            both += [replace(column, head=f"{column.head}（{word}）") for column in columns]
        _draw_one(sheet, report, statement, "合并及公司", both, noted=False)
