"""The released files: complete, traceable, the same every time, and refused when unproven."""

import hashlib
import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import polars as pl
import pytest

from sft_assets.errors import GateError
from sft_assets.release.rows import conversation_of
from sft_assets.release.settings import ReleaseSettings
from sft_assets.release.steps import STEPS, release
from sft_assets.schemas.facts import FACTS
from sft_assets.schemas.pairs import GENERAL_PAIRS, PAIRS, SPLITS
from sft_assets.walk.step import StepResult


def fact(number: int) -> dict[str, Any]:
    return {
        "fact_id": f"{number:032x}", "evidence_id": f"e{number:031x}", "report_key": "c1_2023_annual",
        "doc_id": "a" * 64, "company": "甲公司", "company_id": "c1", "metric": "revenue",
        "label": "营业收入", "value_printed": f"{number},000.00", "value": Decimal(number * 1000),
        "unit": "currency", "scale": 1, "currency": "CNY", "fiscal_year": 2023, "period": "2023",
        "period_type": "duration", "basis": "reported", "scope": "consolidated",
        "statement": "income_statement", "page_no": 5, "page_label": None, "table_no": 0, "row_no": 1,
        "col_no": 1, "x0": 1.0, "top": 1.0, "x1": 2.0, "bottom": 2.0, "text_source": "text_layer",
        "status": "proved", "proofs": [], "reason": None,
    }  # fmt: skip


def pair(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "pair_id": f"p{number:031x}", "report_key": "c1_2023_annual", "company_ids": ["c1"],
        "kind": "lookup", "language": "zh", "question": "甲公司2023年营业收入是多少？",
        "context": f"[第5页]\n营业收入 {number},000.00", "answer": f"营业收入为{number},000.00元（第5页）。",
        "reasoning": None, "program": "f1", "result": f"{number},000.00",
        "fact_ids": [f"{number:032x}"], "evidence_ids": [f"e{number:031x}"], "pages": [5],
        "parent_id": None, "augmentation": None, "template_id": "lookup.zh.plain", "is_target": True,
        "review_status": "unreviewed",
    }  # fmt: skip
    return row | changes


CRITIQUE = {
    "kind": "critique",
    "is_target": False,
    "augmentation": "negative_digit",
    "parent_id": "x",
}
PAIR_ROWS = [pair(1), pair(2), pair(3), pair(4, **CRITIQUE), pair(5, reasoning="计算：<<5=5>>")]
SPLIT_OF = {1: "train", 2: "validation", 3: "test", 4: "train", 5: "train"}


def inputs(**changes: Any) -> dict[str, pl.DataFrame]:
    general = [
        {"pair_id": f"g{n:031x}", "language": "zh", "question": f"第{n}问？", "answer": "答。",
         "source": "sft_assets", "licence": "CC0-1.0"} for n in (1, 2)
    ]  # fmt: skip
    splits = [
        {"pair_id": f"p{n:031x}", "split": split, "group": "c1", "origin": "report"}
        for n, split in SPLIT_OF.items()
    ] + [
        {
            "pair_id": general[0]["pair_id"],
            "split": "train",
            "group": "general",
            "origin": "general",
        }
    ]
    tables = {
        "splits": pl.DataFrame(splits, schema=SPLITS),
        "pairs": pl.DataFrame(PAIR_ROWS, schema=PAIRS),
        "general": pl.DataFrame(general, schema=GENERAL_PAIRS),
        "facts": pl.DataFrame([fact(n) for n in range(1, 8)], schema=FACTS),
    }
    return tables | changes


def released(settings: ReleaseSettings | None = None, **changes: Any) -> StepResult:
    return release(**inputs(**changes), settings=settings or ReleaseSettings())


def lines(result: StepResult, name: str) -> list[dict[str, Any]]:
    content = result.files[name]
    assert isinstance(content, bytes)
    return [json.loads(line) for line in content.decode().split("\n") if line]


def table(result: StepResult, name: str) -> pl.DataFrame:
    content = result.files[name]
    assert isinstance(content, bytes)
    return pl.read_parquet(BytesIO(content))


def test_every_format_holds_every_row() -> None:
    result = released()
    for name in ("alpaca", "sharegpt", "openai_messages"):
        counts = [len(lines(result, f"{name}/{s}.jsonl")) for s in ("train", "validation", "test")]
        assert counts == [4, 1, 1]
    assert result.ledger.rows_in == result.ledger.kept == 6
    first = lines(result, "openai_messages/test.jsonl")[0]["messages"]
    assert [m["role"] for m in first] == ["system", "user", "assistant"]
    assert first[1]["content"] == f"{PAIR_ROWS[2]['context']}\n\n{PAIR_ROWS[2]['question']}"
    assert first[2]["content"] == PAIR_ROWS[2]["answer"]


