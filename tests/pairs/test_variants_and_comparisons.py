"""Variants of pairs, planted mistakes, and comparisons over reports."""

import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from sft_assets.pairs.mistakes import ERRORS, plant_error
from sft_assets.pairs.settings import AugmentationSettings, ComparisonSettings, PairSettings
from sft_assets.pairs.source import ReportSource, current_reports, read_source
from sft_assets.pairs.steps import augment_pairs, compare_reports, make_pairs
from sft_assets.schemas import TABLES
from sft_assets.store.gate import audit_table
from sft_assets.store.suites import load_suite
from sft_assets.walk.step import StepResult


def source_of(report: Any) -> ReportSource:
    return read_source(current_reports(report.raw_reports)[0], report.facts, report.pages)


@pytest.fixture(scope="module", params=["zh", "en"])
def made(
    request: pytest.FixtureRequest, invent_report: Callable[..., Any]
) -> tuple[pl.DataFrame, StepResult]:
    source = source_of(invent_report(language=request.param))
    pairs = make_pairs(source, PairSettings()).tables["instruction_pairs"]
    return pairs, augment_pairs(source, pairs, AugmentationSettings())


def test_each_kind_of_variant_is_made(made: tuple[pl.DataFrame, StepResult]) -> None:
    pairs, result = made
    variants = result.tables["augmented_pairs"]
    kinds = {a.partition("_")[0] for a in variants["augmentation"]}
    assert kinds == {"paraphrase", "typo", "wider", "cot", "negative", "confirmed"}
    assert set(variants["parent_id"]) <= set(pairs["pair_id"])
    assert not set(variants["pair_id"]) & set(pairs["pair_id"])
    ledger = result.ledger
    assert ledger.rows_in == ledger.kept + sum(ledger.dropped.values())
    assert ledger.kept == variants.height


def test_what_is_made_passes_its_suite(made: tuple[pl.DataFrame, StepResult]) -> None:
    pairs, result = made
    tables = {"instruction_pairs": pairs, **result.tables}
    assert sorted(tables) == ["augmented_pairs", "instruction_pairs"]
    for name, frame in tables.items():
        audit = audit_table(TABLES[name], frame, load_suite(name))
        assert [v.rule for v in audit.verdicts if not v.passed] == []
        assert audit.kept.height == frame.height


def test_each_planted_error_has_a_name_that_the_suite_knows() -> None:
    (rule,) = [
        e
        for e in load_suite("augmented_pairs").expectations
        if e.rule == "augmentation_well_formed"
    ]
    pattern = re.compile(rule.kwargs["regex"])
    assert len(ERRORS) == 10
    assert [error for error in ERRORS if not pattern.search(f"negative_{error}")] == []
    assert not pattern.search("negative_mood")


def test_wrong_answers_are_five_to_ten_percent(made: tuple[pl.DataFrame, StepResult]) -> None:
    pairs, result = made
    variants = result.tables["augmented_pairs"]
    wrong = variants.filter(~pl.col("is_target"))
    share = wrong.height / (pairs.height + variants.height)
    assert 0.04 <= share <= 0.10
    assert wrong["augmentation"].str.starts_with("negative_").all()


def test_variants_keep_numbers_and_answers(made: tuple[pl.DataFrame, StepResult]) -> None:
    pairs, result = made
    parents = {row["pair_id"]: row for row in pairs.iter_rows(named=True)}
    seen = 0
    for row in result.tables["augmented_pairs"].iter_rows(named=True):
        parent = parents[row["parent_id"]]
        assert row["program"] == parent["program"]
        if row["augmentation"] in {"paraphrase", "typo"}:
            seen += 1
            assert row["question"] != parent["question"]
            assert re.findall(r"\d+", row["question"]) == re.findall(r"\d+", parent["question"])
            assert row["answer"] == parent["answer"]
        if row["augmentation"] == "wider_context":
            seen += 1
            assert parent["context"] in row["context"]
            assert len(row["context"]) > len(parent["context"])
    assert seen >= 5


