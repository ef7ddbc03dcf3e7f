"""Which pairs a person should look at first.

Points say how much could be wrong, not how much is: a number read by OCR, a fact that no
identity proves, arithmetic on top, a label that says "wrong answer".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sft_assets.lineage.digests import digest_of

POINTS = {
    "ocr_evidence": 40,
    "model_uncertain": 45,  # a trained model answered it wrongly, or hesitated
    "fact_not_proved": 20,
    "beside_quarantine": 15,  # another number of its page was set aside
    "rare_layout": 14,  # its table is built otherwise than nearly all others
    "restated_basis": 12,
    "labelled_wrong": 10,
    "computed": 8,
    "several_companies": 6,
    "parent_scope": 5,
    "reworded": 4,
    "no_evidence": 3,
}
CONTROL = "control"  # drawn by hash whatever the risk, so that the error rate can be estimated


@dataclass(frozen=True, slots=True)
class Queued:
    """A pair that is to be looked at."""

    pair_id: str
    risk: int
    reasons: tuple[str, ...]  # keys of POINTS, or CONTROL


def reasons_of(
    pair: Mapping[str, object],
    facts: Mapping[str, Mapping[str, object]],
    doubted: Collection[str] = (),
) -> tuple[str, ...]:
    """Return why ``pair`` is at risk, in the order of ``POINTS``.

    ``facts`` is by ``fact_id``; ``doubted`` are the pair_ids that a model was not sure of.
    """
    fact_ids = pair["fact_ids"] if isinstance(pair["fact_ids"], list) else []
    companies = pair["company_ids"] if isinstance(pair["company_ids"], list) else []
    own = [facts[fact_id] for fact_id in fact_ids if fact_id in facts]
    holds = {
        "ocr_evidence": any(fact["text_source"] == "ocr" for fact in own),
        "model_uncertain": pair["pair_id"] in doubted,
        "rare_layout": any(bool(fact.get("rare_layout")) for fact in own),
        "fact_not_proved": any(fact["status"] != "proved" for fact in own),
        "beside_quarantine": any(bool(fact.get("beside_quarantine")) for fact in own),
        "restated_basis": any(fact["basis"] != "reported" for fact in own),
        "labelled_wrong": pair["is_target"] is False,
        "computed": "(" in str(pair["program"] or ""),
        "several_companies": len(companies) > 1,
        "parent_scope": any(fact["scope"] == "parent" for fact in own),
        "reworded": pair["parent_id"] is not None,
        "no_evidence": not fact_ids,
    }
    return tuple(reason for reason in POINTS if holds[reason])


def choose_for_review(
    pairs: Sequence[Mapping[str, object]],
    facts: Mapping[str, Mapping[str, object]],
    *,
    per_thousand: int,
    control_pct: int,
    doubted: Collection[str] = (),
) -> list[Queued]:
    """Return the pairs to look at, the riskiest first; ties go by a digest of the id.

    ``control_pct`` of them are drawn by digest from the rest: a sample of only the worst says
    nothing about the whole.
    """
    wanted = -(-len(pairs) * per_thousand // 1000)
    control = wanted * control_pct // 100
    ranked = []
    for pair in pairs:
        reasons = reasons_of(pair, facts, doubted)
        ranked.append(Queued(str(pair["pair_id"]), sum(POINTS[r] for r in reasons), reasons))
    ranked.sort(key=lambda queued: (-queued.risk, _lot(queued)))
    riskiest, rest = ranked[: wanted - control], ranked[wanted - control :]
    drawn = sorted(rest, key=_lot)[:control]
    drawn.sort(key=lambda queued: (-queued.risk, _lot(queued)))
    return riskiest + [Queued(q.pair_id, q.risk, (*q.reasons, CONTROL)) for q in drawn]


def _lot(queued: Queued) -> str:
    return digest_of("review_lot", queued.pair_id)
