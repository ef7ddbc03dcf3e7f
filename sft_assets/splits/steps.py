"""The steps of the stage."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from sft_assets.errors import GateError
from sft_assets.lineage.digests import sha256_of_bytes
from sft_assets.schemas.pairs import GENERAL_PAIRS, SPLITS
from sft_assets.splits.assignment import (
    Split,
    assign_companies,
    companies_of_rare_languages,
)
from sft_assets.splits.general import bundled_text, general_rows, read_own
from sft_assets.splits.leaks import (
    companies_in_two_splits,
    facts_in_two_splits,
    near_duplicates_of,
)
from sft_assets.splits.settings import GeneralSettings, SplitSettings
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult

Row = dict[str, object]


def _own_file(settings: GeneralSettings) -> Path | None:
    return Path(settings.general_file) if settings.general_file else None


def _general_files(view: ExternalView, _partition: str) -> Mapping[str, str]:
    own = _own_file(view.config(GeneralSettings))
    digests = {"bundled": sha256_of_bytes(bundled_text().encode())}
    if own is not None:
        digests["own"] = sha256_of_bytes(read_own(own).encode())
    return digests


def _general_pairs(inputs: Inputs) -> StepResult:
    settings = inputs.config(GeneralSettings)
    table = pl.DataFrame(
        general_rows(_own_file(settings), settings.made_tasks), schema=GENERAL_PAIRS
    )
    return StepResult(
        tables={"general_pairs": table},
        ledger=Ledger(unit="general pair", rows_in=table.height, kept=table.height),
    )


def split_pairs(pairs: pl.DataFrame, general: pl.DataFrame, settings: SplitSettings) -> StepResult:
    """Return the split of every pair that has one, and why others have none.

    Raises:
        GateError: If a company or a fact would be in two splits.
    """
    rows = pairs.sort("pair_id").to_dicts()
    splits = assign_companies(
        (company for row in rows for company in row["company_ids"]),
        test_pct=settings.test_pct,
        validation_pct=settings.validation_pct,
        seed=settings.seed,
        pinned=settings.pinned,
        trained_only=companies_of_rare_languages(
            _language_of_companies(rows), settings.fewest_companies_a_language
        ),
    )
    dropped: Counter[str] = Counter()
    placed: list[tuple[Split, Row]] = []
    for row in rows:
        own = sorted({splits[company] for company in row["company_ids"]})
        if len(own) == 1:
            placed.append((own[0], row))
        else:
            dropped["spans_splits" if own else "names_no_company"] += 1
    placed, alike = _without_near_duplicates(placed, settings)
    dropped += alike
    _refuse_leaks(placed)
    made = [
        {
            "pair_id": row["pair_id"],
            "split": split,
            "group": "+".join(sorted(_listed(row["company_ids"]))),
            "origin": "report",
        }
        for split, row in placed
    ]
    train = sum(split == "train" for split, _ in placed)
    chosen = choose_general(general["pair_id"].to_list(), train, settings.general_pct)
    dropped["general_beyond_share"] += general.height - len(chosen)
    made += [
        {"pair_id": pair_id, "split": "train", "group": "general", "origin": "general"}
        for pair_id in chosen
    ]
    table = pl.DataFrame(made, schema=SPLITS).sort("pair_id")
    share = f"{100 * len(chosen) / max(1, train + len(chosen)):.1f}"
    return StepResult(
        tables={"dataset_splits": table},
        ledger=Ledger(
            unit="pair",
            rows_in=pairs.height + general.height,
            kept=table.height,
            dropped={reason: dropped[reason] for reason in sorted(dropped) if dropped[reason]},
        ),
        metadata={
            **{
                f"companies_{split}": sum(s == split for s in splits.values())
                for split in ("train", "validation", "test")
            },
            "general_share_of_training_pct": share,
        },
    )


def choose_general(pair_ids: Sequence[str], train: int, percent: int) -> list[str]:
    """Return the ids of the general pairs that make up ``percent`` of the training split.

    >>> choose_general(["a", "b", "c"], 17, 15)
    ['a', 'b', 'c']
    >>> len(choose_general([str(i) for i in range(100)], 80, 20))
    20
    """
    wanted = -(-train * percent // (100 - percent)) if percent else 0
    return sorted(pair_ids)[:wanted]


def _language_of_companies(rows: Sequence[Row]) -> dict[str, str]:
    """Return company_id -> the language of most pairs about it alone."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        companies = _listed(row["company_ids"])
        if len(companies) == 1:
            counts[companies[0]][str(row["language"])] += 1
    return {
        company: min(found, key=lambda language: (-found[language], language))
        for company, found in counts.items()
    }


def _without_near_duplicates(
    placed: Sequence[tuple[Split, Row]], settings: SplitSettings
) -> tuple[list[tuple[Split, Row]], Counter[str]]:
    """Drop from training what resembles evaluation, and from validation what resembles test."""
    kept = list(placed)
    dropped: Counter[str] = Counter()
    for split, others in (("validation", {"test"}), ("train", {"validation", "test"})):
        rows = [row for own, row in kept if own == split]
        held_out = [row for own, row in kept if own in others]
        alike = near_duplicates_of(rows, held_out, threshold=settings.near_duplicate)
        kept = [(own, row) for own, row in kept if own != split or row["pair_id"] not in alike]
        dropped[f"{split}_resembles_held_out"] += len(alike)
    return kept, dropped


def _refuse_leaks(placed: Sequence[tuple[Split, Row]]) -> None:
    companies = companies_in_two_splits((s, _listed(row["company_ids"])) for s, row in placed)
    facts = facts_in_two_splits((s, _listed(row["fact_ids"])) for s, row in placed)
    if companies or facts:
        raise GateError(
            f"splits share {len(companies)} companies ({', '.join(companies[:5])}) and "
            f"{len(facts)} facts ({', '.join(facts[:5])}); expected none\n"
            "hint: one issuer may have two company_ids; pin them to one split"
        )


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _dataset_splits(inputs: Inputs) -> StepResult:
    return split_pairs(
        inputs.table("deduplicated_pairs"),
        inputs.table("general_pairs"),
        inputs.config(SplitSettings),
    )


STEPS: tuple[Step, ...] = (
    Step(
        name="general_pairs",
        stage="splits",
        grain=Grain.CORPUS,
        tables=("general_pairs",),
        inputs=(),
        code_version="1",
        description="General instruction data: written for the project, made by rule, or your own.",
        compute=_general_pairs,
        config=GeneralSettings,
        external=_general_files,
    ),
    Step(
        name="dataset_splits",
        stage="splits",
        grain=Grain.CORPUS,
        tables=("dataset_splits",),
        inputs=("deduplicated_pairs", "general_pairs"),
        code_version="1",
        description="Train, validation and test by company; general data in training only.",
        compute=_dataset_splits,
        config=SplitSettings,
    ),
)
