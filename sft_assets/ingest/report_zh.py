"""Rules for annual reports of companies listed in Shanghai, Shenzhen and Beijing.

Source: CSRC, Standards No. 2 on the content and format of annual reports: cover, 重要提示 with
the board's statement, 公司简介 with the registered name and the codes. The fiscal year is the
calendar year (Accounting Law of the PRC, art. 11).
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from sft_assets.ingest.findings import Findings
from sft_assets.ingest.page_texts import CJK, join_lines
from sft_assets.ingest.printed_dates import YEAR, parse_year

FRONT_PAGES = 3  # a cover may be a picture, or have a blank page behind it
PROFILE_PAGES = 20  # 公司简介 stands within these
NAME = rf"[{CJK}A-Za-z0-9()·&-]{{2,40}}?公司"
BARE_FORM = re.compile(r"(?:\(集团\)|集团)?(?:股份有限|有限责任|有限)?公司")  # of a broken name
REPORT = r"(?:年年度报告|年度报告|年年报|年报|度年报)"
TITLE_LINE = re.compile(
    rf"(?P<name>{NAME})?(?:\(?[AHB]股\)?)?(?P<title>(?P<year>{YEAR})(?:{REPORT})(?P<rest>全文|正文)?)"
    r"(?:\([^()]{1,12}\)|更正版|更正稿|修订版|修订稿|印刷版)?"
)
STATEMENT = re.compile(
    r"保证(?:本公司|公司|本)?(?:\d{4}年)?(?<!半)年度报告(?:及其摘要)?(?:的?内容|中财务)"
)
OTHER_KIND = re.compile(
    r"半年度报告|季度报告|中期报告|报告摘要|年报摘要|招股说明书|招股意向书|募集说明书|上市公告书|点评"
)
REVISION = re.compile(
    r"更正后|更正版|更正稿|已更正|修订版|修订稿|修订后|更新后|更新版|\(更正\)|\(修订\)"
)
REGISTERED_NAME = re.compile(rf"公司的?(?:法定)?中文名称:?({NAME})")
PREPARED_BY = re.compile(rf"编制单位:?({NAME})")  # above each statement
CODE = re.compile(
    r"(?:公司|证券|股票|股份|[AB]股|简称及|简称和)(?:代码|代号)[^0-9。;]{0,16}?(\d{6})(?!\d)"
)
LISTED_TABLE_CODE = re.compile(r"(?:上海|深圳|北京)证券交易所[^0-9。;]{0,16}?(\d{6})(?!\d)")
MENTIONED = re.compile(rf"({YEAR}){REPORT}")
LABEL = re.compile(r"公司的|名称|简称|代码|本公司")
PERIOD = re.compile(rf"报告期[^。]{{0,20}}?({YEAR})年1月1日(?:至|-|起|~|—|到)")


def find_report(pages: Sequence[str]) -> Findings | None:
    """Return what tidy ``pages`` say, or None when they are no such annual report."""
    front = [page for page in pages if page][:FRONT_PAGES]
    titles = _find_titles(pages[:PROFILE_PAGES])
    cover_lines = [line for page in front[:2] for line in _lines(page)]
    other = any(len(line) <= 60 and OTHER_KIND.search(line) for line in _lines("".join(front[:1])))
    stated = any(STATEMENT.search(join_lines(page)) for page in pages[:PROFILE_PAGES])
    on_front = _find_titles(front)
    if not (stated or on_front) or (other and not on_front):
        return None
    year = _find_year(titles, pages)
    code = _find_code(pages)
    return Findings(
        title=on_front[0]["title"] if on_front else "年度报告",
        company=_find_company(cover_lines, titles, pages),
        code=code,
        exchange=exchange_of(code) if code else None,
        fiscal_year=year,
        period_end=date(year, 12, 31) if year else None,
        is_revision=any(REVISION.search(line) for line in cover_lines if len(line) <= 60),
    )


def _lines(page: str) -> list[str]:
    return [join_lines(line) for line in page.split("\n") if line]


def _find_titles(pages: Sequence[str]) -> list[re.Match[str]]:
    """Return the title lines: a year and 年度报告, with no more around than name and mark.

    A title that the cover breaks over two or three lines is tried joined.
    """
    found = []
    for page in pages:
        lines = _lines(page)[:40]
        for i in range(len(lines)):
            for j in range(i + 1, min(i + 4, len(lines) + 1)):
                match = TITLE_LINE.fullmatch("".join(lines[i:j]))
                if match and not OTHER_KIND.search(match[0]):
                    found.append(match)
                    break
    return found


def _find_year(titles: Sequence[re.Match[str]], pages: Sequence[str]) -> int | None:
    """Return the year that most titles and running heads carry."""
    counted = Counter(parse_year(match["year"]) for match in titles)
    joined = "".join(join_lines(page) for page in pages[:PROFILE_PAGES])
    for pattern in (PERIOD, MENTIONED):
        counted = counted or Counter(parse_year(year) for year in pattern.findall(joined))
    return max(counted, key=lambda year: (counted[year], year)) if counted else None


def _find_company(
    cover_lines: Sequence[str], titles: Sequence[re.Match[str]], pages: Sequence[str]
) -> str | None:
    """Return the name that cover, running heads and the company profile agree on most."""
    votes: Counter[str] = Counter()
    for before, line in zip(("", *cover_lines), cover_lines[:40], strict=False):
        name = before + line if BARE_FORM.fullmatch(line) else line
        if re.fullmatch(NAME, name) and not BARE_FORM.fullmatch(name):
            votes[name] += 2
    votes.update(Counter(match["name"] for match in titles if match["name"]))
    for page in pages[:PROFILE_PAGES]:
        votes.update(dict.fromkeys(REGISTERED_NAME.findall(join_lines(page)), 3))
    for page in pages:
        votes.update(set(PREPARED_BY.findall(join_lines(page))))
    names = [name for name in votes if not LABEL.search(name)]
    return max(names, key=lambda name: (votes[name], name)) if names else None


def _find_code(pages: Sequence[str]) -> str | None:
    for pattern in (CODE, LISTED_TABLE_CODE):
        for page in pages[:PROFILE_PAGES]:
            for code in pattern.findall(join_lines(page)):
                if exchange_of(code):
                    return str(code)
    return None


def exchange_of(code: str) -> str | None:
    """Return the exchange that gives out ``code``.

    >>> [exchange_of(c) for c in ("600000", "300001", "920001", "123456")]
    ['SSE', 'SZSE', 'BSE', None]
    """
    if re.match(r"60|68|900", code):
        return "SSE"
    if re.match(r"00|30|200", code):
        return "SZSE"
    return "BSE" if re.match(r"4|8|92", code) else None
