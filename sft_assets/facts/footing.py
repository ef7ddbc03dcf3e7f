"""Foot a statement: find which rows add up to which total, from the printed numbers alone.

An auditor foots a column before believing it. The rows between two totals are its parts, also
those whose label no dictionary knows, so a sum that comes out to the last digit proves that every
one of them was read in full: no row lost, no digit, no unit. A sum that comes out in one column and
fails in the next by what one number times a power of ten would explain names the misread number.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import TypeVar

from sft_assets.concepts.labels import fold_label
from sft_assets.facts.readings import Printed, SectionReading

K = TypeVar("K", bound=Hashable)
RowKey = tuple[int, int, int]  # page, table, row
Place = tuple[int, int, int, int]  # page, table, row, column number
Column = tuple[str, str, str]

MAX_TERMS = 60
LEAST_TERMS = 2  # that are not zero
POWERS = (2, 3, 4, 5, 6, 8)
ALL_POWERS = (*POWERS, *(-power for power in POWERS))
FOOTED = frozenset({"balance_sheet", "income_statement", "cash_flow", "comprehensive_income"})
_TOTAL = re.compile(
    r"合计|合計|总计|總計|小计|小計|总额|總額|净额|淨額|总收入|总成本|總值|净值|淨值|"
    r"利润|溢利|亏损|虧損|净增加|增加额|毛利|支出|"
    r"\btotal\b|\bnet\b|\bprofit\b|\bloss\b|\bincome\b|\bearnings\b|\bmargin\b",
    re.I,
)
_OF_WHICH = re.compile(r"^\s*(?:其中|of which|including)\s*[:：]?", re.I)
_LESS = re.compile(
    r"^\s*(?:[(（]?[一二三四五六七八九十\d]{0,2}[)）、.]?\s*)?(?:减|減|less)\s*[:：]", re.I
)
_INTEREST = re.compile(r"利息(?:费用|收入|支出)")
_PER_SHARE = re.compile(
    r"每股|per share|per common share|shares outstanding|weighted.average", re.I
)


@dataclass(frozen=True, slots=True)
class Footing:
    """``total`` equals the signed sum of ``terms`` in the columns of one section."""

    section: int
    total: RowKey
    terms: tuple[tuple[RowKey, int], ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed row: one number a column at most."""

    key: RowKey
    label: str
    is_expense: bool
    values: Mapping[Column, Decimal]


def find_footings(section: SectionReading) -> list[Footing]:
    """Return the sums that come out, exactly, in the columns of a statement.

    A sum counts where it comes out in two columns, or in one with numbers too long for chance.
    """
    if section.section.heading.statement not in FOOTED:
        return []
    rows = _rows(section.printed)
    columns = sorted({column for row in rows for column in row.values})
    over: dict[int, int] = {}  # row of a part -> the row to go on from: sums step over parts
    found: list[Footing] = []
    for j, row in enumerate(rows):
        if row.label and not _TOTAL.search(row.label):
            continue
        above = _terms_above(rows, j, columns, over)
        if above is not None:
            over |= {j - 1: min(n for n, _ in above) - 1}
        terms = above or _terms_below(rows, j, columns) or _terms_of_level(rows, j, columns)
        if terms is None:
            continue
        if above is None:
            last = _last_detail(rows, max(n for n, _ in terms))
            over |= dict.fromkeys(range(j + 1, last + 1), j)
        signed = tuple((rows[n].key, sign) for n, sign in sorted(terms))
        found.append(Footing(section.section.number, row.key, signed))
    return found


def _last_detail(rows: Sequence[_Row], last: int) -> int:
    """Return the last row of the details ("of which") right below row ``last``."""
    if last + 1 < len(rows) and _OF_WHICH.match(rows[last + 1].label):
        last += 1
        while last + 1 < len(rows) and _INTEREST.fullmatch(fold_label(rows[last + 1].label)):
            last += 1
    return last


def _rows(printed: Iterable[Printed]) -> list[_Row]:
    labels: dict[RowKey, tuple[str, bool]] = {}
    values: dict[RowKey, dict[Column, Decimal]] = defaultdict(dict)
    for item in printed:
        if _PER_SHARE.search(item.label) or (item.concept and item.concept.unit != "currency"):
            continue
        is_expense = item.concept is not None and "expense" in item.concept.sign
        labels.setdefault(item.key[:3], (item.label, is_expense))
        values[item.key[:3]][item.column] = item.value
    return [_Row(key, *labels[key], found) for key, found in values.items()]


def _columns_that_come_out(
    rows: Sequence[_Row], j: int, terms: Sequence[tuple[int, int]], columns: Sequence[Column]
) -> int:
    """Return in how many columns the sum is exact; 0 where chance may have made it so."""
    exact = long = 0
    for column in columns:
        total = rows[j].values.get(column)
        if not total:
            continue
        parts = [rows[n].values.get(column, Decimal(0)) * sign for n, sign in terms]
        if sum(parts, Decimal(0)) != total:
            continue
        count = sum(part != 0 for part in parts)
        exact += 1
        long += count >= 6 or (count >= LEAST_TERMS and len(total.as_tuple().digits) >= 7)
    return exact if exact >= 2 or long else 0


Term = tuple[int, int]  # row, sign


