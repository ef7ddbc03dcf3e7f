"""Quoted sentences: whole, verbatim, and only where every number is a fact."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sft_assets.pairs.drafts import Draft, fault_of
from sft_assets.pairs.quotes import quotes, sentences
from sft_assets.pairs.settings import PairSettings
from sft_assets.pairs.source import current_reports, read_source

STATED = (
    "报告期内，公司实现营业收入 642.31 万元，同比增长 8.67%。"  # (6423105.20 - 5910400) / 5910400
)
WRONG_RATE = "报告期内，公司实现营业收入 642.31 万元，同比增长 9.99%。"
OTHER_NUMBER = "报告期内，公司实现营业收入 642.31 万元，新开门店 31 家。"


def drafts(invent_report: Callable[..., Any], sentence: str) -> list[tuple[Draft, str | None]]:
    report = invent_report()
    stated = report.facts.head(1).with_columns(
        pl.lit("9" * 32).alias("fact_id"),
        pl.lit("642.31").alias("value_printed"),
        pl.lit(Decimal("642.31"), dtype=report.facts.schema["value"]).alias("value"),
        pl.lit(10000, dtype=pl.Int64).alias("scale"),
        pl.lit("text").alias("statement"),
        pl.lit(9, dtype=pl.Int32).alias("page_no"),
        pl.lit(None, dtype=pl.Int32).alias("table_no"),
    )
    pages = report.pages.with_columns(
        pl.when(pl.col("page_no") == 9)
        .then(pl.lit(f"一、概况\n{sentence}"))
        .otherwise("text")
        .alias("text")
    )
    facts = pl.concat([report.facts, stated])
    changed = replace(report, facts=facts, pages=pages)
    source = read_source(current_reports(changed.raw_reports)[0], changed.facts, changed.pages)
    made = [d for d in quotes(source, "zh", PairSettings()) if isinstance(d, Draft)]
    return [(draft, fault_of(draft, [source.report])) for draft in made]


def test_a_rate_that_follows_from_facts_is_supported(invent_report: Callable[..., Any]) -> None:
    ((draft, fault),) = drafts(invent_report, STATED)
    assert fault is None
    assert draft.program == "f1; growth(f2, f3)"
    assert STATED in draft.answer
    assert draft.context.endswith(STATED)
    assert draft.pages == [5, 9]


@pytest.mark.parametrize("sentence", [WRONG_RATE, OTHER_NUMBER])
def test_other_numbers_are_not_quoted(invent_report: Callable[..., Any], sentence: str) -> None:
    ((_, fault),) = drafts(invent_report, sentence)
    assert fault == "unsupported_number"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("标题\n正文。", ["标题", "正文。"]),
        ("甲。乙；丙！", ["甲。", "乙；", "丙！"]),
        ("Sales rose 5.2%. Costs fell.", ["Sales rose 5.2%.", "Costs fell."]),
        ("公司在本报告期内继续推进各项重点工作并取得了很好的\n成绩。", ["公司在本报告期内继续推进各项重点工作并取得了很好的成绩。"]),
        ("The group continued its work on many\nsites.", ["The group continued its work on many sites."]),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
