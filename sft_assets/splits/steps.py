"""The steps of the stage."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
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
from sft_assets.splits.by_time import split_of_year
from sft_assets.splits.copies import overlaps, renumbered
from sft_assets.splits.general import bundled_text, general_rows, read_own
from sft_assets.splits.issuers import Issuers
from sft_assets.splits.leaks import (
    companies_in_two_splits,
    facts_in_two_splits,
    near_duplicates_of,
)
from sft_assets.splits.settings import GeneralSettings, SplitSettings
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult

Row = dict[str, object]
SPLIT_NAMES = ("train", "validation", "test")


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


def split_pairs(
    pairs: pl.DataFrame,
    general: pl.DataFrame,
    settings: SplitSettings,
    reports: pl.DataFrame | None = None,
    facts: pl.DataFrame | None = None,
) -> StepResult:
    """Return the split of every pair that has one, and why others have none.

    ``reports`` (``raw_reports``) names the companies, so that one issuer under two ids stays in one
    split; ``facts`` tells which figures are one.

    Raises:
        GateError: If a company or a fact would be in two splits.
    """
    rows = pairs.sort("pair_id").to_dicts()
    issuers = Issuers.read(reports, facts, settings)
    placed, dropped, counts = _placed(rows, issuers, settings)
    placed, leaking = _without_leaks(placed, issuers, settings)
    dropped += leaking
    _refuse_leaks(placed, issuers, settings)
    made = [
        {
            "pair_id": row["pair_id"],
            "split": split,
            "group": "+".join(sorted(_listed(row["company_ids"]))),
            "origin": "report",
            "fold": issuers.fold(row, settings) if split != "test" else None,
        }
        for split, row in placed
    ]
    train = sum(split == "train" for split, _ in placed)
    spoken = {row["language"] for split, row in placed if split == "train"}
    understood = general.filter(pl.col("language").is_in(sorted(map(str, spoken))))
    dropped["general_in_another_language"] += general.height - understood.height
    clean, screened = _screened(understood, placed, settings)
    dropped += screened
    chosen = choose_general(clean, train, settings.general_pct)
    dropped["general_beyond_share"] += len(clean) - len(chosen)
    made += [
        {"pair_id": i, "split": "train", "group": "general", "origin": "general", "fold": None}
        for i in chosen
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
            **{f"companies_{split}": counts[split] for split in SPLIT_NAMES},
            **({"empty_splits": ", ".join(empty)} if (empty := _empty(placed)) else {}),
            **{f"rows_{split}": sum(s == split for s, _ in placed) for split in SPLIT_NAMES},
            "general_share_of_training_pct": share,
        },
    )


def _placed(
    rows: Sequence[Row], issuers: Issuers, settings: SplitSettings
) -> tuple[list[tuple[Split, Row]], Counter[str], Counter[str]]:
    """Return rows with their split, why others have none, and the companies of each split."""
    dropped: Counter[str] = Counter()
    placed: list[tuple[Split, Row]] = []
    if settings.by == "time":
        for row in rows:
            year = issuers.year(row)
            split = (
                None
                if year is None
                else split_of_year(
                    year,
                    test_from_year=settings.test_from_year or year,
                    embargo_years=settings.embargo_years,
                )
            )
            if split is not None:
                placed.append((split, row))
            else:
                dropped["embargo" if year is not None else "has_no_year"] += 1
        seen = {
            (split, issuers.group(c)) for split, row in placed for c in _listed(row["company_ids"])
        }
        return placed, dropped, Counter(split for split, _ in seen)
    splits = _splits_of_groups(rows, issuers, settings)
    for row in rows:
        own = sorted({splits[issuers.group(company)] for company in _listed(row["company_ids"])})
        if len(own) == 1:
            placed.append((own[0], row))
        else:
            dropped["spans_splits" if own else "names_no_company"] += 1
    return placed, dropped, Counter(splits.values())


def _splits_of_groups(
    rows: Sequence[Row], issuers: Issuers, settings: SplitSettings
) -> dict[str, Split]:
    languages = _language_of_companies(rows)
    rare = companies_of_rare_languages(languages, settings.fewest_companies_a_language)
    return assign_companies(
        (issuers.group(company) for row in rows for company in _listed(row["company_ids"])),
        test_pct=settings.test_pct,
        validation_pct=settings.validation_pct,
        seed=settings.seed,
        pinned={issuers.group(company): split for company, split in settings.pinned.items()},
        trained_only={issuers.group(company) for company in rare},
        fill_empty=settings.fill_empty_splits,
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


def _empty(placed: Sequence[tuple[Split, Row]]) -> list[str]:
    """Return the splits that no row is in: a small corpus may lack one, see fill_empty_splits."""
    return sorted(set(SPLIT_NAMES) - {split for split, _ in placed})


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


def _without_leaks(
    placed: Sequence[tuple[Split, Row]], issuers: Issuers, settings: SplitSettings
) -> tuple[list[tuple[Split, Row]], Counter[str]]:
    """Drop from training what leaks evaluation, and from validation what leaks test."""
    kept = list(placed)
    dropped: Counter[str] = Counter()
    for split, others in (("validation", {"test"}), ("train", {"validation", "test"})):
        held_out = [row for own, row in kept if own in others]
        for reason, leaking in _leaks(split, kept, held_out, issuers, settings):
            dropped[f"{split}_{reason}"] += len(leaking)
            kept = [
                (own, row) for own, row in kept if own != split or row["pair_id"] not in leaking
            ]
    return kept, dropped


def _leaks(
    split: str,
    kept: Sequence[tuple[Split, Row]],
    held_out: Sequence[Row],
    issuers: Issuers,
    settings: SplitSettings,
) -> Iterator[tuple[str, Collection[str]]]:
    """Yield each way to leak with the pairs of ``split`` that do, each pair once."""
    rows = [row for own, row in kept if own == split]
    if settings.by == "time":
        keys = {key for row in held_out for key in issuers.fact_keys(row)}
        same = {str(r["pair_id"]) for r in rows if keys & set(issuers.fact_keys(r))}
        yield "states_held_out_fact", same
        rows = [row for row in rows if row["pair_id"] not in same]
    names = sorted(
        {name for r in held_out for c in _listed(r["company_ids"]) for name in issuers.names(c)}
    )
    threshold = settings.near_duplicate
    leaking: Mapping[str, str]
    for reason in ("resembles_held_out", "overlaps_held_out", "renumbers_held_out"):
        if reason == "resembles_held_out":
            leaking = near_duplicates_of(rows, held_out, threshold=threshold)
        elif reason == "overlaps_held_out":
            leaking = overlaps(rows, held_out)
        else:  # by time the same company in another year is what is asked for
            leaking = {} if settings.by == "time" else renumbered(rows, held_out, names, threshold)
        yield reason, leaking
        rows = [row for row in rows if row["pair_id"] not in leaking]


def _screened(
    general: pl.DataFrame, placed: Sequence[tuple[Split, Row]], settings: SplitSettings
) -> tuple[list[str], Counter[str]]:
    """Return the ids of general pairs that hold nothing of the held-out rows."""
    rows = general.to_dicts()
    held_out = [row for split, row in placed if split != "train"]
    leaking = set(overlaps(rows, held_out))
    asked = [{**row, "context": row["answer"]} for row in rows]
    leaking |= set(near_duplicates_of(asked, held_out, threshold=settings.near_duplicate))
    names = sorted({c for row in held_out for c in _listed(row["company_ids"])})
    leaking |= set(renumbered(rows, held_out, names, settings.near_duplicate))
    dropped: Counter[str] = Counter({"general_resembles_held_out": len(leaking)})
    return [str(row["pair_id"]) for row in rows if row["pair_id"] not in leaking], dropped


def _refuse_leaks(
    placed: Sequence[tuple[Split, Row]], issuers: Issuers, settings: SplitSettings
) -> None:
    companies = companies_in_two_splits(
        (s, [issuers.group(c) for c in _listed(row["company_ids"])]) for s, row in placed
    )
    facts = facts_in_two_splits((s, issuers.fact_keys(row)) for s, row in placed)
    if settings.by == "time":
        companies = []  # the same companies in other years: that is what is asked for
    if companies or facts:
        raise GateError(
            f"splits share {len(companies)} companies ({', '.join(companies[:5])}) and "
            f"{len(facts)} facts ({', '.join(facts[:5])}); expected none\n"
            "hint: name the ids that are one issuer in same_company, or pin them to one split"
        )


def _listed(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _dataset_splits(inputs: Inputs) -> StepResult:
    return split_pairs(
        inputs.table("deduplicated_pairs"),
        inputs.table("general_pairs"),
        inputs.config(SplitSettings),
        inputs.table("raw_reports"),
        inputs.table("financial_facts"),
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
        inputs=("deduplicated_pairs", "general_pairs", "raw_reports", "financial_facts"),
        code_version="3",
        description="Train, validation and test by company; general data in training only.",
        compute=_dataset_splits,
        config=SplitSettings,
    ),
)
