"""The question kinds beside the plain ones: what they promise, and when they are not asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from sft_assets.cli import app
from sft_assets.numbers import find_amounts
from sft_assets.pairs.compound import multi_part
from sft_assets.pairs.conduct import advice_questions, forward_looking_questions
from sft_assets.pairs.derived import ratios
from sft_assets.pairs.discussion import discussions, is_quotable, topics
from sft_assets.pairs.drafts import Draft, fault_of
from sft_assets.pairs.premises import wrong_units
from sft_assets.pairs.series import rankings, trends
from sft_assets.pairs.settings import AugmentationSettings, PairSettings
from sft_assets.pairs.source import ReportSource, current_reports, read_source
from sft_assets.pairs.steps import augment_pairs, make_pairs
from sft_assets.pairs.templates import formulas
from sft_assets.programs import parse_program

LANGUAGES = ["zh", "en"]


def source_of(report: Any) -> ReportSource:
    return read_source(current_reports(report.raw_reports)[0], report.facts, report.pages)


def sound(make: Callable[..., Any], source: ReportSource, language: str) -> list[Draft]:
    made = [d for d in make(source, language, PairSettings()) if isinstance(d, Draft)]
    assert [fault_of(d, [source.report]) for d in made] == [None] * len(made)
    return made


def test_there_are_thirty_indicators_and_each_is_a_program() -> None:
    from sft_assets.concepts import load_concepts

    known = load_concepts().by_id
    assert len(formulas()) >= 30
    assert len({f.names["zh"] for f in formulas()}) == len({f.names["en"] for f in formulas()})
    for formula in formulas():
        assert len(parse_program(formula.program)) == 1
        names = {n.removesuffix("@prior") for choices in formula.operands for n in choices}
        assert names <= set(known), formula.formula_id


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_advice_is_given(invent_report: Callable[..., Any], language: str) -> None:
    source = source_of(invent_report(language=language))
    asked = sound(advice_questions, source, language)
    asked += sound(forward_looking_questions, source, language)
    assert len(asked) >= 6
    words = (
        ("不构成投资建议", "不作推测") if language == "zh" else ("no investment advice", "do not")
    )
    for draft in asked:
        assert any(word in draft.answer for word in words)
        assert draft.facts
        assert draft.facts[0].operand.value_printed.strip("()") in draft.answer
        assert str(source.report.fiscal_year + 1) not in draft.answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_wrong_units_are_set_right(invent_report: Callable[..., Any], language: str) -> None:
    source = source_of(invent_report(language=language))
    made = sound(wrong_units, source, language)
    assert {d.template_id.rpartition(".")[2] for d in made} <= {"scale", "currency", "right"}
    wrong = [d for d in made if d.kind == "wrong_unit"]
    assert wrong
    for draft in wrong:
        value = find_amounts(draft.answer)[0]
        asked = [n for n in find_amounts(draft.question) if n.value == value.value]
        assert all((n.scale, n.unit_word) != (value.scale, value.unit_word) for n in asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_parts_have_all_their_evidence(
    invent_report: Callable[..., Any], language: str
) -> None:
    source = source_of(invent_report(language=language))
    made = sound(multi_part, source, language)
    assert len(made) >= 3
    for draft in made:
        parts = parse_program(draft.program or "")
        assert 2 <= len(parts) <= 3
        assert all(f.operand.value_printed in draft.context for f in draft.facts)


def three_years(report: Any) -> Any:
    """The report with a third, older year of each figure, in the same rows."""
    older = report.facts.filter(pl.col("fiscal_year") == 2022).with_columns(
        pl.col("fact_id").str.reverse(),
        pl.col("evidence_id").str.reverse(),
        pl.lit(2021, dtype=pl.Int32).alias("fiscal_year"),
        pl.col("period").str.replace("2022", "2021"),
        pl.lit(3, dtype=pl.Int32).alias("col_no"),
    )
    return replace(report, facts=pl.concat([report.facts, older]))


def test_trends_need_three_years(invent_report: Callable[..., Any]) -> None:
    report = invent_report()
    assert sound(trends, source_of(report), "zh") == []
    made = sound(trends, source_of(three_years(report)), "zh")
    assert len(made) >= 4
    revenue = next(d for d in made if d.facts[0].operand.metric == "revenue")
    assert "| 2023年 | 6,423,105.20元 | 8.67% |" in revenue.answer
    assert "| 2021年 | 5,910,400.00元 | - |" in revenue.answer
    assert "有升有降" in revenue.answer  # rose, then stayed
    ties = list(rankings(source_of(three_years(report)), "zh", PairSettings()))
    assert "refused_wrong_order" in ties


def test_rankings_state_the_order(invent_report: Callable[..., Any]) -> None:
    made = sound(rankings, source_of(invent_report()), "zh")
    expenses = next(d for d in made if "研发费用" in d.question and "2023" in d.question)
    assert "研发费用1,647,020.00元 > 销售费用322,020.00元" in expenses.answer
    assert expenses.program == "descending(f1, f2)"


@pytest.mark.parametrize("language", LANGUAGES)
def test_discussions_quote_verbatim(invent_report: Callable[..., Any], language: str) -> None:
    source = source_of(invent_report(language=language))
    made = sound(discussions, source, language)
    assert {d.template_id.rpartition(".")[2] for d in made} >= {"risk", "industry"}
    for draft in made:
        assert draft.pages == [11]
        assert not draft.facts
    altered = replace(
        made[0], answer=made[0].answer.replace("公司", "本司").replace("group", "firm")
    )
    assert fault_of(altered, [source.report]) == "quote_not_in_context"


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("公司所处行业竞争加剧，存在市场份额下降的风险。", "zh", True),
        ("公司实现营业收入12亿元，市场份额进一步提高了。", "zh", False),
        ("一、公司面临的行业风险及其应对措施概述", "zh", False),
        ("适用 □不适用 公司所处行业存在较大的经营风险。", "zh", False),
        ("行业风险。", "zh", False),
        ("The group faces strong competition in its industry and its markets.", "zh", False),
        ("The group faces strong competition in its industry and its markets.", "en", True),
        ("The group faces strong competition in 12 industries and its markets.", "en", False),
        ("现金等价物是指持有期限短、价值变动风险很小的投资。", "zh", False),
        ("The term risk refers to the chance that the group loses its orders.", "en", False),
        ("他说“行业竞争加剧”，公司存在市场份额下降的风险。", "zh", False),
    ],
)
def test_is_quotable(sentence: str, language: str, *, expected: bool) -> None:
    assert is_quotable(sentence, language) is expected


def test_topics_are_the_same_in_both_languages() -> None:
    assert [t.topic_id for t in topics("zh")] == [t.topic_id for t in topics("en")]
    assert len(topics("zh")) >= 10


def test_indicators_of_two_years_average_the_balance(invent_report: Callable[..., Any]) -> None:
    source = source_of(invent_report())
    made = {d.template_id.rpartition(".")[2]: d for d in sound(ratios, source, "zh")}
    turnover = made["asset_turnover"]
    assert turnover.program == "multiple(f1, average(f2, f3))"
    assert "6,423,105.20 ÷ ((9,900,000.00 + 9,100,000.00) ÷ 2) = 0.68倍" in turnover.answer
    assert "1,204" in made["revenue_per_employee"].answer
    assert made["revenue_per_employee"].answer.count("5,334.80元/人") == 1


def test_evidence_over_the_budget_is_dropped_and_counted(
    invent_report: Callable[..., Any],
) -> None:
    source = source_of(invent_report())
    result = make_pairs(source, PairSettings(context_max_tokens=60))
    dropped = result.ledger.dropped["context_over_budget"]
    assert dropped > 10
    assert result.ledger.rows_in == result.ledger.kept + sum(result.ledger.dropped.values()) + sum(
        result.ledger.quarantined.values()
    )


def test_without_context_is_a_setting(invent_report: Callable[..., Any]) -> None:
    source = source_of(invent_report())
    pairs = make_pairs(source, PairSettings()).tables["instruction_pairs"]
    none = augment_pairs(source, pairs, AugmentationSettings()).tables["augmented_pairs"]
    some = augment_pairs(source, pairs, AugmentationSettings(without_context=20))
    bare = some.tables["augmented_pairs"].filter(pl.col("augmentation") == "without_context")
    assert none.filter(pl.col("context").str.contains("\n").not_()).height == 0
    assert bare.height >= 5
    assert set(bare["context"]) == {"青禾精密制造股份有限公司2023年年度报告"}
    assert not set(bare["kind"]) & {"unanswerable", "wrong_year", "wrong_unit"}


EXAMPLE = ["derive", "ratio(f1, f2)", "--figure", "1 647 亿元", "--figure", "6 423 亿元"]
STATED = "根据华为 2023 年年报，研发支出 1 647 亿元，总收入 6 423 亿元，研发投入占比 = (1 647 ÷ 6 423) × 100% ≈ {}。"


@pytest.mark.parametrize(
    ("claim", "code", "said"),
    [
        ("25.64%", 0, '"refused": []'),
        ("25.65%", 1, "unsupported_number: 25.65% is no figure given or derived"),
        ("25.65%", 1, "result_not_in_answer: the program yields 25.64%"),
        ("25.64 亿元", 1, "result_not_in_answer"),
    ],
)
def test_the_published_example(claim: str, code: int, said: str) -> None:
    result = CliRunner().invoke(app, [*EXAMPLE, "--answer", STATED.format(claim)])
    assert '"result": "25.64%"' in result.stdout
    assert said in result.stdout
    assert result.exit_code == code


@pytest.mark.parametrize("figure", ["abc", "-", "1 64 亿元"])
def test_a_figure_that_is_no_amount(figure: str) -> None:
    result = CliRunner().invoke(app, [*EXAMPLE, "--figure", figure])
    assert result.exit_code == 2
    assert "expected one printed amount" in result.stderr
