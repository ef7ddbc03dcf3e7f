"""Pairs of one report: every number supported, every candidate accounted for."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sft_assets.evaluate.calculator import result_to_fill_in
from sft_assets.numbers import find_amounts
from sft_assets.pairs.augment import augmented
from sft_assets.pairs.derived import changes
from sft_assets.pairs.drafts import Draft, fault_of
from sft_assets.pairs.quotes import sentence_with
from sft_assets.pairs.settings import AugmentationSettings, PairSettings
from sft_assets.pairs.singles import lookups
from sft_assets.pairs.source import ReportSource, current_reports, read_source
from sft_assets.pairs.steps import MAKERS, make_pairs
from sft_assets.pairs.support import unsupported_numbers
from sft_assets.programs import operand_from_row, rederive

KINDS = {
    "lookup", "growth", "ratio", "difference", "summary", "unanswerable", "which_page", "wrong_year",
    "wrong_unit", "ranking", "comparison", "multi_part", "advice", "forward_looking", "discussion",
}  # fmt: skip


def source_of(report: Any) -> ReportSource:
    return read_source(current_reports(report.raw_reports)[0], report.facts, report.pages)


@pytest.mark.parametrize("language", ["zh", "en", "zh-Hant+en"])
def test_every_kind_is_made_and_re_derives(
    invent_report: Callable[..., Any], language: str
) -> None:
    report = invent_report(language=language)
    result = make_pairs(source_of(report), PairSettings())
    pairs = result.tables["instruction_pairs"]
    facts = {row["fact_id"]: operand_from_row(row) for row in report.facts.iter_rows(named=True)}
    derived = 0
    for pair in pairs.filter(pl.col("program").is_not_null()).iter_rows(named=True):
        derived += 1
        operands = [facts[fact_id] for fact_id in pair["fact_ids"]]
        assert rederive(pair["program"], operands) == pair["result"]
        assert all(part in pair["answer"] for part in pair["result"].split("; "))
        assert all(operand.value_printed in pair["context"] for operand in operands)
    assert derived > 20
    ranked = {"ranking"} if language == "zh" else set()  # the English statement has no expenses
    assert set(pairs["kind"]) == KINDS - {"ranking"} | ranked
    assert pairs["pair_id"].n_unique() == pairs.height
    ledger = result.ledger
    out = ledger.kept + sum(ledger.dropped.values()) + sum(ledger.quarantined.values())
    assert ledger.rows_in == out
    assert ledger.kept == pairs.height


def test_contexts_stay_short_where_the_evidence_allows(invent_report: Callable[..., Any]) -> None:
    pairs = make_pairs(source_of(invent_report()), PairSettings()).tables["instruction_pairs"]
    lookups_only = pairs.filter(pl.col("kind") == "lookup")
    assert lookups_only["context"].str.len_chars().max() <= PairSettings().context_max_chars
    assert lookups_only.height > 10


def test_unanswerable_is_really_not_in_its_context(invent_report: Callable[..., Any]) -> None:
    pairs = make_pairs(source_of(invent_report()), PairSettings()).tables["instruction_pairs"]
    refusals = pairs.filter(pl.col("kind").is_in(["unanswerable", "wrong_year"]))
    assert set(refusals["kind"]) == {"unanswerable", "wrong_year"}
    for pair in refusals.iter_rows(named=True):
        asked = pair["template_id"].rpartition(".")[2]
        assert pair["answer"].endswith("无法回答。")
        assert not find_amounts(pair["answer"])
        if asked == "year":
            years = {y for y in range(2015, 2026) if str(y) in pair["question"]}
            assert any(str(year) not in pair["context"] for year in years)
        assert pair["fact_ids"] == []
    assert refusals.height > 5


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"status": "quarantined"}, "not_proved", id="quarantined"),
        pytest.param({"doc_id": "0" * 64}, "superseded", id="superseded"),
        pytest.param({"period": "2023Q1"}, "not_a_full_year", id="quarter"),
        pytest.param({"period": "2023-06-30"}, "not_a_full_year", id="mid-year"),
        pytest.param(
            {"value_printed": "77,777.00", "value": Decimal(77777)},
            "not_in_redacted_text",
            id="not-on-the-page",
        ),
        pytest.param(
            {"value": Decimal("1")}, "print_is_another_amount", id="value-is-not-the-print"
        ),
        pytest.param({"page_no": 99}, "not_in_redacted_text", id="no-such-page"),
    ],
)
def test_facts_that_may_not_be_cited(
    invent_report: Callable[..., Any], change: dict[str, object], reason: str
) -> None:
    report = invent_report()
    columns = [
        pl.lit(value, dtype=report.facts.schema[name]).alias(name) for name, value in change.items()
    ]
    first = report.facts.head(1).with_columns(columns)
    changed = replace(report, facts=pl.concat([first, report.facts.slice(1)]))
    source = source_of(changed)
    assert source.set_aside[reason] >= 1
    assert first["fact_id"][0] not in {fact.fact_id for fact in source.facts}


def test_two_prints_that_differ_are_no_fact(invent_report: Callable[..., Any]) -> None:
    report = invent_report()
    twin = report.facts.head(1).with_columns(
        pl.lit("f" * 32).alias("fact_id"),
        pl.lit("5,910,400.00").alias("value_printed"),
        pl.lit(Decimal("5910400"), dtype=report.facts.schema["value"]).alias("value"),
        pl.lit("key_data").alias("statement"),
    )
    source = source_of(replace(report, facts=pl.concat([report.facts, twin])))
    assert source.set_aside["ambiguous"] == 2
    assert ("revenue", "consolidated", 2023, "reported", "duration") not in source.chosen


def test_the_cap_cuts_and_counts(invent_report: Callable[..., Any]) -> None:
    source = source_of(invent_report())
    result = make_pairs(source, PairSettings(max_pairs_per_report=20))
    pairs = result.tables["instruction_pairs"]
    assert pairs.height == 20
    assert result.ledger.dropped["over_the_cap"] > 20
    assert len(set(pairs["kind"])) >= 5
    again = make_pairs(source, PairSettings(max_pairs_per_report=20)).tables["instruction_pairs"]
    assert pairs.equals(again)


def test_a_report_without_facts_gives_no_pairs(invent_report: Callable[..., Any]) -> None:
    report = invent_report()
    result = make_pairs(source_of(replace(report, facts=report.facts.clear())), PairSettings())
    pairs = result.tables["instruction_pairs"]
    assert set(pairs["kind"]) == {"discussion"}  # words need no figures
    assert result.ledger.rows_in == pairs.height


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param(
            lambda d: replace(d, answer=f"{d.answer}另有 88 元。"), "unsupported_number", id="88"
        ),
        pytest.param(
            lambda d: replace(d, answer=f"{d.answer}见2011年。"), "unsupported_number", id="year"
        ),
        pytest.param(
            lambda d: replace(d, answer=f"{d.answer}见第44页。"), "unsupported_number", id="page"
        ),
        pytest.param(
            lambda d: replace(d, answer="根据年报。"), "result_not_in_answer", id="no-result"
        ),
        pytest.param(
            lambda d: replace(d, context="x"), "evidence_not_in_context", id="no-evidence"
        ),
        pytest.param(
            lambda d: replace(d, reasoning="<<1+1=2>>"), "unsupported_number", id="reasoning"
        ),
        pytest.param(lambda d: d, None, id="sound"),
    ],
)
def test_faults_are_found(
    invent_report: Callable[..., Any], change: Callable[..., Any], rule: str | None
) -> None:
    source = source_of(invent_report())
    draft = next(iter(lookups(source, "zh", PairSettings())))
    assert not isinstance(draft, str)
    assert fault_of(change(draft), [source.report]) == rule


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入为5.00元（第3页）", []),
        ("收入为(5)元", []),
        ("收入为5.01元", ["5.01元"]),
        ("2021年收入为5元", ["2021"]),
        ("收入5元（第4页）", ["4"]),
        ("收入272,86元", ["272,86元"]),
        ("三六零5G公司收入5元", []),
        ("FY2020 revenue was 5", []),
        ("FY2019 revenue was 5", ["2019"]),
        ("", []),
    ],
)
def test_unsupported_numbers(text: str, expected: list[str]) -> None:
    found = unsupported_numbers(
        text, numbers=[Decimal(5)], years=[2020], pages=[3], names=["三六零5G公司"]
    )
    assert found == expected


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("甲。收入12.5亿元，稳步增长。乙。", "12.5", "收入12.5亿元，稳步增长。"),
        ("甲。收入12.5亿元，稳步增长。乙。", "99", None),
        ("短12.5。", "12.5", None),
        ("长" * 300 + "12.5" + "长" * 300, "12.5", None),
    ],
)
def test_sentence_with(text: str, printed: str, expected: str | None) -> None:
    assert sentence_with(text, printed) == expected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_calculation_is_what_a_calculator_says(
    invent_report: Callable[..., Any], language: str
) -> None:
    pairs = make_pairs(source_of(invent_report(language=language)), PairSettings())
    checked = 0
    for reasoning in pairs.tables["instruction_pairs"]["reasoning"].drop_nulls():
        for part in reasoning.split("<<")[1:]:
            body, _, result = part.partition(">>")[0].partition("=")
            assert result_to_fill_in(f"<<{body}=") == result
            checked += 1
    assert checked > 10


def test_a_computed_answer_brings_its_calculation(invent_report: Callable[..., Any]) -> None:
    source = source_of(invent_report())
    made = [d for make in MAKERS for d in make(source, "zh", PairSettings())]
    drafts = [d for d in made if isinstance(d, Draft)]
    judged = augmented(drafts, source, AugmentationSettings(negative=50, confirmed=20))
    kinds: Counter[str] = Counter()
    for draft in (*drafts, *(d for d in judged if isinstance(d, Draft))):
        if re.search(r"(growth|ratio|difference|per|multiple)[(]", draft.program or ""):
            assert "<<" in (draft.reasoning or ""), draft.kind
            kinds[draft.kind] += 1
    assert {"growth", "ratio", "advice", "forward_looking", "critique"} <= kinds.keys()


def test_growth_compares_with_the_restated_year(invent_report: Callable[..., Any]) -> None:
    report = invent_report()
    before = (pl.col("metric") == "revenue") & (pl.col("fiscal_year") == 2022)
    basis = pl.when(before).then(pl.lit("after_restatement")).otherwise("basis").alias("basis")
    source = source_of(replace(report, facts=report.facts.with_columns(basis)))
    drafts = [d for d in changes(source, "zh", PairSettings()) if not isinstance(d, str)]
    revenue = [d for d in drafts if d.facts[0].operand.metric == "revenue" and d.kind == "growth"]
    assert len(revenue) == 1
    assert "2022年营业收入（调整后）" in revenue[0].answer
    assert "2022年（调整后）" in revenue[0].context
