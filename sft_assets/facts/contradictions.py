"""What a report says against itself: units, scopes and restatements that cannot all be right.

A misread unit line or a misread heading leaves every sum of its statement intact, so only another
place of the report can tell: the same figure in the key data, the same share capital of group and
parent, minority interests where there can be none.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sft_assets.facts.identities import unit_in_last_place
from sft_assets.facts.readings import Reading

POWERS = (2, 3, 4, 5, 6, 8)
STATEMENTS = frozenset({"balance_sheet", "income_statement", "cash_flow", "comprehensive_income"})
GROUP_ONLY = frozenset({"minority_interests", "net_profit_attributable_to_nci"})
"""What only a group has: a parent's own statement cannot print it."""
PARENT_ONLY = frozenset({"subsidiaries", "due_from_subsidiaries", "due_to_subsidiaries"})
"""What only a parent has: consolidation takes it out of the group's statement."""
SAME_IN_BOTH = frozenset({"share_capital"})
MOST_JUMP = Decimal(200)
"""A number this many times the one beside it is believed only where something proves it."""
MOST_PER_SHARE = 1000
BEYOND_EMPLOYEES = frozenset({"retirees", "employees_paid"})
MOST_PERSONS = 3_000_000
MOST_OF_LARGEST = 10
"""An amount so many times the largest that the report proves is believed only where proved."""


def find_contradictions(
    readings: Sequence[Reading], proofs: Mapping[int, Sequence[str]]
) -> Mapping[int, str]:
    """Return, by index, why readings that stand alone without fault cannot be believed."""
    found = dict(_giants(readings, proofs)) | dict(_jumps(readings, proofs))
    found |= dict(_crowds(readings))
    odd = _odd_scales(readings) | _odd_quarters(readings)
    found |= dict.fromkeys(_of_sections(readings, odd), "scale_conflict")
    found |= dict.fromkeys(_of_sections(readings, _swapped_scopes(readings)), "scope_conflict")
    found |= dict.fromkeys(_swapped_restatements(readings), "restatement_conflict")
    return found


def _of_sections(readings: Sequence[Reading], sections: set[int]) -> list[int]:
    return [
        i
        for i, r in enumerate(readings)
        if r.section in sections and r.place is not None and r.doubt is None
    ]


def _money(readings: Sequence[Reading]) -> list[Reading]:
    return [
        r for r in readings if r.unit == "currency" and r.place and r.doubt is None and r.value != 0
    ]


def _is_power_of_ten_apart(a: Reading, b: Reading) -> bool:
    """Return whether both are one number in two scales, give or take their rounding."""
    big, small = (a, b) if abs(a.amount) > abs(b.amount) else (b, a)
    return any(
        abs(big.amount - small.amount * 10**power)
        <= (unit_in_last_place(big) + unit_in_last_place(small) * 10**power) / 2
        for power in POWERS
    )


def _agree(a: Reading, b: Reading) -> bool:
    return abs(a.amount - b.amount) <= max(unit_in_last_place(a), unit_in_last_place(b)) / 2


def _odd_scales(readings: Sequence[Reading]) -> set[int]:
    """Return the sections whose unit contradicts that of others.

    Two sections that print one figure in two scales contradict each other; the one that more
    sections contradict is wrong, or both. A statement in another unit than the report's other
    statements is wrong too, unless a figure of it agrees with one of theirs.
    """
    money = _money(readings)
    figures: dict[tuple[str, str, str, str], list[Reading]] = defaultdict(list)
    for r in money:
        scope = "" if r.concept.id in SAME_IN_BOTH else r.scope
        figures[r.concept.id, scope, r.basis, r.period.period].append(r)
    friends: dict[int, set[int]] = defaultdict(set)
    foes: dict[int, set[int]] = defaultdict(set)
    for same in figures.values():
        for a in same:
            for b in same:
                if a.section == b.section:
                    continue
                if _agree(a, b):
                    friends[a.section].add(b.section)
                elif _is_power_of_ten_apart(a, b):
                    foes[a.section].add(b.section)
    odd = {s for s, against in foes.items() if len(against) >= len(friends[s] - against)}
    odd = {s for s in odd if len(foes[s]) == max(len(foes[f]) for f in (s, *foes[s]))}
    return odd | _odd_units(money, friends)


def _odd_quarters(readings: Sequence[Reading]) -> set[int]:
    """Return the sections of quarters that add up to the year in another scale."""
    quarters: dict[tuple[int, str, int], dict[str, Reading]] = defaultdict(dict)
    years: dict[tuple[str, int], list[Reading]] = defaultdict(list)
    for r in _money(readings):
        if "Q" in r.period.period:
            quarters[r.section, r.concept.id, r.period.fiscal_year][r.period.period] = r
        elif r.scope == "consolidated" and r.period.period_type == "duration":
            years[r.concept.id, r.period.fiscal_year].append(r)
    odd: set[int] = set()
    for (section, metric, year), parts in quarters.items():
        total = sum((r.amount for r in parts.values()), Decimal(0))
        slack = sum((unit_in_last_place(r) for r in parts.values()), Decimal(0))
        odd |= {
            section
            for r in years.get((metric, year), ())
            for power in (*POWERS, *(-p for p in POWERS))
            if len(parts) == 4 and abs(r.amount * Decimal(10) ** power - total) <= slack
        }
    return odd


