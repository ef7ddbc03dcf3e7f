"""The lines of the three statements, in the order in which they are printed.

A line without ``parts`` is a leaf, whose amount the books decide; a line with ``parts`` is the
sum of them, with the sign that stands before the key. So a statement that is filled by
:func:`fill_totals` adds up by construction.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Book = dict[str, int]  # line key -> amount in the smallest printed unit


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a statement; ``key`` is empty for a heading."""

    key: str
    label: str
    parts: tuple[str, ...] = ()
    indent: int = 1
    note: bool = False  # has a number in the note column


def _sum_of(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _leaf(key: str, label: str, *, note: bool = True, indent: int = 1) -> Line:
    return Line(key, label, (), indent, note)


CURRENT_ASSETS = (
    _leaf("cash", "货币资金"),
    _leaf("trading_assets", "交易性金融资产"),
    _leaf("derivative_assets", "衍生金融资产", note=False),
    _leaf("notes_receivable", "应收票据"),
    _leaf("accounts_receivable", "应收账款"),
    _leaf("receivables_financing", "应收款项融资"),
    _leaf("prepayments", "预付款项"),
    _leaf("other_receivables", "其他应收款"),
    _leaf("inventories", "存货"),
    _leaf("contract_assets", "合同资产"),
    _leaf("other_current_assets", "其他流动资产"),
)
NON_CURRENT_ASSETS = (
    _leaf("long_term_equity_investments", "长期股权投资"),
    _leaf("other_equity_instruments", "其他权益工具投资"),
    _leaf("investment_property", "投资性房地产", note=False),
    _leaf("fixed_assets", "固定资产"),
    _leaf("construction_in_progress", "在建工程"),
    _leaf("right_of_use_assets", "使用权资产"),
    _leaf("intangible_assets", "无形资产"),
    _leaf("goodwill", "商誉"),
    _leaf("long_term_prepaid_expenses", "长期待摊费用"),
    _leaf("deferred_tax_assets", "递延所得税资产"),
    _leaf("other_non_current_assets", "其他非流动资产"),
)
CURRENT_LIABILITIES = (
    _leaf("short_term_borrowings", "短期借款"),
    _leaf("notes_payable", "应付票据"),
    _leaf("accounts_payable", "应付账款"),
    _leaf("contract_liabilities", "合同负债"),
    _leaf("payroll_payable", "应付职工薪酬"),
    _leaf("taxes_payable", "应交税费"),
    _leaf("other_payables", "其他应付款"),
    _leaf("current_part_of_long_term", "一年内到期的非流动负债"),
    _leaf("other_current_liabilities", "其他流动负债"),
)
NON_CURRENT_LIABILITIES = (
    _leaf("long_term_borrowings", "长期借款"),
    _leaf("lease_liabilities", "租赁负债"),
    _leaf("provisions", "预计负债", note=False),
    _leaf("deferred_income", "递延收益"),
    _leaf("deferred_tax_liabilities", "递延所得税负债"),
)


def _keys(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.key for line in lines)


BALANCE_SHEET = (
    Line("", "流动资产：", indent=0),
    *CURRENT_ASSETS,
    Line("total_current_assets", "流动资产合计", _keys(CURRENT_ASSETS), 2),
    Line("", "非流动资产：", indent=0),
    *NON_CURRENT_ASSETS,
    Line("total_non_current_assets", "非流动资产合计", _keys(NON_CURRENT_ASSETS), 2),
    Line("total_assets", "资产总计", _sum_of("total_current_assets total_non_current_assets"), 2),
    Line("", "流动负债：", indent=0),
    *CURRENT_LIABILITIES,
    Line("total_current_liabilities", "流动负债合计", _keys(CURRENT_LIABILITIES), 2),
    Line("", "非流动负债：", indent=0),
    *NON_CURRENT_LIABILITIES,
    Line("total_non_current_liabilities", "非流动负债合计", _keys(NON_CURRENT_LIABILITIES), 2),
    Line(
        "total_liabilities",
        "负债合计",
        _sum_of("total_current_liabilities total_non_current_liabilities"),
        2,
    ),
    Line("", "所有者权益（或股东权益）：", indent=0),
    _leaf("share_capital", "实收资本（或股本）"),
    _leaf("capital_reserve", "资本公积"),
    _leaf("treasury_shares", "减：库存股", note=False),
    _leaf("other_comprehensive_income_balance", "其他综合收益"),
    _leaf("surplus_reserve", "盈余公积"),
    _leaf("retained_earnings", "未分配利润"),
    Line(
        "equity_parent",
        "归属于母公司所有者权益（或股东权益）合计",
        _sum_of(
            "share_capital capital_reserve -treasury_shares other_comprehensive_income_balance "
            "surplus_reserve retained_earnings"
        ),
    ),
    _leaf("minority_interests", "少数股东权益", note=False),
    Line(
        "total_equity",
        "所有者权益（或股东权益）合计",
        _sum_of("equity_parent minority_interests"),
        2,
    ),
    Line(
        "total_liabilities_and_equity",
        "负债和所有者权益（或股东权益）总计",
        _sum_of("total_liabilities total_equity"),
        2,
    ),
)

INCOME_STATEMENT = (
    Line("total_revenue", "一、营业总收入", ("revenue",), 0),
    _leaf("revenue", "其中：营业收入"),
    Line(
        "total_operating_cost",
        "二、营业总成本",
        _sum_of(
            "operating_cost taxes_and_surcharges selling_expenses administrative_expenses "
            "rd_expenses financial_expenses"
        ),
        0,
    ),
    _leaf("operating_cost", "其中：营业成本"),
    _leaf("taxes_and_surcharges", "税金及附加", indent=2),
    _leaf("selling_expenses", "销售费用", indent=2),
    _leaf("administrative_expenses", "管理费用", indent=2),
    _leaf("rd_expenses", "研发费用", indent=2),
    _leaf("financial_expenses", "财务费用", indent=2),
    _leaf("interest_expenses", "其中：利息费用", note=False, indent=3),
    _leaf("interest_income", "利息收入", note=False, indent=4),
    _leaf("other_income", "加：其他收益"),
    _leaf("investment_income", "投资收益（损失以“－”号填列）", indent=2),
    _leaf("fair_value_gains", "公允价值变动收益（损失以“－”号填列）", indent=2),
    _leaf("credit_impairment", "信用减值损失（损失以“－”号填列）", indent=2),
    _leaf("asset_impairment", "资产减值损失（损失以“－”号填列）", indent=2),
    _leaf("disposal_gains", "资产处置收益（损失以“－”号填列）", indent=2),
    Line(
        "operating_profit",
        "三、营业利润（亏损以“－”号填列）",
        _sum_of(
            "total_revenue -total_operating_cost other_income investment_income fair_value_gains "
            "credit_impairment asset_impairment disposal_gains"
        ),
        0,
    ),
    _leaf("non_operating_income", "加：营业外收入"),
    _leaf("non_operating_expenses", "减：营业外支出"),
    Line(
        "total_profit",
        "四、利润总额（亏损总额以“－”号填列）",
        _sum_of("operating_profit non_operating_income -non_operating_expenses"),
        0,
    ),
    _leaf("income_tax", "减：所得税费用"),
    Line("net_profit", "五、净利润（净亏损以“－”号填列）", _sum_of("total_profit -income_tax"), 0),
    Line("", "（一）按经营持续性分类"),
    Line("continuing_net_profit", "1.持续经营净利润（净亏损以“－”号填列）", ("net_profit",), 2),
    _leaf(
        "discontinued_net_profit", "2.终止经营净利润（净亏损以“－”号填列）", note=False, indent=2
    ),
    Line("", "（二）按所有权归属分类"),
    Line(
        "net_profit_parent",
        "1.归属于母公司股东的净利润（净亏损以“－”号填列）",
        _sum_of("net_profit -minority_profit"),
        2,
    ),
    _leaf("minority_profit", "2.少数股东损益（净亏损以“－”号填列）", note=False, indent=2),
    Line("oci", "六、其他综合收益的税后净额", _sum_of("oci_parent oci_minority"), 0),
    _leaf("oci_parent", "（一）归属于母公司所有者的其他综合收益的税后净额", note=False),
    _leaf("oci_minority", "（二）归属于少数股东的其他综合收益的税后净额", note=False),
    Line("comprehensive_income", "七、综合收益总额", _sum_of("net_profit oci"), 0),
    Line(
        "comprehensive_income_parent",
        "（一）归属于母公司所有者的综合收益总额",
        _sum_of("net_profit_parent oci_parent"),
    ),
    Line(
        "comprehensive_income_minority",
        "（二）归属于少数股东的综合收益总额",
        _sum_of("minority_profit oci_minority"),
    ),
)
MINORITY_KEYS = frozenset(
    [
        "net_profit_parent",
        "minority_profit",
        "oci_parent",
        "oci_minority",
        "comprehensive_income_parent",
        "comprehensive_income_minority",
        "minority_interests",
        "equity_parent",
        "dividends_to_minority",
    ]
)  # lines that a parent company's own statements do not have

CASH_FLOW = (
    Line("", "一、经营活动产生的现金流量：", indent=0),
    _leaf("cash_from_sales", "销售商品、提供劳务收到的现金", note=False),
    _leaf("tax_refunds", "收到的税费返还", note=False),
    _leaf("other_operating_in", "收到其他与经营活动有关的现金"),
    Line(
        "operating_in",
        "经营活动现金流入小计",
        _sum_of("cash_from_sales tax_refunds other_operating_in"),
        2,
    ),
    _leaf("cash_for_purchases", "购买商品、接受劳务支付的现金", note=False),
    _leaf("cash_for_staff", "支付给职工及为职工支付的现金", note=False),
    _leaf("taxes_paid", "支付的各项税费", note=False),
    _leaf("other_operating_out", "支付其他与经营活动有关的现金"),
    Line(
        "operating_out",
        "经营活动现金流出小计",
        _sum_of("cash_for_purchases cash_for_staff taxes_paid other_operating_out"),
        2,
    ),
    Line(
        "operating_cash_flow",
        "经营活动产生的现金流量净额",
        _sum_of("operating_in -operating_out"),
        2,
    ),
    Line("", "二、投资活动产生的现金流量：", indent=0),
    _leaf("investments_recovered", "收回投资收到的现金", note=False),
    _leaf("investment_income_received", "取得投资收益收到的现金", note=False),
    _leaf(
        "disposal_proceeds",
        "处置固定资产、无形资产和其他长期资产收回的现金净额",
        note=False,
    ),
    Line(
        "investing_in",
        "投资活动现金流入小计",
        _sum_of("investments_recovered investment_income_received disposal_proceeds"),
        2,
    ),
    _leaf("capital_expenditure", "购建固定资产、无形资产和其他长期资产支付的现金", note=False),
    _leaf("investments_made", "投资支付的现金", note=False),
    Line("investing_out", "投资活动现金流出小计", ("capital_expenditure", "investments_made"), 2),
    Line(
        "investing_cash_flow",
        "投资活动产生的现金流量净额",
        _sum_of("investing_in -investing_out"),
        2,
    ),
    Line("", "三、筹资活动产生的现金流量：", indent=0),
    _leaf("capital_contributions", "吸收投资收到的现金", note=False),
    _leaf("borrowings_received", "取得借款收到的现金", note=False),
    Line(
        "financing_in",
        "筹资活动现金流入小计",
        _sum_of("capital_contributions borrowings_received"),
        2,
    ),
    _leaf("borrowings_repaid", "偿还债务支付的现金", note=False),
    _leaf("dividends_and_interest_paid", "分配股利、利润或偿付利息支付的现金", note=False),
    _leaf("dividends_to_minority", "其中：子公司支付给少数股东的股利、利润", note=False, indent=2),
    _leaf("other_financing_out", "支付其他与筹资活动有关的现金"),
    Line(
        "financing_out",
        "筹资活动现金流出小计",
        _sum_of("borrowings_repaid dividends_and_interest_paid other_financing_out"),
        2,
    ),
    Line(
        "financing_cash_flow",
        "筹资活动产生的现金流量净额",
        _sum_of("financing_in -financing_out"),
        2,
    ),
    _leaf("exchange_effect", "四、汇率变动对现金及现金等价物的影响", note=False, indent=0),
    Line(
        "net_cash_increase",
        "五、现金及现金等价物净增加额",
        _sum_of("operating_cash_flow investing_cash_flow financing_cash_flow exchange_effect"),
        0,
    ),
    _leaf("opening_cash_equivalents", "加：期初现金及现金等价物余额", note=False),
    Line(
        "closing_cash_equivalents",
        "六、期末现金及现金等价物余额",
        _sum_of("net_cash_increase opening_cash_equivalents"),
        0,
    ),
)


def add_up(leaves: Book, lines: Iterable[Line]) -> Book:
    """The same book with the total of every line that has parts."""
    totals = {line.key: line.parts for line in lines if line.parts}

    def amount(key: str) -> int:
        if key not in totals:
            return leaves.get(key, 0)
        parts = totals[key]
        return sum(-amount(part[1:]) if part[0] == "-" else amount(part) for part in parts)

    return leaves | {key: amount(key) for key in totals}


def fill_totals(leaves: Book) -> Book:
    """The same book with every total of the three Chinese statements.

    >>> fill_totals({"revenue": 700, "operating_cost": 400})["net_profit"]
    300
    """
    return add_up(leaves, (*BALANCE_SHEET, *INCOME_STATEMENT, *CASH_FLOW))
