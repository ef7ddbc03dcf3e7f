"""管理层讨论与分析: sentences with rounded amounts, cost and R&D tables, customers, staff."""

from dataclasses import replace
from decimal import Decimal

from sft_assets.sample.amounts import growth_pct, half_up, in_hundred_millions, in_ten_thousands
from sft_assets.sample.facts import Basis, Fact
from sft_assets.sample.page_layout import Cell, Sheet, Table
from sft_assets.sample.zh_front import Report, full_widths

Facts = list[tuple[str, Fact]]


def _change(facts: Facts, report: Report, metric: str, label: str, now: int, before: int) -> str:
    """Words such as 同比增长 12.34%, with its fact appended."""
    percent = growth_pct(now, before)
    if percent is None:
        return "上年同期为亏损" if before < 0 else "上年同期基数为零"
    year = str(report.year)
    facts.append(
        (
            f"{abs(percent)}%",
            Fact(f"{metric}_growth", label, percent, report.year, year, "text", "percent"),
        )
    )
    return f"同比{'增长' if percent >= 0 else '下降'} {abs(percent)}%"


def _yi(facts: Facts, report: Report, metric: str, label: str, amount: int) -> str:
    """An amount in 亿元, with its fact appended."""
    value = in_hundred_millions(report.company.numbers.in_yuan(amount))
    text = f"{value:,}"
    facts.append(
        (text, Fact(metric, label, value, report.year, str(report.year), "text", scale=10**8))
    )
    return f"{text} 亿元"


def overview(report: Report) -> tuple[str, Facts]:
    """The sentence with revenue, profit and cash of the year."""
    now, before = report.this.group, report.before(1).group
    facts: Facts = []
    revenue = _yi(facts, report, "revenue", "营业收入", now["revenue"])
    revenue_change = _change(
        facts, report, "revenue", "营业收入", now["revenue"], before["revenue"]
    )
    key, label = "net_profit_parent", "归属于上市公司股东的净利润"
    profit = _yi(facts, report, key, label, now[key])
    profit_change = (
        "，由盈转亏"
        if now[key] < 0 <= before[key]
        else "，" + _change(facts, report, key, label, now[key], before[key])
    )
    cash = _yi(
        facts,
        report,
        "operating_cash_flow",
        "经营活动产生的现金流量净额",
        now["operating_cash_flow"],
    )
    company = report.company
    story = company.story[0] if report.year == 2023 else company.story[1]
    text = (
        f"报告期内，公司实现营业收入 {revenue}，{revenue_change}；实现归属于上市公司股东的净利润"
        f" {profit}{profit_change}；经营活动产生的现金流量净额为 {cash}。{story}。"
    )
    return text, facts


def draw_business(sheet: Sheet, report: Report) -> None:
    """What the company does and how the year went."""
    company = report.company
    a, b, c = company.products
    sheet.heading("一、报告期内公司从事的主要业务")
    sheet.paragraph(
        f"公司所属行业为{company.industry}，主要从事{a}、{b}和{c}的研发、生产、销售与服务，"
        f"下游主要为{company.customers}。公司以直销为主、经销为辅，按订单和预测相结合的方式安排生产，"
        "主要原材料通过合格供应商名录集中采购。"
    )
    sheet.heading("二、经营情况讨论与分析")
    sheet.paragraph(*overview(report))
    now, before = report.this.group, report.before(1).group
    facts: Facts = []
    selling = _change(
        facts,
        report,
        "selling_expenses",
        "销售费用",
        now["selling_expenses"],
        before["selling_expenses"],
    )
    admin = _change(
        facts,
        report,
        "administrative_expenses",
        "管理费用",
        now["administrative_expenses"],
        before["administrative_expenses"],
    )
    research = _yi(facts, report, "rd_expenses", "研发费用", now["rd_expenses"])
    sheet.paragraph(
        f"费用方面，销售费用{selling}，管理费用{admin}；研发费用为 {research}，"
        f"主要投向{a}的新一代产品和{c}的工艺改进。",
        facts,
    )


