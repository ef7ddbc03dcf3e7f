"""First pages of a Chinese report: cover, important notes, contents, terms, company profile."""

from dataclasses import dataclass
from decimal import Decimal

from sft_assets.sample.companies import Company
from sft_assets.sample.facts import Fact
from sft_assets.sample.history import History, Year
from sft_assets.sample.page_layout import LEFT, RIGHT, Cell, Sheet, Table

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Report:
    """One report to be printed."""

    company: Company
    history: History
    year: int
    revised: bool = False
    brief: bool = False  # few pages: group statements only, no notes

    @property
    def this(self) -> Year:
        """The year that the report is about, as it was first reported."""
        return self.before(0)

    @property
    def restates(self) -> bool:
        """Whether the report shows earlier years before and after restatement."""
        return bool(self.history.as_first_reported) and self.year == max(self.history.years)

    def before(self, years: int) -> Year:
        """An earlier year as this report compares with it."""
        year = self.year - years
        if self.restates:
            return self.history.years[year]
        return self.history.as_first_reported.get(year, self.history.years[year])

    def fact(
        self, metric: str, label: str, value: Decimal | int, statement: str, unit: str = "currency"
    ) -> Fact:
        """A fact of the report's own year, in base units."""
        year = self.year
        return Fact(metric, label, Decimal(value), year, str(year), statement, unit)

    @property
    def title(self) -> str:
        """Title on the cover."""
        return f"{self.year} 年年度报告" + ("（修订版）" if self.revised else "")


def full_widths(*shares: float) -> tuple[float, ...]:
    """Column widths that fill the page."""
    return tuple((RIGHT - LEFT) * share / sum(shares) for share in shares)


def pairs_table(sheet: Sheet, rows: list[tuple[str, str]]) -> None:
    """A table of names and values without header."""
    sheet.table(
        Table(
            full_widths(35, 65),
            (),
            tuple((Cell(name), Cell(value)) for name, value in rows),
            10,
            sheet.style.repeat_header,
            sheet.style.shaded,
        )
    )


def draw_cover(sheet: Sheet, report: Report) -> None:
    """Cover page; Shanghai puts code and short name on top."""
    company = report.company
    if sheet.style.form == "SSE":
        sheet.aside(f"公司代码：{company.code}          公司简称：{company.short}", "left", 11)
    sheet.gap(170)
    sheet.heading(company.name, 22, "center", 16)
    if sheet.style.form == "SZSE":
        sheet.gap(10)
        sheet.aside(company.english, "center", 12)
    sheet.gap(20)
    sheet.heading(report.title, 22, "center", 16)
    if sheet.style.form == "SZSE":
        sheet.gap(60)
        sheet.aside(f"股票简称：{company.short}    股票代码：{company.code}", "center", 12)
        sheet.gap(60)
        sheet.aside(f"{report.year + 1} 年 4 月", "center", 14)
    sheet.new_page()


def dividend_sentence(report: Report) -> tuple[str, list[tuple[str, Fact]]]:
    """The profit distribution plan, with its facts."""
    company, this = report.company, report.this
    shares = company.economics.shares
    if this.dividend_per_ten == 0:
        return "经董事会决议，公司本年度拟不派发现金红利，不送红股，不以公积金转增股本。", []
    total = this.dividend_per_ten * shares / 10
    printed = f"{total:,.2f}"
    per_ten = f"{this.dividend_per_ten:.2f}"
    label = "合计派发现金红利"
    facts = [
        (
            f"{shares:,}",
            Fact(
                "share_count",
                "公司总股本",
                Decimal(shares),
                report.year,
                str(report.year),
                "text",
                "shares",
            ),
        ),
        (
            per_ten,
            Fact(
                "cash_dividend_per_ten_shares",
                "每 10 股派发现金红利",
                this.dividend_per_ten,
                report.year,
                str(report.year),
                "text",
                "per_share",
            ),
        ),
        (
            printed,
            Fact(
                "dividends_declared",
                label,
                total.quantize(Decimal("0.01")),
                report.year,
                str(report.year),
                "text",
            ),
        ),
    ]
    text = (
        f"经董事会审议的利润分配预案为：以公司总股本 {shares:,} 股为基数，向全体股东每 10 股"
        f"派发现金红利 {per_ten} 元（含税），合计派发现金红利 {printed} 元（含税），"
        "不送红股，不以公积金转增股本。该预案尚需提交股东大会审议。"
    )
    return text, facts


