"""The held-out rows that both models answer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sft_assets.errors import StoreError
from sft_assets.lineage.digests import digest_of

CONVERSATIONS = "openai_messages"


@dataclass(frozen=True, slots=True)
class TestRow:
    """One held-out question with its reference answer and what it was made from."""

    __test__ = False  # for pytest: its name is the domain's

    pair_id: str
    kind: str  # lookup, growth, ratio ...
    language: str  # zh or en
    pages: tuple[int, ...]  # PDF pages quoted
    prompt: tuple[Mapping[str, str], ...]  # messages before the answer
    reference: str


def read_test_rows(dataset: Path, split: str) -> list[TestRow]:
    """Return the rows of ``split`` with their lineage, in the order of the file.

    Raises:
        StoreError: If the lineage does not have exactly one entry a row.
    """
    path = dataset / CONVERSATIONS / f"{split}.jsonl"
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line]
    lineage = pl.read_parquet(dataset / "lineage.parquet").filter(pl.col("split") == split)
    if lineage.height != len(lines):
        raise StoreError(
            f"lineage of {split} has {lineage.height} entries; expected {len(lines)}, one a row. "
            "hint: run the release step again"
        )
    entries = lineage.sort("row_no").to_dicts()
    return [
        _row(json.loads(line)["messages"], entry)
        for line, entry in zip(lines, entries, strict=True)
    ]


def choose_rows(rows: Sequence[TestRow], most: int) -> list[TestRow]:
    """Return at most ``most`` rows, drawn by the digest of their ids, in the order of the file.

    The same rows whatever their order, and a larger ``most`` only adds to them.
    """
    drawn = sorted(rows, key=lambda row: digest_of("test_row", row.pair_id))[:most]
    ids = {row.pair_id for row in drawn}
    return [row for row in rows if row.pair_id in ids]


def _row(messages: Sequence[Mapping[str, str]], entry: Mapping[str, Any]) -> TestRow:
    asked = "".join(message["content"] for message in messages[:-1])
    pages = entry.get("pages")
    return TestRow(
        pair_id=str(entry["pair_id"]),
        kind=str(entry.get("kind") or "other"),
        language=str(entry.get("language") or language_of(asked)),
        pages=tuple(pages) if isinstance(pages, list) else (),
        prompt=tuple(messages[:-1]),
        reference=messages[-1]["content"],
    )


def language_of(text: str) -> str:
    """Return ``zh`` if a text holds Chinese characters, else ``en``.

    >>> language_of("净利润 net profit"), language_of("net profit")
    ('zh', 'en')
    """
    return "zh" if any("\u4e00" <= letter <= "\u9fff" for letter in text) else "en"
