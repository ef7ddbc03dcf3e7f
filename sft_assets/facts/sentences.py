"""Facts that stand in sentences: few patterns, each with its own words for metric and period."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sft_assets.concepts import Concepts
from sft_assets.facts.agreement import agree
from sft_assets.facts.clauses import Clause, find_clauses
from sft_assets.facts.page_items import Box
from sft_assets.facts.periods import FiscalCalendar, Period
from sft_assets.facts.readings import PrintedChange, Reading
from sft_assets.numbers import Amount, AmountError, parse_amount
from sft_assets.numbers.units import to_ascii_width

_NUMBER = r"(?P<number>-?\d[\d,]*(?:\.\d+)?)"
_MONEY = r"(?P<unit>万元|亿元|百万元|千元|元)"
_DIVIDEND = re.compile(
    r"(?P<label>每10股(?:派发|派送|派)(?:现金)?(?:红利|股利|股息)?)(?:人民币)?" + _NUMBER + "元"
)
_DIVIDEND_PAGE = re.compile(r"重要提示|利润分配预案|利润分配方案")
_TOP_FIVE = re.compile(
    r"(?P<label>前五(?:名|大)(?:客户|供应商)(?:合计)?(?:销售|采购)(?:额|金额|总额))(?:合计)?(?:为)?"
    rf"{_NUMBER}{_MONEY},"
    r"(?P<share_label>占(?:公司)?(?:年度|本期|报告期|本年度)?(?:销售|采购)总额(?:的)?(?:比例)?)"
    r"(?:为)?(?P<share>\d+(?:\.\d+)?)%"
)
_SUM = re.compile(r"\d(?:亿|百万|万|千)?元")
BEFORE, AFTER = 300, 120  # characters of a sentence around its sums
_OTHER_SUBJECT = re.compile(
    r"子公司|行业|全国|全省|同期实现|上年实现|计划|目标|预计|力争|分公司|母公司实现"
)
DIVIDEND_PAGES = 8  # the board's proposal stands before or right after the table of contents
RESULT_SCOPE = "consolidated"
LEAST_DIGITS = 3  # of an amount: a shorter one may agree with a table by chance
_OTHER_BASE = re.compile(r"同口径|可比|剔除|扣除|不含|不变价|环比")
_OWN_SUBJECT = re.compile(r"|公司|本公司|集团|本集团|上市公司|我司")


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page without its blanks and line breaks, and where each character stands."""

    page_no: int
    tight: str
    at: tuple[int, ...]  # offset in the page's text of each character of tight


def read_sentences(
    pages: pl.DataFrame,
    lines: pl.DataFrame,
    readings: Sequence[Reading],
    concepts: Concepts,
    fiscal: FiscalCalendar,
) -> tuple[list[Reading], list[PrintedChange]]:
    """Return the readings of sentences, all of the report's own year and of the group, and changes.

    A sentence about an amount of the dictionary counts only where it repeats, rounded, what a
    table of the report says: in the sentence alone the subject is not certain. A change counts
    right behind such an amount.
    """
    found: list[Reading] = []
    changes: list[PrintedChange] = []
    maker = _Maker(lines, concepts, fiscal)
    known = _known(readings, fiscal)
    for row in pages.sort("page_no").iter_rows(named=True):
        page = tighten(row["page_no"], row["text"])
        if page.page_no <= DIVIDEND_PAGES and _DIVIDEND_PAGE.search(page.tight):
            found += _only_one(list(_dividends(page, maker, fiscal)))
        found += _top_five(page, maker)
        results = list(_results(page, maker, known, fiscal))
        found += [r for r in results if isinstance(r, Reading)]
        changes += [r for r in results if isinstance(r, PrintedChange)]
    return list({(r.page_no, r.box, r.concept.id): r for r in found}.values()), changes


