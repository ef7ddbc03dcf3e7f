import json

import polars as pl
import pytest

from sft_assets.errors import StoreError
from sft_assets.evaluate.rows import choose_rows, read_test_rows


@pytest.fixture
def dataset(tmp_path):
    folder = tmp_path / "openai_messages"
    folder.mkdir()
    lines = []
    for at in range(10):
        turns = [("system", "s"), ("user", f"问{at}"), ("assistant", f"答{at}")]
        messages = [{"role": role, "content": content} for role, content in turns]
        lines.append(json.dumps({"messages": messages}, ensure_ascii=False))
    (folder / "test.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lineage(10).write_parquet(tmp_path / "lineage.parquet")
    return tmp_path


def lineage(rows):
    entries = [
        {"split": "test", "row_no": at, "pair_id": f"p{at}", "kind": "lookup", "pages": [at + 1]}
        for at in range(rows)
    ]
    other = {"split": "train", "row_no": 0, "pair_id": "q", "kind": "growth", "pages": [1]}
    return pl.DataFrame([other, *reversed(entries)])


def test_rows_meet_their_lineage_whatever_its_order(dataset):
    rows = read_test_rows(dataset, "test")
    assert [(row.pair_id, row.reference) for row in rows] == [
        (f"p{n}", f"答{n}") for n in range(10)
    ]
    assert rows[3].pages == (4,)
    assert [m["role"] for m in rows[0].prompt] == ["system", "user"]
    assert rows[0].language == "zh"


def test_lineage_of_other_length_is_refused(dataset):
    lineage(9).write_parquet(dataset / "lineage.parquet")
    with pytest.raises(StoreError, match="9 entries; expected 10"):
        read_test_rows(dataset, "test")


def test_a_cap_draws_the_same_rows_in_any_order(dataset):
    rows = read_test_rows(dataset, "test")
    drawn = {row.pair_id for row in choose_rows(rows, 4)}
    assert len(drawn) == 4
    assert {row.pair_id for row in choose_rows(rows[::-1], 4)} == drawn
    assert drawn < {row.pair_id for row in choose_rows(rows, 7)}


def test_a_cap_above_the_rows_keeps_all_in_order(dataset):
    rows = read_test_rows(dataset, "test")
    assert choose_rows(rows, 99) == rows
