"""Splits by company: stable, disjoint, and free of leaks."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.errors import GateError, SettingsError
from sft_assets.schemas.pairs import GENERAL_PAIRS, PAIRS
from sft_assets.splits.assignment import assign_companies
from sft_assets.splits.general import general_rows, parse_lines
from sft_assets.splits.general_tasks import make_tasks
from sft_assets.splits.leaks import companies_in_two_splits, facts_in_two_splits, near_duplicates_of
from sft_assets.splits.settings import GeneralSettings, SplitSettings
from sft_assets.splits.steps import STEPS, split_pairs

companies = st.lists(st.text("abcdef0123456789", min_size=1, max_size=8), max_size=40, unique=True)


def assign(ids: list[str], **changes: Any) -> dict[str, str]:
    settings: dict[str, Any] = {"test_pct": 15, "validation_pct": 15}
    return dict(assign_companies(ids, **(settings | changes)))


@given(companies)
def test_every_company_has_one_split_and_order_does_not_matter(ids: list[str]) -> None:
    splits = assign(ids)
    assert set(splits) == set(ids)
    assert assign(list(reversed(ids))) == splits
    assert assign(ids * 2) == splits  # another report of a known company
    if len(ids) >= 3:
        filled = set(assign(ids, fill_empty=True).values())
        assert filled == {"train", "test", "validation"}


@given(companies, companies)
def test_companies_placed_by_their_bucket_never_move(ids: list[str], more: list[str]) -> None:
    ids = [*ids, *(f"company{n}" for n in range(40))]  # enough for every split by bucket alone
    by_bucket = {c: assign([c])[c] for c in ids}
    assert set(by_bucket.values()) == {"train", "validation", "test"}
    assert assign(ids) == by_bucket == assign(ids, fill_empty=True)
    after = assign(ids + more)
    assert {c: after[c] for c in ids} == by_bucket


@given(companies, companies)
def test_no_company_moves_when_others_come(ids: list[str], more: list[str]) -> None:
    after = assign([*ids, *more])
    assert {c: after[c] for c in ids} == assign(ids)


def test_filled_splits_are_why_filling_is_a_setting() -> None:
    ids = [f"c{n}" for n in range(40)]
    by_bucket = assign(ids)
    trained = [c for c in ids if by_bucket[c] == "train"][:3]
    tested = next(c for c in ids if by_bucket[c] == "test")
    before = assign(trained, fill_empty=True)
    after = assign([*trained, tested], fill_empty=True)
    assert set(before.values()) == {"train", "validation", "test"}
    assert {c: after[c] for c in trained} != before


@pytest.mark.parametrize(
    ("ids", "expected"), [([], set()), (["a"], {"train"}), (["a", "b"], {"train"})]
)
def test_two_companies_are_too_few(ids: list[str], expected: set[str]) -> None:
    assert set(assign(ids, test_pct=45, validation_pct=45, fill_empty=True).values()) == expected
    assert len(assign(ids)) == len(ids)


def test_a_pinned_company_stays() -> None:
    ids = [f"c{i}" for i in range(30)]
    pinned = {"c1": "test", "c2": "validation", "c3": "train"}
    assert {c: assign(ids, pinned=pinned)[c] for c in pinned} == pinned
    assert assign(ids, seed="x") != assign(ids)


def test_a_rare_language_is_trained_on() -> None:
    ids = [f"c{i}" for i in range(60)]
    held_out = [c for c, split in assign(ids).items() if split != "train"]
    splits = assign(ids, trained_only=held_out[:2])
    assert [splits[c] for c in held_out[:2]] == ["train", "train"]
    assert (
        assign(ids, trained_only=held_out[:1], pinned={held_out[0]: "test"})[held_out[0]] == "test"
    )
    assert assign(["a", "b", "c"], trained_only=["a", "b", "c"]) == dict.fromkeys("abc", "train")


def pair(number: int, company: str | list[str], **changes: Any) -> dict[str, Any]:
    ids = [company] if isinstance(company, str) else company
    row = {
        "pair_id": f"{number:032x}", "report_key": None, "company_ids": ids, "kind": "lookup",
        "language": "zh", "question": f"{ids[0]}第{number}问，金额几何？",
        "context": f"{ids[0]}年报，本期{number * 7919}元，上期{number * 104729}元。", "answer": "答",
        "reasoning": None, "program": "f1", "result": "1", "fact_ids": [f"{number:032d}"],
        "evidence_ids": [], "pages": [1], "parent_id": None, "augmentation": None,
        "template_id": "t", "is_target": True, "review_status": "unreviewed",
    }  # fmt: skip
    return row | changes


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=PAIRS)


PINNED = SplitSettings(
    pinned={"a": "train", "b": "validation", "c": "test", "d": "train"},
    fewest_companies_a_language=1,
)
NO_GENERAL = pl.DataFrame(schema=GENERAL_PAIRS)


def test_pairs_follow_their_company_and_counts_balance() -> None:
    general = pl.DataFrame(general_rows(None, 50), schema=GENERAL_PAIRS)
    rows = [pair(n, "abcd"[n % 4]) for n in range(1, 81)]
    result = split_pairs(frame(*rows), general, PINNED)
    table = result.tables["dataset_splits"]
    reports = table.filter(pl.col("origin") == "report")
    assert dict(reports.group_by("split").len().iter_rows()) == {
        "train": 40,
        "validation": 20,
        "test": 20,
    }
    only = table.filter(pl.col("origin") == "general")
    assert set(only["split"]) == {"train"}
    assert only.height == 8  # 15 % of 48
    ledger = result.ledger
    assert ledger.rows_in == 80 + general.height
    assert ledger.rows_in == ledger.kept + sum(ledger.dropped.values())
    assert table["pair_id"].n_unique() == table.height


@pytest.mark.parametrize(
    ("ids", "split"),
    [
        (["a", "d"], "train"),
        (["b"], "validation"),
        (["a", "c"], None),
        (["b", "c"], None),
        ([], None),
    ],
)
def test_comparisons_stay_within_one_split(ids: list[str], split: str | None) -> None:
    row = pair(1, "a", company_ids=ids)
    rest = [pair(n + 2, company) for n, company in enumerate("abcd")]
    result = split_pairs(frame(row, *rest), NO_GENERAL, PINNED)
    table = result.tables["dataset_splits"].filter(pl.col("pair_id") == row["pair_id"])
    assert table["split"].to_list() == ([split] if split else [])
    assert sum(result.ledger.dropped.values()) == (0 if split else 1)


def test_training_pairs_that_resemble_held_out_ones_are_dropped() -> None:
    held_out = pair(1, "c")
    twin = pair(2, "a", question=held_out["question"], context=held_out["context"])
    rows = [held_out, twin, pair(3, "b"), pair(4, "d")]
    result = split_pairs(frame(*rows), NO_GENERAL, PINNED)
    assert result.ledger.dropped == {"train_resembles_held_out": 1}
    assert twin["pair_id"] not in set(result.tables["dataset_splits"]["pair_id"])


def test_a_fact_in_two_splits_blocks() -> None:
    fact = ["9" * 32]
    rows = [pair(1, "a", fact_ids=fact), pair(2, "c", fact_ids=fact)]
    with pytest.raises(GateError, match="1 facts"):
        split_pairs(frame(*rows), NO_GENERAL, PINNED)


def test_leaks_are_named() -> None:
    rows = [("train", ["a", "b"]), ("test", ["b"]), ("test", ["c"])]
    assert companies_in_two_splits(rows) == ["b"]
    assert facts_in_two_splits(rows[1:]) == []
    assert near_duplicates_of([pair(1, "a")], [pair(2, "c")], threshold=Decimal("0.8")) == {}
    assert near_duplicates_of([], [], threshold=Decimal("0.8")) == {}


def test_general_data_is_well_formed_and_enough() -> None:
    rows = general_rows(None, GeneralSettings().made_tasks)
    assert len(rows) > 600
    assert len({row["pair_id"] for row in rows}) == len(rows)
    assert {row["licence"] for row in rows} == {"CC0-1.0"}
    assert {row["language"] for row in rows} == {"zh", "en"}
    assert rows == general_rows(None, GeneralSettings().made_tasks)


def test_general_data_speaks_the_languages_of_training() -> None:
    general = pl.DataFrame(general_rows(None, 200), schema=GENERAL_PAIRS)
    english = frame(*(pair(n, "t", language="en") for n in range(40)))
    result = split_pairs(english, general, PINNED)
    table = result.tables["dataset_splits"].filter(pl.col("origin") == "general")
    languages = table.join(general, on="pair_id")["language"]
    assert set(languages) == {"en"}
    foreign = general.filter(pl.col("language") != "en").height
    assert result.ledger.dropped["general_in_another_language"] == foreign > 0


def test_made_tasks_are_right() -> None:
    checked = 0
    for _, question, answer in make_tasks(400):
        if question.endswith("等于多少？"):
            a, _, b = question.removesuffix("等于多少？").partition("加")
            assert answer == f"{a} + {b} = {int(a) + int(b)}"
            checked += 1
        if question.startswith("Sort in ascending order: "):
            numbers = [int(part) for part in question.partition(": ")[2].split(", ")]
            assert [int(part) for part in answer.split(", ")] == sorted(numbers)
            checked += 1
    assert checked > 20


def test_own_general_data_joins(tmp_path: Path) -> None:
    own = tmp_path / "own.jsonl"
    own.write_text(
        '{"language": "en", "question": "Why so?", "answer": "It is.", "source": "me", "licence": "MIT"}\n'
    )
    rows = general_rows(own, 0)
    assert [row["licence"] for row in rows].count("MIT") == 1
    with pytest.raises(SettingsError, match="cannot be read"):
        general_rows(tmp_path / "none.jsonl", 0)


@pytest.mark.parametrize(
    "line", ["{}", "no json", '{"language": "fr", "question": "ab", "answer": "c"}']
)
def test_wrong_lines_are_named(line: str) -> None:
    good = '{"language": "zh", "question": "你好？", "answer": "好。"}'
    with pytest.raises(SettingsError, match=r"1 lines.*\(2\)"):
        list(parse_lines(f"{good}\n{line}\n", "x.jsonl"))


def test_settings_keep_some_training() -> None:
    with pytest.raises(ValueError, match="above 90"):
        SplitSettings(test_pct=60, validation_pct=40)


def test_general_step_reads_its_bundled_file() -> None:
    class Asked:
        root = "."

        def config(self, of: type) -> Any:
            return of()

    step = STEPS[0]
    assert step.external is not None
    assert set(step.external(Asked(), "corpus")) == {"bundled"}  # type: ignore[arg-type]
