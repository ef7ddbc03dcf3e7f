"""Words that the synthetic practice text of the base model is made of.

None of it is taken from a report: the labels are accounting vocabulary, the names are invented.
"""

from typing import Final

COMMON_CHARACTERS: Final[tuple[str, ...]] = tuple(
    bytes((high, low)).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF)
    if not (high == 0xD7 and low > 0xF9)
)
"""The 3,755 characters of GB/T 2312-1980 level 1, which cover everyday simplified Chinese."""

RARE_CHARACTERS: Final[tuple[str, ...]] = tuple(
    bytes((high, low)).decode("gb2312") for high in range(0xD8, 0xF8) for low in range(0xA1, 0xFF)
)
"""The 3,008 characters of level 2; the tokenizer spells them in bytes, as names sometimes need."""

COMPANY_CHARACTERS: Final[str] = (
    "华中国海江河山川东南西北京上天津重庆广深圳苏浙沪皖鲁豫鄂湘粤桂琼贵云藏陕甘青宁新蒙辽吉黑冀晋"
    "闽台港澳大小长久永恒泰康安和平福禄寿喜祥瑞兴隆盛昌荣富金银铜铁钢铝锂钴镍锡钛稀土石油气煤炭水"
    "火电风光能源核太阳科技工业药医生物制造机械子信息通讯软件网络数据智慧联合集团股份有限公司控投"
    "资本行证券保险托期货租赁置地产建设筑材料化学纤维纺织服装食品饮乳酒茶糖粮农牧渔林木纸包印刷传"
    "媒文教育旅游店航空船舶口路高速流运输汽车零部型精密仪器表激半导体芯片成显示照明家厨卫环务固废"
    "节特种创未来远景宏伟博达卓越诚立正亮星辰宇宙龙凤虎鹤鹏雁鹰马牛羊春夏秋冬日月梅兰竹菊松柏桃李"
    "杨柳花草森园丰收满仓禾谷麦稻良丝绸瓷玉珠宝钻晶英砂三四五六七八九十百千万亿元开启发展进步升腾"
    "飞翔跃动力量杰俊才思意美丽佳好优质牌名匠心德善仁义礼实方圆直阔厚峰顶级首一二先锋前沿领引擎驱"
    "泉溪湖泊洋波涛浪潮汐岛屿岩岭坡原野田城市镇乡村道桥梁门窗尔尼斯克拉姆伊亚纳诺贝雅伦普罗利菲欧"
    "迪芬奇奥"
)
"""Characters that names of companies are usually made of."""

PUNCTUATION: Final[str] = (
    "，。、：；？！（）《》【】“”‘’—…·％＋－＝／〔〕「」￥℃－×÷−≈≤≥±→①②③④⑤⑥⑦⑧⑨⑩"
)

AMOUNT_LABELS_ZH: Final[tuple[str, ...]] = (
    "营业收入", "营业总收入", "营业成本", "营业总成本", "营业利润", "利润总额", "净利润",
    "归属于上市公司股东的净利润", "归属于母公司所有者的净利润",
    "归属于上市公司股东的扣除非经常性损益的净利润", "扣非净利润", "少数股东损益",
    "经营活动产生的现金流量净额", "投资活动产生的现金流量净额", "筹资活动产生的现金流量净额",
    "总资产", "资产总计", "净资产", "归属于上市公司股东的净资产", "负债合计", "流动资产合计",
    "流动负债合计", "非流动资产合计", "所有者权益合计", "股东权益合计", "货币资金", "应收账款",
    "应收票据", "存货", "预付款项", "固定资产", "在建工程", "无形资产", "商誉", "长期股权投资",
    "短期借款", "长期借款", "应付账款", "合同负债", "应交税费", "未分配利润", "盈余公积",
    "资本公积", "股本", "实收资本", "销售费用", "管理费用", "研发费用", "研发投入", "财务费用",
    "所得税费用", "税金及附加", "其他收益", "投资收益", "资产减值损失", "信用减值损失",
    "非经常性损益", "利息收入", "利息支出", "营业外收入", "营业外支出", "综合收益总额",
    "息税折旧摊销前利润", "基金管理费收入", "政府补助", "现金分红总额",
)  # fmt: skip
RATE_LABELS_ZH: Final[tuple[str, ...]] = (
    "加权平均净资产收益率", "毛利率", "净利率", "资产负债率", "研发投入占营业收入比例",
    "总资产收益率", "增长率", "存货周转率",
)  # fmt: skip
PER_SHARE_LABELS_ZH: Final[tuple[str, ...]] = (
    "基本每股收益", "稀释每股收益", "每股净资产", "扣除非经常性损益后的基本每股收益",
    "每股经营活动产生的现金流量净额", "每股股利",
)  # fmt: skip
COUNT_LABELS_ZH: Final[tuple[str, ...]] = (
    "员工总数", "在职员工的数量合计", "研发人员数量", "普通股股东总数", "专利数量", "销售量",
)  # fmt: skip

