"""The side tables: where each released row comes from, and the facts that it cites."""

from collections.abc import Mapping, Sequence
from io import BytesIO

import polars as pl

from sft_assets.errors import GateError
from sft_assets.programs import (
    ProgramRefusedError,
    ProgramSyntaxError,
    operand_from_row,
    rederive,
)
from sft_assets.schemas.tables import columns

Row = Mapping[str, object]

LINEAGE = columns(
    {
        "split": pl.String,
        "row_no": pl.Int64,  # 0-based line of <format>/<split>.jsonl
        "pair_id": pl.String,
        "origin": pl.String,  # report, or general
        "kind": pl.String,
        "language": pl.String,
        "program": pl.String,
        "result": pl.String,
        "fact_ids": pl.List(pl.String),
        "evidence_ids": pl.List(pl.String),
        "pages": pl.List(pl.Int32),
        "report_keys": pl.List(pl.String),
        "doc_ids": pl.List(pl.String),
        "company_ids": pl.List(pl.String),
        "parent_id": pl.String,
        "augmentation": pl.String,
        "template_id": pl.String,
        "is_target": pl.Boolean,
        "review_status": pl.String,
        "preference_row_no": pl.Int64,  # 0-based line of preference/<split>.jsonl; null for none
        "cot_row_no": pl.Int64,  # 0-based line of cot/<split>.jsonl; null for none
        "fold": pl.Int32,  # of cross-validation; null without
    }
)


def lineage_row(split: str, row_no: int, origin: str, pair: Row, facts: Mapping[str, Row]) -> Row:
    """Return the lineage of the released row ``row_no`` of ``split``."""
    cited = [facts[fact_id] for fact_id in listed(pair.get("fact_ids"))]
    own = {"split": split, "row_no": row_no, "origin": origin}
    own |= {
        "report_keys": sorted({str(fact["report_key"]) for fact in cited}),
        "doc_ids": sorted({str(fact["doc_id"]) for fact in cited}),
    }
    return {name: own.get(name, pair.get(name)) for name in LINEAGE}


def refuse_unproven(pairs: Sequence[Row], facts: Mapping[str, Row]) -> None:
    """Derive every result once more.

    Raises:
        GateError: Naming the pairs whose facts are missing or whose program yields another result.
    """
    wrong = [str(pair["pair_id"]) for pair in pairs if not _is_proven(pair, facts)]
    if wrong:
        raise GateError(
            f"pairs that do not re-derive are {len(wrong)} ({', '.join(wrong[:5])}); expected 0\n"
            "hint: materialise the pairs of these reports again"
        )


def _is_proven(pair: Row, facts: Mapping[str, Row]) -> bool:
    fact_ids = listed(pair["fact_ids"])
    if any(fact_id not in facts for fact_id in fact_ids):
        return False
    if pair["program"] is None:
        return not fact_ids
    try:
        result = rederive(str(pair["program"]), [operand_from_row(facts[f]) for f in fact_ids])
    except (ProgramRefusedError, ProgramSyntaxError):
        return False
    return result == pair["result"] and all(r in str(pair["answer"]) for r in result.split("; "))


def listed(value: object) -> list[str]:
    """Return a list column's value as strings; an absent one as an empty list."""
    return [str(item) for item in value] if isinstance(value, list) else []


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Return ``frame`` as Parquet, the same bytes for the same rows."""
    stream = BytesIO()
    frame.write_parquet(stream, compression="zstd")
    return stream.getvalue()
