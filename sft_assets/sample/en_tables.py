"""Tables of the American report: statements, and amounts with their change in percent.

No ruling lines: figures are aligned by position, with the currency sign in a column of its own
and every other row on grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.sample.amounts import half_up
from sft_assets.sample.en_books import BALANCE, CASH_FLOWS, COMPREHENSIVE, INCOME, AmericanYear
from sft_assets.sample.facts import Fact, period_of
from sft_assets.sample.lines import Line
from sft_assets.sample.page_layout import Cell, Sheet, Table
from sft_assets.sample.zh_front import full_widths

MILLION = 10**6
DOLLAR_KEYS = frozenset(
    [
        "product_revenue",
        "net_profit",
        "total_assets",
        "cash",
        "total_liabilities_and_equity",
        "closing_cash_equivalents",
        "comprehensive_income",
        "accounts_payable",
    ]
)  # rows with a currency sign, as 10-Ks put it on first and last rows


@dataclass(frozen=True, slots=True)
class American:
    """One 10-K."""

    year: int
    years: dict[int, AmericanYear]

    @property
    def this(self) -> AmericanYear:
        """The fiscal year of the report."""
        return self.years[self.year]


def dollars(amount: int) -> str:
    """Millions, losses in brackets; a dash for nothing.

    >>> dollars(-1409), dollars(0)
    ('(1,409)', '—')
    """
    if amount == 0:
        return "—"
    return f"({-amount:,})" if amount < 0 else f"{amount:,}"


def whole_percent(now: int, before: int) -> int:
    """Change in whole percent, as the tables of a 10-K print it."""
    return int(half_up(Decimal(now - before) * 100 / abs(before), 0))


def money(
    metric: str, label: str, amount: int, year: int, statement: str, *, instant: bool = False
) -> Fact:
    """A fact in millions of dollars."""
    fiscal, period = period_of(metric, year, "06-30", instant=instant, name=f"FY{year}")
    return Fact(
        metric, label, Decimal(amount), fiscal, period, statement, scale=MILLION, currency="USD"
    )


def _figure_cells(fact: Fact | None, text: str, *, dollar: bool) -> tuple[Cell, Cell]:
    return Cell("$" if dollar and text else ""), Cell(text, fact, "right")


def draw_statement(
    sheet: Sheet,
    title: str,
    head: str,
    years: Sequence[AmericanYear],
    rows: list[tuple[Cell, ...]],
    *,
    note: str = "(In millions)",
) -> None:
    """A titled table with one column a year."""
    sheet.keep(60 + 14 * min(len(rows), 30))
    sheet.heading(title, 11, "center", 12)
    sheet.aside(note, "left", 9)
    names: list[Cell] = []
    for year in years:
        names += [Cell(), Cell(str(year.year), align="right")]
    figures = [2.5, 13] * len(years)
    widths = full_widths(100 - sum(figures), *figures)
    sheet.table(
        Table(widths, ((Cell(head), *names),), tuple(rows), 9, True, False, "none", striped=True)
    )
    sheet.aside("Refer to accompanying notes.", "left", 8)


def statement_rows(
    lines: Sequence[Line], years: Sequence[AmericanYear], statement: str, *, instant: bool = False
) -> list[tuple[Cell, ...]]:
    """Rows of a statement: label, and a currency sign and a figure for each year."""
    rows = []
    for line in lines:
        cells = [Cell(line.label, indent=line.indent)]
        for year in years:
            if not line.key:
                cells += [Cell(), Cell()]
                continue
            amount = year.book.get(line.key, 0)
            fact = money(line.key, line.label, amount, year.year, statement, instant=instant)
            cells += _figure_cells(
                fact if amount else None, dollars(amount), dollar=line.key in DOLLAR_KEYS
            )
        rows.append(tuple(cells))
    return rows


def _per_share_rows(years: Sequence[AmericanYear]) -> list[tuple[Cell, ...]]:
    def row(
        label: str, metric: str, unit: str, scale: int, values: list[Decimal]
    ) -> tuple[Cell, ...]:
        cells = [Cell(label, indent=1)]
        for year, value in zip(years, values, strict=True):
            fact = Fact(
                metric,
                label,
                value,
                year.year,
                f"FY{year.year}",
                "income_statement",
                unit,
                scale,
                currency="USD",
            )
            cells += _figure_cells(fact, f"{value:,}", dollar=unit == "per_share")
        return tuple(cells)

    def heading(text: str) -> tuple[Cell, ...]:
        return (Cell(text), *(Cell() for _ in range(2 * len(years))))

    basic = [eps(year, year.basic_shares) for year in years]
    diluted = [eps(year, year.diluted_shares) for year in years]
    return [
        heading("Earnings per share:"),
        row("Basic", "basic_eps", "per_share", 1, basic),
        row("Diluted", "diluted_eps", "per_share", 1, diluted),
        heading("Weighted average shares outstanding:"),
        row(
            "Basic",
            "weighted_shares_basic",
            "shares",
            MILLION,
            [Decimal(y.basic_shares) for y in years],
        ),
        row(
            "Diluted",
            "weighted_shares_diluted",
            "shares",
            MILLION,
            [Decimal(y.diluted_shares) for y in years],
        ),
    ]


def eps(year: AmericanYear, shares: int) -> Decimal:
    """Earnings per share in dollars."""
    return half_up(Decimal(year.book["net_profit"]) / shares, 2)


def draw_change_table(
    sheet: Sheet, report: American, title: str, lines: Sequence[tuple[str, str]], statement: str
) -> None:
    """Two years of some lines and their change in percent."""
    years = [report.this, report.years[report.year - 1]]
    sheet.heading(title, 10.5)
    sheet.aside("(In millions, except percentages)", "left")
    rows = []
    for key, label in lines:
        cells = [Cell(label)]
        for year in years:
            amount = year.book[key]
            cells += _figure_cells(
                money(key, label, amount, year.year, statement),
                dollars(amount),
                dollar=key == lines[0][0],
            )
        percent = whole_percent(years[0].book[key], years[1].book[key])
        fact = Fact(
            f"{key}_growth",
            label,
            Decimal(percent),
            report.year,
            f"FY{report.year}",
            statement,
            "percent",
        )
        text = f"({-percent})%" if percent < 0 else f"{percent}%"
        cells += [Cell(), Cell(text, fact, "right")]
        rows.append(tuple(cells))
    heads = [
        Cell(),
        Cell(str(years[0].year), align="right"),
        Cell(),
        Cell(str(years[1].year), align="right"),
        Cell(),
        Cell("Percentage Change", align="right"),
    ]
    widths = full_widths(46, 2.5, 13, 2.5, 13, 2.5, 20)
    sheet.table(
        Table(widths, ((Cell(""), *heads),), tuple(rows), 9, True, False, "none", striped=True)
    )


def draw_statements(sheet: Sheet, report: American) -> None:
    """Item 8: the four statements, of three years or at two year ends."""
    three = [report.years[report.year - back] for back in range(3)]
    sheet.new_page()
    sheet.section("ITEM 8.", "FINANCIAL STATEMENTS AND SUPPLEMENTARY DATA")
    rows = statement_rows(INCOME, three, "income_statement") + _per_share_rows(three)
    draw_statement(
        sheet,
        "INCOME STATEMENTS",
        "Year Ended June 30,",
        three,
        rows,
        note="(In millions, except per share amounts)",
    )
    draw_statement(
        sheet,
        "COMPREHENSIVE INCOME STATEMENTS",
        "Year Ended June 30,",
        three,
        statement_rows(COMPREHENSIVE, three, "comprehensive_income_statement"),
    )
    sheet.new_page()
    draw_statement(
        sheet,
        "BALANCE SHEETS",
        "June 30,",
        three[:2],
        statement_rows(BALANCE, three[:2], "balance_sheet", instant=True),
    )
    sheet.new_page()
    draw_statement(
        sheet,
        "CASH FLOWS STATEMENTS",
        "Year Ended June 30,",
        three,
        statement_rows(CASH_FLOWS, three, "cash_flow"),
    )
