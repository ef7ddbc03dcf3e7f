"""The annual report of the invented American company, in the form of a 10-K.

Statements have no ruling lines: figures are aligned by position, with the currency sign in a
column of its own and every other row on grey.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.sample.amounts import half_up
from sft_assets.sample.companies import PageStyle
from sft_assets.sample.en_books import (
    BALANCE,
    CASH_FLOWS,
    COMPREHENSIVE,
    INCOME,
    AmericanYear,
    build_american_years,
)
from sft_assets.sample.facts import Fact, Placed
from sft_assets.sample.lines import Line
from sft_assets.sample.page_layout import Cell, Sheet, Table
from sft_assets.sample.zh_front import full_widths

NAME = "NORTHWICK LUMEN INSTRUMENTS, INC."
SHORT = "Northwick Lumen Instruments, Inc."
SEED = "nlmi"
MILLION = 10**6
DOLLAR_KEYS = frozenset(
    "product_revenue net_profit total_assets cash total_liabilities_and_equity "
    "closing_cash_equivalents comprehensive_income accounts_payable".split()
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


def _money(
    metric: str, label: str, amount: int, year: int, statement: str, *, instant: bool = False
) -> Fact:
    period = f"{year}-06-30" if instant else f"FY{year}"
    return Fact(
        metric, label, Decimal(amount), year, period, statement, scale=MILLION, currency="USD"
    )


def _figure_cells(fact: Fact | None, text: str, *, dollar: bool) -> tuple[Cell, Cell]:
    return Cell("$" if dollar and text else ""), Cell(text, fact, "right")


def _statement(
    sheet: Sheet,
    title: str,
    head: str,
    years: Sequence[AmericanYear],
    rows: list[tuple[Cell, ...]],
    *,
    note: str = "(In millions)",
) -> None:
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


def _rows(
    lines: Sequence[Line], years: Sequence[AmericanYear], statement: str, *, instant: bool = False
) -> list[tuple[Cell, ...]]:
    rows = []
    for line in lines:
        cells = [Cell(line.label, indent=line.indent)]
        for year in years:
            if not line.key:
                cells += [Cell(), Cell()]
                continue
            amount = year.book.get(line.key, 0)
            fact = _money(line.key, line.label, amount, year.year, statement, instant=instant)
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


def _cover(sheet: Sheet, report: American) -> None:
    sheet.gap(20)
    sheet.heading("UNITED STATES", 13, "center")
    sheet.heading("SECURITIES AND EXCHANGE COMMISSION", 13, "center")
    sheet.aside("Washington, D.C. 20549", "center", 10)
    sheet.gap(14)
    sheet.heading("FORM 10-K", 18, "center")
    sheet.gap(10)
    sheet.paragraph(
        "√ ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934",
        align="center",
    )
    sheet.heading(f"For the Fiscal Year Ended June 30, {report.year}", 12, "center")
    sheet.aside("Commission File Number: 000-99417", "center", 10)
    sheet.gap(26)
    sheet.heading(NAME, 18, "center")
    sheet.aside("(Exact name of registrant as specified in its charter)", "center", 9)
    sheet.gap(12)
    for text in (
        "Delaware                                                  99-0417333",
        "(State of incorporation)                  (I.R.S. Employer Identification No.)",
        "410 Harrow Mill Road, Northwick, Delaware 19799",
        "Telephone (302) 555-0141                 www.northwick-lumen.example.com",
    ):
        sheet.aside(text, "center", 10)
    sheet.gap(14)
    sheet.paragraph(
        "Securities registered pursuant to Section 12(b) of the Act: Common stock, par value $0.001 per share; trading symbol NWLM; Nasdaq.",
        align="center",
    )
    sheet.paragraph(
        f"As of July 26, {report.year}, there were {report.this.basic_shares - 1} million shares of common stock outstanding.",
        align="center",
    )
    sheet.new_page()


def _contents(sheet: Sheet, sections: list[tuple[str, int]]) -> None:
    sheet.heading("INDEX", 13, "center")
    for text, page_no in sections:
        sheet.contents_line(text, str(page_no or ""))
    sheet.new_page()


def _business(sheet: Sheet, report: American) -> None:
    sheet.section("ITEM 1.", "BUSINESS")
    sheet.paragraph(
        f"{SHORT} designs and makes light-measuring instruments, sensors and the software that reads them. "
        "Our customers are laboratories, lamp makers and food processors. We sell through our own staff in "
        "eleven countries and through distributors elsewhere.", leading=15, indent=0,
    )  # fmt: skip
    staff = report.this.staff
    fact = Fact(
        "staff_total",
        "employees",
        Decimal(staff),
        report.year,
        f"{report.year}-06-30",
        "text",
        "persons",
    )
    sheet.paragraph(
        f"As of June 30, {report.year}, we employed approximately {staff:,} people on a full-time basis, "
        "about half of them in manufacturing and service.", [(f"{staff:,}", fact)], leading=15, indent=0,
    )  # fmt: skip
    sheet.section("ITEM 1A.", "RISK FACTORS")
    for text in (
        "Demand for our instruments follows the capital budgets of our customers and can fall quickly.",
        "A few suppliers make the detectors that we cannot make ourselves; a shortage would delay shipments.",
        "We earn a large part of our revenue outside the United States and report it in dollars, so exchange rates move our results.",
    ):
        sheet.paragraph(text, leading=15, indent=0)


def _discussion(sheet: Sheet, report: American) -> None:
    sheet.section("ITEM 7.", "MANAGEMENT'S DISCUSSION AND ANALYSIS")
    now, before = report.this.book, report.years[report.year - 1].book
    change, percent = (
        now["revenue"] - before["revenue"],
        whole_percent(now["revenue"], before["revenue"]),
    )
    verb, period = ("increased" if change >= 0 else "decreased"), f"FY{report.year}"
    facts = [
        (f"${abs(change)}", _money("revenue_change", "Revenue", change, report.year, "text")),
        (
            f"{abs(percent)}%",
            Fact(
                "revenue_growth",
                "Revenue",
                Decimal(percent),
                report.year,
                period,
                "text",
                "percent",
            ),
        ),
        (f"${now['revenue']:,}", _money("revenue", "revenue", now["revenue"], report.year, "text")),
    ]
    why = (
        "larger shipments of imaging sensors"
        if change >= 0
        else "fewer instrument replacements at lamp makers"
    )
    sheet.paragraph(
        f"Fiscal year {report.year} compared with fiscal year {report.year - 1}. Revenue {verb} ${abs(change)} million "
        f"or {abs(percent)}% to ${now['revenue']:,} million, driven by {why}.", facts, leading=15, indent=0,
    )  # fmt: skip
    _summary_table(sheet, report)
    _expense_table(sheet, report)


def _change_table(
    sheet: Sheet, report: American, title: str, lines: Sequence[tuple[str, str]], statement: str
) -> None:
    years = [report.this, report.years[report.year - 1]]
    sheet.heading(title, 10.5)
    sheet.aside("(In millions, except percentages)", "left")
    rows = []
    for key, label in lines:
        cells = [Cell(label)]
        for year in years:
            amount = year.book[key]
            cells += _figure_cells(
                _money(key, label, amount, year.year, statement),
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


def _summary_table(sheet: Sheet, report: American) -> None:
    lines = (
        ("revenue", "Revenue"),
        ("gross_profit", "Gross margin"),
        ("operating_profit", "Operating income"),
        ("net_profit", "Net income"),
    )
    _change_table(sheet, report, "SUMMARY RESULTS OF OPERATIONS", lines, "analysis")


def _expense_table(sheet: Sheet, report: American) -> None:
    lines = (
        ("rd_expenses", "Research and development"),
        ("selling_expenses", "Sales and marketing"),
        ("administrative_expenses", "General and administrative"),
    )
    _change_table(sheet, report, "OPERATING EXPENSES", lines, "analysis")
    ratio = half_up(Decimal(report.this.book["rd_expenses"]) * 100 / report.this.book["revenue"], 1)
    fact = Fact(
        "rd_investment_ratio",
        "as a percent of revenue",
        ratio,
        report.year,
        f"FY{report.year}",
        "text",
        "percent",
    )
    sheet.paragraph(
        f"Research and development as a percent of revenue was {ratio}% in fiscal year {report.year}.",
        [(f"{ratio}%", fact)],
        leading=15,
        indent=0,
    )


def _statements(sheet: Sheet, report: American) -> None:
    three = [report.years[report.year - back] for back in range(3)]
    sheet.new_page()
    sheet.section("ITEM 8.", "FINANCIAL STATEMENTS AND SUPPLEMENTARY DATA")
    rows = _rows(INCOME, three, "income_statement") + _per_share_rows(three)
    _statement(
        sheet,
        "INCOME STATEMENTS",
        "Year Ended June 30,",
        three,
        rows,
        note="(In millions, except per share amounts)",
    )
    _statement(
        sheet,
        "COMPREHENSIVE INCOME STATEMENTS",
        "Year Ended June 30,",
        three,
        _rows(COMPREHENSIVE, three, "comprehensive_income_statement"),
    )
    sheet.new_page()
    _statement(
        sheet,
        "BALANCE SHEETS",
        "June 30,",
        three[:2],
        _rows(BALANCE, three[:2], "balance_sheet", instant=True),
    )
    sheet.new_page()
    _statement(
        sheet,
        "CASH FLOWS STATEMENTS",
        "Year Ended June 30,",
        three,
        _rows(CASH_FLOWS, three, "cash_flow"),
    )


def _notes(sheet: Sheet, report: American) -> None:
    three = [report.years[report.year - back] for back in range(3)]
    sheet.new_page()
    sheet.section("", "NOTES TO FINANCIAL STATEMENTS")
    sheet.paragraph(
        "NOTE 1 — ACCOUNTING POLICIES. Our fiscal year ends on June 30. Amounts are in U.S. dollars. Inventories are stated at average cost, not above what we expect to sell them for.",
        leading=15,
        indent=0,
    )
    lines = (INCOME[1], INCOME[2], INCOME[3])
    _statement(
        sheet,
        "NOTE 2 — REVENUE BY OFFERING",
        "Year Ended June 30,",
        three,
        _rows(lines, three, "notes"),
    )
    sheet.section("ITEM 9A.", "CONTROLS AND PROCEDURES")
    sheet.paragraph(
        "Management concluded that our disclosure controls and procedures were effective as of the end of the fiscal year.",
        leading=15,
        indent=0,
    )
    sheet.section("", "SIGNATURES")
    sheet.paragraph(
        f"Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant has duly caused this report to be signed on its behalf on July 30, {report.year}.",
        leading=15,
        indent=0,
    )
    sheet.paragraph("/s/ ADELE HARROW    Adele Harrow, Chief Executive Officer", indent=0)


def render_american(year: int) -> tuple[bytes, tuple[Placed, ...], int]:
    """PDF, printed numbers and page count of the 10-K for a fiscal year."""
    report = American(year, build_american_years(SEED))
    style = PageStyle(latin_font="Sans", footer=f"{SHORT} | {year} Form 10-K | " + "{n}")
    sections = [(f"ITEM {no}.", 0) for no in range(7)]
    while True:
        sheet = Sheet(style, f"Fiscal Year {year}", 0, f"{SHORT} Form 10-K {year}")
        _cover(sheet, report)
        _contents(sheet, sections)
        for draw in (_business, _discussion, _statements, _notes):
            draw(sheet, report)
        pdf = sheet.close()
        if sections == sheet.sections:
            return pdf, tuple(sheet.placed), sheet.page_no
        sections = sheet.sections
