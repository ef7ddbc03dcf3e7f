"""Formats that only some rows have, the loadable folder, and the figures of a release."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from sft_assets.errors import GateError, SettingsError
from sft_assets.language_models.token_counts import TURN_TOKENS
from sft_assets.release.industries import OTHER, industries_of
from sft_assets.release.lm_eval_scores import process_results
from sft_assets.release.quality import (
    Text,
    inconsistent_pairs,
    ngram_diversity,
)
from sft_assets.release.rows import PART_FORMATS, conversation_of, preference_of
from sft_assets.release.settings import ReleaseSettings
from sft_assets.release.shares import low_shares, refuse_shares, thin_splits
from sft_assets.release.steps import BUNDLED_TOKENIZER, release
from sft_assets.schemas.pairs import PAIRS
from tests.release import test_releasing as made

WRONG = "营业收入为4,001.00元（第5页）。"
CRITIQUE = made.CRITIQUE | {
    "question": f"甲公司2023年营业收入是多少？\n待核对的回答：{WRONG}\n请判断该回答是否正确，若有误请更正。",
    "answer": "错误：数字有误。更正：营业收入为4,000.00元（第5页）。",
    "rejected": WRONG,
}


def released(**settings: Any) -> Any:
    rows = [*made.PAIR_ROWS[:3], made.pair(4, **CRITIQUE), made.PAIR_ROWS[4]]
    pairs = pl.DataFrame(rows, schema=PAIRS)
    return release(**made.inputs(pairs=pairs), settings=ReleaseSettings(**settings))


def lines(result: Any, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.files[name].decode().split("\n") if line]


def test_preferences_have_the_right_and_the_wrong_answer() -> None:
    (row,) = lines(released(), "preference/train.jsonl")
    assert row["chosen"] == "营业收入为4,000.00元（第5页）。"
    assert row["rejected"] == WRONG
    assert row["prompt"].endswith("甲公司2023年营业收入是多少？")
    assert WRONG not in row["prompt"]
    (talk,) = lines(released(), "preference_messages/train.jsonl")
    assert [turn["role"] for turn in talk["prompt"]] == ["system", "user"]
    assert talk["prompt"][1]["content"] == row["prompt"]
    assert talk["chosen"] == [{"role": "assistant", "content": row["chosen"]}]
    assert talk["rejected"] == [{"role": "assistant", "content": row["rejected"]}]


@pytest.mark.parametrize(
    "change",
    [{"rejected": None}, {"answer": "正确。"}, {"question": WRONG}],
)
def test_no_preference_without_its_parts(change: dict[str, Any]) -> None:
    assert preference_of(made.pair(4, **(CRITIQUE | change)), "") is None


def test_thinking_stands_apart_or_in_tags() -> None:
    (row,) = lines(released(), "cot/train.jsonl")
    assert row["thinking"] == "计算：<<5=5>>"
    assert row["answer"] == "营业收入为5,000.00元（第5页）。"
    assert row["response"] == f"<think>\n{row['thinking']}\n</think>\n\n{row['answer']}"
    pair = made.PAIR_ROWS[4]
    tagged = conversation_of(pair, "", "always", "think").answer
    assert tagged == f"<think>\n计算：<<5=5>>\n</think>\n\n{row['answer']}"
    assert conversation_of(pair, "", "never", "think").answer == row["answer"]
    assert conversation_of(pair, "", "asked").answer == row["answer"]


def test_lineage_leads_to_every_line() -> None:
    from io import BytesIO

    result = released()
    lineage = pl.read_parquet(BytesIO(result.files["lineage.parquet"]))
    for name, (part, _) in PART_FORMATS.items():
        named = lineage.filter(pl.col(f"{part}_row_no").is_not_null())
        for split in ("train", "validation", "test"):
            own = named.filter(pl.col("split") == split)[f"{part}_row_no"].to_list()
            assert sorted(own) == list(range(len(lines(result, f"{name}/{split}.jsonl"))))
    (critique,) = lineage.filter(pl.col("preference_row_no") == 0).to_dicts()
    assert critique["augmentation"] == "negative_digit"


def test_the_folder_describes_its_files() -> None:
    result = released()
    head = yaml.safe_load(result.files["README.md"].decode().split("---\n")[1])
    named = {c["config_name"]: c["data_files"] for c in head["configs"]}
    assert set(named) == set(ReleaseSettings().formats)
    assert [c.get("default", False) for c in head["configs"]].count(True) == 1
    for files in named.values():
        for file in files:
            assert lines(result, file["path"])  # only files with rows
    assert [f["split"] for f in named["preference"]] == ["train"]
    info = json.loads(result.files["dataset_info.json"])
    assert info["sft_assets_preference_train"]["ranking"] is True
    assert info["sft_assets_cot_train"]["columns"]["response"] == "response"
    assert all(lines(result, described["file_name"]) for described in info.values())
    assert "sft_assets_preference_test" not in info  # a file without rows is read by no loader
    described, _, scores = result.files["lm_eval/sft_assets_test.yaml"].partition(
        b"process_results"
    )
    task = yaml.safe_load(described)
    assert lines(result, task["dataset_kwargs"]["data_files"]["test"])
    assert scores == b": !function lm_eval_scores.process_results\n"
    assert b"def process_results" in result.files["lm_eval/lm_eval_scores.py"]


@pytest.mark.parametrize(
    ("said", "numbers", "text"),
    [
        ("营业收入为5,000.00元（第5页）。", 1.0, 1.0),
        ("计算：<<1=1>>\n营业收入为5,000.00元（第5页）。", 1.0, 1.0),
        ("第5页写明：5000.00元", 1.0, 0.0),
        ("营业收入为5,001.00元（第5页）。", 0.0, 0.0),
        ("<think>5,000.00元（第5页）", 0.0, 0.0),
        ("", 0.0, 0.0),
    ],
)
def test_the_harness_scores_numbers_by_themselves(said: str, numbers: float, text: float) -> None:
    scores = process_results({"answer": "营业收入为5,000.00元（第5页）。"}, [said])
    assert scores == {"numbers_match": numbers, "exact_match": text}


def test_quality_report_says_what_is_in_it() -> None:
    result = released(cut_off_tokens=60)
    report = json.loads(result.files["quality_report.json"])
    assert report["by_kind"] == {"lookup": 4, "critique": 1}
    assert report["shares_pct"]["negative_pct"] == 20.0
    assert report["inconsistent_pairs"] == []
    assert len(report["beyond_cut_off"]["pair_ids"]) >= 1
    assert sum(own["rows"] for own in report["by_industry"].values()) == 5
    assert result.measured["quality.png"][:4] == b"\x89PNG"
    assert "## Quality" in result.files["data_card.md"].decode()


def test_two_answers_to_one_question_are_named() -> None:
    one = Text("a", "train", "问？", "文", "甲", 9, 9)
    other = Text("b", "train", "问？", "文", "乙", 9, 9)
    elsewhere = Text("c", "train", "问？", "另一段", "丙", 9, 9)
    assert inconsistent_pairs([other, one, elsewhere]) == [("a", "b")]
    assert inconsistent_pairs([one, elsewhere]) == []


LIMITS = {"share_limits": {"negative_pct": (5, 10)}}


@pytest.mark.parametrize(
    ("share", "rows", "settings", "refused"),
    [
        (11.0, 500, {}, True),
        (11.0, 50, {}, False),
        (7.0, 500, {}, False),
        (4.0, 500, {}, False),
        (4.0, 500, {"refuse_low_shares": True}, True),
        (4.0, 50, {"refuse_low_shares": True}, False),
        (0.0, 500, {"refuse_low_shares": True, "critiques": False}, False),
    ],
)
def test_shares_out_of_their_limits_are_refused(
    share: float, rows: int, settings: dict[str, Any], *, refused: bool
) -> None:
    limits = ReleaseSettings.model_validate(LIMITS | settings)
    if refused:
        with pytest.raises(GateError, match=rf"negative_pct is {share}, expected 5 to 10"):
            refuse_shares({"negative_pct": share}, limits, rows)
    else:
        refuse_shares({"negative_pct": share}, limits, rows)


def test_low_shares_and_thin_splits_are_told() -> None:
    limits = ReleaseSettings.model_validate(LIMITS)
    assert low_shares({"negative_pct": 4.0}, limits, 500) == [
        "negative_pct is 4.0, expected 5 to 10"
    ]
    assert low_shares({"negative_pct": 7.0}, limits, 500) == []
    splits = ["train"] * 1000 + ["validation"] * 60 + ["test"] * 90
    lineage = pl.DataFrame({"split": splits, "origin": ["report"] * len(splits)})
    assert thin_splits(lineage, 60) == []
    (warning,) = thin_splits(lineage, 100)
    assert warning.startswith("validation rows are 60, expected 100")
    assert thin_splits(lineage[1:], 100) == []  # too few to ask for a hundred


def test_lengths_are_those_of_the_tokenizer() -> None:
    from tokenizers import Tokenizer

    result = released(cut_off_tokens=60)
    report = json.loads(result.files["quality_report.json"])
    tokenizer = Tokenizer.from_file(str(BUNDLED_TOKENIZER / "tokenizer.json"))
    rows = [r for s in ("train", "validation", "test") for r in talks(result, s)]
    tokens = sorted(
        sum(len(tokenizer.encode(turn["content"]).ids) + TURN_TOKENS for turn in row)
        for row in rows
    )
    assert report["length_tokens"]["longest"] == tokens[-1]
    assert sum(report["length_tokens"]["histogram"].values()) == len(rows)
    beyond = report["beyond_cut_off"]
    assert len(beyond["pair_ids"]) == sum(count > 60 for count in tokens) > 0
    assert beyond["cut_off_tokens"] == 60


def talks(result: Any, split: str) -> list[list[dict[str, str]]]:
    return [row["messages"] for row in lines(result, f"openai_messages/{split}.jsonl")]


def test_a_tokenizer_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"expected a folder with tokenizer.json"):
        released(tokenizer_folder=str(tmp_path))


def test_industries_are_told_by_statements_or_named() -> None:
    def fact(company: str, metric: str, value: int = 5) -> dict[str, Any]:
        return {"company_id": company, "metric": metric, "value": value}

    facts = pl.DataFrame(
        [
            fact("b", "net_interest_income"), fact("b", "provision_for_credit_losses"),
            fact("i", "premiums_earned"), fact("i", "claims_paid"), fact("i", "noninterest_income"),
            fact("s", "brokerage_fee_income"), fact("s", "asset_management_fee_income"),
            fact("m", "revenue"), fact("m", "premiums_earned", 0), fact("m", "claims_paid", 0),
            fact("n", "revenue"), fact("n", "net_interest_income"),
        ]
    )  # fmt: skip
    assert industries_of(facts, {"n": "retail"}) == {
        "b": "banking", "i": "insurance", "m": OTHER, "n": "retail", "s": "securities",
    }  # fmt: skip
    assert industries_of(facts, {})["n"] == OTHER


def test_diversity_falls_with_repetition() -> None:
    assert ngram_diversity(["a b c"] * 4) == 0.25
    assert ngram_diversity([]) == 1.0
