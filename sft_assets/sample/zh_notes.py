"""Sections around the statements: governance, shareholders, audit opinion, notes."""

from decimal import Decimal

from sft_assets.sample.amounts import half_up
from sft_assets.sample.facts import Basis, Fact
from sft_assets.sample.page_layout import Cell, Sheet, Table
from sft_assets.sample.zh_discussion import segment_split
from sft_assets.sample.zh_front import Report, full_widths


def draw_matters(sheet: Sheet, report: Report) -> None:
    """重要事项, mostly ticked boxes."""
    matters = (
        "控股股东及其他关联方非经营性占用资金情况",
        "重大诉讼、仲裁事项",
        "破产重整相关事项",
        "上市公司及其控股股东的处罚及整改情况",
    )
    for no, text in enumerate(matters[: report.company.pages.matters]):
        sheet.heading(f"{'一二三四'[no]}、{text}", 10.5)
        sheet.paragraph("□适用 √不适用", indent=0)


def draw_shareholders(sheet: Sheet, report: Report) -> None:
    """前三名股东 and their holdings."""
    shares = report.company.economics.shares
    held = (shares * 36 // 100, shares * 7 // 100, shares * 3 // 100)
    names = (
        f"{report.company.short[:2]}控股集团有限公司",
        "远汀成长投资合伙企业（有限合伙）",
        report.company.chair,
    )
    header = tuple(
        Cell(text, align="center") for text in ("股东名称", "期末持股数量（股）", "比例（%）")
    )
    rows, period = [], f"{report.year}-12-31"
    for name, count in zip(names, held, strict=True):
        share = half_up(Decimal(count) * 100 / shares, 2)
        rows.append(
            (
                Cell(name),
                Cell(
                    f"{count:,}",
                    Fact(
                        "shares_held",
                        name,
                        Decimal(count),
                        report.year,
                        period,
                        "shareholders",
                        "shares",
                    ),
                    "right",
                ),
                Cell(
                    f"{share}",
                    Fact(
                        "shares_held_ratio",
                        name,
                        share,
                        report.year,
                        period,
                        "shareholders",
                        "percent",
                    ),
                    "right",
                ),
            )
        )
    sheet.heading("一、前三名股东持股情况")
    sheet.table(
        Table(full_widths(50, 30, 20), (header,), tuple(rows), 9.5, True, sheet.style.shaded)
    )


def draw_audit_opinion(sheet: Sheet, report: Report) -> None:
    """审计报告, shortened."""
    name = report.company.name
    sheet.heading("一、审计报告")
    sheet.aside(f"明衡审字（{report.year + 1}）第 {int(report.company.code[-3:]):04d} 号")
    sheet.paragraph(f"{name}全体股东：", indent=0)
    sheet.paragraph(
        f"我们审计了{name}的财务报表，包括 {report.year} 年 12 月 31 日的合并及母公司资产负债表，"
        f"{report.year} 年度的合并及母公司利润表、合并及母公司现金流量表以及相关附注。我们认为，"
        "上述财务报表在所有重大方面按照企业会计准则的规定编制，公允地反映了公司的财务状况、经营成果和现金流量。"
    )
    sheet.aside("明衡会计师事务所（特殊普通合伙）    中国注册会计师：商未迟  谷雨声", "left", 9.5)
    sheet.heading("二、财务报表")


def _two_year_note(
    sheet: Sheet,
    report: Report,
    title: str,
    rows: list[tuple[str, str, int, int]],
    heads: tuple[str, str],
    statement: str,
    *,
    instant: bool,
) -> None:
    """A note table with this year and the comparative."""
    numbers = report.company.numbers
    sheet.heading(title, 10.5)
    sheet.aside(numbers.unit_line)
    body = []
    for label, metric, *amounts in rows:
        cells = [Cell(label)]
        for year, amount in zip((report.year, report.year - 1), amounts, strict=True):
            basis: Basis = (
                "after_restatement" if report.restates and year != report.year else "reported"
            )
            period = f"{year}-12-31" if instant else str(year)
            fact = Fact(
                metric,
                label,
                numbers.value(amount),
                year,
                period,
                statement,
                scale=numbers.scale,
                basis=basis,
            )
            cells.append(Cell(numbers.cell(amount), fact if amount else None, "right"))
        body.append(tuple(cells))
    header = (Cell("项目", align="center"), *(Cell(head, align="center") for head in heads))
    style = sheet.style
    sheet.table(
        Table(
            full_widths(44, 28, 28),
            (header,),
            tuple(body),
            9,
            style.repeat_header,
            style.shaded,
            style.rules,
        )
    )


def _cash_rows(report: Report) -> list[tuple[str, str, int, int]]:
    now, before = report.this.group, report.before(1).group
    hand = [book["cash"] // 4000 for book in (now, before)]
    bank = [
        book["cash"] - book["restricted_cash"] - h
        for book, h in zip((now, before), hand, strict=True)
    ]
    return [
        ("库存现金", "cash_on_hand", hand[0], hand[1]),
        ("银行存款", "bank_deposits", bank[0], bank[1]),
        ("其他货币资金", "other_monetary_funds", now["restricted_cash"], before["restricted_cash"]),
        ("合计", "cash", now["cash"], before["cash"]),
        (
            "其中：因抵押、质押或冻结等使用受限的款项",
            "restricted_cash",
            now["restricted_cash"],
            before["restricted_cash"],
        ),
    ]


def _research_rows(report: Report) -> list[tuple[str, str, int, int]]:
    books = (report.this.group, report.before(1).group)
    staff = [book["rd_expenses"] * 57 // 100 for book in books]
    material = [book["rd_expenses"] * 24 // 100 for book in books]
    rest = [book["rd_expenses"] - a - b for book, a, b in zip(books, staff, material, strict=True)]
    return [
        ("职工薪酬", "rd_staff_costs", staff[0], staff[1]),
        ("直接投入费用", "rd_materials", material[0], material[1]),
        ("折旧及其他", "rd_depreciation_and_other", rest[0], rest[1]),
        ("合计", "rd_expenses", books[0]["rd_expenses"], books[1]["rd_expenses"]),
    ]


def draw_notes(sheet: Sheet, report: Report) -> None:
    """附注: cash, revenue by segment, research, cash equivalents."""
    company = report.company
    sheet.heading("三、公司基本情况")
    sheet.paragraph(
        f"{company.name}（以下简称“公司”）注册地为{company.address}，总部位于同址，"
        f"主要从事{company.products[0]}等业务。本财务报表业经公司董事会批准报出。"
    )
    sheet.heading("五、重要会计政策及会计估计")
    sheet.paragraph(
        "公司以人民币为记账本位币。现金等价物是指持有期限短、流动性强、易于转换为已知金额现金且价值变动风险很小的投资。"
    )
    sheet.heading("七、合并财务报表项目注释")
    ends = ("期末余额", "期初余额")
    flows = ("本期发生额", "上期发生额")
    _two_year_note(sheet, report, "1、货币资金", _cash_rows(report), ends, "notes", instant=True)
    new, old = segment_split(report, report.year), segment_split(report, report.year - 1)
    rows = [(a[0], "segment_revenue", a[1], b[1]) for a, b in zip(new, old, strict=True)]
    rows.append(
        ("合计", "revenue", report.this.group["revenue"], report.before(1).group["revenue"])
    )
    _two_year_note(sheet, report, "35、营业收入按产品分类", rows, flows, "notes", instant=False)
    _two_year_note(
        sheet, report, "40、研发费用", _research_rows(report), flows, "notes", instant=False
    )
