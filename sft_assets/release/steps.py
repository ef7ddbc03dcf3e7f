"""The step of the stage."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import polars as pl
from pydantic import Field

from sft_assets.errors import GateError
from sft_assets.lineage.digests import sha256_of_bytes
from sft_assets.release.card import data_card
from sft_assets.release.lineage_tables import (
    LINEAGE,
    Row,
    lineage_row,
    listed,
    parquet_bytes,
    refuse_unproven,
)
from sft_assets.release.rows import (
    FORMATS,
    Conversation,
    ReasoningMode,
    conversation_of,
    dataset_info,
)
from sft_assets.schemas.pairs import SPLITS
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepConfig, StepResult

SPLIT_NAMES = ("train", "validation", "test")
FormatName = Literal["alpaca", "sharegpt", "openai_messages"]


class ReleaseSettings(StepConfig):
    """How the files are written."""

    formats: tuple[FormatName, ...] = ("alpaca", "sharegpt", "openai_messages")
    """Notations to write; trainers differ in which they read."""
    system_prompt_zh: str = "你是年报分析助手。只根据给定的年报摘录回答，数字照抄原文并注明页码。"
    """System message of Chinese rows; empty for none."""
    system_prompt_en: str = (
        "You are an annual report analyst. Answer from the given passages only; "
        "copy numbers exactly and cite the page."
    )
    """System message of English rows; empty for none."""
    system_prompt_general: str = ""
    """System message of general rows."""
    reasoning: ReasoningMode = "always"
    """Calculation before every computed answer (always), only where asked, or never."""
    critiques: bool = True
    """Include rows that show a wrong answer to be judged."""
    general_repeats: Annotated[int, Field(ge=1, le=10)] = 1
    """How often each general row is written into training (more than once for a small pool)."""


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
    files: dict[str, bytes] = {}
    lineage: list[Row] = []
    lengths: dict[str, list[int]] = {}
    for split in SPLIT_NAMES:
        lines = _lines_of(split, released, settings)
        conversations = [_conversation(row, by_id, settings) for row in lines]
        lineage += [
            {
                **lineage_row(split, n, row["origin"], by_id[row["pair_id"]], fact_rows),
                "fold": row["fold"],
            }
            for n, row in enumerate(lines)
        ]
        lengths[split] = [len(c.system + c.user + c.answer) for c in conversations]
        for name in settings.formats:
            files[f"{name}/{split}.jsonl"] = _jsonl([FORMATS[name](c) for c in conversations])
    lineage_table = pl.DataFrame(lineage, schema=LINEAGE)
    files["lineage.parquet"] = parquet_bytes(lineage_table)
    files["facts.parquet"] = parquet_bytes(cited_facts)
    files["dataset_info.json"] = _json(dataset_info(settings.formats, SPLIT_NAMES))
    licences = sorted(set(general["licence"])) if general.height else []
    card = data_card(lineage_table, lengths, cited_facts, licences, settings.general_repeats)
    files["data_card.md"] = card.encode()
    counts = {split: len(found) for split, found in lengths.items()}
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
        metadata={**{f"rows_{s}": n for s, n in counts.items()}, "facts": cited_facts.height},
    )


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
            "hint: publish more reports, or lower test_pct and validation_pct of dataset_splits"
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
    return conversation_of(pair, system, settings.reasoning)


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


STEPS: tuple[Step, ...] = (
    Step(
        name="sft_dataset",
        stage="release",
        grain=Grain.CORPUS,
        tables=("sft_dataset",),
        inputs=("dataset_splits", "deduplicated_pairs", "general_pairs", "financial_facts"),
        code_version="1",
        description="The data set in the trainers' formats, with lineage, card and manifest.",
        compute=_sft_dataset,
        config=ReleaseSettings,
        ledger_input="dataset_splits",
    ),
)
