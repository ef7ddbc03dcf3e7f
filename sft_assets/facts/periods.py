"""Periods: which fiscal year, and which span or day of it, the head of a column means."""

import calendar
import contextlib
import re
from dataclasses import dataclass
from datetime import date, timedelta

from sft_assets.numbers.units import to_ascii_width

_DIGITS = {c: str(n % 10) for n, c in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "O": "0",
}
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATE_ZH = re.compile(rf"{_YEAR}年(?P<month>\d\d?)月(?P<day>\d\d?)日")
_DATE_NUM = re.compile(rf"{_YEAR}[-./](?P<month>\d\d?)[-./](?P<day>\d\d?)")
_DATE_EN = re.compile(rf"(?P<month>{_MONTH})\.?\s*(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s*{_YEAR}", re.I)
_DATE_EN_DAY = re.compile(
    rf"(?P<day>\d\d?)(?:st|nd|rd|th)?\s*(?P<month>{_MONTH})\.?,?\s*{_YEAR}", re.I
)
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_QUARTER = re.compile(r"第(?P<q>[一二三四1234])季度")
_PART_OF_YEAR = re.compile(
    r"季度|半年|1-[3-9]月|[4-9]-\d+月|10-12月|"
    r"quarter|(?:three|six|nine) months|half.year|weeks? ended (?!.*5[23])",
    re.I,
)
_CURRENT = re.compile(
    r"本期|本年|报告期|期末|年末|当期|当年|本会计期间|期終|年終|current (?:year|period)"
)
_PRIOR = re.compile(r"上期|上年|去年|期初|年初|同期|上一年|(?:prior|previous) (?:year|period)")
_INSTANT = re.compile(r"末|期初|年初|余额|餘額|as(?:of|at)|^at|月\d\d?日(?!止)|\d-\d\d?-\d", re.I)


@dataclass(frozen=True, slots=True)
class FiscalCalendar:
    """What the report says about its year: its number, and its last day where that is known."""

    fiscal_year: int
    period_end: date | None

    def year_of_day(self, day: date) -> int | None:
        """Return the fiscal year that ends on ``day``, give or take the week of a 52-week year."""
        if self.period_end is None:
            return day.year if (day.month, day.day) == (12, 31) else None
        for back in range(12):
            year = self.period_end.year - back
            last = calendar.monthrange(year, self.period_end.month)[1]
            anniversary = date(year, self.period_end.month, min(self.period_end.day, last))
            if abs((day - anniversary).days) <= 8:
                return self.fiscal_year - back
        return None

    def last_day(self, fiscal_year: int) -> date | None:
        """Return the last day of a fiscal year; None where it moves (52-week years)."""
        end = self.period_end
        if end is None:
            return date(fiscal_year, 12, 31)
        if end.day != calendar.monthrange(end.year, end.month)[1]:
            return end if fiscal_year == self.fiscal_year else None
        year = end.year - (self.fiscal_year - fiscal_year)
        return date(year, end.month, calendar.monthrange(year, end.month)[1])


@dataclass(frozen=True, slots=True)
class Period:
    """A fiscal year, and the part or end of it."""

    fiscal_year: int
    period: str  # 2020, 2020Q1, 2020-12-31
    period_type: str  # duration or instant


def to_plain_years(text: str) -> str:
    """Return ``text`` with years and dates in Chinese numerals as digits, without spaces in them.

    >>> to_plain_years("截至二零二五年三月三十一日止年度")
    '截至2025年3月31日止年度'
    """
    plain = to_ascii_width(text)
    numeral = "[〇零○O一二三四五六七八九]"
    plain = re.sub(
        rf"({numeral}\s*){{4}}(?=\s*年)",
        lambda m: "".join(_DIGITS[c] for c in m[0] if not c.isspace()),
        plain,
    )
    plain = re.sub(
        r"([一二三四五六七八九十]\s*){1,3}(?=\s*[月日])", lambda m: str(_small(m[0])), plain
    )
    return re.sub(r"(?<=[\d年月日第])\s+(?=[\d年月日末度季])", "", plain)


def _small(text: str) -> int:
    """Return a number below 100 in Chinese numerals."""
    tens, has_ten, ones = re.sub(r"\s", "", text).rpartition("十")
    ten = int(_DIGITS[tens]) if tens else 1
    return (ten * 10 if has_ten else 0) + (int(_DIGITS[ones]) if ones else 0)


def find_days(text: str) -> list[date]:
    """Return the dates that ``text`` names, each once, in order of time."""
    plain = to_plain_years(text)
    found: set[date] = set()
    for pattern in (_DATE_ZH, _DATE_NUM, _DATE_EN, _DATE_EN_DAY):
        for match in pattern.finditer(plain):
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS[month]
            with contextlib.suppress(ValueError):  # no such day
                found.add(date(int(match["year"]), number, int(match["day"])))
    return sorted(found)


def parse_day(text: str) -> date | None:
    """Return the only date that ``text`` names; None for none or several."""
    days = find_days(text)
    return days[0] if len(days) == 1 else None


def parse_period(text: str, fiscal: FiscalCalendar, *, instant: bool | None) -> Period | None:
    """Return the period that the head of a column means; None when it is not certain.

    ``instant`` is what the statement says: True for a balance sheet, False for flows, None where
    the head itself must say it (年末, a date). Quarters are of the report's own year.

    >>> parse_period("2020 年末", FiscalCalendar(2021, date(2021, 12, 31)), instant=None)
    Period(fiscal_year=2020, period='2020-12-31', period_type='instant')
    """
    plain = to_plain_years(text)
    tight = re.sub(r"\s+", "", plain)
    quarter = _QUARTER.findall(tight)
    if quarter:
        if len(set(quarter)) > 1:
            return None
        name = f"{fiscal.fiscal_year}Q{_QUARTERS[quarter[0]]}"
        return Period(fiscal.fiscal_year, name, "duration")
    if _PART_OF_YEAR.search(plain) or _PART_OF_YEAR.search(tight):
        return None
    if instant is None:
        instant = bool(_INSTANT.search(tight)) and not re.search(r"止|ended|ending", plain, re.I)
    day = parse_day(plain)
    if day is not None:
        return _of_day(day, fiscal, instant=instant)
    years = {int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", plain)}
    if len(years) > 1:
        return None
    if years:
        return of_year(years.pop(), fiscal, instant=instant)
    if _PRIOR.search(plain):  # before 本年: 上年同期 and 上年年末 hold both words
        return of_year(fiscal.fiscal_year - 1, fiscal, instant=instant)
    if _CURRENT.search(plain):
        return of_year(fiscal.fiscal_year, fiscal, instant=instant)
    return None


def of_year(year: int, fiscal: FiscalCalendar, *, instant: bool) -> Period | None:
    """Return fiscal year ``year`` or its end; None for a year that a report does not show."""
    if not fiscal.fiscal_year - 11 <= year <= fiscal.fiscal_year:
        return None
    if not instant:
        return Period(year, str(year), "duration")
    day = fiscal.last_day(year)
    return Period(year, day.isoformat() if day else str(year), "instant")


def _of_day(day: date, fiscal: FiscalCalendar, *, instant: bool) -> Period | None:
    year = fiscal.year_of_day(day)
    if year is not None:
        return Period(
            year, day.isoformat() if instant else str(year), "instant" if instant else "duration"
        )
    if instant and day.day == 1:  # 1 January: the opening balance after a new standard
        year = fiscal.year_of_day(day - timedelta(days=1))
        return Period(year, day.isoformat(), "instant") if year is not None else None
    return None