def tighten(page_no: int, text: str) -> PageText:
    """Return the page's text without white space, in ASCII width."""
    at = [i for i, char in enumerate(text) if not char.isspace()]
    return PageText(page_no, to_ascii_width("".join(text[i] for i in at)), tuple(at))


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes a reading of a match: finds its box and its concept."""

    lines: pl.DataFrame
    concepts: Concepts
    fiscal: FiscalCalendar

    def make(
        self, page: PageText, span: tuple[int, int], label: str, metric: str, unit_word: str
    ) -> Reading | None:
        """Return the reading of ``page.tight[slice(*span)]``; None where it has no box."""
        concept = self.concepts[metric]
        printed = page.tight[slice(*span)]
        try:
            amount = parse_amount(printed + unit_word)
        except AmountError:
            return None
        place = self.box(page, span)
        if amount is None or place is None:
            return None
        is_money = concept.unit in {"currency", "per_share"}
        return Reading(
            page_no=page.page_no,
            place=None,
            box=place[0],
            printed=printed,
            label=label,
            concept=concept,
            value=amount.value,
            unit=concept.unit,
            scale=amount.scale if concept.unit == "currency" else 1,
            currency="CNY" if is_money else None,
            period=Period(self.fiscal.fiscal_year, str(self.fiscal.fiscal_year), "duration"),
            basis="reported",
            scope=RESULT_SCOPE,
            statement="text",
            section=-1,
            confidence=place[1],
        )

    def box(self, page: PageText, span: tuple[int, int]) -> tuple[Box, float | None] | None:
        """Return the box of a number, and the OCR confidence of its line."""
        start, end = page.at[span[0]], page.at[span[1] - 1] + 1
        rows = self.lines.filter(
            (pl.col("page_no") == page.page_no)
            & (pl.col("start") <= start)
            & (pl.col("end") >= end)
        )
        if rows.height != 1:
            return None  # the number itself runs over two lines
        row = rows.row(0, named=True)
        first, last = start - row["start"], end - row["start"]
        x0, x1 = min(row["char_x0"][first:last]), max(row["char_x1"][first:last])
        return Box(x0, row["top"], x1, row["bottom"]), row["confidence"]


def _only_one(found: list[Reading]) -> list[Reading]:
    """Return ``found`` if it says one thing; two proposals on one page are not told apart."""
    return found[:1] if len({r.value for r in found}) == 1 else []


def _dividends(page: PageText, maker: _Maker, fiscal: FiscalCalendar) -> Iterator[Reading]:
    for match in _DIVIDEND.finditer(page.tight):
        before = page.tight[max(0, match.start() - 80) : match.start()]
        years = {int(y) for y in re.findall(r"((?:19|20)\d\d)年", before)}
        if (
            years - {fiscal.fiscal_year, fiscal.fiscal_year + 1}
            or "半年度" in before
            or "中期" in before
        ):
            continue
        found = maker.make(
            page, match.span("number"), match["label"], "cash_dividend_per_ten_shares", "元"
        )
        if found is not None:
            yield found


def _top_five(page: PageText, maker: _Maker) -> Iterator[Reading]:
    for match in _TOP_FIVE.finditer(page.tight):
        before = page.tight[max(0, match.start() - 12) : match.start()]
        if re.search(r"上年|上期|去年|其中:?$", before):
            continue
        kind = "customers_sales" if "客户" in match["label"] else "suppliers_purchases"
        share = "customers_share" if "客户" in match["label"] else "suppliers_share"
        for name, label, metric, unit in (
            ("number", match["label"], f"top5_{kind}", match["unit"]),
            ("share", match["share_label"], f"top5_{share}", "%"),
        ):
            found = maker.make(page, match.span(name), label, metric, unit)
            if found is not None:
                yield found


def _results(
    page: PageText, maker: _Maker, known: Mapping[str, list[Reading]], fiscal: FiscalCalendar
) -> Iterator[Reading | PrintedChange]:
    for start, sentence in _sentences_with_sums(page.tight):
        if _OTHER_SUBJECT.search(sentence):
            continue
        amount: Reading | None = None
        for clause in find_clauses(sentence):
            if clause.share or not _is_own_year(clause, fiscal):
                amount = None
            elif not clause.change:
                amount = _known_amount(page, start, clause, maker, known)
                if amount is not None:
                    yield amount
            elif amount is not None and _is_change_of(amount, clause):
                change = _change_behind(page, start, clause, maker, amount)
                if change is not None and not _OTHER_BASE.search(sentence):
                    yield change


def _sentences_with_sums(text: str) -> Iterator[tuple[int, str]]:
    """Yield the start and the words of each sentence of ``text`` that states a sum of money."""
    end = 0
    for found in _SUM.finditer(text):
        if found.start() >= end:
            start = max(end, text.rfind("。", 0, found.start()) + 1, found.start() - BEFORE)
            stop = text.find("。", found.end())
            end = min(stop if stop >= 0 else len(text), found.end() + AFTER)
            yield start, text[start:end]


def _is_change_of(amount: Reading, clause: Clause) -> bool:
    is_growth = clause.change == "year" and clause.number.unit == "percent"
    return is_growth and clause.metric == amount.label


def _is_own_year(clause: Clause, fiscal: FiscalCalendar) -> bool:
    years = re.findall(r"(?:19|20)\d\d", clause.when)
    part = re.search(r"月|季|半年|上年|去年|上期|同期|H[12]|Q[1-4]|[日号]", clause.when)
    return part is None and all(int(year) == fiscal.fiscal_year for year in years)


def _known_amount(
    page: PageText, offset: int, clause: Clause, maker: _Maker, known: Mapping[str, list[Reading]]
) -> Reading | None:
    """Return the amount of ``clause`` where the tables say it, too; None elsewhere."""
    number = clause.number
    digits = re.sub(r"\D", "", number.printed).lstrip("0")
    if number.unit != "currency" or len(digits) < LEAST_DIGITS:
        return None
    if not _OWN_SUBJECT.fullmatch(clause.subject):
        return None
    named = maker.concepts.match_label(clause.metric, statement="text", language="zh")
    tables = known.get(named.concept.id, []) if named else []
    if named is None or not tables or named.concept.unit != "currency":
        return None
    span = (offset + number.start, offset + number.end - len(number.unit_word))
    found = maker.make(page, span, clause.metric, named.concept.id, number.unit_word)
    agrees = found is not None and all(agree(found, table) for table in tables)
    return found if agrees else None


def _change_behind(
    page: PageText, offset: int, clause: Clause, maker: _Maker, amount: Reading
) -> PrintedChange | None:
    """Return the change that ``clause`` says of ``amount``; None where it has no box."""
    number = clause.number
    place = maker.box(page, (offset + number.start, offset + number.end))
    if place is None:
        return None
    printed = Amount(clause.value, number.printed, number.unit)
    concept = amount.concept
    return PrintedChange(page.page_no, None, place[0], amount.label, concept, printed, place[1])


def _known(readings: Sequence[Reading], fiscal: FiscalCalendar) -> Mapping[str, list[Reading]]:
    """Return what the tables say of the group's year, by metric."""
    known: dict[str, list[Reading]] = {}
    for r in readings:
        own = r.period.period == str(fiscal.fiscal_year) and r.basis == "reported"
        if own and r.scope == RESULT_SCOPE and r.doubt is None:
            known.setdefault(r.concept.id, []).append(r)
    return known
