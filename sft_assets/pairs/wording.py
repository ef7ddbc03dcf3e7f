"""How a fact is said in Chinese and in English: names, periods, amounts with their unit."""

import re
from dataclasses import dataclass, replace

from sft_assets.pairs.metric_names import balance_names, metric_name
from sft_assets.pairs.source import Fact, Report
from sft_assets.programs import Operand, Outcome, without_currency_mark

CURRENCIES = {  # ISO 4217 -> as a Chinese report says it
    "CNY": "元", "HKD": "港元", "USD": "美元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑",
    "MOP": "澳门元", "TWD": "新台币元", "SGD": "新加坡元", "AUD": "澳元", "CAD": "加元",
}  # fmt: skip
SCALES_ZH = {1: "", 1000: "千", 10000: "万", 1000000: "百万", 100000000: "亿"}
SCALES_EN = {
    1: "",
    1000: "thousand",
    10000: "ten thousand",
    1000000: "million",
    100000000: "hundred million",
    1000000000: "billion",
}
FRAGMENTS = {"basic", "diluted", "total", "net", "other"}  # of a row whose heading says what
_LATIN_WORD = re.compile(r"[A-Za-z]{4}")
_HAN = re.compile(r"[㐀-鿿]")
_LEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[)）]|\d+[、.．]\s*(?!\d)"
    r"|其中[:：]|減[:：]|减[:：]|加[:：]|(?i:less|add|including)[:：])\s*"
)
_TRAILING = re.compile(
    r"\s*[（(](?:[^()（）]*(?:号填列|號填列)|[千万百亿萬億港美人民币幣]*元(?:[/／]股)?|股|人|%|％|\d|"
    r"(?i:loss|note[^()]*))[)）]\s*$"
)


def templates_language(report: Report) -> tuple[str, ...]:
    """Return the languages in which questions about ``report`` are asked.

    >>> from datetime import date
    >>> templates_language(Report("k", "d", "c", "c", 2020, date(2020, 12, 31), "zh-Hant+en"))
    ('zh', 'en')
    """
    parts = report.language.split("+")
    zh = any(part.startswith("zh") for part in parts)
    return tuple(language for language, asked in (("zh", zh), ("en", "en" in parts)) if asked) or (
        "zh",
    )


def short_label(label: str) -> str:
    """Return a row label without enumerator, direction word and unit in brackets.

    >>> [short_label(label) for label in ("一、营业收入", "净利润（亏损以“-”号填列）")]
    ['营业收入', '净利润']
    """
    before = None
    text = " ".join(label.split())
    while text != before:
        before = text
        text = _TRAILING.sub("", _LEADING.sub("", text))
    return text


