"""The steps of the stage."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated

import polars as pl
from pydantic import Field

from sft_assets.dedup.duplicates import find_duplicates
from sft_assets.dedup.sameness import meanings_of, text_of
from sft_assets.near_duplicates import PERMUTATIONS, sign
from sft_assets.schemas.pairs import DROPPED_DUPLICATES, SIGNATURES
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepConfig, StepResult


class DedupSettings(StepConfig):
    """What counts as the same."""

    threshold: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.8")
    """Jaccard index of the shingles of question and answer from which two pairs are alike."""


def _pair_signatures(inputs: Inputs) -> StepResult:
    pairs = pl.concat([inputs.table("instruction_pairs"), inputs.table("augmented_pairs")])
    pairs = pairs.sort("pair_id")
    signed = sign([text_of(pair) for pair in pairs.iter_rows(named=True)])
    table = pl.DataFrame(
        {
            "pair_id": pairs["pair_id"],
            "signature": pl.Series(signed.values, dtype=pl.Array(pl.UInt32, PERMUTATIONS)).cast(
                SIGNATURES["signature"]
            ),
            "shingles": signed.shingles,
        },
        schema_overrides=dict(SIGNATURES),
    )
    return StepResult(
        tables={"pair_signatures": table},
        ledger=Ledger(unit="pair", rows_in=pairs.height, kept=table.height),
    )


def _dedup(inputs: Inputs) -> StepResult:
    pairs = inputs.table("reviewed_pairs").sort("pair_id")
    facts = inputs.table("financial_facts")
    signed = inputs.table("pair_signatures")
    signatures = dict(zip(signed["pair_id"], signed["signature"].to_list(), strict=True))
    duplicates = find_duplicates(
        pairs.to_dicts(),
        meanings_of(facts.to_dicts()),
        signatures,
        threshold=inputs.config(DedupSettings).threshold,
    )
    dropped = pl.DataFrame(
        [asdict(duplicate) for duplicate in duplicates],
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
        code_version="2",
        description="MinHash signatures of one report's pairs, so that a new report costs its own.",
        compute=_pair_signatures,
    ),
    Step(
        name="dedup",
        stage="dedup",
        grain=Grain.CORPUS,
        tables=("deduplicated_pairs", "dropped_duplicates"),
        inputs=("reviewed_pairs", "pair_signatures", "financial_facts"),
        code_version="2",
        description="Pairs of which no two are alike; every dropped one names its twin.",
        compute=_dedup,
        config=DedupSettings,
        ledger_input="reviewed_pairs",
    ),
)