def _terms_above(
    rows: Sequence[_Row], j: int, columns: Sequence[Column], over: Mapping[int, int]
) -> list[Term] | None:
    """Return the rows above ``j`` that add up to it in most columns; the shortest such run."""
    best: list[Term] | None = None
    most = 0
    for steps_over, signed in product((True, False), (False, True)):
        terms: list[Term] = []
        n = j - 1
        if steps_over and n in over and over[n] > j - 1:
            continue
        while n >= 0 and len(terms) < MAX_TERMS:
            if steps_over and n in over:
                n = over[n]
                continue
            row = rows[n]
            sign = -1 if _LESS.match(row.label) or (signed and row.is_expense) else 1
            terms.append((n, sign))
            for kept in _without_details(rows, terms):
                columns_out = _columns_that_come_out(rows, j, kept, columns)
                if columns_out > most and len(kept) > 1:
                    best, most = kept, columns_out
            if most == len(columns):
                return best
            n -= 1
    return best


def _terms_below(rows: Sequence[_Row], j: int, columns: Sequence[Column]) -> list[Term] | None:
    """Return the rows below ``j`` that add up to it, where it is followed by "of which"."""
    if j + 1 >= len(rows) or not _OF_WHICH.match(rows[j + 1].label):
        return None
    best: list[Term] | None = None
    most = 0
    terms: list[Term] = []
    for n in range(j + 1, min(len(rows), j + 1 + MAX_TERMS)):
        terms.append((n, -1 if _LESS.match(rows[n].label) else 1))
        for kept in _without_details(rows, terms[1:]):
            whole = [terms[0], *kept]
            columns_out = _columns_that_come_out(rows, j, whole, columns)
            if columns_out > most:
                best, most = whole, columns_out
    return best


def _terms_of_level(rows: Sequence[_Row], j: int, columns: Sequence[Column]) -> list[Term] | None:
    """Return the rows one level below row ``j`` that add up to it: 一、 over （一） over 1."""
    level = _level(rows[j].label)
    below = rows[j + 1 : j + 1 + MAX_TERMS]
    levels = [_level(row.label) for row in below]
    end = next((n for n, deep in enumerate(levels) if deep <= level), len(levels))
    if end == 0:
        return None
    terms = [(j + 1 + n, 1) for n in range(end) if levels[n] == min(levels[:end])]
    return terms if _columns_that_come_out(rows, j, terms, columns) else None


def _level(label: str) -> int:
    """Return how deep the mark before a label sets it; labels without one stand between."""
    marks = (
        r"[一二三四五六七八九十]+[、.]",
        r"归属|歸屬",
        r"[(（][一二三四五六七八九十]+[)）]",
        r"\d+[.、．]",
    )
    label = label.strip()
    return next((n for n, mark in enumerate(marks) if re.match(mark, label)), 1)


def _without_details(
    rows: Sequence[_Row], terms: Sequence[tuple[int, int]]
) -> Iterable[list[tuple[int, int]]]:
    """Yield ``terms`` without the details of a row above ("of which"), one to three rows each."""
    heads = [n for n, _ in terms if _OF_WHICH.match(rows[n].label) or _is_detail(rows, n)]
    if not heads:
        yield list(terms)
        return
    for lengths in product((1, 2, 3), repeat=min(len(heads), 3)):
        out = {
            n + step for n, length in zip(heads, lengths, strict=False) for step in range(length)
        }
        kept = [term for term in terms if term[0] not in out]
        if kept:
            yield kept


def _is_detail(rows: Sequence[_Row], n: int) -> bool:
    """Return whether row ``n`` may be a detail of the one above whose "of which" row is blank."""
    parts = ("应收利息", "应收股利", "应付利息", "应付股利")
    return (
        fold_label(rows[n].label) in parts and n > 0 and "其他应" in fold_label(rows[n - 1].label)
    )


def prove_by_footing(checks: Iterable["FootingCheck"]) -> set[Place]:
    """Return the cells whose sums come out; a sum that fails in one column is no proof there."""
    return {item.key for check in checks if check.difference == 0 for item, _ in check.members}


def accuse_by_footing(checks: Iterable["FootingCheck"], proved: Set[Place]) -> set[Place]:
    """Return the cells that keep a sum from coming out by a power of ten.

    The sum came out in another column. What something else proves is not accused.
    """
    found: set[Place] = set()
    for check in checks:
        if check.difference != 0:
            values = [(item.value * sign, item.key) for item, sign in check.members]
            found |= set(explain_by_power(values, check.difference)) - proved
    return found


def explain_by_power(values: Iterable[tuple[Decimal, K]], rest: Decimal) -> list[K]:
    """Return the keys of the signed values that a power of ten would put right.

    ``rest`` is what all of them add up to, with its sign turned.

    >>> explain_by_power([(Decimal(-7), "total"), (Decimal(3000), "a"), (Decimal(4), "b")],
    ...                  Decimal(-2997))
    ['a']
    """
    return [
        key
        for value, key in values
        if value and any(value * (Decimal(10) ** power - 1) == rest for power in ALL_POWERS)
    ]


@dataclass(frozen=True, slots=True)
class FootingCheck:
    """A sum in one column."""

    members: tuple[tuple[Printed, int], ...]  # the total first, with -1; then the parts
    difference: Decimal  # total less the sum of its parts, as printed


def foot(sections: Iterable[SectionReading]) -> list[FootingCheck]:
    """Return every sum of the statements, column by column, whether it comes out or not."""
    checks = []
    for section in sections:
        cells: dict[tuple[RowKey, Column], Printed] = {
            (item.key[:3], item.column): item for item in section.printed
        }
        columns = sorted({item.column for item in section.printed})
        for footing in find_footings(section):
            for column in columns:
                members = tuple(
                    (cells[key, column], sign)
                    for key, sign in ((footing.total, -1), *footing.terms)
                    if (key, column) in cells
                )
                if len(members) < 2 or members[0][0].key[:3] != footing.total:
                    continue
                rest = sum((item.value * sign for item, sign in members), Decimal(0))
                checks.append(FootingCheck(members, -rest))
    return checks
