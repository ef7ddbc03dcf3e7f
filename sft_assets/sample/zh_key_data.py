"""主要会计数据和财务指标: three-year columns, per-share figures, quarters, exceptional items."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.sample.amounts import growth_pct, points_text
from sft_assets.sample.facts import Basis, Fact
from sft_assets.sample.history import Year
from sft_assets.sample.page_layout import Cell, Sheet, Table
from sft_assets.sample.zh_front import Report, full_widths

FLOWS = (
    ("revenue", "营业收入"),
    ("net_profit_parent", "归属于上市公司股东的净利润"),
    ("deducted_net_profit", "归属于上市公司股东的扣除非经常性损益的净利润"),
    ("operating_cash_flow", "经营活动产生的现金流量净额"),
)
STOCKS = (("equity_parent", "归属于上市公司股东的净资产"), ("total_assets", "总资产"))
PER_SHARE = (
    ("basic_eps", "基本每股收益"),
    ("diluted_eps", "稀释每股收益"),
    ("deducted_eps", "扣除非经常性损益后的基本每股收益"),
)
RETURNS = (
    ("roe", "加权平均净资产收益率"),
    ("deducted_roe", "扣除非经常性损益后的加权平均净资产收益率"),
)
QUARTER_HEADS = (
    "第一季度（1-3 月份）",
    "第二季度（4-6 月份）",
    "第三季度（7-9 月份）",
    "第四季度（10-12 月份）",
)
EXCEPTIONAL = (
    ("disposal", "非流动性资产处置损益"),
    ("subsidies", "计入当期损益的政府补助"),
    ("fair_value", "持有金融资产产生的公允价值变动损益及投资收益"),
    ("other", "除上述各项之外的其他营业外收入和支出"),
    ("tax", "减：所得税影响额"),
    ("minority", "少数股东权益影响额（税后）"),
    ("total", "合计"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One year's column; the growth column has no year."""

    year: Year | None
    basis: Basis = "reported"


def year_columns(report: Report) -> list[Column]:
    """Columns from left to right: this year, last year, growth, the year before."""
    this, growth = Column(report.this), Column(None)
    if not report.restates:
        return [this, Column(report.before(1)), growth, Column(report.before(2))]
    history = report.history
    pairs: list[Column] = []
    for year in (report.year - 1, report.year - 2):
        pairs += [
            Column(history.as_first_reported[year], "before_restatement"),
            Column(history.years[year], "after_restatement"),
        ]
    return [this, *pairs[:2], growth, *pairs[2:]]


def _header(report: Report, first: str, ends: str, growth: str) -> tuple[tuple[Cell, ...], ...]:
    year = report.year

    def head(text: str, span: int = 1) -> Cell:
        return Cell(text, align="center", span=span)

    names = [f"{year - back}年{ends}" for back in range(3)]
    if not report.restates:
        return ((head(first), head(names[0]), head(names[1]), head(growth), head(names[2])),)
    gone = Cell(merged=True)
    top = (head(first), head(names[0]), head(names[1], 2), head(growth), head(names[2], 2))
    low = (
        gone,
        gone,
        head("调整前"),
        head("调整后"),
        head("调整后"),
        head("调整前"),
        head("调整后"),
    )
    return (top, low)


def _widths(report: Report) -> tuple[float, ...]:
    if report.restates:
        return full_widths(17, 14.5, 14.5, 14.5, 10, 14.5, 14.5)
    return full_widths(30, 20, 20, 13, 20)


def _growth_cell(report: Report, key: str, label: str, now: Decimal, before: Decimal) -> Cell:
    percent = growth_pct(now, before)
    if percent is None:
        return Cell("不适用", align="right")
    sign = "%" if report.company.pages.form == "SZSE" else ""
    fact = Fact(
        f"{key}_growth", label, percent, report.year, str(report.year), "key_data", "percent"
    )
    return Cell(report.company.numbers.signed(percent) + sign, fact, "right")


def _points_cell(report: Report, key: str, label: str, change: Decimal) -> Cell:
    fact = Fact(
        f"{key}_change",
        label,
        change,
        report.year,
        str(report.year),
        "key_data",
        "percentage_points",
    )
    if report.company.pages.form == "SZSE":
        return Cell(f"{report.company.numbers.signed(change)}%", fact, "right")
    return Cell(points_text(change), fact, "right")


def _amount_row(report: Report, key: str, label: str, *, instant: bool) -> tuple[Cell, ...]:
    numbers = report.company.numbers
    shown = f"{label}（{numbers.unit_word}）" if report.company.pages.form == "SZSE" else label
    cells = [Cell(shown)]
    for column in year_columns(report):
        if column.year is None:
            now, before = report.this.group[key], report.before(1).group[key]
            cells.append(_growth_cell(report, key, shown, Decimal(now), Decimal(before)))
            continue
        year, amount = column.year.year, column.year.group[key]
        period = f"{year}-12-31" if instant else str(year)
        fact = Fact(
            key,
            shown,
            numbers.value(amount),
            year,
            period,
            "key_data",
            scale=numbers.scale,
            basis=column.basis,
        )
        cells.append(Cell(numbers.signed(fact.value), fact, "right"))
    return tuple(cells)


def _indicator(year: Year, key: str) -> Decimal:
    return {
        "basic_eps": year.basic_eps,
        "diluted_eps": year.basic_eps,
        "deducted_eps": year.deducted_eps,
        "roe": year.roe,
        "deducted_roe": year.deducted_roe,
    }[key]


