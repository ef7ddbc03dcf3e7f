"""The invented companies: who they are, what they earn, and how they print their reports.

Names, codes (in ranges that the exchanges do not use), people, places of business and products
are made up. Each company differs from the others in form, so that no reader of these reports can
rely on one layout.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from sft_assets.sample.amounts import NumberStyle
from sft_assets.sample.books import Economics


@dataclass(frozen=True, slots=True)
class PageStyle:
    """Look of the pages of one company's reports."""

    form: Literal["SSE", "SZSE"] = "SSE"  # which exchange's template the wording follows
    latin_font: Literal["Serif", "Sans"] = "Serif"
    footer: str = "{n} / {total}"
    unnumbered: int = 0  # first pages without a number; numbering starts after them
    repeat_header: bool = True  # of tables that go on over a page
    shaded: bool = False
    rules: Literal["grid", "horizontal"] = "grid"
    note_column: bool = True
    keeps_captions: bool = True  # False: a unit line may stay on the page before its table
    matters: int = 4  # items of the section 重要事项
    one_caption_line: bool = False  # 编制单位 and 单位 in one line
    side_by_side: bool = False  # group and parent figures in one statement


@dataclass(frozen=True, slots=True)
class Company:
    """One invented listed company."""

    name: str
    short: str
    english: str
    code: str
    industry: str
    products: tuple[str, str, str]
    shares_of_products: tuple[int, int]  # percent of revenue of the first two
    customers: str
    chair: str
    finance_head: str
    accounting_head: str
    secretary: str
    address: str
    postcode: str
    phone: str
    mail_domain: str
    staff: tuple[int, int, int, int]  # 2023 parent, subsidiaries; 2024 parent, subsidiaries
    story: tuple[str, str]  # one sentence a year, in the company's own words
    economics: Economics
    dividends_per_ten: tuple[str, str, str, str, str]
    numbers: NumberStyle = field(default_factory=NumberStyle)
    pages: PageStyle = field(default_factory=PageStyle)
    absorbed_revenue: int = 0

    @property
    def units_per_yuan(self) -> Decimal:
        """Smallest printed units in one yuan."""
        return self.numbers.units_per_yuan


MUYAN = Company(
    name="沐砚精密股份有限公司",
    short="沐砚精密",
    english="Muyan Fictional Precision Co., Ltd.",
    code="609103",
    industry="通用设备制造业",
    products=("精密减速器", "谐波传动部件", "检测装备"),
    shares_of_products=(58, 27),
    customers="机器人和数控机床整机厂商",
    chair="沈砚秋",
    finance_head="顾临川",
    accounting_head="陶小满",
    secretary="贺知远",
    address="江南省沐州市砚台路 88 号",
    postcode="399001",
    phone="0998-85550101",
    mail_domain="muyan.example.com",
    staff=(1862, 745, 1935, 812),
    story=(
        "公司把二号车间的节拍从九十秒压缩到七十二秒，交付周期明显缩短",
        "公司的第三代减速器完成了两万小时寿命试验，并开始小批量供货",
    ),
    economics=Economics(
        revenue=2_153_000_000_00,
        growth=(0.118, 0.093, 0.164),
        gross_margin=(0.314, 0.322, 0.327, 0.335),
        research=0.062,
        shares=420_000_000,
    ),
    dividends_per_ten=("1.20", "1.50", "1.60", "1.80", "2.20"),
)

CHENGLAN = Company(
    name="澄岚生物医药股份有限公司",
    short="澄岚生物",
    english="Chenglan Fictional Biopharma Co., Ltd.",
    code="004127",
    industry="医药制造业",
    products=("缓释制剂", "原料药", "诊断试剂"),
    shares_of_products=(63, 25),
    customers="医药流通企业和医疗机构",
    chair="温若岚",
    finance_head="裴清河",
    accounting_head="孟怀瑾",
    secretary="柳依澄",
    address="海东省澄岚市杏林大道 16 号",
    postcode="399102",
    phone="0997-85550216",
    mail_domain="chenglan.example.com",
    staff=(2310, 1184, 2275, 1240),
    story=(
        "公司两个缓释品种进入集中采购目录，销量上升而单价下降",
        "公司的原料药新产线通过了药品生产质量管理现场检查，产能利用率逐季提高",
    ),
    economics=Economics(
        revenue=3_480_000_000_00,
        growth=(0.071, -0.046, 0.088),
        gross_margin=(0.612, 0.604, 0.587, 0.593),
        selling=0.231,
        administrative=0.074,
        research=0.098,
        receivables=0.16,
        inventories=0.31,
        shares=680_000_000,
        absent=("derivative_assets", "contract_assets", "notes_receivable"),
    ),
    dividends_per_ten=("2.00", "2.00", "2.50", "2.00", "2.30"),
    numbers=NumberStyle(unit_line="单位：元"),
    pages=PageStyle(
        form="SZSE",
        latin_font="Sans",
        footer="{n}",
        repeat_header=False,
        shaded=True,
        note_column=False,
    ),
)