def test_a_wrong_answer_is_never_the_target(made: tuple[pl.DataFrame, StepResult]) -> None:
    pairs, result = made
    answers = {row["pair_id"]: row["answer"] for row in pairs.iter_rows(named=True)}
    wrong = result.tables["augmented_pairs"].filter(~pl.col("is_target"))
    for row in wrong.iter_rows(named=True):
        right = answers[row["parent_id"]]
        assert row["answer"].endswith(right)
        assert row["rejected"] in row["question"]
        assert row["rejected"] != right
        assert right not in row["question"]
    assert wrong.height >= 2


ANSWER = "根据甲公司2023年年度报告（财年基准），2023年营业收入为1,234.50万元（第5页）。"


@pytest.mark.parametrize("seed", [f"seed{i}" for i in range(24)])
def test_planted_errors_change_the_answer(seed: str) -> None:
    planted = plant_error(ANSWER, "1,234.50", "zh", seed)
    assert planted is not None
    wrong, error = planted
    assert wrong != ANSWER
    assert error in ERRORS


COMPUTED = (
    "根据甲公司2023年年度报告（财年基准），2023年营业收入为120.00元，2022年营业收入为100.00元，"
    "同比增长率 = (120.00 - 100.00) ÷ 100.00 × 100% = 20.00%（第5页）。"
)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("scope", "（财年基准），母公司2023年"),
        ("metric", "2023年净利润为120.00元"),
        ("rounding", "= 20.01%"),
        ("formula", "(120.00 - 100.00) ÷ 120.00"),
        ("sign", "= -20.00%"),
    ],
)
def test_each_kind_of_error(error: str, said: str) -> None:
    planted = {
        kind: wrong
        for seed in range(400)
        for wrong, kind in [
            plant_error(COMPUTED, "20.00%", "zh", f"s{seed}", "营业收入") or ("", "")
        ]
        if kind != "metric" or "净利润" in wrong
    }
    assert set(planted) >= {
        "digit",
        "unit",
        "year",
        "scope",
        "metric",
        "sign",
        "rounding",
        "formula",
    } - {"unit"}
    assert said in planted[error]


def test_no_error_fits_an_answer_without_numbers() -> None:
    assert plant_error("无法回答。", "", "zh", "x") is None


def comparison(invent_report: Callable[..., Any], **settings: Any) -> StepResult:
    reports = [
        invent_report("青禾精密制造股份有限公司", "900001", 2022, factor=3),
        invent_report("青禾精密制造股份有限公司", "900001", 2023, factor=4),
        invent_report("蓝潮海运股份有限公司", "900002", 2023, factor=7),
        invent_report("Harbor Light Instruments Inc.", "harbor", 2023, language="en"),
    ]
    sources = [source_of(report) for report in reports]
    return compare_reports(sources, ComparisonSettings(**settings))


def test_comparisons_show_tables_with_sources(invent_report: Callable[..., Any]) -> None:
    result = comparison(invent_report)
    pairs = result.tables["comparison_pairs"]
    assert set(pairs["kind"]) == {"comparison", "trend", "ranking"}
    trends = pairs.filter(pl.col("company_ids").list.len() == 1)
    assert trends.height >= 2
    assert pairs.filter(pl.col("company_ids").list.len() > 1).height >= 4
    tables = pairs.filter(pl.col("reasoning").is_not_null())
    assert tables["answer"].str.contains("| --- |", literal=True).all()
    assert tables.height >= 4
    assert result.ledger.kept == pairs.height


def test_currencies_are_not_ranked_together(invent_report: Callable[..., Any]) -> None:
    result = comparison(invent_report)
    assert result.ledger.dropped["refused_mixed_currency"] >= 1
    rankings = result.tables["comparison_pairs"].filter(
        pl.col("template_id").str.ends_with("ranking")
    )
    assert rankings.filter(pl.col("company_ids").list.contains("harbor")).height == 0
    assert rankings.height >= 1


def test_the_cap_on_comparisons_is_counted(invent_report: Callable[..., Any]) -> None:
    result = comparison(invent_report, max_pairs=3)
    assert result.tables["comparison_pairs"].height == 3
    assert result.ledger.dropped["over_the_cap"] > 0


def test_one_report_compares_with_nothing(invent_report: Callable[..., Any]) -> None:
    result = compare_reports([source_of(invent_report())], ComparisonSettings())
    assert result.tables["comparison_pairs"].height == 0
