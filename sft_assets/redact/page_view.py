"""What a detector sees of a page: folded text of the same length, and the words before a number.

Folding is one character for one, so an offset in the view is an offset in the page.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sft_assets.redact.context_words import (
    NEAR,
    OF_SOMETHING_ELSE,
    SENTENCE,
    SENTENCE_END,
    WORDS,
)

MASK = "\0"  # stands where an identifier was found, or where a surrogate stands

LABELS_ZH: Mapping[str, str] = {
    "id_card": "身份证号",
    "credit_code": "统一社会信用代码",
    "mobile": "手机号",
    "landline": "电话",
    "email": "邮箱",
    "bank_card": "银行卡号",
    "bank_account": "银行账号",
    "passport": "护照号",
    "address": "住址",
    "name": "姓名",
}
LABELS_EN: Mapping[str, str] = {kind: kind.upper() for kind in LABELS_ZH}
_LABELS = "|".join([*LABELS_ZH.values(), *LABELS_EN.values()])
_SURROGATE = re.compile(rf"\[(?:{_LABELS}):(?:[0-9]{{1,6}}|[a-p]{{12}})\]")

_FOLD = (
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width ASCII
    | dict.fromkeys(map(ord, "\u3000\u00a0\u2002\u2003\u2009\u200b\u200c\u200d\ufeff\t"), " ")
    | dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"), "-")
)

_UNIT_AFTER = re.compile(
    r" ?(?:元|[十百千万亿億萬]+元|[万亿億萬]|股|美元|港元|港币|港幣|人民币|人民幣|%"
    r"|吨|公斤|千克|平方米|million|billion|thousand|shares|yuan|dollars)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:[¥￥$€£]|人民币|人民幣|港币|港幣|美元|rmb|hkd|usd|cny) ?\Z", re.IGNORECASE
)
_TOUCHES_BEFORE = re.compile(r"[\u4e00-\u9fff(:,;、#]")
_TOUCHES_AFTER = re.compile(r"[\u4e00-\u9fff(),.;:。、\n]")
_WINDOW = 60  # characters before a number in which its name must stand


@dataclass(frozen=True, slots=True)
class PageCells:
    """What the table cells of a page say about bare numbers; both hold digits only."""

    numeric: frozenset[str] = frozenset()  # stand in a cell under no identifier's heading
    by_context: Mapping[str, frozenset[str]] = field(default_factory=dict)  # group -> values


@dataclass(frozen=True, slots=True)
class PageView:
    """One page as the detectors read it."""

    text: str  # folded; MASK where something was found already
    cells: PageCells

    def has_context(self, group: str, start: int, value: str) -> bool:
        """Return whether the words right before ``start``, or its column, name ``group``.

        Only words that lead straight to the number count: a phone number in one sentence says
        nothing about an amount in the next. Earlier findings are passed over ("电话：…、…").
        """
        if value in self.cells.by_context.get(group, ()):
            return True
        return NEAR[group].search(self._before(start)) is not None

    def sentence_names(self, group: str, start: int) -> bool:
        """Return whether the sentence before ``start`` names ``group`` and nothing else claims it.

        Enough only for a value whose own form is as good as proof: a card's check digit, a
        passport's letter. "合同编号 …" claims the number that follows it.
        """
        before = self._before(start)
        if OF_SOMETHING_ELSE.search(before) and not NEAR[group].search(before):
            return False
        ends = [found.end() for found in SENTENCE_END.finditer(before)]
        return SENTENCE[group].search(before, ends[-1] if ends else 0) is not None

    def _before(self, start: int) -> str:
        return re.sub(f"{MASK}+", MASK, self.text[max(0, start - 300) : start])[-_WINDOW:]

    def is_beside_number(self, start: int, end: int) -> bool:
        """Return whether another number stands before or after ``[start, end)`` on its line."""
        before = self.text[max(0, start - 20) : start].rstrip(" ")[-1:]
        after = self.text[end : end + 20].lstrip(" ")[:2]
        return bool(re.match(r"[0-9%)\-]", before) or re.match(r"[0-9\-]|\([0-9]", after))

    def is_attached(self, start: int, end: int) -> bool:
        """Return whether words or marks touch ``[start, end)`` on both sides, as in a sentence.

        Columns of a table stand apart; a number that a line's end broke in two does not.
        """
        before, after = self.text[max(0, start - 1) : start], self.text[end : end + 1]
        return bool(_TOUCHES_BEFORE.match(before) and (not after or _TOUCHES_AFTER.match(after)))

    def is_amount(self, start: int, end: int) -> bool:
        """Return whether the number in ``[start, end)`` is a quantity by its neighbours."""
        return bool(
            _UNIT_AFTER.match(self.text, end)
            or _MONEY_BEFORE.search(self.text[max(0, start - 8) : start])
        )

    def is_numeric_cell(self, start: int, end: int) -> bool:
        """Return whether the number, or each of its pieces, stands in a numeric table cell."""
        pieces = re.findall(r"[0-9]+", self.text[start:end])
        numeric = self.cells.numeric
        return "".join(pieces) in numeric or all(piece in numeric for piece in pieces)

    def is_protected(self, start: int, end: int) -> bool:
        """Return whether nothing in ``[start, end)`` may be altered."""
        return self.is_amount(start, end) or self.is_numeric_cell(start, end)


def fold_page(text: str) -> str:
    """Return ``text`` as detectors read it, the same length, surrogates masked.

    >>> fold_page("电话：１３８－[手机号:1]") == "电话:138-" + MASK * 7
    True
    """
    folded = text.translate(_FOLD)
    return _SURROGATE.sub(lambda found: MASK * len(found.group()), folded)


def context_groups(label: str) -> list[str]:
    """Return the groups that a row label or column heading names.

    >>> context_groups("联系电话"), context_groups("营业收入"), context_groups("电话费")
    (['phone'], [], [])
    """
    return [group for group, words in WORDS.items() if words.search(label)]
