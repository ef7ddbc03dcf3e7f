"""Audit candidates and choose among them, so that every one has a known fate."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from sft_assets.pairs.drafts import Draft, fault_of
from sft_assets.pairs.source import Report
from sft_assets.walk.step import Ledger

CORE_METRICS = frozenset(
    {
        "revenue", "total_revenue", "net_sales", "turnover", "cost_of_revenue", "gross_profit",
        "operating_profit", "profit_before_tax", "net_profit", "net_profit_attributable_to_parent",
        "net_profit_deducted", "rd_expenses", "rd_investment", "selling_expenses",
        "administrative_expenses", "finance_expenses", "total_assets", "total_liabilities",
        "net_assets", "net_assets_attributable", "net_cash_from_operating", "inventories",
        "accounts_receivable", "basic_eps", "roe_weighted", "employees_total",
    }
)  # fmt: skip


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

    Within a kind, figures that readers ask for take turns with all others; the order of ids
    decides in both rows, which is as good as chance and always the same.
    """
    groups: dict[str, list[Draft]] = {}
    for kind in sorted({draft.kind for draft in drafts}):
        own = sorted((d for d in drafts if d.kind == kind), key=lambda d: d.pair_id)
        core = [d for d in own if _is_core(d)]
        others = [d for d in own if not _is_core(d)]
        turns = [d for pair in zip_longest(core, others) for d in pair if d is not None]
        groups[kind] = turns
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


def _is_core(draft: Draft) -> bool:
    if not draft.facts:
        return False
    operand = draft.facts[0].operand
    return operand.metric in CORE_METRICS and operand.scope == "consolidated"


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
