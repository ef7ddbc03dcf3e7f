"""Unit lines: what a caption, a header cell or a label says about the numbers under it.

``单位：元 币种：人民币``, ``HK$'000``, ``(In millions, except per share data)``.
"""

import re
from dataclasses import dataclass

from sft_assets.numbers.units import UNIT_WORDS, to_ascii_width


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit, scale and currency of printed numbers; None where the text does not say it."""

    unit: str | None = None  # currency, per_share, percent, persons, shares, or a unit without use
    scale: int = 1
    currency: str | None = None


_CURRENCIES = (
    ("CNY", r"人民币|人民幣|RMB|CNY|Renminbi"),
    ("HKD", r"港币|港幣|港元|HK\s?\$|HKD|HK dollars|Hong Kong dollars"),
    ("USD", r"美元|US\s?\$|U\.S\.\s?\$|USD|U\.?S\.? dollars|United States dollars"),
    ("GBP", r"英镑|英鎊|£|GBP|pounds sterling"),
    ("EUR", r"欧元|歐元|€|EUR"),
    ("AUD", r"A\$|AUD|Australian dollars"),
    ("CAD", r"C\$|CAD|Canadian dollars"),
    ("SGD", r"S\$|SGD"),
    ("TWD", r"新台币|新台幣|NT\$"),
    ("JPY", r"日元|日圆|JPY"),
)
_NAMED = r"(?:人民币|人民幣|港币|港幣|美元)"
_MONEY = r"(?:人民币|人民幣|港币|港幣|美元|港元|元|圆|圓)"
_ZH_SCALES = {
    "": 1, "千": 10**3, "仟": 10**3, "万": 10**4, "萬": 10**4, "百万": 10**6, "百萬": 10**6,
    "亿": 10**8, "億": 10**8,
}  # fmt: skip
_ZH_SCALE = r"(?P<scale>百万|百萬|千|仟|万|萬|亿|億)?"
_ZH_UNIT = re.compile(
    r"(?<!编制)(?<!編製)(?<!填报)(?<!报送)(?<!工作)(?<!所在)"  # 编制单位: who made it
    r"(?:单位|單位)(?:(?:均为|均為|为|為|是):?|:)"
    rf"(?:{_NAMED})?[(]?{_ZH_SCALE}(?P<money>{_MONEY})?(?P<other>[^\s,;、.:)(。币币种]{{1,4}})?"
)
_ZH_BARE = re.compile(rf"[(]?(?:{_NAMED})?{_ZH_SCALE}(?P<money>{_MONEY})(?:\(RMB\))?[)]?")
_ZH_SENTENCE = re.compile(rf"(?:以|均以)(?:{_NAMED})?{_ZH_SCALE}(?P<money>{_MONEY})(?:为|為)单位")
_SIGN = r"(?:HK\s?\$|US\s?\$|NT\$|[ACS]\$|\$|£|€|¥|RMB|CNY|HKD|USD)"
_EN_THOUSANDS = re.compile(rf"[(]?{_SIGN}\s?['’‘`]?\s?(?:000|thousand|K)['’]?s?[)]?", re.I)
_EN_MILLIONS = re.compile(rf"[(]?{_SIGN}\s?(?:m|mn|million|millions)[)]?", re.I)
_EN_ONE = re.compile(r"[(]?(HK\s?\$|US\s?\$|NT\$|[AC]\$|£|€|RMB|\$)(?:\s*\1)*[)]?")
_EN_WORDS = re.compile(
    r"(?:\bin|\bexpressed in|\bamounts? in|[$(]|\bdollars? in|\bstated in|^)\s*"
    r"(?:(?:HK|US)?\$\s?|RMB\s?|£\s?)?(?P<scale>thousands|millions|billions)\b",
    re.I,
)
_EN_SCALES = {"thousands": 10**3, "millions": 10**6, "billions": 10**9}
_EN_DOLLARS = re.compile(r"\(?(?:in|expressed in) (?:U\.?S\.? )?dollars\b", re.I)

_LABEL_UNITS: dict[str, Unit] = {
    "元": Unit("currency"),
    "人民币元": Unit("currency", 1, "CNY"),
    "港元": Unit("currency", 1, "HKD"),
    "美元": Unit("currency", 1, "USD"),
    "千元": Unit("currency", 10**3),
    "万元": Unit("currency", 10**4),
    "百万元": Unit("currency", 10**6),
    "亿元": Unit("currency", 10**8),
    "元/股": Unit("per_share"),
    "人民币元/股": Unit("per_share", 1, "CNY"),
    "港元/股": Unit("per_share", 1, "HKD"),
    "%": Unit("percent"),
    "人": Unit("persons"),
    "名": Unit("persons"),
    "股": Unit("shares"),
    "万股": Unit("shares", 10**4),
}


def parse_unit_line(text: str) -> Unit | None:
    """Return the unit that a caption or header cell states; None when it states none.

    A caption of something else than money (单位：吨) returns that word as its unit, so that the
    numbers below are not taken for money.

    >>> parse_unit_line("单位：万元  币种：人民币")
    Unit(unit='currency', scale=10000, currency='CNY')
    >>> parse_unit_line("(In millions, except per share amounts)").scale
    1000000
    """
    plain = to_ascii_width(text).strip()
    tight = re.sub(r"\s+", "", plain)
    chinese = _ZH_UNIT.search(tight)
    if chinese is not None and (chinese["money"] or chinese["scale"] or chinese["other"]):
        return _of_chinese(chinese, tight)
    bare = _ZH_BARE.fullmatch(tight) or _ZH_SENTENCE.search(tight)
    if bare is not None:
        return Unit("currency", _ZH_SCALES[bare["scale"] or ""], _currency(tight))
    return _of_english(plain)


def parse_label_unit(label: str) -> Unit | None:
    """Return the unit in the last brackets of a row label; None without.

    >>> parse_label_unit("基本每股收益（元／股）")
    Unit(unit='per_share', scale=1, currency=None)
    """
    plain = re.sub(r"\s+", "", to_ascii_width(label))
    for inner in reversed(re.findall(r"\(([^()]*)\)", plain)):
        if inner in _LABEL_UNITS:
            return _LABEL_UNITS[inner]
        english = _of_english(inner) if re.search(r"[A-Za-z$£]", inner) else None
        if english is not None:
            return english
    return None


def _of_chinese(match: re.Match[str], text: str) -> Unit:
    other = match["other"] or ""
    word = UNIT_WORDS.get((match["scale"] or "") + other) if not match["money"] else None
    if match["money"]:
        unit = "per_share" if other.startswith("/股") else "currency"
        return Unit(unit, _ZH_SCALES[match["scale"] or ""], _currency(text))
    if word is not None and word.unit:
        return Unit(word.unit, word.scale)
    return Unit(other or "unknown", _ZH_SCALES[match["scale"] or ""])


def _of_english(text: str) -> Unit | None:
    if len(text) > 200:
        return None
    if _EN_THOUSANDS.fullmatch(text):
        return Unit("currency", 10**3, _currency(text))
    if _EN_MILLIONS.fullmatch(text):
        return Unit("currency", 10**6, _currency(text))
    if _EN_ONE.fullmatch(text):
        return Unit("currency", 1, _currency(text))
    words = _EN_WORDS.search(text)
    if words is not None:
        return Unit("currency", _EN_SCALES[words["scale"].lower()], _currency(text))
    if _EN_DOLLARS.match(text):
        return Unit("currency", 1, _currency(text))
    return None


def _currency(text: str) -> str | None:
    """Return the only currency that ``text`` names; None for none or several."""
    named = [code for code, words in _CURRENCIES if re.search(words, text)]
    return named[0] if len(named) == 1 else None