def _indicator_row(report: Report, key: str, label: str) -> tuple[Cell, ...]:
    percent = key in {"roe", "deducted_roe"}
    shenzhen = report.company.pages.form == "SZSE"
    shown = label + ("（元／股）" if not percent else "" if shenzhen else "（%）")
    cells = [Cell(shown)]
    for column in year_columns(report):
        if column.year is None:
            now, before = _indicator(report.this, key), _indicator(report.before(1), key)
            cells.append(
                _points_cell(report, key, shown, now - before)
                if percent
                else _growth_cell(report, key, shown, now, before)
            )
            continue
        value = _indicator(column.year, key)
        fact = Fact(
            key,
            shown,
            value,
            column.year.year,
            str(column.year.year),
            "key_data",
            "percent" if percent else "per_share",
            basis=column.basis,
        )
        text = report.company.numbers.signed(value) + ("%" if percent and shenzhen else "")
        cells.append(Cell(text, fact, "right"))
    return tuple(cells)


def _table(
    sheet: Sheet,
    report: Report,
    header: tuple[tuple[Cell, ...], ...],
    rows: Iterator[tuple[Cell, ...]],
) -> None:
    style = sheet.style
    size = 7.2 if report.restates else 9.0
    sheet.table(Table(_widths(report), header, tuple(rows), size, True, style.shaded, style.rules))


def draw_key_data(sheet: Sheet, report: Report) -> None:
    """The two key-data tables."""
    numbers = report.company.numbers
    shenzhen = report.company.pages.form == "SZSE"
    sheet.heading(("六" if shenzhen else "三") + "、近三年主要会计数据和财务指标")
    if report.restates:
        sheet.paragraph("公司需追溯调整或重述以前年度会计数据：√ 是 □ 否", indent=0)
        sheet.paragraph("追溯调整或重述原因：同一控制下企业合并", indent=0)
    elif shenzhen:
        sheet.paragraph("公司需追溯调整或重述以前年度会计数据：□ 是 √ 否", indent=0)
    growth = "本年比上年增减" if shenzhen else "本期比上年同期增减(%)"
    end_growth = "本年末比上年末增减" if shenzhen else "本期末比上年同期末增减（%）"
    if not shenzhen:
        sheet.heading("（一）主要会计数据", 10.5)
    if not shenzhen or numbers.scale != 1:
        sheet.aside(numbers.unit_line)
    flows = _header(report, "主要会计数据" if not shenzhen else "", "", growth)
    _table(sheet, report, flows, (_amount_row(report, k, t, instant=False) for k, t in FLOWS))
    stocks = _header(report, "", "末", end_growth)
    _table(sheet, report, stocks, (_amount_row(report, k, t, instant=True) for k, t in STOCKS))
    if not shenzhen:
        sheet.heading("（二）主要财务指标", 10.5)
    rows = (_indicator_row(report, key, label) for key, label in (*PER_SHARE, *RETURNS))
    _table(sheet, report, _header(report, "主要财务指标", "", growth), rows)


def draw_quarters(sheet: Sheet, report: Report) -> None:
    """分季度主要财务数据."""
    numbers = report.company.numbers
    sheet.heading(
        ("八" if report.company.pages.form == "SZSE" else "四")
        + f"、{report.year} 年分季度主要财务数据"
    )
    sheet.aside(numbers.unit_line)
    header = (Cell(""), *(Cell(head, align="center") for head in QUARTER_HEADS))
    rows = []
    for key, label in FLOWS:
        cells = [Cell(label)]
        for no, amount in enumerate(report.this.quarters[key], start=1):
            fact = Fact(
                key,
                label,
                numbers.value(amount),
                report.year,
                f"{report.year}Q{no}",
                "quarterly",
                scale=numbers.scale,
            )
            cells.append(Cell(numbers.signed(fact.value), fact, "right"))
        rows.append(tuple(cells))
    sheet.table(
        Table(
            full_widths(24, 19, 19, 19, 19),
            (header,),
            tuple(rows),
            8.5,
            True,
            sheet.style.shaded,
            sheet.style.rules,
        )
    )
    sheet.paragraph("季度数据与已披露定期报告数据差异说明：□适用 √不适用", indent=0, size=9.5)


def draw_exceptional(sheet: Sheet, report: Report) -> None:
    """非经常性损益项目和金额 of three years."""
    numbers = report.company.numbers
    sheet.heading(
        ("九" if report.company.pages.form == "SZSE" else "五") + "、非经常性损益项目及金额"
    )
    sheet.paragraph("√适用 □不适用", indent=0, size=9.5)
    sheet.aside(numbers.unit_line)
    years = [report.this, report.before(1), report.before(2)]
    header = (
        Cell("项目", align="center"),
        *(Cell(f"{y.year} 年金额", align="center") for y in years),
    )
    rows = []
    for key, label in EXCEPTIONAL:
        cells = [Cell(label)]
        for year in years:
            amount = year.exceptional[key]
            basis: Basis = (
                "after_restatement" if report.restates and year is not report.this else "reported"
            )
            fact = Fact(
                f"exceptional_{key}",
                label,
                numbers.value(amount),
                year.year,
                str(year.year),
                "exceptional_items",
                scale=numbers.scale,
                basis=basis,
            )
            cells.append(Cell(numbers.cell(amount), fact, "right"))
        rows.append(tuple(cells))
    sheet.table(
        Table(
            full_widths(43, 19, 19, 19),
            (header,),
            tuple(rows),
            9,
            sheet.style.repeat_header,
            sheet.style.shaded,
            sheet.style.rules,
        )
    )
