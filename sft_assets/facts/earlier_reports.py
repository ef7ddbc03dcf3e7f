"""Figures that an earlier report of the company prints too: do both say the same?

A report repeats last year's figures beside its own. They must be those of last year's report, up
to rounding, unless the report says that it restated them (调整前, 调整后, "as restated"). A figure
that changed without a word is a finding: one of the two is misread, misprinted, or restated in
silence, and nothing in the two reports tells which.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from sft_assets.schemas.facts import PRIOR_YEAR_FIGURES

VERDICTS = AGREES, RESTATED, CHANGED = "agrees", "restated", "changed"
Meaning = tuple[str, str, str, str]  # company_id, metric, scope, period


@dataclass(frozen=True, slots=True)
class Figure:
    """What one report prints for one figure on one basis, as exactly as it prints it anywhere."""

    report_key: str
    fact_ids: tuple[str, ...]  # of every place that prints it
    basis: str
    fiscal_year: int  # of the figure's period
    unit: str
    currency: str | None
    value: Decimal  # in the base unit
    step: Decimal  # what the last printed digit is worth


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure and the one that the nearest earlier report prints."""

    meaning: Meaning
    later: Figure
    earlier: Figure
    verdict: str


def compare_with_earlier(
    facts: pl.DataFrame, years: Mapping[str, int]
) -> tuple[list[Compared], int]:
    """Return the figures that two reports print, and the number of all figures of past years.

    Args:
        facts: Rows of ``financial_facts`` of many reports.
        years: Fiscal year of each report, by report_key; a report that is absent is left out.
    """
    printed: dict[Meaning, dict[str, dict[str, Figure]]] = defaultdict(lambda: defaultdict(dict))
    restated: set[tuple[str, int]] = set()  # report, year that it says it restated
    for meaning, figure in _figures(facts):
        if figure.report_key not in years:
            continue
        by_basis = printed[meaning][figure.report_key]
        known = by_basis.get(figure.basis)
        by_basis[figure.basis] = figure if known is None else _joined(known, figure)
        if figure.basis != "reported":
            restated.add((figure.report_key, figure.fiscal_year))
    found: list[Compared] = []
    past = 0
    for meaning, reports in sorted(printed.items()):
        ordered = sorted(reports, key=lambda key: (years[key], key))
        for i, key in enumerate(ordered):
            of_past = [f for _, f in sorted(reports[key].items()) if f.fiscal_year < years[key]]
            past += len(of_past)
            earlier = _newest(reports[k] for k in reversed(ordered[:i]) if years[k] < years[key])
            if earlier is not None:
                found += [
                    Compared(meaning, later, earlier, _verdict(later, earlier, restated))
                    for later in of_past
                ]
    return found, past


def _figures(facts: pl.DataFrame) -> Iterator[tuple[Meaning, Figure]]:
    for row in facts.iter_rows(named=True):
        if row["value"] is None:
            continue
        decimals = re.search(r"\.(\d+)", row["value_printed"])
        step = Decimal(1).scaleb(-len(decimals[1]) if decimals else 0) * row["scale"]
        yield (
            (row["company_id"], row["metric"], row["scope"], row["period"]),
            Figure(
                row["report_key"],
                (row["fact_id"],),
                row["basis"],
                row["fiscal_year"],
                row["unit"],
                row["currency"],
                row["value"] * row["scale"],
                step,
            ),
        )


def _joined(a: Figure, b: Figure) -> Figure:
    """Return the more exact of two prints of one figure, with the facts of both."""
    exact = min(a, b, key=lambda f: (f.step, f.fact_ids))
    return replace(exact, fact_ids=tuple(sorted({*a.fact_ids, *b.fact_ids})))


def _newest(reports: Iterable[Mapping[str, Figure]]) -> Figure | None:
    """Return what the first of ``reports`` (newest first) holds true of a figure."""
    for by_basis in reports:
        for basis in ("after_restatement", "reported"):
            if basis in by_basis:
                return by_basis[basis]
    return None


def _verdict(later: Figure, earlier: Figure, restated: set[tuple[str, int]]) -> str:
    if _agree(later, earlier):
        return AGREES
    if later.basis == "after_restatement":
        return RESTATED
    is_told = (later.report_key, later.fiscal_year) in restated
    return RESTATED if later.basis == "reported" and is_told else CHANGED


def _agree(a: Figure, b: Figure) -> bool:
    """Return whether rounding explains the difference; rounded sums are often made to fit."""
    coarser = max(a.step, b.step)
    is_rounded = a.step != b.step or coarser >= 1
    same_kind = a.unit == b.unit and (a.currency == b.currency or None in (a.currency, b.currency))
    return same_kind and abs(a.value - b.value) <= (coarser if is_rounded else Decimal(0))


def figures_table(compared: Sequence[Compared]) -> pl.DataFrame:
    """Return rows of ``prior_year_figures``."""
    rows = [
        {
            "company_id": c.meaning[0],
            "metric": c.meaning[1],
            "scope": c.meaning[2],
            "period": c.meaning[3],
            "basis": c.later.basis,
            "later_report_key": c.later.report_key,
            "later_fact_ids": list(c.later.fact_ids),
            "later_value": c.later.value,
            "earlier_report_key": c.earlier.report_key,
            "earlier_fact_ids": list(c.earlier.fact_ids),
            "earlier_value": c.earlier.value,
            "verdict": c.verdict,
        }
        for c in compared
    ]
    return pl.DataFrame(rows, schema=PRIOR_YEAR_FIGURES)
