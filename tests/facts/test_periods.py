"""Periods of column heads, calendar and other fiscal years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.facts.periods import FiscalCalendar, parse_day, parse_period, to_plain_years

CALENDAR = FiscalCalendar(2021, date(2021, 12, 31))
JUNE = FiscalCalendar(2021, date(2021, 6, 30))
RETAIL = FiscalCalendar(2020, date(2021, 1, 30))  # 52-53 weeks

HEADS = [
    ("2021年", None, "2021", 2021),
    ("2020 年度", None, "2020", 2020),
    ("2021年末", None, "2021-12-31", 2021),
    ("2020 年 12 月 31 日", None, "2020-12-31", 2020),
    ("2020-12-31", None, "2020-12-31", 2020),
    ("二零二零年十二月三十一日", None, "2020-12-31", 2020),
    ("二〇二一年度", None, "2021", 2021),
    ("2021年1-12月", None, "2021", 2021),
    ("本期发生额", False, "2021", 2021),
    ("上期发生额", False, "2020", 2020),
    ("本期数", None, "2021", 2021),
    ("上年同期数", None, "2020", 2020),
    ("期末余额", True, "2021-12-31", 2021),
    ("期初余额", True, "2020-12-31", 2020),
    ("上年年末余额", True, "2020-12-31", 2020),
    ("第一季度 （1-3 月份）", None, "2021Q1", 2021),
    ("第四季度", None, "2021Q4", 2021),
    ("2021年1月1日", True, "2021-01-01", 2020),
    ("截至2021年12月31日止年度", False, "2021", 2021),
    ("Year Ended December 31, 2020", False, "2020", 2020),
    ("As of December 31, 2020", True, "2020-12-31", 2020),
    ("December 31, 2021", True, "2021-12-31", 2021),
    ("31 December 2021", True, "2021-12-31", 2021),
]
NO_PERIOD = [
    "项目",
    "附注",
    "2020年1-6月",
    "2021年半年度",
    "2020年 2019年",
    "Three months ended March 31, 2021",
    "Quarter ended June 30, 2021",
    "2021年6月30日",
    "2022年",
    "1998年",
    "第一季度 第二季度",
    "",
]


@pytest.mark.parametrize(("head", "instant", "period", "year"), HEADS)
def test_reads_head(head: str, instant: bool | None, period: str, year: int) -> None:
    found = parse_period(head, CALENDAR, instant=instant)
    assert found is not None
    assert (found.period, found.fiscal_year) == (period, year)
    assert found.period_type == ("instant" if "-" in period else "duration")


@pytest.mark.parametrize("head", NO_PERIOD)
@pytest.mark.parametrize("instant", [None, True, False])
def test_unclear_head_has_no_period(head: str, instant: bool | None) -> None:
    assert parse_period(head, CALENDAR, instant=instant) is None


@pytest.mark.parametrize(
    ("fiscal", "head", "instant", "period", "year"),
    [
        (JUNE, "Year ended June 30, 2020", False, "2020", 2020),
        (JUNE, "June 30, 2021", True, "2021-06-30", 2021),
        (JUNE, "December 31, 2020", True, None, None),
        (RETAIL, "January 30, 2021", True, "2021-01-30", 2020),
        (RETAIL, "February 1, 2020", True, "2020-02-01", 2019),
        (RETAIL, "December 31, 2020", True, None, None),
    ],
)
def test_fiscal_years_that_are_not_the_calendar(
    fiscal: FiscalCalendar, head: str, instant: bool, period: str | None, year: int | None
) -> None:
    found = parse_period(head, fiscal, instant=instant)
    assert (found.period, found.fiscal_year) == (period, year) if found else period is None


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2098, 12, 31)))
def test_a_date_reads_back_from_each_form(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month} 月 {day.day} 日",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
    ]
    assert [parse_day(form) for form in forms] == [day] * len(forms)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    parse_period(text, CALENDAR, instant=None)
    assert to_plain_years(to_plain_years(text)) == to_plain_years(text) or "十" in text