HEYI = Company(
    name="禾漪食品股份有限公司",
    short="禾漪食品",
    english="Heyi Fictional Foods Co., Ltd.",
    code="609355",
    industry="食品制造业",
    products=("发酵调味品", "烘焙原料", "植物饮品"),
    shares_of_products=(49, 33),
    customers="经销商和连锁餐饮客户",
    chair="田禾生",
    finance_head="郑谷雨",
    accounting_head="乔麦穗",
    secretary="苏漪涟",
    address="中原省禾州市漪水街 205 号",
    postcode="399203",
    phone="0996-85550355",
    mail_domain="heyi.example.com",
    staff=(3120, 2046, 3288, 2190),
    story=(
        "公司新增经销网点四百余个，县级市场的覆盖率继续提高",
        "大豆和白糖价格回落，公司把节省的成本用于减盐新品的推广",
    ),
    economics=Economics(
        revenue=5_260_000_000_00,
        growth=(0.052, 0.034, 0.067),
        gross_margin=(0.288, 0.271, 0.276, 0.301),
        selling=0.112,
        administrative=0.041,
        research=0.012,
        receivables=0.06,
        inventories=0.14,
        shares=910_000_000,
        absent=("derivative_assets", "contract_assets", "receivables_financing", "goodwill"),
    ),
    dividends_per_ten=("1.00", "1.00", "0.90", "1.10", "1.60"),
    numbers=NumberStyle(negative="brackets", unit_line="单位：人民币元"),
    pages=PageStyle(footer="第 {n} 页", unnumbered=2, rules="horizontal", one_caption_line=True),
)

SHUOCHUAN = Company(
    name="朔川重工股份有限公司",
    short="朔川重工",
    english="Shuochuan Fictional Heavy Industries Co., Ltd.",
    code="609571",
    industry="专用设备制造业",
    products=("起重运输装备", "港口机械", "工程服务"),
    shares_of_products=(55, 30),
    customers="港口运营商和工程总承包单位",
    chair="石万川",
    finance_head="韩朔风",
    accounting_head="魏铁衣",
    secretary="姜北辰",
    address="塞北省朔川市重工路 1 号",
    postcode="399304",
    phone="0995-85550571",
    mail_domain="shuochuan.example.com",
    staff=(8450, 6210, 8390, 6385),
    story=(
        "公司取得海外港口岸桥订单，出口收入占比继续提高",
        "公司的无人集卡调度系统在三个码头完成验收",
    ),
    economics=Economics(
        revenue=28_640_000,
        growth=(0.083, 0.127, -0.032),
        gross_margin=(0.187, 0.192, 0.201, 0.195),
        selling=0.021,
        administrative=0.045,
        research=0.034,
        receivables=0.33,
        inventories=0.29,
        shares=3_200_000_000,
    ),
    dividends_per_ten=("0.40", "0.40", "0.50", "0.60", "0.60"),
    numbers=NumberStyle(
        scale=1000,
        decimals=0,
        empty="-",
        unit_line="单位：千元 币种：人民币",
        unit_word="千元",
    ),
    pages=PageStyle(
        footer="第 {n} 页 共 {total} 页",
        side_by_side=True,
        keeps_captions=False,
        matters=1,
        one_caption_line=True,
    ),
)

