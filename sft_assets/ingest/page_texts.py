"""Texts of pages, made comparable: width, spaces between Chinese characters, script, language."""

import re
import unicodedata
from collections.abc import Sequence

CJK = "\u3400-\u9fff\uf900-\ufaff\u3007"
SPACE_BESIDE_CJK = re.compile(
    rf"(?<=[{CJK}():,.])[ \t]+(?=[{CJK}0-9():])|(?<=[0-9])[ \t]+(?=[{CJK}])"
)
SPACED_LETTERS = re.compile(r"\b(?:(?:[A-Za-z] ){3,}[A-Za-z]|(?:\d ){2,}\d)\b")  # A N N U A L
TRADITIONAL = frozenset(  # characters that reports are full of, in one script ...
    "會們國為學產業務報東區過這進還關開問間見財費資貨貿質購長將專對導應總數據體實現當"
    "優億價債創劃動勞協單稱種積營獨獲環異發監盤結給統經綠維綜網線練緊績續縣繳職聯聲"
)
SIMPLIFIED = frozenset(  # ... and the same in the other
    "会们国为学产业务报东区过这进还关开问间见财费资货贸质购长将专对导应总数据体实现当"
    "优亿价债创划动劳协单称种积营独获环异发监盘结给统经绿维综网线练紧绩续县缴职联声"
)
ENGLISH_WORD = re.compile(r"\b(?:the|of|and|for|to|in)\b", re.IGNORECASE)

WORD = re.compile(r"[\W_]*(?:[^\W\d_]+(?:['’&/.:-][^\W\d_]+)*|\d[\d.,:/-]*)[\W_]*")
CHINESE_WORD = re.compile(rf"[^{CJK}]{{0,12}}[{CJK}].*")


def tidy_page(text: str) -> str:
    r"""Return ``text`` in half-width forms, without the spaces that print puts between characters.

    >>> tidy_page("２０１９ 年 年 度 報 告\r\n（股份代號：３２８）")
    '2019年年度報告\n(股份代號:328)'
    """
    folded = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    folded = "".join(c if c == "\n" or c.isprintable() else " " for c in folded)
    lines = (SPACE_BESIDE_CJK.sub("", line.strip()) for line in folded.split("\n"))
    lines = (SPACED_LETTERS.sub(lambda m: m[0].replace(" ", ""), line) for line in lines)
    return "\n".join(line for line in lines if line)


def join_lines(text: str) -> str:
    r"""Return ``text`` without any white space: for phrases that a line break cut.

    >>> join_lines("二零\n二五年 三月")
    '二零二五年三月'
    """
    return re.sub(r"\s+", "", text)


def find_language(pages: Sequence[str]) -> str:
    """Return ``zh``, ``zh-Hant``, ``en``, or ``zh-Hant+en`` for a bilingual report.

    A function word stands for every 15 or so Chinese characters of a translation; a Chinese
    report with English product names stays far below that.

    >>> find_language(["公司董事会保证年度报告内容的真实"]), find_language(["the state of the art"])
    ('zh', 'en')
    """
    text = "".join(pages)
    chinese = len(re.findall(rf"[{CJK}]", text))
    english = len(ENGLISH_WORD.findall(text))
    if chinese < 5 * english and chinese < 200:
        return "en"
    traditional = sum(c in TRADITIONAL for c in text)
    simplified = sum(c in SIMPLIFIED for c in text)
    if traditional <= simplified:
        return "zh" if chinese > 5 * english else "en"
    if english > 50 and english * 50 > chinese:
        return "zh-Hant+en" if chinese > english else "en"
    return "zh-Hant"


def is_readable(page: str) -> bool:
    """Tell whether ``page`` holds text that makes words: no picture, no broken font encoding.

    >>> is_readable("The board of 12 directors met."), is_readable("J35F @3?7 A8 D79;EFD3@F")
    (True, False)
    """
    tokens = page.split()
    wordlike = sum(bool(CHINESE_WORD.match(t) or WORD.fullmatch(t)) for t in tokens)
    return sum(len(token) for token in tokens) >= 15 and wordlike >= 0.6 * len(tokens)
