"""Rules for reports and results announcements of companies listed in Hong Kong, in Chinese.

Source: HKEX Main Board Listing Rules, rule 13.49 (annual results) and appendix D2 (annual
reports); the stock code stands on the cover of both.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sft_assets.ingest.findings import Findings
from sft_assets.ingest.page_texts import CJK, join_lines
from sft_assets.ingest.printed_dates import YEAR, ZH_NUMBER, find_en_dates_after, find_zh_dates
from sft_assets.ingest.report_en import YEAR_ENDED

FRONT_PAGES = 3
SEARCHED_PAGES = 12
LAST_PAGES = 5  # corporate information may stand at the end
ANNUAL = re.compile(
    r"[^。,;]{0,24}(?:年[报報]|年度[报報]告|annual\s*report)[^。,;]{0,24}", re.IGNORECASE
)
RESULTS = re.compile(
    r"[^。,;]{0,48}(?:(?:全年|年度|末期)(?:[经經][审審][计計核]?)?之?[业業][绩績]|(?:annual|final)\s*results)"
    r"[^。,;]{0,24}",
    re.IGNORECASE,
)
OTHER_KIND = re.compile(
    r"(?:中期|季度|半年度)(?:[报報]告|[业業][绩績])|六[个個]月|(?:interim|quarterly)\s*(?:report|results)"
    r"|six\s*months|通[函告]|股[东東]周年大[会會]|circular|notice\s*of",
    re.IGNORECASE,
)
REVISION = re.compile(r"經修訂|经修订|更正|修訂|修订|revised|amended|clarification", re.IGNORECASE)
CODE = re.compile(
    r"(?:stock\s*code|股[份票]代[號号]|股份編號|證券代號)[^0-9]{0,24}?(\d{1,5})(?!\d)",
    re.IGNORECASE,
)
PERIOD = re.compile(
    rf"截至({YEAR}年{ZH_NUMBER}月{ZH_NUMBER}日)止(?:十二[个個]月|[财財]政|的|之)*年?度?"
)
NAME = rf"[{CJK}A-Za-z0-9()·&-]{{2,30}}?(?:有限公司|公司)"
DEFINED = re.compile(r"([A-Z][\w.,&'() -]{2,60}?|" + NAME + r")[*#]?\((?:[「“\"]|the)*本公司")
MAX_TITLE = 60
ONE_DAY = timedelta(days=1)


def find_report(pages: Sequence[str]) -> Findings | None:
    """Return what tidy ``pages`` say, or None when they are no such annual report."""
    front = [page for page in pages if page][:FRONT_PAGES]
    lines = [line for page in front for line in page.split("\n") if len(line) <= MAX_TITLE]
    title = next(
        (line for line in lines if ANNUAL.fullmatch(line) or RESULTS.fullmatch(line)), None
    )
    if title is None or any(OTHER_KIND.search(line) for line in lines[:30]):
        return None
    code = next(
        (c for page in (*pages[:SEARCHED_PAGES], *pages[-LAST_PAGES:]) for c in CODE.findall(page)),
        None,
    )
    period = _find_period(pages)
    if code is None and not any(PERIOD.search(join_lines(page)) for page in pages):
        return None  # 年報 on a front alone: a broker's note, a letter, a club
    return Findings(
        title=title,
        company=_find_company(lines, pages),
        code=code.zfill(5) if code else None,
        exchange="HKEX" if code else None,
        fiscal_year=period.year if period else None,
        period_end=period,
        is_revision=any(REVISION.search(line) for line in lines[:20]),
    )


def _find_period(pages: Sequence[str]) -> date | None:
    """Return the last day of the year that is named most; the later one of equals."""
    counted: Counter[date] = Counter()
    for page in pages:
        for printed in PERIOD.findall(join_lines(page)):
            counted.update(find_zh_dates(printed))
        counted.update(find_en_dates_after(YEAR_ENDED, page))
    if not counted:
        for page in pages:
            counted.update(d for d in find_zh_dates(join_lines(page)) if (d + ONE_DAY).day == 1)
    return max(counted, key=lambda day: (counted[day], day)) if counted else None


def _find_company(lines: Sequence[str], pages: Sequence[str]) -> str | None:
    named = [line for line in map(join_lines, lines) if re.fullmatch(NAME, line) and len(line) >= 4]
    if named:
        counted = Counter(named)
        return max(counted, key=lambda name: (counted[name], -named.index(name)))
    for page in pages[:SEARCHED_PAGES]:
        for printed in page.split("\n"):
            if match := DEFINED.search(printed):
                return match[1].strip()
    return None