JIYUAN = Company(
    name="霁原新材料股份有限公司",
    short="霁原新材",
    english="Jiyuan Fictional Advanced Materials Co., Ltd.",
    code="309218",
    industry="化学原料和化学制品制造业",
    products=("电子级树脂", "光学薄膜", "特种胶粘剂"),
    shares_of_products=(46, 35),
    customers="显示面板和印制电路板厂商",
    chair="宁霁月",
    finance_head="范思原",
    accounting_head="叶知秋",
    secretary="陆青岩",
    address="岭西省霁原市材料园二路 9 号",
    postcode="399405",
    phone="0994-85550218",
    mail_domain="jiyuan.example.com",
    staff=(1420, 655, 1488, 902),
    story=(
        "公司的光学薄膜二期项目转固，折旧增加而良率尚在爬坡",
        "公司以无偿划转方式取得同一控制下的霁原化学有限公司，并追溯调整了以前年度数据",
    ),
    economics=Economics(
        revenue=1_870_000_000_00,
        growth=(0.142, -0.081, 0.226),
        gross_margin=(0.263, 0.258, 0.219, 0.247),
        research=0.048,
        receivables=0.24,
        fixed_assets=0.62,
        shares=360_000_000,
    ),
    dividends_per_ten=("1.00", "1.20", "1.20", "0.50", "1.00"),
    pages=PageStyle(form="SZSE", footer="{n} / {total}", shaded=True),
    numbers=NumberStyle(unit_line="单位：元"),
    absorbed_revenue=164_000_000_00,
)

LUTING = Company(
    name="鹭汀物流股份有限公司",
    short="鹭汀物流",
    english="Luting Fictional Logistics Co., Ltd.",
    code="004386",
    industry="装卸搬运和仓储业",
    products=("冷链仓储", "干线运输", "供应链服务"),
    shares_of_products=(41, 38),
    customers="商超、医药和生鲜电商客户",
    chair="白鹭洲",
    finance_head="汪晓汀",
    accounting_head="丁沙鸥",
    secretary="程一苇",
    address="闽南省鹭汀市码头西路 66 号",
    postcode="399506",
    phone="0993-85550386",
    mail_domain="luting.example.com",
    staff=(2760, 3815, 2845, 3990),
    story=(
        "公司新建的两座冷库投入运营，仓储面积增加一成以上",
        "公司用自有车队替换部分外包运力，单位运输成本下降",
    ),
    economics=Economics(
        revenue=418_600_00,
        growth=(0.095, 0.061, 0.103),
        gross_margin=(0.148, 0.153, 0.149, 0.158),
        selling=0.018,
        administrative=0.038,
        research=0.006,
        receivables=0.19,
        inventories=0.02,
        fixed_assets=0.52,
        shares=500_000_000,
    ),
    dividends_per_ten=("0.50", "0.60", "0.60", "0.70", "0.80"),
    numbers=NumberStyle(
        scale=10_000,
        decimals=2,
        empty="-",
        unit_line="单位：万元 币种：人民币",
        unit_word="万元",
    ),
    pages=PageStyle(footer="- {n} -"),
)

JINYU = Company(
    name="槿屿软件股份有限公司",
    short="槿屿软件",
    english="Jinyu Fictional Software Co., Ltd.",
    code="309452",
    industry="软件和信息技术服务业",
    products=("工业软件", "云服务", "系统集成"),
    shares_of_products=(52, 29),
    customers="制造业和能源行业客户",
    chair="林槿年",
    finance_head="方屿安",
    accounting_head="许木兰",
    secretary="唐一诺",
    address="东屿省槿屿市软件大道 300 号",
    postcode="399607",
    phone="0992-85550452",
    mail_domain="jinyu.example.com",
    staff=(1655, 320, 1580, 344),
    story=(
        "部分大客户推迟验收，公司收入下降而研发投入保持强度，全年出现亏损",
        "公司收缩低毛利的集成项目，订阅收入占比提高，全年扭亏为盈",
    ),
    economics=Economics(
        revenue=1_264_000_000_00,
        growth=(0.037, -0.168, 0.132),
        gross_margin=(0.482, 0.471, 0.381, 0.498),
        selling=0.138,
        administrative=0.095,
        research=0.197,
        receivables=0.38,
        inventories=0.22,
        fixed_assets=0.14,
        shares=300_000_000,
        restricted_cash=0.006,
    ),
    dividends_per_ten=("0.80", "0.60", "0.50", "0", "0.30"),
    numbers=NumberStyle(negative="wide brackets", unit_line="单位：元 币种：人民币"),
    pages=PageStyle(form="SZSE", latin_font="Sans", footer="第 {n} 页", unnumbered=1),
)

COMPANIES = (MUYAN, CHENGLAN, HEYI, SHUOCHUAN, JIYUAN, LUTING, JINYU)