def test_lineage_lies_beside_and_never_within() -> None:
    result = released()
    lineage = table(result, "lineage.parquet")
    checked = 0
    for split in ("train", "validation", "test"):
        rows = lines(result, f"openai_messages/{split}.jsonl")
        beside = lineage.filter(pl.col("split") == split).sort("row_no")
        assert beside["row_no"].to_list() == list(range(len(rows)))
        for row, entry in zip(rows, beside.to_dicts(), strict=True):
            assert set(row) == {"messages"}
            text = json.dumps(row)
            assert entry["pair_id"] not in text
            assert not any(fact_id in text for fact_id in entry["fact_ids"] or [])
            if entry["origin"] == "report":
                assert entry["report_keys"] == ["c1_2023_annual"]
                assert entry["doc_ids"] == ["a" * 64]
                assert entry["result"] in row["messages"][-1]["content"]
                checked += 1
    assert checked == 5
    assert table(result, "facts.parquet")["fact_id"].to_list() == [f"{n:032x}" for n in range(1, 6)]


def test_manifest_names_every_file_with_its_hash() -> None:
    result = released()
    content = result.files["manifest.json"]
    assert isinstance(content, bytes)
    manifest = json.loads(content)
    assert set(manifest["files"]) == set(result.files) - {"manifest.json"}
    for name, entry in manifest["files"].items():
        data = result.files[name]
        assert isinstance(data, bytes)
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    assert manifest["rows"] == {"train": 4, "validation": 1, "test": 1}


def test_same_rows_same_bytes() -> None:
    shuffled = {name: frame.reverse() for name, frame in inputs().items()}
    assert released().files == release(**shuffled, settings=ReleaseSettings()).files


def test_critiques_can_stay_out() -> None:
    result = released(ReleaseSettings(critiques=False))
    assert result.ledger.dropped == {"critique": 1}
    assert result.tables["sft_dataset"].height == 5
    assert len(lines(result, "alpaca/train.jsonl")) == 3


def test_general_rows_repeat_only_where_asked() -> None:
    result = released(ReleaseSettings(general_repeats=3))
    assert len(lines(result, "alpaca/train.jsonl")) == 6
    assert result.tables["sft_dataset"].height == 6
    assert table(result, "lineage.parquet").height == 8


def test_dataset_info_points_at_the_files() -> None:
    result = released()
    content = result.files["dataset_info.json"]
    assert isinstance(content, bytes)
    info = json.loads(content)
    assert len(info) == 13  # each form and split that has rows
    assert {entry["file_name"] for entry in info.values()} <= set(result.files)


def test_card_states_counts() -> None:
    card = released().files["data_card.md"]
    assert isinstance(card, bytes)
    text = card.decode()
    assert "| train | report | 3 |" in text
    assert "Cited facts: 5" in text
    assert "25.0 % is general" in text


@pytest.mark.parametrize(
    ("mode", "augmentation", "expected"),
    [
        ("always", None, "步骤\n答"),
        ("asked", None, "答"),
        ("asked", "cot", "步骤\n答"),
        ("never", "cot", "答"),
    ],
)
def test_reasoning_modes(mode: Any, augmentation: str | None, expected: str) -> None:
    row = {"question": "问", "answer": "答", "reasoning": "步骤", "augmentation": augmentation}
    assert conversation_of(row, "", mode).answer == expected


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"result": "9,999.00"}, id="another-result"),
        pytest.param({"fact_ids": ["0" * 32]}, id="unknown-fact"),
        pytest.param({"program": "growth(f1, f1)"}, id="refused-program"),
        pytest.param({"program": "no program"}, id="no-program"),
        pytest.param({"program": None}, id="facts-without-program"),
        pytest.param({"answer": "不知道。"}, id="answer-without-result"),
    ],
)
def test_an_unproven_pair_blocks(change: dict[str, Any]) -> None:
    rows = [PAIR_ROWS[0] | change, *PAIR_ROWS[1:]]
    with pytest.raises(GateError, match="do not re-derive are 1"):
        released(pairs=pl.DataFrame(rows, schema=PAIRS))


def test_pairs_without_content_or_training_block() -> None:
    with pytest.raises(GateError, match="without content are 1"):
        released(pairs=pl.DataFrame(PAIR_ROWS[1:], schema=PAIRS))
    held_out = inputs()["splits"].filter(pl.col("split") != "train")
    with pytest.raises(GateError, match="training rows about reports are 0"):
        released(splits=held_out)


def test_the_step_declares_what_it_reads() -> None:
    (step,) = STEPS
    assert step.ledger_input == "dataset_splits"
    assert step.tables == ("sft_dataset",)
