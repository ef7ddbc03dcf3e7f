"""Headings: which table of the report follows, and whether it is the group's or the parent's."""

import re
from dataclasses import dataclass

from sft_assets.numbers.units import to_ascii_width


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading announces."""

    statement: str  # a statement of the term dictionary, quarterly, or "other" for anything else
    scope: str | None  # consolidated, parent, both; None where the heading does not say it


OTHER = Heading("other", None)

_ORDINAL = re.compile(
    r"^(?:第[一二三四五六七八九十\d]+[节節章]|[一二三四五六七八九十]{1,3}[、.,]|"
    r"\([一二三四五六七八九十\d]{1,3}\)[.、]?|\d{1,2}(?:\.\d{1,2})*[、.)]|\d{1,2}(?:\.\d{1,2})+)+"
)
_CONSOLIDATED = ("合并", "合併", "综合", "綜合")
_PARENT = ("母公司", "公司", "本公司", "银行", "本行", "企业")
_PREFIX = (
    r"(?P<prefix>(?:合并|综合|綜合)及(?:母公司|公司|本公司|银行|本行)|"
    r"合并|合併|综合|綜合|母公司|本公司|公司|本行|银行|企业)?"
)
_CHINESE = (
    ("balance_sheet", r"(?:资产负债表|資產負債表|财务状况表|財務狀況表)"),
    ("income_statement", r"(?:利润表|利潤表|损益表|損益表|收益表|利润及利润分配表)"),
    ("income_statement", r"(?:损益|損益)(?:及|和)其他(?:全面|综合)收益表"),
    ("comprehensive_income", r"(?:综合收益表|全面收益表|其他全面收益表)"),
    ("cash_flow", r"(?:现金流量表|現金流量表|现金流动表)"),
    ("other", r"(?:所有者权益变动表|股东权益变动表|权益变动表|權益變動表|股東權益變動表)"),
)
_CHINESE_END = r"(?:\((?:续|續|经重列|經重列|经审计|已重述)\)|[-—]?续表?)?"
_CHINESE_TABLES = tuple(
    (name, re.compile(_PREFIX + title + _CHINESE_END)) for name, title in _CHINESE
)
_PLAIN_TABLES = (
    ("quarterly", re.compile(r".{0,9}分季度(?:的)?主要(?:财务|会计)?(?:数据|指标).{0,8}")),
    (
        "key_data",
        re.compile(
            r"(?:近[三五两]年|公司|报告期末公司前三年|本集团)?(?:的)?主要(?:会计数据|财务指标|财务数据)"
            r"(?:(?:和|及|与)(?:主要)?(?:财务|会计)(?:数据|指标))?(?:摘要)?"
        ),
    ),
    ("key_data", re.compile(r"会计数据(?:和|及|与)财务指标摘要")),
    (
        "research",
        re.compile(r"(?:公司)?(?:近三年)?研发(?:投入|人员)(?:情况表?|金额及占营业收入的比例)?"),
    ),
    ("research", re.compile(r"近三年公司研发投入金额及占营业收入的比例")),
    ("employees", re.compile(r"员工情况|员工数量、?专业构成及教育程度")),
    ("employees", re.compile(r"(?:报告期末)?(?:母公司和主要子公司的|公司)?员工情况")),
    ("flow_changes", re.compile(r"利润表及现金流量表相关科目变动分析表?|现金流")),
)
_LOSS = r"(?:income|loss|\(loss\)|income \(loss\)|\(loss\) income|loss \(income\))"
_OWNERS = r"(?:stockholders|shareholders|shareowners|equity|total equity|owners|net assets)"
_ENGLISH = (
    (
        "balance_sheet",
        r"balance sheets?|statements? of (?:financial (?:position|condition)|condition)",
    ),
    (
        "comprehensive_income",
        rf"comprehensive {_LOSS} statements?|statements? of (?:other )?comprehensive {_LOSS}|"
        r"statements? of comprehensive (?:operations|earnings)",
    ),
    (
        "income_statement",
        r"income statements?|profit and loss accounts?|statements? of (?:income|operations|"
        r"earnings|profit (?:or|and) loss|loss|consolidated (?:income|operations))",
    ),
    ("cash_flow", r"cash flows? statements?|statements? of cash flows?"),
    (
        "other",
        rf"statements? of (?:changes in )?(?:redeemable|convertible|{_OWNERS}).*|"
        r".*statements? of changes in .*equity.*|"
        r"(?:stockholders|shareholders).{1,3}equity statements?",
    ),
)
_JOINED = (
    rf"(?: and (?:other )?comprehensive {_LOSS}| \(loss\)| \(deficit\)| and retained earnings)*"
)
_TAIL = (
    r"(?:\s*[-–—]?\s*\(?(?:continued|unaudited|audited|concluded|restated|as restated)\)?|"
    r"\s*\((?:in|dollars|amounts|\$|expressed)[^)]*\)?|"
    r"\s*(?:for the|as of|as at|at|years? ended|fiscal years?)\b.{0,70})*"
)
_ENGLISH_TABLES = tuple(
    (name, re.compile(rf"(?P<prefix>.{{0,70}}?\s)?(?:(?:{title}){_JOINED}){_TAIL}", re.I))
    for name, title in _ENGLISH
)
_SPACED_OUT = re.compile(
    r"consolidated(?P<title>balancesheets?|statements?of(?:income|operations|earnings|cashflows|"
    r"financialposition|financialcondition|comprehensiveincome(?:\(loss\))?))"
)
"""Titles whose words a font has torn ("Statement of Incom e")."""
_SPACED_NAMES = (
    ("balance", "balance_sheet"),
    ("financial", "balance_sheet"),
    ("comprehensive", "comprehensive_income"),
    ("cashflows", "cash_flow"),
    ("", "income_statement"),
)
_ENGLISH_NO = re.compile(
    r"\b(?:condensed|company.only|supplement\w*|selected|pro forma|notes?|see|the|to|in|our|"
    r"and|from|on|per|schedule|impact|item|summary|summari\w+|analysis|effects?|by|line|index|"
    r"reclassifi\w*|location|table|these|of)\b",
    re.I,
)
_ENGLISH_PARENT = re.compile(r"(?:the )?(?:company|parent(?: company| entity)?)", re.I)
_ENGLISH_OTHER = re.compile(
    r"(?:NOTES? TO (?:THE )?(?:CONSOLIDATED )?FINANCIAL STATEMENTS?.*|"
    r"Notes? to (?:the )?(?:Consolidated )?Financial Statements?.*|"
    r"(?:ITEM|Item) \d{1,2}[AB]?\s?[.:—–-].*|NOTE \d{1,2}\b.*|Note \d{1,2}\s?[.:—–-].*|"
    r"\d{1,2}\.?\s+[A-Z][A-Z ,&’'-]{8,}|.*REPORT OF INDEPENDENT REGISTERED.*|SCHEDULE I.*|"
    r"INDEPENDENT AUDITOR.*|DIRECTORS.{1,3} REPORT.*|DIRECTORS.{1,3} DECLARATION.*)"
)


def parse_heading(text: str) -> Heading | None:
    """Return what ``text`` announces; None for a line that is no heading.

    A heading of some other section is ``OTHER``: it ends what went before. A statement is
    announced only by a line that is its title and nothing else, since every statement's name
    also stands in running text and in tables of contents.

    >>> parse_heading("2、母公司资产负债表")
    Heading(statement='balance_sheet', scope='parent')
    >>> parse_heading("Consolidated Balance Sheets 45") is None
    True
    """
    plain = to_ascii_width(text).strip()
    if re.search(r"[一-鿿]", plain):
        found = _of_chinese(re.sub(r"\s+", "", plain))
        if found is not None or not re.search(r"[A-Za-z]{4}", plain):
            return found
        plain = re.sub(r"[一-鿿（）]+", " ", plain).strip()  # a title in both languages on one line
    return _of_english(re.sub(r"\s+", " ", plain))


_TITLE_START = re.compile(
    r"(?:(?:group|company|parent)\s+)?(?:consolidated\s+)?(?:statements?|balance)"
    r"(?:\s+of(?:\s+(?:financial|cash|profit or(?: loss(?: and(?: other(?: comprehensive)?)?)?)?|"
    r"(?:other )?comprehensive))?)?|consolidated",
    re.I,
)


def parse_heading_of_two(first: str, second: str) -> Heading | None:
    """Return what a title set over two lines announces; None where both are no such title.

    The second half may come first where large type makes lines overlap.

    >>> parse_heading_of_two("CONSOLIDATED STATEMENT", "OF CASH FLOWS")
    Heading(statement='cash_flow', scope='consolidated')
    >>> parse_heading_of_two("of this note. Consolidated", "statement of cash flows") is None
    True
    """
    first, second = " ".join(first.split()), " ".join(second.split())
    if second.lower().startswith(("of ", "and ")) or not re.match(r"(?i)of ", first):
        halves = first, second
    else:
        halves = second, first
    if not _TITLE_START.fullmatch(halves[0]) or parse_heading(halves[1]) is not None:
        return None
    return parse_heading(" ".join(halves))


def _of_chinese(tight: str) -> Heading | None:
    title = _ORDINAL.sub("", tight)
    for name, pattern in _CHINESE_TABLES:
        match = pattern.fullmatch(title)
        if match is not None:
            return Heading(name, _scope(match["prefix"] or "", title))
    is_numbered = title != tight
    title = re.sub(r"\(.*?\)|:$", "", title)
    for name, pattern in _PLAIN_TABLES:
        if pattern.fullmatch(title):
            return Heading(name, "consolidated")
    if is_numbered and len(tight) <= 45 and not re.search(r"[。;,；]$", tight):
        return OTHER
    if re.fullmatch(
        r"(?:合并|综合|綜合)?财务报表附注.{0,6}|綜合財務報表附註.{0,6}|财务报告|审计报告", tight
    ):
        return OTHER
    return None


def _scope(prefix: str, title: str) -> str | None:
    if "及" in prefix:
        return "both"
    if prefix in _CONSOLIDATED:
        # 综合收益表 alone is the statement of comprehensive income of whoever reports
        return None if title.startswith("综合收益表") else "consolidated"
    return "parent" if prefix in _PARENT else None


def _of_english(line: str) -> Heading | None:
    other = OTHER if _ENGLISH_OTHER.fullmatch(line) else None
    if len(line) > 130 or (line.endswith((".", ",", ";")) and not line.endswith("Inc.")):
        return other
    for name, pattern in _ENGLISH_TABLES:
        match = pattern.fullmatch(line)
        if match is None:
            continue
        prefix = (match["prefix"] or "").strip()
        if _ENGLISH_PARENT.fullmatch(prefix):
            return Heading(name, "parent")
        words = re.sub(r"(?i)\b(?:and (?:its )?subsidiar\w+|and consolidated\b.*)", "", prefix)
        if _ENGLISH_NO.search(words) or re.search(r"[a-z]", words[:1]):
            continue
        return Heading(name, "consolidated" if re.search(r"(?i)consolidated", prefix) else None)
    torn = _SPACED_OUT.fullmatch(line.lower().replace(" ", ""))
    if torn is not None:
        name = next(name for word, name in _SPACED_NAMES if word in torn["title"])
        return Heading(name, "consolidated")
    return other
