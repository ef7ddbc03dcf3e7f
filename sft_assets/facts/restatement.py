"""Restated comparatives: which of two printed values of last year a statement's column repeats."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sft_assets.facts.readings import Reading

Key = tuple[str, str]  # metric, period


def mark_restated(readings: Sequence[Reading]) -> list[Reading]:
    """Return ``readings`` with the basis of comparative columns that print none.

    A report that restates last year prints both values in its key data (调整前, 调整后), and only
    the restated ones in its statements, without a word. A column whose numbers are those of
    调整后 where the two differ, and never those of 调整前, is restated as a whole.
    """
    printed: dict[Key, dict[str, Decimal]] = defaultdict(dict)
    for r in readings:
        if r.basis != "reported" and r.scope == "consolidated" and r.doubt is None:
            printed[r.concept.id, r.period.period][r.basis] = r.amount
    differing = {
        key: both
        for key, both in printed.items()
        if len(both) == 2 and both["before_restatement"] != both["after_restatement"]
    }
    seen: dict[tuple[int, int, str], set[str]] = defaultdict(set)
    for r in readings:
        for basis, amount in differing.get((r.concept.id, r.period.period), {}).items():
            if r.basis == "reported" and r.scope == "consolidated" and r.amount == amount:
                seen[_column(r)].add(basis)
    return [replace(r, basis=_basis(r, seen)) for r in readings]


def _basis(reading: Reading, seen: Mapping[tuple[int, int, str], set[str]]) -> str:
    """Return the basis of a reading; an opening balance is restated with the year it ended."""
    section, year, scope = _column(reading)
    is_opening = reading.concept.id == "cash_and_equivalents_beginning"
    for key in ((section, year, scope), *([(section, year + 1, scope)] if is_opening else [])):
        if reading.basis == "reported" and scope == "consolidated" and len(seen.get(key, ())) == 1:
            return next(iter(seen[key]))
    return reading.basis


def _column(reading: Reading) -> tuple[int, int, str]:
    return reading.section, reading.period.fiscal_year, reading.scope
