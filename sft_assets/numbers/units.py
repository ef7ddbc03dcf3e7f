"""The unit and currency words that stand around a printed number, and what they mean."""

from dataclasses import dataclass

WIDE_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width forms to ASCII, one code point for one, so that offsets stay."""
WIDE_TO_ASCII |= {0x3000: 0x20, 0xA0: 0x20, 0x2009: 0x20, 0x202F: 0x20, 0xFFE5: 0xA5, 0x2007: 0x20}
# Hyphens and dashes that printers use as a minus; the em dash is not one (it means "absent").
MINUS_SIGNS = "-−–‐‑﹣"
WIDE_TO_ASCII |= {ord(sign): ord("-") for sign in MINUS_SIGNS}


def to_ascii_width(text: str) -> str:
    """Return ``text`` with full-width forms and minus signs in ASCII; its length stays the same.

    >>> to_ascii_width("（１，２３４）％")
    '(1,234)%'
    """
    return text.translate(WIDE_TO_ASCII)


@dataclass(frozen=True, slots=True)
class UnitWord:
    """What a unit word says about the number before it."""

    unit: str | None  # currency, percent, percentage_points, per_share, shares, persons, times
    scale: int = 1
    currency: str | None = None


_SCALES = {
    "": 1, "千": 10**3, "仟": 10**3, "万": 10**4, "萬": 10**4, "百万": 10**6, "百萬": 10**6,
    "千万": 10**7, "千萬": 10**7, "亿": 10**8, "億": 10**8, "十亿": 10**9, "十億": 10**9,
    "万亿": 10**12, "萬億": 10**12,
}  # fmt: skip
_MONEY = {
    "元": None, "圆": None, "圓": None, "人民币元": "CNY", "人民幣元": "CNY", "元人民币": "CNY",
    "元人民幣": "CNY", "人民币": "CNY", "人民幣": "CNY",
    "港元": "HKD", "港币": "HKD", "港幣": "HKD",
    "美元": "USD", "欧元": "EUR", "歐元": "EUR", "日元": "JPY", "新台币": "TWD", "新台幣": "TWD",
    "英镑": "GBP", "英鎊": "GBP",
}  # fmt: skip
_COUNTS = {"股": "shares", "人": "persons", "名": "persons"}

UNIT_WORDS: dict[str, UnitWord] = {
    "%": UnitWord("percent"),
    "个百分点": UnitWord("percentage_points"),
    "個百分點": UnitWord("percentage_points"),
    "percentage points": UnitWord("percentage_points"),
    "percentage point": UnitWord("percentage_points"),
    "per cent": UnitWord("percent"),
    "percent": UnitWord("percent"),
    "倍": UnitWord("times"),
    "thousand": UnitWord(None, 10**3),
    "million": UnitWord(None, 10**6),
    "billion": UnitWord(None, 10**9),
    "trillion": UnitWord(None, 10**12),
    "per share": UnitWord("per_share"),
}
for _word, _scale in _SCALES.items():
    if _word:
        UNIT_WORDS[_word] = UnitWord(None, _scale)
    for _money, _currency in _MONEY.items():
        UNIT_WORDS[_word + _money] = UnitWord("currency", _scale, _currency)
        UNIT_WORDS[f"{_word}{_money}/股"] = UnitWord("per_share", _scale, _currency)
        UNIT_WORDS[f"{_word}{_money}每股"] = UnitWord("per_share", _scale, _currency)
    for _count, _unit in _COUNTS.items():
        UNIT_WORDS[_word + _count] = UnitWord(_unit, _scale)

CURRENCY_MARKS: dict[str, str | None] = {
    "US$": "USD", "HK$": "HKD", "NT$": "TWD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "S$": "SGD", "NZ$": "NZD", "RMB": "CNY", "CNY": "CNY", "HKD": "HKD", "USD": "USD",
    "EUR": "EUR", "GBP": "GBP", "人民币": "CNY", "人民幣": "CNY", "港币": "HKD", "港幣": "HKD",
    "美元": "USD", "港元": "HKD", "€": "EUR", "£": "GBP",
    "$": None, "¥": None,  # dollars of which country, yuan or yen: the page has to say
}  # fmt: skip

LONGEST_UNIT = max(map(len, UNIT_WORDS))
LONGEST_FIRST_UNITS = sorted(UNIT_WORDS, key=lambda word: (-len(word), word))
LONGEST_FIRST_MARKS = sorted(CURRENCY_MARKS, key=lambda word: (-len(word), word))