AMOUNT_LABELS_EN: Final[tuple[str, ...]] = (
    "Revenue", "Total revenue", "Net sales", "Cost of sales", "Cost of revenue", "Gross profit",
    "Operating income", "Income before income taxes", "Net income", "Net profit",
    "Profit attributable to owners of the Company", "Total assets", "Total liabilities",
    "Total equity", "Total stockholders' equity", "Cash and cash equivalents",
    "Net cash provided by operating activities", "Net cash used in investing activities",
    "Research and development expenses", "Selling and marketing expenses",
    "General and administrative expenses", "Finance costs", "Income tax expense", "Inventories",
    "Trade receivables", "Property, plant and equipment", "Goodwill", "Long-term debt",
    "Short-term borrowings", "EBITDA", "Dividends paid", "Depreciation and amortization",
    "Retained earnings", "Other income",
)  # fmt: skip
RATE_LABELS_EN: Final[tuple[str, ...]] = (
    "Gross margin", "Operating margin", "Effective tax rate", "Return on equity", "Debt ratio",
)  # fmt: skip
PER_SHARE_LABELS_EN: Final[tuple[str, ...]] = (
    "Basic earnings per share", "Diluted earnings per share", "Dividend per share",
)  # fmt: skip
COUNT_LABELS_EN: Final[tuple[str, ...]] = ("Number of employees", "Units sold", "Number of stores")

UNITS_ZH: Final[tuple[str, ...]] = ("元", "元", "元", "千元", "万元", "百万元", "亿元", "人民币元")
UNITS_EN: Final[tuple[str, ...]] = (
    "thousand yuan", "million dollars", "RMB thousand", "USD million", "in millions", "RMB million",
    "HK$ million", "US$",
)  # fmt: skip
COMPANY_TAILS_ZH: Final[tuple[str, ...]] = (
    "股份有限公司", "股份有限公司", "集团股份有限公司", "科技股份有限公司", "有限公司", "股份",
    "控股有限公司", "药业股份有限公司", "电子股份有限公司", "",
)  # fmt: skip
COMPANY_TAILS_EN: Final[tuple[str, ...]] = (
    "Inc.", "Corporation", "Holdings Limited", "Company Limited", "Group", "Co., Ltd.", "plc",
)  # fmt: skip
SYLLABLES_EN: Final[tuple[str, ...]] = (
    "al", "ber", "cor", "dan", "el", "fer", "gal", "hor", "in", "jo", "kel", "lum", "mar", "nor",
    "or", "pel", "qui", "ral", "sol", "tan", "ur", "ver", "wel", "xan", "yor", "zen",
)  # fmt: skip
FILLERS_ZH: Final[tuple[str, ...]] = (
    "报告期内，公司继续推进主营业务，整体经营保持稳定。",
    "公司董事会认为，上述数据真实反映了公司的财务状况。",
    "公司面临的主要风险包括市场竞争风险和汇率风险。",
    "本年度公司未发生重大会计差错更正。",
    "以上数据经会计师事务所审计。",
    "公司主要从事产品的研发、生产和销售，产品销往多个地区。",
    "主要会计数据和财务指标", "合并资产负债表", "合并利润表", "母公司利润表", "财务报表附注",
    "近三年主要会计数据", "主营业务分析", "费用", "研发投入情况表", "现金流",
)  # fmt: skip
FILLERS_EN: Final[tuple[str, ...]] = (
    "The Company continued to invest in its core business during the year.",
    "The figures above have been audited by the independent auditor.",
    "Management believes that the results reflect the performance of the Group.",
    "The Group is exposed to currency risk and credit risk.",
    "Selected financial data", "Consolidated balance sheets", "Consolidated income statements",
    "Notes to the financial statements", "Management discussion and analysis",
)  # fmt: skip
ENGLISH_WORDS: Final[tuple[str, ...]] = (
    "What", "was", "the", "of", "in", "for", "fiscal", "year", "How", "much", "did", "report",
    "According", "to", "annual", "report", "page", "on", "is", "which", "The", "company", "not",
    "disclosed", "given", "passages", "cannot", "be", "answered", "from", "Based", "only",
    "context", "and", "change", "percent", "increased", "decreased", "by", "compared", "with",
    "prior", "previous", "year-on-year", "growth", "rate", "ratio", "share", "total", "amount",
    "million", "thousand", "billion", "question", "answer", "source", "item", "items", "unit",
    "consolidated", "parent", "statement", "statements", "period", "ended", "December", "June",
    "March", "September", "sheet", "cash", "flows", "table", "note", "notes", "as", "at", "does",
    "do", "it", "its", "were", "has", "have", "any", "information", "no", "value", "figure",
    "find", "state", "quote", "please", "reply", "give", "number", "table", "below", "above",
    "shows", "show", "calculate", "divided", "minus", "equals", "times", "per", "cent",
    "percentage", "points", "higher", "lower", "than", "recorded", "reached", "stood", "amounted",
    "came", "first", "second", "half", "quarter", "approximately", "system", "user", "assistant",
    "analyst", "financial", "only", "use", "data", "provided", "text", "step", "steps", "result",
    "therefore", "so", "margin", "between",
)  # fmt: skip
