"""The annual report of the invented American company, in the form of a 10-K."""

from decimal import Decimal

from sft_assets.sample.amounts import half_up
from sft_assets.sample.companies import PageStyle
from sft_assets.sample.en_books import INCOME, build_american_years
from sft_assets.sample.en_tables import (
    American,
    draw_change_table,
    draw_statement,
    draw_statements,
    money,
    statement_rows,
    whole_percent,
)
from sft_assets.sample.facts import Fact, Placed
from sft_assets.sample.page_layout import Sheet

NAME = "NORTHWICK LUMEN INSTRUMENTS, INC."
SHORT = "Northwick Lumen Instruments, Inc."
SEED = "nlmi"


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
        "Securities registered pursuant to Section 12(b) of the Act: Common stock, par value "
        "$0.001 per share; trading symbol NWLM; Nasdaq.",
        align="center",
    )
    sheet.paragraph(
        f"As of July 26, {report.year}, there were {report.this.basic_shares - 1} million "
        "shares of common stock outstanding.",
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
        f"{SHORT} designs and makes light-measuring instruments, sensors and the software "
        "that reads them. "
        "Our customers are laboratories, lamp makers and food processors. We sell through our own "
        "staff in eleven countries and through distributors elsewhere.",
        leading=15,
        indent=0,
    )
    staff = report.this.staff
    fact = Fact(
        "staff_total",
        "we employed approximately",
        Decimal(staff),
        report.year,
        f"{report.year}-06-30",
        "text",
        "persons",
    )
    sheet.paragraph(
        f"As of June 30, {report.year}, we employed approximately {staff:,} people on a full-time "
        "basis, about half of them in manufacturing and service.",
        [(f"{staff:,}", fact)],
        leading=15,
        indent=0,
    )
    sheet.section("ITEM 1A.", "RISK FACTORS")
    for text in (
        "Demand for our instruments follows the capital budgets of our customers.",
        "A few suppliers make the detectors that we use; a shortage would delay shipments.",
        "Much of our revenue arises outside the United States, so exchange rates move it.",
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
        (f"${abs(change)}", money("revenue_change", "Revenue", change, report.year, "text")),
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
        (f"${now['revenue']:,}", money("revenue", "revenue", now["revenue"], report.year, "text")),
    ]
    why = (
        "larger shipments of imaging sensors"
        if change >= 0
        else "fewer instrument replacements at lamp makers"
    )
    sheet.paragraph(
        f"Fiscal year {report.year} compared with fiscal year {report.year - 1}. Revenue "
        f"{verb} ${abs(change)} million or {abs(percent)}% to ${now['revenue']:,} million, "
        f"driven by {why}.",
        facts,
        leading=15,
        indent=0,
    )
    _summary_table(sheet, report)
    _expense_table(sheet, report)


def _summary_table(sheet: Sheet, report: American) -> None:
    lines = (
        ("revenue", "Revenue"),
        ("gross_profit", "Gross margin"),
        ("operating_profit", "Operating income"),
        ("net_profit", "Net income"),
    )
    draw_change_table(sheet, report, "SUMMARY RESULTS OF OPERATIONS", lines, "analysis")


def _expense_table(sheet: Sheet, report: American) -> None:
    lines = (
        ("rd_expenses", "Research and development"),
        ("selling_expenses", "Sales and marketing"),
        ("administrative_expenses", "General and administrative"),
    )
    draw_change_table(sheet, report, "OPERATING EXPENSES", lines, "analysis")
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
        f"Research and development as a percent of revenue was {ratio}% in fiscal {report.year}.",
        [(f"{ratio}%", fact)],
        leading=15,
        indent=0,
    )


def _notes(sheet: Sheet, report: American) -> None:
    three = [report.years[report.year - back] for back in range(3)]
    sheet.new_page()
    sheet.section("", "NOTES TO FINANCIAL STATEMENTS")
    sheet.paragraph(
        "NOTE 1 — ACCOUNTING POLICIES. Our fiscal year ends on June 30. Amounts are in U.S. "
        "dollars. Inventories are stated at average cost, not above what we expect to sell them "
        "for.",
        leading=15,
        indent=0,
    )
    lines = (INCOME[1], INCOME[2], INCOME[3])
    draw_statement(
        sheet,
        "NOTE 2 — REVENUE BY OFFERING",
        "Year Ended June 30,",
        three,
        statement_rows(lines, three, "notes"),
    )
    sheet.section("ITEM 9A.", "CONTROLS AND PROCEDURES")
    sheet.paragraph(
        "Management concluded that our disclosure controls and procedures were effective as of "
        "the end of the fiscal year.",
        leading=15,
        indent=0,
    )
    sheet.section("", "SIGNATURES")
    sheet.paragraph(
        "Pursuant to the requirements of the Securities Exchange Act of 1934, the registrant has "
        f"duly caused this report to be signed on its behalf on July 30, {report.year}.",
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
        for draw in (_business, _discussion, draw_statements, _notes):
            draw(sheet, report)
        pdf = sheet.close()
        if sections == sheet.sections:
            return pdf, tuple(sheet.placed), sheet.page_no
        sections = sheet.sections
