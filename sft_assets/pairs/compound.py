"""Questions of two or three parts, answered part by part."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.derived import (
    COUNTED,
    core_figures,
    operands_of,
    short_steps,
    with_year_before,
)
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.printed_signs import fitted
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.templates import Formula, formulas, stable_number, wording
from sft_assets.pairs.wording import amount_text, formula_with_unit, pages_text, subject_of
from sft_assets.programs import ProgramRefusedError, evaluate, formula_text

T = TypeVar("T")


def multi_part(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield for each figure of the year: it, the growth of a key figure, and an indicator."""
    year = source.report.fiscal_year
    growing = [
        (fact, before)
        for fact, before in with_year_before(source, core_figures(source))
        if fact.operand.unit in COUNTED
    ]
    computable = [
        (own, facts)
        for formula in formulas()
        if (facts := operands_of(source, formula, "consolidated", year, "reported")) is not None
        and (own := fitted(source, formula, facts)) is not None
    ]
    for fact in source.chosen.values():
        if fact.operand.fiscal_year != year or fact.operand.scope != "consolidated":
            continue
        change = _pick(growing, "growth", fact)
        indicator = _pick(computable, "indicator", fact)
        if change is None or change[0].operand.metric == fact.operand.metric:
            yield "no_second_part"
        else:
            with_third = indicator is not None and stable_number("third", fact.fact_id) % 2 == 0
            third = indicator if with_third else None
            yield _multi_part(source, fact, change, third, language, settings)


def _pick(options: Sequence[T], seed: str, fact: Fact) -> T | None:
    return options[stable_number(seed, fact.fact_id) % len(options)] if options else None


def _multi_part(
    source: ReportSource,
    fact: Fact,
    change: tuple[Fact, Fact],
    indicator: tuple[Formula, tuple[Fact, ...]] | None,
    language: str,
    settings: ContextSettings,
) -> Draft | str:
    report, form = source.report, wording("multi_part", language)
    facts = [fact, *change]
    programs = ["f1", "growth(f2, f3)"]
    asked = [
        form.parts["ask_value"].format(subject=subject_of(fact, language).text),
        form.parts["ask_growth"].format(subject=subject_of(change[0], language).text),
    ]
    if indicator is not None:
        formula, operands = indicator
        shifted = formula.program
        for at in range(len(operands), 0, -1):
            shifted = shifted.replace(f"f{at}", f"f{at + 3}")
        facts += operands
        programs.append(shifted)
        period = subject_of(operands[0], language).frame
        asked.append(form.parts["ask_ratio"].format(name=formula.names[language], period=period))
    program = "; ".join(programs)
    try:
        outcomes = evaluate(program, [f.operand for f in facts])
        formulas_said = formula_text(program, [f.operand for f in facts]).split("; ")
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    told = [
        form.parts["tell_value"].format(
            subject=subject_of(fact, language).text, value=amount_text(fact.operand, language)
        ),
        form.parts["tell_growth"].format(
            subject=subject_of(change[0], language).text, formula=formulas_said[1]
        ),
    ]
    if indicator is not None:
        told.append(
            form.parts["tell_ratio"].format(
                name=indicator[0].names[language],
                formula=formula_with_unit(formulas_said[2], outcomes[2], language),
            )
        )
    marks = form.parts["marks"].split("|")
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "asked": form.parts["joint"].join(m + a for m, a in zip(marks, asked, strict=False)),
        "told": form.parts["joint"]
        .join(m + t for m, t in zip(marks, told, strict=False))
        .rstrip("；;"),
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    register, question = form.pick(fact.fact_id)
    return Draft(
        kind="multi_part",
        language=language,
        question=question.format(**fields),
        context=build_context(
            source, facts, language, distractors=1, max_chars=settings.context_max_chars
        ),
        answer=form.parts["answer"].format(**fields),
        template_id=form.template_id(register),
        facts=tuple(facts),
        program=program,
        reasoning=short_steps(program, facts, language),
    )
