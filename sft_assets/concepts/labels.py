"""Fold a printed row label to the form under which the dictionary knows it.

Two labels are the same label when they differ only by what a typesetter decides: width, spaces,
wraps, dashes, traditional or simplified characters, letter case, numbering (``一、`` ``（一）``
``1.``), a lead word (``其中：`` ``减：`` ``加：`` ``Less:``), a footnote mark, and brackets that
hold a unit, a note, an alternative name (``（或股东权益）``) or the sign convention
(``（亏损以“－”号填列）``, ``(loss)``). Any other bracket is part of the name and stays.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ALIKE = str.maketrans("\u2018\u2019\u201c\u201d\u2571\u2215", "''\"\"//")
_MARKS = "*#△▲☆★※†‡§①②③④⑤⑥⑦⑧⑨⑩⑪⑫"

_LEAD_ZH = re.compile(
    r"^(?:(?:其中|减|加|包括)[:;]"
    r"|[一二三四五六七八九十]{1,3}[、.]"
    r"|\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)"
    r"|\d{1,2}(?:[、)]|\.(?!\d)))"
)
_LEAD_EN = re.compile(
    r"^(?:(?:less|add|plus|including|of which)\s*[:;-]\s*|\(?\d{1,2}[.)]\s+|\([a-z]\)\s+|/)"
)
_SIGN_NOTE = re.compile(r"\([^()]*(?:填列|列示)[^()]*\)?")
_ALTERNATIVE = re.compile(r"\(或[^()]*\)")
_UNIT = (
    r"(?:(?:单位|币种)?:?(?:人民币|港币|rmb|hk|us|in)?[$,\s]*"
    r"[十百千万亿]*(?:元|港元|美元|港仙|仙|分|股|人|名|倍|%|个百分点)?(?:/?每?股|/股)?"
    r"|(?:in |rmb|hk\$|us\$|\$|hkd|usd)?\s*'?(?:000|millions?|thousands?|billions?|dollars|cents)"
    r"(?:,? except per share (?:amounts|data))?)"
)
_NOTE = (
    r"(?:附?注释?:?\s*[\d一二三四五六七八九十、.]*|notes?\s*\d*[a-z]?|续|continued|[不]?含税|未?经审计"
    r"|audited|unaudited|restated|经?重[列述]|已重列|如有|\d{1,2}|[a-z]|[ivx]{1,4}|[一二三四五六七八九十]{1,3})"
)
_END_BRACKET = re.compile(rf"\((?:{_UNIT}|{_NOTE})\)$")
_OTHER_SIGN = re.compile(
    r"/?\((?:loss|losses|deficit|accumulated deficit|accumulated losses|used in|used for|used by"
    r"|provided by|benefit|benefit from|expense|expenses|credit|decrease|increase|income|profit"
    r"|亏损|溢利|所用|所得|减少|增加|开支|亏绌|负债)\)/?"
)
_PAR_VALUE = re.compile(
    r"[\s,(-]*\$?\d*\.\d+ par value\b.*$"
)  # "common stock, $0.01 par value ..."
_NEGATIVE_WORD = re.compile(
    r"亏损|亏绌|负债净[额值]|净流动负债|减少净额|净减少|所用现金|净流出|流出净额|\bloss(?:es)?\b|\bdeficit\b|"
    r"\bused (?:in|for|by)\b|\bcash outflows?\b|\bnet current liabilities\b"
)
_EITHER_WAY = re.compile(
    r"\bfrom\s*/?\s*\((?:used|to)|\(deficit\)\s*/?\s*equity\b|\bequity\s*/?\s*\(deficit\)|"
    r"\(deficit\)\s*/?\s*retained|\bretained earnings\s*/?\s*\(deficit\)"
)
_POSITIVE_WORD = re.compile(
    r"溢利|盈利|利润|收益|净增|增加|所得现金|流入|资产净[额值]|资产[/╱]|"
    r"\b(?:income|profit|earnings|increase|provided|generated|inflows?|gains?|assets)\b"
)


def has_cjk(text: str) -> bool:
    """Return whether ``text`` holds a Chinese character.

    >>> has_cjk("EBITDA"), has_cjk("营业收入 Revenue")
    (False, True)
    """
    return _CJK.search(text) is not None


def latin_half(text: str) -> str:
    """Return the Latin half of a label in two languages; any other one as it is.

    >>> latin_half("Net assets 資產淨值"), latin_half("資產淨值")
    ('Net assets', '資產淨值')
    """
    if not re.search(r"[A-Za-z]{4}", text):
        return text
    return re.sub(r"[\u2e80-\uffef]+", " ", text).strip()


@cache
def _to_simplified_table() -> dict[int, str]:
    """Return the character table of OpenCC: traditional code point -> simplified character.

    Single characters only: phrases would make the fold depend on the words around a label.
    """
    table: dict[int, str] = {}
    source = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    for line in source.split("\n"):
        traditional, _, simplified = line.strip().partition("\t")
        if len(traditional) == 1 and simplified:
            table[ord(traditional)] = simplified.split(" ")[0]
    return table


def fold_script(text: str) -> str:
    """Return ``text`` with traditional characters replaced by simplified ones, one for one.

    >>> fold_script("營業收入淨額")
    '营业收入净额'
    """
    return text.translate(_to_simplified_table()) if has_cjk(text) else text


@lru_cache(maxsize=1 << 16)
def fold_label(label: str) -> str:
    r"""Return the form under which the dictionary knows a printed ``label``; "" for a blank one.

    >>> fold_label("五、净利润（净亏损以“－”号填列）"), fold_label("应收\n账款（元）")
    ('净利润', '应收账款')
    >>> fold_label("Net income per share — Basic (1)"), fold_label("Net Income (Loss):")
    ('net income per share - basic', 'net income')
    """
    text = "".join(" " if char in _MARKS else char for char in label)
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).translate(_ALIKE)
    if has_cjk(text):
        return _fold_cjk(fold_script(re.sub(r"\s+", "", text)).casefold())
    return _fold_latin(re.sub(r"\s+", " ", text).strip().casefold())


def _fold_cjk(text: str) -> str:
    text = _ALTERNATIVE.sub("", _SIGN_NOTE.sub("", text))
    text = _without_other_sign(text)
    while True:
        shorter = _END_BRACKET.sub("", _LEAD_ZH.sub("", text)).rstrip(":;,.。、…%").lstrip(":;,、-")
        if shorter == text or not shorter:
            return text
        text = shorter


def _fold_latin(text: str) -> str:
    text = _without_other_sign(text).replace("&", " and ")
    text = re.sub(r"(?:(?<=\s)--?(?=\s|\w)|--)|(?<=\w)-(?=\s)", " - ", text)
    text = re.sub(r"(?<=\w)-(?=\w)", " ", text)  # weighted-average, short-term
    text = re.sub(r"\bnon (?=current|controlling|operating)", "non", text)
    text = re.sub(r"\s+,", ",", text)
    text = re.sub(r",(?= and )", "", text)  # the serial comma
    text = _PAR_VALUE.sub("", text)
    while True:
        shorter = _END_BRACKET.sub("", _LEAD_EN.sub("", re.sub(r"\s+", " ", text).strip()))
        shorter = shorter.rstrip(" :;,.…·$").lstrip(" :;,./")
        if shorter == text or not shorter:
            return text
        text = shorter


def _without_other_sign(text: str) -> str:
    """Return ``text`` without the bracketed word for the other sign, unless nothing is left."""
    return _OTHER_SIGN.sub(" " if not has_cjk(text) else "", text) or text


_SPELLINGS = (
    (re.compile(r"(\w{3,})is(ation|ations|e|ed|es|ing)\b"), r"\1iz\2"),  # amortisation
    (re.compile(r"\b(?:the|our|its|their|a|an)\b "), ""),
    (re.compile(r",? \(?net\)?$| - net$|^net(?=,)"), " net"),
    (re.compile(r"\blicence"), "license"),
    (re.compile(r"\bnon(?: |-)?cash\b"), "noncash"),
    (re.compile(r"\b(\w{3,}[^s\W])s\b(?!')"), r"\1"),  # purchases
    (re.compile(r"\b(\w+)ie\b"), r"\1y"),  # liabilitie, left by the rule above
    (re.compile(r"(?<=\w)'s?\b"), ""),
    (re.compile(r"(?<=\w),(?= )|(?<=\w) -(?= )|[()]"), ""),
)
_VARIANTS_ZH = (
    (re.compile(r"[之的]"), ""),
    (re.compile(r"[和与]"), "及"),
    (re.compile(r"帐"), "账"),
    (re.compile(r"借贷"), "借款"),
    (re.compile(r"公平值|公允价值"), "公允值"),
    (re.compile(r"财务(?=资产|负债|工具)"), "金融"),
    (re.compile(r"(?<=其他应[收付])(?:账款|款项)|(?<=.{5})(?:账款|款项)"), "款"),
    (
        re.compile(r"按公允值计量且(?:其)?变动计入|按公允值(?:计量)?计入|以公允值计量且其变动计入"),
        "按公允值计入",
    ),
    (re.compile(r"损益处理"), "损益"),
    (re.compile(r"结馀"), "结余"),
)


def loosen(folded: str) -> str:
    """Return a folded label without what words may vary in and still name the same thing.

    Articles, plurals, British spellings and commas; for Chinese, particles and the spellings of
    Hong Kong. Two labels alike only in this form name one concept where no other has that form.

    >>> loosen("purchase of the property, plant and equipment")
    'purchase of property plant and equipment'
    >>> loosen("amortisation of licences") == loosen("amortization of license")
    True
    """
    text = folded
    for pattern, plain in _VARIANTS_ZH if has_cjk(folded) else _SPELLINGS:
        text = pattern.sub(plain, text)
    return re.sub(r"\s+", " ", text).strip()


def names_only_a_negative(label: str) -> bool:
    """Return whether ``label`` names a loss, decrease or outflow and no gain beside it.

    Such a row may be printed positive though it lowers the concept's value.

    >>> [names_only_a_negative(x) for x in ("年內虧損", "Net loss", "Net income (loss)")]
    [True, True, False]
    """
    text = fold_script(unicodedata.normalize("NFKC", label)).casefold()
    text = _SIGN_NOTE.sub("", re.sub(r"\s+", " " if not has_cjk(text) else "", text))
    if _EITHER_WAY.search(text):
        return False
    return bool(_NEGATIVE_WORD.search(text)) and not _POSITIVE_WORD.search(text)
