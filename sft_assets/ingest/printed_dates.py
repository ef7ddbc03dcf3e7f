"""Years and dates as reports print them, in Chinese and English."""

import calendar
import re
from datetime import date

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0, "◯": 0}
ZH_DIGIT = "[零〇○◯O一二三四五六七八九]"
YEAR = rf"(?:(?:19|20)\d\d|[一二]{ZH_DIGIT}{{3}})"
ZH_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
ZH_DATE = re.compile(rf"({YEAR})年({ZH_NUMBER})月({ZH_NUMBER})日")
MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
EN_DATE = re.compile(
    rf"(?:({MONTH})\s+(\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*|(\d{{1,2}})(?:st|nd|rd|th)?\s+({MONTH}),?\s+)"
    r"((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)


def parse_year(printed: str) -> int:
    """Return the year that ``printed`` means.

    >>> parse_year("2019"), parse_year("二〇二一"), parse_year("二零二五")
    (2019, 2021, 2025)
    """
    return int("".join(str(DIGITS.get(c, c)) for c in printed))


def parse_zh_number(printed: str) -> int:
    """Return a day or month of one to three Chinese numerals.

    >>> [parse_zh_number(n) for n in ("三", "十", "十二", "二十", "三十一", "30")]
    [3, 10, 12, 20, 31, 30]
    """
    if printed.isdecimal():
        return int(printed)
    if "十" not in printed:
        return int("".join(str(DIGITS[c]) for c in printed))
    tens, _, ones = printed.partition("十")
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)


def find_zh_dates(text: str) -> list[date]:
    """Return the full dates in ``text`` (without white space), in order.

    >>> find_zh_dates("截至二零二五年三月三十一日止年度")
    [datetime.date(2025, 3, 31)]
    """
    found = (
        _date(parse_year(y), parse_zh_number(m), parse_zh_number(d))
        for y, m, d in ZH_DATE.findall(text)
    )
    return [day for day in found if day]


def find_en_dates(text: str) -> list[date]:
    """Return the full dates in ``text``, in order.

    >>> find_en_dates("ended June 30, 2023 and 31st Dec 2022")
    [datetime.date(2023, 6, 30), datetime.date(2022, 12, 31)]
    """
    found = (
        _date(int(year), MONTHS[(m1 or m2).lower().rstrip(".")], int(d1 or d2))
        for m1, d1, d2, m2, year in EN_DATE.findall(text)
    )
    return [day for day in found if day]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_en_dates_after(marker: re.Pattern[str], text: str, *, within: int = 40) -> list[date]:
    """Return, for each match of ``marker``, the date that follows it within some characters."""
    found = []
    for match in marker.finditer(text):
        near = " ".join(text[match.end() : match.end() + within].split())
        day = EN_DATE.search(near)
        found += find_en_dates(day[0]) if day else []
    return found
