"""What the words at the head of a column say: a change, notes, a day, a scope, or nothing."""

import re
from collections.abc import Sequence
from functools import lru_cache

from sft_assets.facts.page_items import Cell
from sft_assets.facts.periods import parse_day, to_plain_years
from sft_assets.facts.unit_lines import parse_unit_line
from sft_assets.numbers import AmountError, parse_amount
from sft_assets.numbers.units import to_ascii_width

MAX_HEAD = 70  # characters; a longer text is no head of a column
CHANGE = re.compile(
    r"增减|变动|變動|增长|增長|同比|比上年|幅度|差异|变化|變化|比例|占比|比重|"
    r"%|\bchange|\bvariance|\bincrease|\bdecrease|\bpercent|\bvs\.?\b|\bgrowth",
    re.I,
)
AGAINST = re.compile(
    r"增减|增減|变动|變動|增长|增長|同比|比上年|较上|幅度|差异|变化|變化|"
    r"\bchange|\bvariance|\bincrease|\bdecrease|\bvs\.?\b|\bgrowth",
    re.I,
)
"""Words of a change, where "占比" and "%" alone may be the share of a whole."""
_NOTE = re.compile(r"附注.*|附註.*|注释|註釋|注|notes?\.?|note no\.?|行次|项目注释", re.I)
OTHER = re.compile(
    r"调整数|影响金额|影响数|adjustments?\b|reclassif|利润总额的|budget|pro forma", re.I
)
BEFORE = re.compile(
    r"(?:调整|追溯|重述)前|as (?:previously|originally) (?:reported|stated)|原列报", re.I
)
AFTER = re.compile(
    r"(?:调整|追溯调整|重述)后|经重[列述]|經重[列述]|已重[列述]|\brestated\b|经调整", re.I
)
SCOPES = (
    (
        "consolidated",
        re.compile(
            r".{0,8}(?:合并|合併|本集团|本集團|集团|集團).{0,8}|.*[(（](?:合并|合併|集团|集團)[)）]|"
            r"(?:the )?(?:group|consolidated)",
            re.I,
        ),
    ),
    (
        "parent",
        re.compile(
            r".{0,8}(?:母公司|本公司|本行).{0,8}|公司|.*[(（](?:母公司|公司|本公司|本行)[)）]|"
            r"(?:the )?(?:parent )?(?:company|parent)",
            re.I,
        ),
    ),
)
_HEAD_WORDS = re.compile(
    r"项目|科目|指标|年度|年末|年初|期末|期初|本期|上期|季度|金额|附注|附註|调整[前后]|重[述列]|"
    r"增减|变动|比上年|本年|上年|(?<!\d)(?:19|20)\d\d(?!\d)|"
    r"\bended\b|\bas of\b|\bnotes?\b",
    re.I,
)
PART_YEAR = re.compile(r"(?:three|six|nine) months|quarter|季度|半年", re.I)
SPAN_LABEL = re.compile(
    r"ended|ending|as (?:of|at)|^at\b|months|weeks|fiscal|december|june|年度", re.I
)
_YEAR_ALONE = re.compile(r"(?:fy|fiscal)?\s*((?:19|20)\d\d)\s?(?:年度?)?(?:\s?\(?\*?\d?\)?)?", re.I)


def year_alone(text: str) -> int | None:
    """Return the year that ``text`` is; None when it is more or something else.

    >>> year_alone("二零二五年"), year_alone("2023 (1)"), year_alone("2020年末")
    (2025, 2023, None)
    """
    match = _YEAR_ALONE.fullmatch(to_plain_years(text).strip())
    return int(match[1]) if match else None


@lru_cache(maxsize=1 << 14)
def is_amount(text: str) -> bool:
    """Return whether a cell holds a number, well printed or not; a dash or a year is none."""
    if not re.search(r"\d", text) or year_alone(text) is not None:
        return False
    try:
        return parse_amount(text) is not None
    except AmountError as error:
        rest = re.sub(r"[\d\s,.()$¥%+万亿千百元股人-]", "", to_ascii_width(text))
        return error.reason != "words" and not rest and parse_day(text) is None


def is_header_row(row: Sequence[Cell], *, is_inside: bool = False) -> bool:
    """Return whether ``row`` holds heads of columns and no number of the body.

    ``is_inside`` asks for heads halfway down a table: there at least two columns must have one.

    >>> from sft_assets.facts.page_items import Box
    >>> box = Box(0, 0, 1, 1)
    >>> rows = (["项目", "2020年", "2019年"], ["Revenue", "2,020", "2,019"], ["", "2020", "2019"])
    >>> [is_header_row([Cell(1, 0, 0, i, t, box, "ruled", None) for i, t in enumerate(row)])
    ...  for row in rows]
    [True, False, True]
    """
    filled = [cell for cell in row if cell.text.strip()]
    if not filled or any(is_amount(cell.text) for cell in filled):
        return False
    heads = [cell for cell in filled if cell.col_no > 0 and _is_head(cell.text)]
    if is_inside:
        return len(heads) >= 2
    alone = len(filled) == 1 and bool(SPAN_LABEL.search(filled[0].text))
    return bool(heads) or (alone and _is_head(filled[0].text))


def _is_head(text: str) -> bool:
    return len(text) <= MAX_HEAD and bool(
        _HEAD_WORDS.search(to_plain_years(text)) or _is_unit(text)
    )


def _is_unit(text: str) -> bool:
    return parse_unit_line(text) is not None


def heads_notes(text: str) -> bool:
    """Return whether a column under ``text`` holds the numbers of notes."""
    return bool(_NOTE.fullmatch(re.sub(r"\s", "", to_ascii_width(text))))


def says_when(text: str) -> bool:
    """Return whether a head names a year, a day or a period."""
    plain = to_plain_years(text)
    return bool(
        re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)|[本上去]年|[本上]期|期[初末]|年[初末]|季度", plain)
        or PART_YEAR.search(plain)
    )


def speaks_for_all(text: str) -> bool:
    """Return whether a head may stand over several columns: "Year ended December 31,"."""
    return bool(SPAN_LABEL.search(text)) and year_alone(text) is None and not CHANGE.search(text)
