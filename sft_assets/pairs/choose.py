"""Audit candidates and choose among them, so that every one has a known fate."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sft_assets.pairs.drafts import Draft, fault_of
from sft_assets.pairs.source import Report
from sft_assets.walk.step import Ledger


def audit(
    candidates: Iterable[Draft | str], reports: Sequence[Report]
) -> tuple[list[Draft], Counter[str], Counter[str]]:
    """Return the sound candidates in order of id, and why others were dropped or quarantined."""
    dropped: Counter[str] = Counter()
    quarantined: Counter[str] = Counter()
    sound: dict[str, Draft] = {}
    for candidate in candidates:
        if isinstance(candidate, str):
            dropped[candidate] += 1
            continue
        fault = fault_of(candidate, reports)
        if fault:
            quarantined[fault] += 1
        elif candidate.pair_id in sound:
            dropped["same_pair"] += 1
        else:
            sound[candidate.pair_id] = candidate
    return [sound[pair_id] for pair_id in sorted(sound)], dropped, quarantined


def cap_by_kind(drafts: Sequence[Draft], shares: Mapping[str, int], most: int) -> list[Draft]:
    """Return at most ``most`` of ``drafts``: each kind up to its share, the rest in turn.

    Within a kind the order of ids decides, which is as good as chance and always the same.
    """
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in sorted(drafts, key=lambda d: d.pair_id):
        groups[draft.kind].append(draft)
    total = sum(shares.get(kind, 0) for kind in groups) or 1
    taken = {
        kind: min(len(group), most * shares.get(kind, 0) // total)
        for kind, group in sorted(groups.items())
    }
    open_kinds = [k for k in sorted(groups) if shares.get(k, 0)]
    while sum(taken.values()) < most:
        grown = False
        for kind in open_kinds:
            if taken[kind] < len(groups[kind]) and sum(taken.values()) < most:
                taken[kind] += 1
                grown = True
        if not grown:
            break
    chosen = [draft for kind, group in groups.items() for draft in group[: taken[kind]]]
    return sorted(chosen, key=lambda d: d.pair_id)


def ledger(
    kept: int, dropped: Counter[str], quarantined: Counter[str], unit: str = "candidate pair"
) -> Ledger:
    """Return the ledger of what became of every candidate."""
    return Ledger(
        unit=unit,
        rows_in=kept + sum(dropped.values()) + sum(quarantined.values()),
        kept=kept,
        dropped={reason: dropped[reason] for reason in sorted(dropped) if dropped[reason]},
        quarantined={rule: quarantined[rule] for rule in sorted(quarantined) if quarantined[rule]},
    )
