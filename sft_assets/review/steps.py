"""Wiring of ``review_queue`` and ``reviewed_pairs``."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

import polars as pl
from pydantic import Field

from sft_assets.lineage.digests import canonical_json, sha256_of_bytes
from sft_assets.review.applying import DROPPED, QUARANTINED, apply_verdicts
from sft_assets.review.doubts import DOUBTS_PATH, parse_doubts
from sft_assets.review.label_studio import LABEL_CONFIG, tasks_json
from sft_assets.review.layouts import TABLE, rare_tables
from sft_assets.review.risk import CONTROL, choose_for_review
from sft_assets.review.verdicts import (
    VERDICTS_PATH,
    cohens_kappa,
    decide,
    latest_verdicts,
    parse_verdicts,
)
from sft_assets.schemas.facts import changed_facts
from sft_assets.schemas.pairs import PAIRS, REVIEW_QUEUE
from sft_assets.store.folders import Folder
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepConfig, StepResult

PAIR_TABLES = ("instruction_pairs", "augmented_pairs", "comparison_pairs")
_PAGE = ["doc_id", "page_no"]
_FACT_COLUMNS = ("fact_id", "text_source", "status", "basis", "scope")


class ReviewSettings(StepConfig):
    """How many pairs people are asked to look at."""

    per_thousand: Annotated[int, Field(ge=0, le=1000)] = 60
    """Pairs to review in every thousand."""
    control_pct: Annotated[int, Field(ge=0, le=100)] = 20
    """Share of them drawn by lot from all others, to estimate the error rate of the whole."""


def _all_pairs(inputs: Inputs) -> list[dict[str, object]]:
    return [row for name in PAIR_TABLES for row in inputs.table(name).iter_rows(named=True)]


def queue_pairs(inputs: Inputs) -> StepResult:
    """Return the pairs to look at first, and the files that Label Studio imports."""
    settings = inputs.config(ReviewSettings)
    rows = _all_pairs(inputs)
    pairs = {str(row["pair_id"]): row for row in rows}
    doubtful = inputs.table("fact_quarantine").select(*_PAGE).unique()
    all_facts = inputs.table("financial_facts")
    rare = rare_tables(all_facts).with_columns(rare_layout=True)
    facts = (
        all_facts.join(doubtful.with_columns(beside_quarantine=True), on=_PAGE, how="left")
        .join(rare, on=TABLE, how="left")
        .select(*_FACT_COLUMNS, "beside_quarantine", "rare_layout")
    )
    doubted = parse_doubts(_bytes_of(inputs.root, DOUBTS_PATH).decode("utf-8"))
    by_id = {str(fact["fact_id"]): fact for fact in facts.iter_rows(named=True)}
    ordered = [pairs[pair_id] for pair_id in sorted(pairs)]
    queue = choose_for_review(
        ordered,
        by_id,
        per_thousand=settings.per_thousand,
        control_pct=settings.control_pct,
        doubted=doubted,
    )
    table = [
        {"pair_id": q.pair_id, "rank": rank, "risk": q.risk, "reasons": list(q.reasons)}
        for rank, q in enumerate(queue, start=1)
    ]
    dropped = {"not_sampled": len(pairs) - len(queue), "same_pair_again": len(rows) - len(pairs)}
    return StepResult(
        tables={"review_queue": pl.DataFrame(table, schema=REVIEW_QUEUE)},
        ledger=Ledger(
            unit="pair",
            rows_in=len(rows),
            kept=len(queue),
            dropped={reason: count for reason, count in dropped.items() if count},
        ),
        files={
            "label_studio_tasks.json": tasks_json(queue, pairs),
            "label_config.xml": LABEL_CONFIG.encode("utf-8"),
        },
        metadata={
            "pairs": len(pairs),
            "queued": len(queue),
            "drawn_by_lot": sum(CONTROL in q.reasons for q in queue),
            "rare_tables": rare.height,
            "doubted_by_a_model": len(doubted & pairs.keys()),
        },
    )


def apply_review(inputs: Inputs) -> StepResult:
    """Return every pair with the verdicts of people applied."""
    rows = _all_pairs(inputs)
    content = _bytes_of(inputs.root, VERDICTS_PATH)
    latest = latest_verdicts(parse_verdicts(content.decode("utf-8")))
    decisions = {pair_id: decide(by_reviewer) for pair_id, by_reviewer in sorted(latest.items())}
    reviewed = apply_verdicts(rows, decisions, changed_facts(inputs.table("prior_year_figures")))
    reasons = Counter(reason for _, reason in reviewed.set_aside)
    statuses = Counter(str(row["review_status"]) for row in reviewed.kept)
    known = {str(row["pair_id"]) for row in rows}
    metadata: dict[str, int | str] = {
        "pairs": len(rows),
        **{f"pairs_{status}": statuses[status] for status in sorted(statuses)},
        "reviewed_pairs_gone": len(set(decisions) - known),  # made anew since, under another id
    }
    if (agreement := cohens_kappa(latest)) is not None:
        metadata |= {"cohens_kappa": str(agreement[0]), "kappa_over_pairs": agreement[1]}
    lines = [
        canonical_json({"pair_id": pair_id, "reason": reason})
        for pair_id, reason in reviewed.set_aside
    ]
    return StepResult(
        tables={"reviewed_pairs": pl.DataFrame(reviewed.kept, schema=PAIRS)},
        ledger=Ledger(
            unit="pair",
            rows_in=len(rows),
            kept=len(reviewed.kept),
            dropped={reason: reasons[reason] for reason in DROPPED if reasons[reason]},
            quarantined={reason: reasons[reason] for reason in QUARANTINED if reasons[reason]},
        ),
        files={"set_aside.jsonl": "".join(f"{line}\n" for line in lines).encode("utf-8")},
        metadata=metadata,
    )


def _bytes_of(root: str, path: str) -> bytes:
    """Return a file's content; nothing when nobody has reviewed, or no model was asked, yet."""
    folder = Folder(root)
    return folder.read_bytes(path) if folder.exists(path) else b""


def read_external(view: ExternalView, partition: str) -> Mapping[str, str]:  # noqa: ARG001
    """Return the digest of the verdict file: new verdicts make a new version."""
    return {"verdicts": sha256_of_bytes(_bytes_of(view.root, VERDICTS_PATH))}


def read_doubts(view: ExternalView, partition: str) -> Mapping[str, str]:  # noqa: ARG001
    """Return the digest of the file of doubts: new doubts make a new queue."""
    return {"doubts": sha256_of_bytes(_bytes_of(view.root, DOUBTS_PATH))}


STEPS: tuple[Step, ...] = (
    Step(
        name="review_queue",
        stage="review",
        grain=Grain.CORPUS,
        tables=("review_queue",),
        inputs=(*PAIR_TABLES, "financial_facts", "fact_quarantine"),
        code_version="5",
        description="The pairs a person should look at first, ready for Label Studio.",
        compute=queue_pairs,
        config=ReviewSettings,
        external=read_doubts,
    ),
    Step(
        name="reviewed_pairs",
        stage="review",
        grain=Grain.CORPUS,
        tables=("reviewed_pairs",),
        inputs=(*PAIR_TABLES, "prior_year_figures"),
        code_version="2",
        description="All pairs with people's verdicts applied; corrections keep every number.",
        compute=apply_review,
        external=read_external,
    ),
)
