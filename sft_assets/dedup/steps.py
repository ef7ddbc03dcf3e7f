"""The steps of the stage."""

from decimal import Decimal
from typing import Annotated

import polars as pl
from pydantic import Field

from sft_assets.dedup.duplicates import find_duplicates
from sft_assets.dedup.sameness import meanings_of, text_of
from sft_assets.near_duplicates import shingles, signature
from sft_assets.schemas.pairs import DROPPED_DUPLICATES, SIGNATURES
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepConfig, StepResult


class DedupSettings(StepConfig):
    """What counts as the same."""

    threshold: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.8")
    """Jaccard index of the shingles of question and answer from which two pairs are alike."""


def _pair_signatures(inputs: Inputs) -> StepResult:
    pairs = pl.concat([inputs.table("instruction_pairs"), inputs.table("augmented_pairs")])
    rows = []
    for pair in pairs.sort("pair_id").iter_rows(named=True):
        of = shingles(text_of(pair))
        rows.append({"pair_id": pair["pair_id"], "signature": signature(of), "shingles": len(of)})
    table = pl.DataFrame(rows, schema=SIGNATURES)
    return StepResult(
        tables={"pair_signatures": table},
        ledger=Ledger(unit="pair", rows_in=pairs.height, kept=table.height),
    )


def _dedup(inputs: Inputs) -> StepResult:
    pairs = inputs.table("reviewed_pairs").sort("pair_id")
    facts = inputs.table("financial_facts")
    signatures = {
        row["pair_id"]: row["signature"]
        for row in inputs.table("pair_signatures").iter_rows(named=True)
    }
    duplicates = find_duplicates(
        pairs.to_dicts(),
        meanings_of(facts.to_dicts()),
        signatures,
        threshold=inputs.config(DedupSettings).threshold,
    )
    dropped = pl.DataFrame(
        [{"pair_id": d.pair_id, "twin_id": d.twin_id, "jaccard": d.jaccard} for d in duplicates],
        schema=DROPPED_DUPLICATES,
    )
    kept = pairs.join(dropped, on="pair_id", how="anti").sort("pair_id")
    return StepResult(
        tables={"deduplicated_pairs": kept, "dropped_duplicates": dropped},
        ledger=Ledger(
            unit="pair",
            rows_in=pairs.height,
            kept=kept.height,
            dropped={"near_duplicate": dropped.height},
        ),
    )


STEPS: tuple[Step, ...] = (
    Step(
        name="pair_signatures",
        stage="dedup",
        grain=Grain.REPORT,
        tables=("pair_signatures",),
        inputs=("instruction_pairs", "augmented_pairs"),
        code_version="1",
        description="MinHash signatures of one report's pairs, so that a new report costs its own.",
        compute=_pair_signatures,
    ),
    Step(
        name="dedup",
        stage="dedup",
        grain=Grain.CORPUS,
        tables=("deduplicated_pairs", "dropped_duplicates"),
        inputs=("reviewed_pairs", "pair_signatures", "financial_facts"),
        code_version="1",
        description="Pairs of which no two are alike; every dropped one names its twin.",
        compute=_dedup,
        config=DedupSettings,
        ledger_input="reviewed_pairs",
    ),
)