def _analysis_row(report: Report, key: str, label: str) -> tuple[Cell, ...]:
    numbers = report.company.numbers
    now, before = report.this.group[key], report.before(1).group[key]
    cells = [Cell(label)]
    for amount, year in ((now, report.year), (before, report.year - 1)):
        basis: Basis = (
            "after_restatement" if report.restates and year != report.year else "reported"
        )
        fact = Fact(
            key,
            label,
            numbers.value(amount),
            year,
            str(year),
            "analysis",
            scale=numbers.scale,
            basis=basis,
        )
        cells.append(Cell(numbers.cell(amount), fact, "right"))
    percent = growth_pct(now, before) if key != "financial_expenses" or before > 0 else None
    if percent is None:
        cells.append(Cell("不适用", align="right"))
    else:
        fact = Fact(
            f"{key}_growth", label, percent, report.year, str(report.year), "analysis", "percent"
        )
        cells.append(Cell(numbers.signed(percent), fact, "right"))
    return tuple(cells)


def draw_analysis(sheet: Sheet, report: Report) -> None:
    """利润表及现金流量表相关科目变动分析表."""
    rows = (
        ("revenue", "营业收入"),
        ("operating_cost", "营业成本"),
        ("selling_expenses", "销售费用"),
        ("administrative_expenses", "管理费用"),
        ("financial_expenses", "财务费用"),
        ("rd_expenses", "研发费用"),
        ("operating_cash_flow", "经营活动产生的现金流量净额"),
        ("investing_cash_flow", "投资活动产生的现金流量净额"),
        ("financing_cash_flow", "筹资活动产生的现金流量净额"),
    )
    sheet.heading("三、利润表及现金流量表相关科目变动分析表")
    sheet.aside(report.company.numbers.unit_line)
    header = tuple(
        Cell(text, align="center") for text in ("科目", "本期数", "上年同期数", "变动比例（%）")
    )
    body = tuple(_analysis_row(report, key, label) for key, label in rows)
    style = sheet.style
    sheet.table(
        Table(
            full_widths(40, 23, 23, 14),
            (header,),
            body,
            9,
            style.repeat_header,
            style.shaded,
            style.rules,
        )
    )


