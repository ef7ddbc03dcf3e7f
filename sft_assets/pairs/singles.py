"""Questions about one number: what it is, and on which page it stands."""

from collections.abc import Iterator

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.templates import stable_number, wording
from sft_assets.pairs.wording import amount_text, pages_text, subject_of


def lookups(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield one lookup for each figure of the report."""
    for fact in source.chosen.values():
        yield _about(source, fact, "lookup", language, settings)


def page_questions(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield a question for the page of each figure of the report's own year."""
    for fact in source.chosen.values():
        if fact.operand.fiscal_year == source.report.fiscal_year:
            yield _about(source, fact, "which_page", language, settings)


def _about(
    source: ReportSource, fact: Fact, kind: str, language: str, settings: ContextSettings
) -> Draft:
    report = source.report
    subject = subject_of(fact, language)
    form = wording(kind, language)
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "subject": subject.text,
        "value": amount_text(fact.operand, language),
        "pages": pages_text([fact.page_no], language),
    }
    register, question = form.pick(fact.fact_id)
    return Draft(
        kind=kind,
        language=language,
        question=question.format(**fields),
        context=build_context(
            source,
            [fact],
            language,
            distractors=stable_number(kind, fact.fact_id) % (settings.distractors + 1),
            max_chars=settings.context_max_chars,
        ),
        answer=form.parts["answer"].format(**fields).replace("..", "."),
        template_id=form.template_id(register),
        facts=(fact,),
        program="f1",
    )
