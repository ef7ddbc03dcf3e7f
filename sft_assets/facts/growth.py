"""Printed changes recomputed: they prove the two values they compare, or something is wrong.

A change is computed again from the two printed values, which are rounded themselves, so that the
answer is an interval. Inside it the change proves both values, where the interval is narrow
enough to tell. More than a last digit outside it, one of the three numbers is misread or
misprinted: the change is set aside, and with it each of the values that nothing else proves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.facts.identities import unit_in_last_place
from sft_assets.facts.readings import PrintedChange, Reading

WRONG = "change_not_recomputed"
WIDEST = 20  # steps of the last printed digit; a wider interval proves nothing
HALF = Decimal("0.5")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A printed change and the two readings it compares, by index."""

    change: PrintedChange
    now: int
    before: int


@dataclass(frozen=True, slots=True)
class ChangeCheck:
    """What the printed changes of a report say about its readings."""

    holding: Sequence[Comparison]
    failing: Sequence[Comparison]

    def proofs(self) -> Mapping[int, set[str]]:
        """Return the proof of values whose printed change follows from them."""
        return {i: {"change_recomputed"} for c in self.holding for i in (c.now, c.before)}

    def accused(self) -> Mapping[int, str]:
        """Return the values whose printed change does not follow from them."""
        return {i: WRONG for c in self.failing for i in (c.now, c.before)}


def check_changes(readings: Sequence[Reading], changes: Iterable[PrintedChange]) -> ChangeCheck:
    """Return which of ``changes`` follow from the readings they compare and which cannot.

    A change compares the newest period of its row with the one before it, restated where it is.
    The change in a sentence compares the group's figures, wherever they are printed. Only a row
    whose number of the report's own year is there can be wrong: else its column was not read.
    """
    own_year = max((r.period.fiscal_year for r in readings if r.place is not None), default=0)
    rows = _by_row(readings)
    figures = _by_metric(readings)
    holding, failing = [], []
    for change in changes:
        if change.place is None:
            found = figures.get(change.concept.id, [])
        else:
            found = rows.get((change.page_no, *change.place[:2]), [])
        compared = _compared(readings, found)
        if compared is None:
            continue
        now, before = compared
        verdict = recompute(readings[now], readings[before], change)
        if verdict is True:
            holding.append(Comparison(change, now, before))
        elif (
            verdict is False
            and readings[now].period.fiscal_year == own_year
            and not _explained_before_restatement(readings, found, now, change)
        ):
            failing.append(Comparison(change, now, before))
    return ChangeCheck(holding, failing)


def recompute(now: Reading, before: Reading, change: PrintedChange) -> bool | None:
    """Return whether ``change`` follows from two values; None where they cannot tell.

    Companies divide by a negative base or by its size, and may print a difference in the unit of
    the values: any of these is a change that follows.
    """
    printed = change.amount.value
    step = Decimal(1).scaleb(int(change.amount.value.as_tuple().exponent))
    verdicts = [
        _lies_in(printed, step, interval)
        for interval in _intervals(now, before, change)
        if interval
    ]
    if any(verdicts):
        return True
    return False if verdicts and all(verdict is False for verdict in verdicts) else None


def wrong_changes(check: ChangeCheck, readings: Sequence[Reading]) -> list[Reading]:
    """Return the changes that cannot be right as readings, each with its doubt."""
    return [_as_reading(c.change, readings[c.now]) for c in check.failing]


def _as_reading(change: PrintedChange, now: Reading) -> Reading:
    points = now.unit == "percent" or change.amount.unit == "percentage_points"
    return Reading(
        page_no=change.page_no,
        place=change.place,
        box=change.box,
        printed=change.amount.printed,
        label=change.label,
        concept=change.concept,
        value=change.amount.value,
        unit="percentage_points" if points else "percent",
        scale=1,
        currency=None,
        period=now.period,
        basis=now.basis,
        scope=now.scope,
        statement=now.statement if change.place else "text",
        section=now.section if change.place else -1,
        confidence=change.confidence,
        doubt=WRONG,
    )


def _lies_in(printed: Decimal, step: Decimal, interval: tuple[Decimal, Decimal]) -> bool | None:
    """Return whether a printed number lies in an interval, give or take its own rounding."""
    low, high = interval
    if low - step * HALF <= printed <= high + step * HALF:
        return True if high - low <= WIDEST * step else None
    return False if printed < low - step or printed > high + step else None


def _intervals(
    now: Reading, before: Reading, change: PrintedChange
) -> list[tuple[Decimal, Decimal] | None]:
    """Return where the change may lie: as growth, its sign turned, and as a difference."""
    unit = change.amount.unit
    in_points = unit == "percentage_points"
    found = [] if in_points else [_growth(now, before)]
    if before.amount < 0 and found and found[0]:
        low, high = found[0]
        found.append((-high, -low))
    if in_points or now.unit == "percent" or unit in {None, "currency"}:
        slack = (unit_in_last_place(now) + unit_in_last_place(before)) * HALF / now.scale
        difference = (now.amount - before.amount) / now.scale
        found.append((difference - slack, difference + slack))
    return found


def _growth(now: Reading, before: Reading) -> tuple[Decimal, Decimal] | None:
    """Return the least and the greatest growth in percent that two rounded values allow."""
    slack_now, slack = unit_in_last_place(now) * HALF, unit_in_last_place(before) * HALF
    base = abs(before.amount)
    if base <= slack:
        return None
    sign = 1 if before.amount > 0 else -1
    found = [
        (now.amount + a * slack_now - sign * (base + b * slack)) / (base + b * slack) * HUNDRED
        for a in (-1, 1)
        for b in (-1, 1)
    ]
    return min(found), max(found)


def _compared(readings: Sequence[Reading], found: Sequence[int]) -> tuple[int, int] | None:
    newest = max((readings[i].period.fiscal_year for i in found), default=0)
    now = [i for i in found if readings[i].period.fiscal_year == newest]
    before = [
        i
        for i in found
        if readings[i].period.fiscal_year == newest - 1
        and readings[i].basis != "before_restatement"
    ]
    alike = all(
        readings[i].amount == readings[side[0]].amount for side in (now, before) for i in side
    )
    return (now[0], before[0]) if now and before and alike else None


def _explained_before_restatement(
    readings: Sequence[Reading], found: Sequence[int], now: int, change: PrintedChange
) -> bool:
    year = readings[now].period.fiscal_year - 1
    return any(
        recompute(readings[now], readings[i], change) is not False
        for i in found
        if readings[i].basis == "before_restatement" and readings[i].period.fiscal_year == year
    )


def _by_row(readings: Sequence[Reading]) -> Mapping[tuple[int, int, int], list[int]]:
    rows: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for i, r in enumerate(readings):
        if r.place is not None and r.doubt is None:
            rows[r.page_no, r.place[0], r.place[1]].append(i)
    return rows


def _by_metric(readings: Sequence[Reading]) -> Mapping[str, list[int]]:
    """Return the group's figures of whole years as tables print them."""
    figures: dict[str, list[int]] = defaultdict(list)
    for i, r in enumerate(readings):
        is_whole = r.period.period in {str(r.period.fiscal_year)} or (
            r.period.period_type == "instant" and not r.period.period.endswith("-01-01")
        )
        if r.place is not None and r.doubt is None and r.scope == "consolidated" and is_whole:
            figures[r.concept.id].append(i)
    return figures
