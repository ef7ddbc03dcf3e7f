"""What else lies in a real inbox: a file that loops, and a report that is not an annual one."""

from decimal import Decimal

from sft_assets.sample.companies import Company
from sft_assets.sample.page_layout import Cell, Sheet, Table
from sft_assets.sample.zh_front import full_widths


def looping_pdf() -> bytes:
    """A PDF whose page tree contains itself; a careless parser never comes back from it."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>",
        b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>",
    )
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def quarterly_pdf(company: Company, year: int, revenue: int, profit: int) -> bytes:
    """A two-page first-quarter report: the right company, but not an annual report."""
    sheet = Sheet(
        company.pages,
        f"{company.name} {year} 年第一季度报告",
        2,
        f"{company.name}{year}年第一季度报告",
    )
    sheet.aside(f"证券代码：{company.code}          证券简称：{company.short}", "left", 11)
    sheet.gap(30)
    sheet.heading(company.name, 20, "center", 14)
    sheet.heading(f"{year} 年第一季度报告", 20, "center", 14)
    sheet.gap(20)
    sheet.paragraph(
        "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈述或者重大遗漏。"
    )
    sheet.paragraph("第一季度财务报表是否经审计：□是 √否", indent=0)
    sheet.new_page()
    sheet.heading("一、主要财务数据")
    sheet.aside(company.numbers.unit_line)
    header = (
        Cell("项目", align="center"),
        Cell("本报告期", align="center"),
        Cell("本报告期比上年同期增减变动幅度(%)", align="center"),
    )
    rows = (
        (
            Cell("营业收入"),
            Cell(company.numbers.cell(revenue), align="right"),
            Cell(str(Decimal("6.18")), align="right"),
        ),
        (
            Cell("归属于上市公司股东的净利润"),
            Cell(company.numbers.cell(profit), align="right"),
            Cell(str(Decimal("4.02")), align="right"),
        ),
    )
    sheet.table(Table(full_widths(40, 30, 30), (header,), rows))
    return sheet.close()