def name_of(fact: Fact, language: str) -> str:
    """Return the metric's name: as printed where the print is of this language.

    A row "Inventories" of a cash flow statement is the change of the balance that it names: there
    the dictionary's own name is used.
    """
    label = short_label(fact.label)
    is_han, is_latin = bool(_HAN.search(label)), bool(_LATIN_WORD.search(label))
    is_printed_so = (is_han and not is_latin) if language == "zh" else (is_latin and not is_han)
    names_balance = fact.operand.period_type == "duration" and label.lower() in balance_names()
    is_fragment = label.lower() in FRAGMENTS
    # in a sentence every label is a mere fragment
    if is_printed_so and fact.table_no is not None and not names_balance and not is_fragment:
        return label
    return metric_name(fact.operand.metric, language) or label or fact.operand.metric


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question asks about."""

    name: str
    scope: str
    fiscal_year: int
    basis: str
    period_type: str
    language: str

    @property
    def text(self) -> str:
        """The subject in words, e.g. 母公司2020年末资产总计（调整后）."""
        return self._text(self.name)

    @property
    def period(self) -> str:
        """The period in words."""
        instant = self.period_type == "instant"
        if self.language == "zh":
            return f"{self.fiscal_year}年末" if instant else f"{self.fiscal_year}年"
        return f"at the end of FY{self.fiscal_year}" if instant else f"for FY{self.fiscal_year}"

    @property
    def frame(self) -> str:
        """Scope, period and basis without a metric, e.g. 母公司2020年末 or for FY2020."""
        if self.language == "zh":
            return self._text("")
        scope = " (parent company)" if self.scope == "parent" else ""
        return f"{self.period}{scope}{BASES['en'].get(self.basis, '')}"

    def _text(self, name: str) -> str:
        if self.language == "zh":
            scope = "母公司" if self.scope == "parent" else ""
            return f"{scope}{self.period}{name}{BASES['zh'].get(self.basis, '')}"
        scope = "the parent company's " if self.scope == "parent" else ""
        return f"{scope}{name} {self.period}{BASES['en'].get(self.basis, '')}"


BASES = {
    "zh": {"before_restatement": "（调整前）", "after_restatement": "（调整后）"},
    "en": {"before_restatement": " (before restatement)", "after_restatement": " (restated)"},
}


def subject_of(fact: Fact, language: str) -> Subject:
    """Return the subject that ``fact`` is the value of."""
    o = fact.operand
    return Subject(
        name_of(fact, language), o.scope, o.fiscal_year, o.basis, o.period_type, language
    )


def amount_text(operand: Operand | Outcome, language: str) -> str:
    """Return the number as printed with its unit, e.g. ``1,647.00百万元`` or ``USD 12 million``."""
    if isinstance(operand, Outcome):
        number = operand.text
    else:
        number = without_currency_mark(operand.value_printed)
    unit = unit_text(operand, language)
    if operand.unit == "percent":
        return number if number.endswith(("%", "％")) else f"{number}%"
    if language == "zh":
        return f"{number}{unit}"
    if operand.currency and unit.startswith(operand.currency):
        return f"{operand.currency} {number} {unit.removeprefix(operand.currency).strip()}".rstrip()
    return f"{number} {unit}".rstrip()


def formula_with_unit(formula: str, outcome: Outcome, language: str) -> str:
    """Return the formula of one expression with the unit beside its result.

    >>> from decimal import Decimal
    >>> outcome = Outcome(Decimal(3000000), Decimal(3), "currency", 10**6, "USD", 0, "3")
    >>> formula_with_unit("8 - 5 = 3", outcome, "en"), formula_with_unit("8 - 5 = 3", outcome, "zh")
    ('8 - 5 = USD 3 million', '8 - 5 = 3百万美元')
    """
    calculation, _, _ = formula.rpartition(" = ")
    return f"{calculation} = {amount_text(outcome, language)}"


def unit_text(operand: Operand | Outcome, language: str) -> str:
    """Return the unit as a unit line says it, e.g. ``万元`` or ``USD million``."""
    if isinstance(operand, Operand) and operand.metric.endswith("_per_ten_shares"):
        operand = replace(operand, unit="currency")  # the name says per what
    if language == "zh":
        scale = SCALES_ZH.get(operand.scale, f"{operand.scale}")
        money = CURRENCIES.get(operand.currency or "CNY", operand.currency or "元")
        words = {"per_share": f"{money}/股", "percent": "%", "percentage_points": "个百分点"}
        words |= {"per_person": f"{money}/人", "days": "天"}
        words |= {"persons": f"{scale}人", "shares": f"{scale}股", "times": "倍"}
        return words.get(operand.unit, f"{scale}{money}")
    scale = SCALES_EN.get(operand.scale, f"{operand.scale}")
    money = operand.currency or ""
    words = {"per_share": f"{money} per share".strip(), "percent": "%"}
    words |= {"percentage_points": "percentage points", "times": "times", "days": "days"}
    words |= {"per_person": f"{money} per employee".strip()}
    words |= {"persons": f"{scale} persons".strip(), "shares": f"{scale} shares".strip()}
    return words.get(operand.unit, f"{money} {scale}".strip())


def pages_text(pages: list[int], language: str) -> str:
    """Return a citation of pages, e.g. ``第5页、第7页`` or ``pages 5, 7``."""
    if language == "zh":
        return "、".join(f"第{page}页" for page in pages)
    if len(pages) == 1:
        return f"page {pages[0]}"
    return ", ".join(f"page {page}" for page in pages)