def segment_split(report: Report, year: int) -> list[tuple[str, int, int]]:
    """Revenue and cost by product; the last product takes what is left."""
    group = (report.this if year == report.year else report.before(report.year - year)).group
    first, second = report.company.shares_of_products
    drift = year - 2022  # the mix moves a little from year to year
    shares = (first + drift, second - drift)
    tilt = (Decimal("0.97"), Decimal("1.04"))  # cost share against revenue share
    revenue = [group["revenue"] * share // 100 for share in shares]
    cost = [
        int(group["operating_cost"] * share * t // 100)
        for share, t in zip(shares, tilt, strict=True)
    ]
    revenue.append(group["revenue"] - sum(revenue))
    cost.append(group["operating_cost"] - sum(cost))
    return list(zip(report.company.products, revenue, cost, strict=True))


def draw_segments(sheet: Sheet, report: Report) -> None:
    """主营业务分产品情况, with gross margins."""
    numbers = report.company.numbers
    sheet.heading("四、营业收入构成及毛利率")
    sheet.aside(numbers.unit_line)
    heads = ("分产品", "营业收入", "营业成本", "毛利率（%）", "营业收入比上年增减（%）")
    header = tuple(Cell(text, align="center") for text in heads)
    total = ("合计", report.this.group["revenue"], report.this.group["operating_cost"])
    old = [*segment_split(report, report.year - 1), ("合计", report.before(1).group["revenue"], 0)]
    rows, year = [], str(report.year)
    for (name, revenue, cost), (_, before, _) in zip(
        [*segment_split(report, report.year), total], old, strict=True
    ):
        metric = "" if name == "合计" else "segment_"
        margin = half_up(Decimal(revenue - cost) * 100 / revenue, 2)
        percent = growth_pct(revenue, before) or Decimal(0)
        facts = [
            Fact(
                f"{metric}revenue",
                name,
                numbers.value(revenue),
                report.year,
                year,
                "segments",
                scale=numbers.scale,
            ),
            Fact(
                f"{metric}operating_cost",
                name,
                numbers.value(cost),
                report.year,
                year,
                "segments",
                scale=numbers.scale,
            ),
            Fact(f"{metric}gross_margin", name, margin, report.year, year, "segments", "percent"),
            Fact(
                f"{metric}revenue_growth", name, percent, report.year, year, "segments", "percent"
            ),
        ]
        rows.append(
            (Cell(name), *(Cell(numbers.signed(fact.value), fact, "right") for fact in facts))
        )
    style = sheet.style
    sheet.table(
        Table(
            full_widths(22, 24, 24, 13, 17),
            (header,),
            tuple(rows),
            9,
            style.repeat_header,
            style.shaded,
            style.rules,
        )
    )


def draw_customers(sheet: Sheet, report: Report) -> None:
    """Sentences on the five largest customers and suppliers, in 万元."""
    numbers, group = report.company.numbers, report.this.group
    year = str(report.year)
    share = Decimal(1834 + 37 * (report.year - 2020) + int(report.company.code[-2:])) / 100
    sales = in_ten_thousands(numbers.in_yuan(group["revenue"]) * share / 100)
    share = half_up(sales * 10**6 / numbers.in_yuan(group["revenue"]), 2)
    facts = [
        (
            f"{sales:,}",
            Fact(
                "top_five_customers_sales",
                "前五名客户销售额",
                sales,
                report.year,
                year,
                "text",
                scale=10_000,
            ),
        ),
        (
            f"{share}%",
            Fact(
                "top_five_customers_share",
                "占年度销售总额",
                share,
                report.year,
                year,
                "text",
                "percent",
            ),
        ),
    ]
    sheet.heading("五、主要销售客户和主要供应商情况")
    sheet.paragraph(
        f"前五名客户销售额 {sales:,} 万元，占年度销售总额 {share}%；"
        "其中前五名客户销售额中不含关联方销售。",
        facts,
    )
    sheet.paragraph("公司不存在严重依赖单一供应商的情形，前五名供应商均为长期合作单位。")


def draw_research(sheet: Sheet, report: Report) -> None:
    """研发投入情况表."""
    numbers, group = report.company.numbers, report.this.group
    spent = group["rd_expenses"]
    share = half_up(Decimal(spent) * 100 / group["revenue"], 2)
    staff = sum(_staff(report))
    people = staff * (9 + int(report.company.code[-1])) // 100
    amount = numbers.value(spent)

    def money(metric: str, label: str) -> Fact:
        return replace(report.fact(metric, label, amount, "research"), scale=numbers.scale)

    ratio, headcount = "研发投入总额占营业收入比例（%）", "公司研发人员的数量（人）"
    facts = (
        (numbers.cell(spent), money("rd_expensed", "本期费用化研发投入")),
        (numbers.cell(spent), money("rd_investment", "研发投入合计")),
        (f"{share}", report.fact("rd_investment_ratio", ratio, share, "research", "percent")),
        (f"{people:,}", report.fact("rd_staff", headcount, people, "research", "persons")),
    )
    rows = [(Cell(fact.label), Cell(text, fact, "right")) for text, fact in facts]
    rows.insert(1, (Cell("本期资本化研发投入"), Cell(numbers.empty, align="right")))
    sheet.heading("六、研发投入")
    sheet.aside(numbers.unit_line)
    sheet.table(Table(full_widths(60, 40), (), tuple(rows), 9.5, True, sheet.style.shaded))


def _staff(report: Report) -> tuple[int, int]:
    at = 0 if report.year == 2023 else 2
    return report.company.staff[at], report.company.staff[at + 1]


def draw_staff(sheet: Sheet, report: Report) -> None:
    """员工情况, counts that add up."""
    own, subsidiaries = _staff(report)
    total, year = own + subsidiaries, str(report.year)
    makers, sellers, engineers = total * 52 // 100, total * 14 // 100, total * 19 // 100
    rows: tuple[tuple[str, int, str], ...] = (
        ("母公司在职员工的数量", own, "staff_parent"),
        ("主要子公司在职员工的数量", subsidiaries, "staff_subsidiaries"),
        ("在职员工的数量合计", total, "staff_total"),
        ("其中：生产人员", makers, "staff_production"),
        ("销售人员", sellers, "staff_sales"),
        ("技术人员", engineers, "staff_technical"),
        ("行政及财务人员", total - makers - sellers - engineers, "staff_administrative"),
    )
    sheet.heading("一、公司员工情况")
    sheet.aside("单位：人")
    body = tuple(
        (
            Cell(label),
            Cell(
                f"{count:,}",
                Fact(
                    metric,
                    label,
                    Decimal(count),
                    report.year,
                    f"{year}-12-31",
                    "staff",
                    "persons",
                ),
                "right",
            ),
        )
        for label, count, metric in rows
    )
    sheet.table(Table(full_widths(60, 40), (), body, 9.5, True, sheet.style.shaded))
