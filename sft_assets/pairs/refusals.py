"""Questions that the passage does not answer, and the honest reply."""

from collections.abc import Iterator

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.metric_names import is_amount, metric_name, metric_names, period_type_of
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource, pack
from sft_assets.pairs.templates import stable_number, wording
from sft_assets.pairs.wording import Subject, subject_of

YEARS_BACK = 6  # a wrong year is drawn from so many years before the report


def unanswerables(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield for each figure of the report one question beside it: another metric, or another year.

    The reply speaks of the passage, never of the whole report: that an extractor did not find a
    figure does not prove that the report lacks it.
    """
    for fact in source.chosen.values():
        context = build_context(
            source,
            [fact],
            language,
            distractors=settings.distractors,
            max_chars=settings.context_max_chars,
        )
        if stable_number("unanswerable", fact.fact_id) % 3 == 0:
            yield _with_other_year(source, fact, context, language)
        else:
            yield _with_other_metric(source, fact, context, language)


def _with_other_year(source: ReportSource, fact: Fact, context: str, language: str) -> Draft | str:
    known = subject_of(fact, language)
    first = stable_number("year", fact.fact_id) % YEARS_BACK
    for step in range(YEARS_BACK):
        year = source.report.fiscal_year + 1 - (first + step) % (YEARS_BACK + 2)
        if str(year) not in context:
            subject = Subject(
                known.name, known.scope, year, "reported", known.period_type, language
            )
            return _refusal(source, fact, subject, context, "year")
    return "no_other_year"


def _with_other_metric(
    source: ReportSource, fact: Fact, context: str, language: str
) -> Draft | str:
    packed = pack(context).lower()
    metrics = [m for m in metric_names() if is_amount(m)]
    first = stable_number("metric", fact.fact_id) % len(metrics)
    for step in range(len(metrics)):
        metric = metrics[(first + step) % len(metrics)]
        if metric == fact.operand.metric or any(
            pack(name).lower() in packed for name in metric_names()[metric]
        ):
            continue
        subject = Subject(
            metric_name(metric, language) or metric,
            fact.operand.scope,
            fact.operand.fiscal_year,
            "reported",
            period_type_of(metric),
            language,
        )
        return _refusal(source, fact, subject, context, metric)
    return "no_other_metric"


def _refusal(source: ReportSource, fact: Fact, subject: Subject, context: str, asked: str) -> Draft:
    report, language = source.report, subject.language
    form = wording("unanswerable", language)
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "subject": subject.text,
    }
    register, question = form.pick(fact.fact_id + asked)
    return Draft(
        kind="wrong_year" if asked == "year" else "unanswerable",
        language=language,
        question=question.format(**fields),
        context=context,
        answer=form.parts["answer"].format(**fields),
        template_id=f"{form.template_id(register)}.{asked}",
        years=(subject.fiscal_year,),
    )
