"""Readings of one figure at several places: agreement proves them, a conflict condemns all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sft_assets.facts.identities import unit_in_last_place
from sft_assets.facts.readings import Reading

Figure = tuple[str, str, str, str]  # metric, scope, basis, period


def compare_readings(
    readings: Sequence[Reading],
) -> tuple[Mapping[int, set[str]], Mapping[int, str]]:
    """Return, by index, the proofs of figures read alike twice and the conflicts of others.

    A figure rounded in another place agrees with the exact one when rounding explains it.
    """
    figures: dict[Figure, list[int]] = defaultdict(list)
    for i, r in enumerate(readings):
        if r.doubt is None:
            figures[r.concept.id, r.scope, r.basis, r.period.period].append(i)
    proofs: dict[int, set[str]] = defaultdict(set)
    conflicts: dict[int, str] = {}
    unclear: set[tuple[int, str]] = set()  # sections in which two rows have one meaning
    for found in figures.values():
        clashing = [
            (i, j) for i in found for j in found if i < j and not agree(readings[i], readings[j])
        ]
        if clashing:
            conflicts |= dict.fromkeys(found, "conflict")
            unclear |= {
                (readings[i].section, readings[i].concept.id)
                for i, j in clashing
                if readings[i].section == readings[j].section
            }
            continue
        sources = sorted({readings[i].statement for i in found})
        if len(sources) > 1:
            for i in found:
                proofs[i].add("same_in_" + "_and_".join(sources))
    # The current and the non-current part of a debt under one label: a year that prints only one
    # of them would be taken for the whole.
    conflicts |= {
        i: "conflict" for i, r in enumerate(readings) if (r.section, r.concept.id) in unclear
    }
    return proofs, conflicts


def agree(a: Reading, b: Reading) -> bool:
    """Return whether two readings of one figure differ by no more than their rounding."""
    slack = abs(unit_in_last_place(a) - unit_in_last_place(b)) / 2
    return abs(a.amount - b.amount) <= slack


def check_quarters(readings: Sequence[Reading]) -> Mapping[int, set[str]]:
    """Return the proof of years whose four quarters add up, and of those quarters."""
    quarters: dict[tuple[str, str, int], dict[str, int]] = defaultdict(dict)
    years: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for i, r in enumerate(readings):
        if r.doubt is not None:
            continue
        key = (r.concept.id, r.scope, r.period.fiscal_year)
        if "Q" in r.period.period:
            quarters[key][r.period.period] = i
        elif r.period.period_type == "duration" and r.basis == "reported" and r.place is not None:
            years[key].append(i)
    proofs: dict[int, set[str]] = defaultdict(set)
    for key, parts in quarters.items():
        if len(parts) != 4:
            continue
        total = sum((readings[i].amount for i in parts.values()), Decimal(0))
        slack = sum((unit_in_last_place(readings[i]) for i in parts.values()), Decimal(0))
        for i in years.get(key, []):
            if abs(readings[i].amount - total) <= slack:
                for j in (i, *parts.values()):
                    proofs[j].add("quarters_sum_to_year")
    return proofs
