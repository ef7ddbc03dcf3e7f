"""Questions that want advice or a forecast, and what a careful analyst may answer.

The answer states what the report discloses, names the risk, and neither recommends nor predicts.
"""

from collections.abc import Iterator

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.derived import core_figures, short_steps, year_before
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.templates import wording
from sft_assets.pairs.wording import amount_text, pages_text, subject_of
from sft_assets.programs import ProgramRefusedError, rederive


def advice_questions(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield questions for advice, each answered with figures of the report and no advice."""
    for fact in core_figures(source):
        yield _careful(source, fact, "advice", language, settings)


def forward_looking_questions(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield questions for a forecast, each answered with the figure of the year and no forecast."""
    for fact in core_figures(source):
        yield _careful(source, fact, "forward_looking", language, settings)


def _careful(
    source: ReportSource, fact: Fact, kind: str, language: str, settings: ContextSettings
) -> Draft:
    report, form = source.report, wording(kind, language)
    facts, program, rate = _with_growth(source, fact)
    subject = subject_of(fact, language)
    stated = form.parts["figure"].format(
        subject=subject.text, value=amount_text(fact.operand, language)
    )
    if rate:
        stated += form.parts["growth"].format(result=rate)
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "next_year": report.fiscal_year + 1,
        "name": subject.name,
        "stated": stated,
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    register, question = form.pick(kind + fact.fact_id)
    return Draft(
        kind=kind,
        language=language,
        question=question.format(**fields).replace("..", "."),  # "Inc.." of a name
        context=build_context(
            source, facts, language, distractors=1, max_chars=settings.context_max_chars
        ),
        answer=form.parts["answer"].format(**fields),
        template_id=form.template_id(register),
        facts=facts,
        program=program,
        reasoning=short_steps(program, facts, language) if rate else None,
    )


def _with_growth(source: ReportSource, fact: Fact) -> tuple[tuple[Fact, ...], str, str | None]:
    """Return facts, program and growth rate; the figure alone where no rate can be computed."""
    before = year_before(source, fact)
    if before is not None:
        program = "f1; growth(f1, f2)"
        try:
            rate = rederive(program, [fact.operand, before.operand]).rpartition("; ")[2]
        except ProgramRefusedError:
            return (fact,), "f1", None
        return (fact, before), program, rate
    return (fact,), "f1", None