def draw_important_notes(sheet: Sheet, report: Report) -> None:
    """重要提示."""
    company = report.company
    sheet.heading("重要提示", 16, "center", 14)
    sheet.gap(8)
    plan, facts = dividend_sentence(report)
    restated = (
        "本报告为修订版。公司在自查中发现原报告将部分研发费用列入管理费用，现予以更正，"
        "更正不影响营业利润、净利润及资产负债表项目。"
    )
    texts = [
        "本公司董事会、监事会及全体董事、监事、高级管理人员对本报告内容的真实、准确、完整作出保证，"
        "并对其中可能存在的虚假记载、误导性陈述或重大遗漏承担法律责任。",
        "公司全体董事出席了审议本报告的董事会会议。",
        "明衡会计师事务所（特殊普通合伙）为本公司出具了标准无保留意见的审计报告。",
        f"公司负责人{company.chair}、主管会计工作负责人{company.finance_head}及会计机构负责人"
        f"{company.accounting_head}声明：保证本报告中财务报告的真实、准确、完整。",
        plan,
        "本报告所涉及的未来计划等前瞻性陈述不构成公司对投资者的承诺，请投资者注意投资风险。",
        *([restated] if report.revised else []),
    ]
    for no, text in enumerate(texts):
        sheet.paragraph(
            f"{NUMERALS[no]}、{text}", facts if text is plan else (), leading=22, indent=0
        )
    sheet.aside(
        f"本报告分析与附注中的金额单位以“{company.numbers.unit_word}”列示的，均以表头注明为准。",
        "left",
        9,
    )
    sheet.new_page()


def draw_contents(sheet: Sheet, sections: list[tuple[str, int]]) -> None:
    """目录, from the sections of an earlier pass."""
    sheet.heading("目录", 16, "center", 14)
    for text, page_no in sections:
        number = sheet.printed_number(page_no)
        sheet.contents_line(text, str(number or ""))
    sheet.gap(20)
    sheet.heading("备查文件目录", 11)
    sheet.paragraph("一、载有公司负责人、主管会计工作负责人、会计机构负责人签名并盖章的财务报表。")
    sheet.paragraph("二、载有会计师事务所盖章、注册会计师签名并盖章的审计报告原件。")
    sheet.new_page()


def draw_terms(sheet: Sheet, report: Report) -> None:
    """释义."""
    company = report.company
    rows = [
        ("本公司、公司", "指", company.name),
        ("报告期", "指", f"{report.year} 年 1 月 1 日至 {report.year} 年 12 月 31 日"),
        ("上年同期", "指", f"{report.year - 1} 年 1 月 1 日至 {report.year - 1} 年 12 月 31 日"),
        (company.products[0], "指", f"公司{company.industry}主营产品或服务之一"),
        ("元、万元、亿元", "指", "人民币元、人民币万元、人民币亿元"),
    ]
    sheet.paragraph("在本报告书中，除非文义另有所指，下列词语具有如下含义：")
    sheet.table(
        Table(
            full_widths(28, 8, 64),
            (),
            tuple((Cell(a), Cell(b, align="center"), Cell(c)) for a, b, c in rows),
            10,
        )
    )


def draw_profile(sheet: Sheet, report: Report) -> list[tuple[str, str]]:
    """公司信息 and contacts; returns the contact data printed, as (kind, value)."""
    company = report.company
    sheet.heading("一、公司信息")
    pairs_table(
        sheet,
        [
            ("公司的中文名称", company.name),
            ("公司的中文简称", company.short),
            ("公司的外文名称", company.english),
            ("公司的法定代表人", company.chair),
            ("股票简称", company.short),
            ("股票代码", company.code),
            (
                "股票上市交易所",
                "上海证券交易所" if company.code[0] == "6" else "深圳证券交易所",
            ),
            ("注册地址", company.address),
            ("办公地址的邮政编码", company.postcode),
            ("公司网址", f"http://www.{company.mail_domain}"),
        ],
    )
    phone, fax = company.phone, company.phone[:-1] + "9"
    mail = f"ir@{company.mail_domain}"
    sheet.heading("二、联系人和联系方式")
    pairs_table(
        sheet,
        [("董事会秘书", company.secretary), ("电话", phone), ("传真", fax), ("电子信箱", mail)],
    )
    return [("landline", phone), ("landline", fax), ("email", mail)]
