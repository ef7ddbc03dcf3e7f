"""The step of the stage."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

import sft_assets
from sft_assets.errors import GateError
from sft_assets.language_models.token_counts import TOKENIZER_FILE, conversation_tokens
from sft_assets.lineage.digests import sha256_of_bytes, sha256_of_file
from sft_assets.release.card import data_card, quality_section
from sft_assets.release.folder import (
    LM_EVAL_ROWS,
    LM_EVAL_SCORES,
    LM_EVAL_TASK,
    lm_eval_row,
    lm_eval_scores,
    lm_eval_task,
    readme,
)
from sft_assets.release.industries import industries_of
from sft_assets.release.lineage_tables import (
    LINEAGE,
    Row,
    lineage_row,
    listed,
    parquet_bytes,
    refuse_unproven,
)
from sft_assets.release.quality import Text, inconsistent_pairs, quality_report
from sft_assets.release.quality_plot import draw_quality
from sft_assets.release.rows import (
    FORMATS,
    PART_FORMATS,
    Conversation,
    conversation_of,
    dataset_info,
    preference_of,
)
from sft_assets.release.settings import ReleaseSettings
from sft_assets.release.shares import low_shares, refuse_shares, shares_of, thin_splits
from sft_assets.schemas.pairs import SPLITS
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult

SPLIT_NAMES = ("train", "validation", "test")
BUNDLED_TOKENIZER = Path(sft_assets.__file__).parent / "train" / "base"


def release(
    splits: pl.DataFrame,
    pairs: pl.DataFrame,
    general: pl.DataFrame,
    facts: pl.DataFrame,
    settings: ReleaseSettings,
) -> StepResult:
    """Return the files of the data set and the table of released pairs.

    Raises:
        GateError: If a pair is unknown, does not re-derive, or training is empty.
    """
    by_id: dict[str, Row] = {row["pair_id"]: row for row in general.to_dicts()}
    by_id |= {row["pair_id"]: row for row in pairs.to_dicts()}
    released = _released_rows(splits, by_id, settings)
    report_pairs = [by_id[r["pair_id"]] for r in released if r["origin"] == "report"]
    cited = sorted({fact_id for pair in report_pairs for fact_id in listed(pair["fact_ids"])})
    cited_facts = facts.filter(pl.col("fact_id").is_in(cited)).sort("fact_id")
    fact_rows: dict[str, Row] = {row["fact_id"]: row for row in cited_facts.to_dicts()}
    refuse_unproven(report_pairs, fact_rows)
    written = _write_splits(released, by_id, fact_rows, settings)
    files, told = written.files, written.told
    lineage_table = pl.DataFrame(written.lineage, schema=LINEAGE)
    shares = shares_of(lineage_table)
    refuse_shares(shares, settings, len(report_pairs))
    warnings = [
        *low_shares(shares, settings, len(report_pairs)),
        *thin_splits(lineage_table, settings.fewest_validation_rows),
    ]
    quality = quality_report(
        lineage_table,
        cited_facts,
        written.texts,
        cut_off=settings.cut_off_tokens,
        industries=industries_of(facts, settings.industries),
        warnings=warnings,
    )
    files["lineage.parquet"] = parquet_bytes(lineage_table)
    files["facts.parquet"] = parquet_bytes(cited_facts)
    files["dataset_info.json"] = _json(dataset_info(written.lines_of))
    files["quality_report.json"] = _json(quality)
    files |= _lm_eval_files(told["test"], settings)
    licences = sorted(set(general["licence"])) if general.height else []
    card = data_card(lineage_table, quality, cited_facts, licences, settings.general_repeats)
    card += quality_section(quality)
    files["data_card.md"] = card.encode()
    files["README.md"] = readme(card, written.lines_of).encode()
    counts = {split: len(conversations) for split, conversations in told.items()}
    files["manifest.json"] = _json(_manifest(files, counts, settings))
    table = pl.DataFrame(released, schema=SPLITS).sort("pair_id")
    left_out = splits.height - table.height
    return StepResult(
        tables={"sft_dataset": table},
        ledger=Ledger(
            unit="pair",
            rows_in=splits.height,
            kept=table.height,
            dropped={"critique": left_out} if left_out else {},
        ),
        files=files,
        measured={"quality.png": draw_quality(quality)},
        metadata={
            **{f"rows_{s}": n for s, n in counts.items()},
            "facts": cited_facts.height,
            **{name: f"{share:.1f}" for name, share in sorted(shares.items())},
            "inconsistent_pairs": len(inconsistent_pairs(written.texts)),
            **({"warnings": "; ".join(warnings)} if warnings else {}),
        },
    )


@dataclass(slots=True)
class _WrittenSplits:
    """The splits in every form, and what is told of them."""

    files: dict[str, bytes] = field(default_factory=dict)
    lineage: list[Row] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    told: dict[str, list[Conversation]] = field(default_factory=dict)  # by split
    lines_of: dict[str, dict[str, int]] = field(default_factory=dict)  # form -> split -> lines


def _write_splits(
    released: Sequence[dict[str, Any]],
    by_id: Mapping[str, Row],
    fact_rows: Mapping[str, Row],
    settings: ReleaseSettings,
) -> _WrittenSplits:
    written = _WrittenSplits(lines_of={name: {} for name in settings.formats})
    for split in SPLIT_NAMES:
        lines = _lines_of(split, released, settings)
        conversations = [_conversation(row, by_id, settings) for row in lines]
        written.told[split] = conversations
        parts = _parts(lines, conversations, by_id)
        line_in = _line_numbers(parts, settings)
        written.lineage += [
            {
                **lineage_row(split, n, row["origin"], by_id[row["pair_id"]], fact_rows),
                "fold": row["fold"],
                **{f"{part}_row_no": numbers.get(n) for part, numbers in line_in.items()},
            }
            for n, row in enumerate(lines)
        ]
        written.texts += _texts(split, lines, conversations, settings)
        for name in settings.formats:
            rows = _written(name, conversations, parts)
            written.lines_of[name][split] = len(rows)
            written.files[f"{name}/{split}.jsonl"] = _jsonl(rows)
    return written


def _texts(
    split: str,
    lines: Sequence[Mapping[str, str]],
    conversations: Sequence[Conversation],
    settings: ReleaseSettings,
) -> list[Text]:
    """Return what quality looks at in the rows of ``split``."""
    tokens = conversation_tokens(
        [(c.system, c.user, c.answer) for c in conversations], _tokenizer_folder(settings)
    )
    return [
        Text(
            pair_id=row["pair_id"],
            split=split,
            question=c.question,
            context=c.context,
            answer=c.conclusion,
            characters=len(c.system + c.user + c.answer),
            tokens=count,
        )
        for row, c, count in zip(lines, conversations, tokens, strict=True)
    ]


def _tokenizer_folder(settings: ReleaseSettings) -> Path:
    own = settings.tokenizer_folder
    return BUNDLED_TOKENIZER if own is None else Path(own)


def _released_rows(
    splits: pl.DataFrame, by_id: Mapping[str, Row], settings: ReleaseSettings
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = splits.sort("pair_id").to_dicts()
    unknown = [row["pair_id"] for row in rows if row["pair_id"] not in by_id]
    if unknown:
        raise GateError(
            f"pairs with a split but without content are {len(unknown)} "
            f"({', '.join(unknown[:5])}); expected 0\nhint: materialise dataset_splits again"
        )
    if not settings.critiques:
        rows = [row for row in rows if by_id[row["pair_id"]].get("kind") != "critique"]
    if not any(row["split"] == "train" and row["origin"] == "report" for row in rows):
        raise GateError(
            "training rows about reports are 0; expected at least 1\n"
            "hint: publish reports of more companies, or set fill_empty_splits of dataset_splits"
        )
    return rows


def _lines_of(
    split: str, released: Sequence[dict[str, Any]], settings: ReleaseSettings
) -> list[dict[str, Any]]:
    """Return the rows of one file; ids are digests, so their order is as good as shuffled."""
    own = [row for row in released if row["split"] == split]
    again = [row for row in own if row["origin"] == "general"] * (settings.general_repeats - 1)
    return own + again


def _conversation(
    row: Mapping[str, str], by_id: Mapping[str, Row], settings: ReleaseSettings
) -> Conversation:
    pair = by_id[row["pair_id"]]
    if row["origin"] == "general":
        system = settings.system_prompt_general
    else:
        is_zh = pair["language"] == "zh"
        system = settings.system_prompt_zh if is_zh else settings.system_prompt_en
    return conversation_of(pair, system, settings.reasoning, settings.reasoning_form)


def _parts(
    lines: Sequence[Mapping[str, str]],
    conversations: Sequence[Conversation],
    by_id: Mapping[str, Row],
) -> dict[str, list[tuple[int, Conversation]]]:
    """Return the rows that have a rejected answer, and those that have steps, with their lines."""
    preferred = [
        preference_of(by_id[row["pair_id"]], conversation.system)
        for row, conversation in zip(lines, conversations, strict=True)
    ]
    return {
        "preference": [(n, own) for n, own in enumerate(preferred) if own is not None],
        "cot": [(n, own) for n, own in enumerate(conversations) if own.thinking],
    }


def _line_numbers(
    parts: Mapping[str, Sequence[tuple[int, Conversation]]], settings: ReleaseSettings
) -> dict[str, dict[int, int]]:
    """Return for each part: line of the row -> line in the files of the part, if there are any."""
    written = {PART_FORMATS[name][0] for name in settings.formats if name in PART_FORMATS}
    return {
        part: {n: at for at, (n, _) in enumerate(found)} if part in written else {}
        for part, found in parts.items()
    }


def _written(
    name: str,
    conversations: Sequence[Conversation],
    parts: Mapping[str, Sequence[tuple[int, Conversation]]],
) -> list[Mapping[str, object]]:
    """Return the lines of one split in the form ``name``."""
    if name in FORMATS:
        return [FORMATS[name](conversation) for conversation in conversations]
    part, write = PART_FORMATS[name]
    return [write(conversation) for _, conversation in parts[part]]


def _lm_eval_files(asked: Sequence[Conversation], settings: ReleaseSettings) -> dict[str, bytes]:
    """Return the task of lm-eval: its description, its rows and its scores."""
    thinks = settings.reasoning != "never" and settings.reasoning_form == "think"
    return {
        f"lm_eval/{LM_EVAL_TASK}.yaml": lm_eval_task(thinks=thinks).encode(),
        LM_EVAL_ROWS: _jsonl([lm_eval_row(c.system, c.user, c.conclusion) for c in asked]),
        f"lm_eval/{LM_EVAL_SCORES}.py": lm_eval_scores(),
    }


def _manifest(
    files: Mapping[str, bytes], counts: Mapping[str, int], settings: ReleaseSettings
) -> dict[str, object]:
    kinds = Counter(name.partition("/")[0] for name in files if "/" in name)
    return {
        "rows": dict(counts),
        "formats": sorted(kinds),
        "settings": settings.model_dump(mode="json"),
        "files": {
            name: {"sha256": sha256_of_bytes(files[name]), "bytes": len(files[name])}
            for name in sorted(files)
        },
    }


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _jsonl(rows: Sequence[Mapping[str, object]]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def _sft_dataset(inputs: Inputs) -> StepResult:
    return release(
        inputs.table("dataset_splits"),
        inputs.table("deduplicated_pairs"),
        inputs.table("general_pairs"),
        inputs.table("financial_facts"),
        inputs.config(ReleaseSettings),
    )


def _tokenizer_digest(view: ExternalView, _partition: str) -> Mapping[str, str]:
    file = _tokenizer_folder(view.config(ReleaseSettings)) / TOKENIZER_FILE
    return {"tokenizer": sha256_of_file(file) if file.is_file() else "missing"}


STEPS: tuple[Step, ...] = (
    Step(
        name="sft_dataset",
        stage="release",
        grain=Grain.CORPUS,
        tables=("sft_dataset",),
        inputs=("dataset_splits", "deduplicated_pairs", "general_pairs", "financial_facts"),
        code_version="4",
        description="The data set in the trainers' formats, with lineage, card and manifest.",
        compute=_sft_dataset,
        config=ReleaseSettings,
        ledger_input="dataset_splits",
        external=_tokenizer_digest,
    ),
)
