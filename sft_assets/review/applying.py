"""Apply verdicts to pairs: accepted, corrected, dropped, or set aside with the reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sft_assets.numbers import find_numbers
from sft_assets.review.verdicts import Decision

Pair = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Pairs after review; every pair that came in is in exactly one of the two."""

    kept: list[dict[str, object]]
    set_aside: list[tuple[str, str]]  # (pair_id, reason)


DROPPED = ("rejected", "parent_rejected", "same_pair_again")
CHANGED = "figure_changed_between_reports"
QUARANTINED = (
    "verdicts_conflict",
    "corrected_numbers_differ",
    "corrected_result_missing",
    CHANGED,
)


def apply_verdicts(
    pairs: Sequence[Pair],
    decisions: Mapping[str, Decision],
    changed_facts: Collection[str] = (),
) -> Reviewed:
    """Return ``pairs`` with ``decisions`` applied, in order of their ids.

    A variant of a rejected pair goes with it: it asks the same and answers the same. A pair that
    rests on one of ``changed_facts``, figures that two reports print differently without a word,
    is kept only where a person accepted it.
    """
    doubted = frozenset(changed_facts)
    rejected = {pair_id for pair_id, d in decisions.items() if d.action == "reject"}
    kept: list[dict[str, object]] = []
    set_aside: list[tuple[str, str]] = []
    seen: set[str] = set()
    for pair in sorted(pairs, key=lambda pair: str(pair["pair_id"])):
        pair_id = str(pair["pair_id"])
        decision = decisions.get(pair_id)
        reason = "same_pair_again" if pair_id in seen else _why_not(pair, decision, rejected)
        if reason is None and decision is None and not doubted.isdisjoint(_fact_ids(pair)):
            reason = CHANGED
        seen.add(pair_id)
        if reason is not None:
            set_aside.append((pair_id, reason))
        elif decision is None:
            kept.append(dict(pair))
        elif decision.action == "accept":
            kept.append({**pair, "review_status": "accepted"})
        else:
            answer = decision.corrected_answer
            kept.append({**pair, "review_status": "corrected", "answer": answer})
    return Reviewed(kept, set_aside)


def _fact_ids(pair: Pair) -> list[str]:
    found = pair["fact_ids"]
    return [str(fact_id) for fact_id in found] if isinstance(found, list) else []


def _why_not(pair: Pair, decision: Decision | None, rejected: set[str]) -> str | None:
    """Return why ``pair`` is not kept, or None."""
    if str(pair["pair_id"]) in rejected:
        return "rejected"
    if pair["parent_id"] in rejected:
        return "parent_rejected"
    if decision is None or decision.action == "accept":
        return None
    if decision.action == "conflict":
        return "verdicts_conflict"
    corrected = decision.corrected_answer or ""
    if _numbers_of(str(pair["answer"])) != _numbers_of(corrected):
        return "corrected_numbers_differ"
    results = str(pair["result"]).split("; ") if pair["result"] is not None else []
    if any(result not in corrected for result in results):
        return "corrected_result_missing"
    return None


def _numbers_of(text: str) -> set[tuple[str, str, str, int, str]]:
    """Return every number that ``text`` states, with its meaning; a reviewer may not change one."""
    return {
        (
            span.kind,
            span.printed if span.value is None else format(span.value.normalize(), "f"),
            span.unit or "",
            span.scale,
            span.currency or "",
        )
        for span in find_numbers(text)
    }
