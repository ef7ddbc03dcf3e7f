"""Years and dates written in Chinese numerals become digits; no other numeral is touched.

A four-character year before ``年`` can be read in one way only. Amounts in words
(``叁仟万元``), ordinals and counts stay: they are quoted, not calculated with.
"""

import re

from sft_assets.lineage.text_edits import Edit

_DIGITS = {char: str(value % 10) for value, char in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
}
_DATE = re.compile(
    r"(?<![〇零○Ｏ一二三四五六七八九十百千])(?P<year>(?:一九|二[〇零○Ｏ])[〇零○Ｏ一二三四五六七八九]{2})(?P<y>年度?)"
    r"(?:(?P<month>十[一二]?|[一二三四五六七八九])(?P<m>月)"
    r"(?:(?P<day>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日)?)?"
)


def find_numeral_edits(text: str) -> list[Edit]:
    """Return the edits that write Chinese-numeral dates in digits, in order.

    >>> [edit.replacement for edit in find_numeral_edits("截至二〇二一年十二月三十一日止")]
    ['2021', '12', '31']
    >>> find_numeral_edits("十年来，二十名员工")
    []
    """
    edits: list[Edit] = []
    for found in _DATE.finditer(text):
        year = "".join(_DIGITS[char] for char in found["year"])
        edits.append(Edit(*found.span("year"), year, "numeral"))
        edits += [
            Edit(*found.span(part), str(_small_number(found[part])), "numeral")
            for part in ("month", "day")
            if found[part]
        ]
    return edits


def _small_number(numeral: str) -> int:
    """Return the value of a Chinese numeral below 100.

    >>> [_small_number(numeral) for numeral in ("九", "十", "十二", "二十", "三十一")]
    [9, 10, 12, 20, 31]
    """
    if "十" not in numeral:
        return int(_DIGITS[numeral])
    tens, ones = numeral.split("十")
    return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))