def _crowds(readings: Sequence[Reading]) -> Iterable[tuple[int, str]]:
    """Yield counts of persons beyond the number of all employees of that year."""
    totals = {
        r.period.fiscal_year: r.value
        for r in readings
        if r.concept.id == "employees_total" and r.doubt is None
    }
    for i, r in enumerate(readings):
        most = totals.get(r.period.fiscal_year)
        exceeds = most is not None and r.value > most and r.concept.id not in BEYOND_EMPLOYEES
        if r.unit == "persons" and r.doubt is None and (exceeds or r.value > MOST_PERSONS):
            yield i, "implausible_count"


def _giants(
    readings: Sequence[Reading], proofs: Mapping[int, Sequence[str]]
) -> Iterable[tuple[int, str]]:
    """Yield unproved amounts of another order than anything that the report proves."""
    largest: dict[str | None, Decimal] = {}
    for i, r in enumerate(readings):
        if r.unit == "currency" and proofs.get(i):
            largest[r.currency] = max(largest.get(r.currency, Decimal(0)), abs(r.amount))
    for i, r in enumerate(readings):
        most = largest.get(r.currency)
        if r.unit != "currency" or r.doubt is not None or proofs.get(i) or not most:
            continue
        if abs(r.amount) > MOST_OF_LARGEST * most:
            yield i, "implausible_amount"


def _odd_units(money: Iterable[Reading], friends: Mapping[int, set[int]]) -> set[int]:
    scales: dict[int, set[int]] = defaultdict(set)
    for r in money:
        if r.statement in STATEMENTS:
            scales[r.section].add(r.scale)
    whole = {section: found.pop() for section, found in scales.items() if len(found) == 1}
    counts = sorted(whole.values())
    usual = max(set(counts), key=counts.count, default=None)
    if len(set(counts)) < 2 or usual is None:
        return set()
    has_most = counts.count(usual) * 2 > len(counts)
    return {
        section
        for section, scale in whole.items()
        if (scale != usual or not has_most)
        and not any(whole.get(f, 0) not in {0, scale} for f in friends.get(section, ()))
    }


def _swapped_scopes(readings: Sequence[Reading]) -> set[int]:
    """Return the sections of a statement whose headings name the wrong owner.

    The key data are the group's. Where they repeat the parent's figures and never the group's,
    the headings are the wrong way round; so they are where the parent has minority interests, or
    the group has subsidiaries.
    """
    sections: dict[tuple[str, str], set[int]] = defaultdict(set)
    figures: dict[tuple[str, str, str], dict[str, list[Reading]]] = defaultdict(dict)
    keys: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    suspects: set[str] = set()
    for r in _money(readings):
        if r.statement in STATEMENTS:
            sections[r.statement, r.scope].add(r.section)
            figures[r.statement, r.concept.id, r.period.period].setdefault(r.scope, []).append(r)
            foreign = {"parent": GROUP_ONLY, "consolidated": PARENT_ONLY}.get(r.scope, ())
            if r.concept.id in foreign:
                suspects.add(r.statement)
        elif r.scope == "consolidated":
            keys[r.concept.id, r.period.period].append(r)
    for statement in {name for name, _ in sections}:
        for_parent = for_group = 0
        for (name, metric, period), scopes in figures.items():
            group, parent = scopes.get("consolidated", []), scopes.get("parent", [])
            if name != statement or len(group) != 1 or len(parent) != 1:
                continue
            if _agree(group[0], parent[0]):
                continue
            for key in keys.get((metric, period), ()):
                for_group += _agree(key, group[0])
                for_parent += _agree(key, parent[0])
        if for_parent and not for_group:
            suspects.add(statement)
    return {s for (name, _), found in sections.items() if name in suspects for s in found}


def _swapped_restatements(readings: Sequence[Reading]) -> list[int]:
    """Return the restated readings where the statements repeat the figures before restatement.

    A statement always shows last year as restated.
    """
    years = {
        r.period.fiscal_year
        for r in readings
        if r.basis == "before_restatement" and r.statement in STATEMENTS and r.doubt is None
    }
    return [
        i
        for i, r in enumerate(readings)
        if years and r.basis != "reported" and r.period.fiscal_year <= max(years)
    ]


def _jumps(
    readings: Sequence[Reading], proofs: Mapping[int, Sequence[str]]
) -> Iterable[tuple[int, str]]:
    """Yield unproved readings far beyond the one beside them, and unlikely amounts per share."""
    rows: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for i, r in enumerate(readings):
        if r.doubt is not None:
            continue
        if r.unit == "per_share" and abs(r.value) >= MOST_PER_SHARE:
            yield i, "implausible_per_share"
        if r.place is not None and r.value != 0:
            rows[r.page_no, *r.place[:2]].append(i)
    for found in rows.values():
        for i in found:
            others = [abs(readings[j].amount) for j in found if j != i]
            if not others or proofs.get(i):
                continue
            if abs(readings[i].amount) >= MOST_JUMP * max(others):
                yield i, "implausible_change"
