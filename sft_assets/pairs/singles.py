"""Questions about one number: what it is, and on which page it stands."""

from collections.abc import Iterator

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource, pack
from sft_assets.pairs.templates import stable_number, wording
from sft_assets.pairs.wording import amount_text, pages_text, subject_of

LONGEST_QUOTE = 160  # characters of a quoted sentence


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


def quotes(source: ReportSource, language: str, settings: ContextSettings) -> Iterator[Draft | str]:
    """Yield a question that is answered by quoting the sentence in which figures stand."""
    del settings  # a quotation brings its own context
    report = source.report
    form = wording("quote", language)
    seen: set[str] = set()
    for fact in source.facts:
        if fact.statement != "text":
            continue
        sentence = sentence_with(source.pages[fact.page_no], fact.operand.value_printed)
        if sentence is None:
            yield "no_sentence"
            continue
        if sentence in seen:
            continue
        seen.add(sentence)
        facts = tuple(
            other
            for other in source.facts
            if other.statement == "text"
            and other.page_no == fact.page_no
            and other.operand.value_printed.strip() in sentence
        )
        subject = subject_of(fact, language)
        fields = {
            "company": report.company,
            "report_year": report.fiscal_year,
            "subject": subject.text,
            "quote": sentence,
            "pages": pages_text([fact.page_no], language),
        }
        register, question = form.pick(fact.fact_id)
        page = f"[第{fact.page_no}页]" if language == "zh" else f"[page {fact.page_no}]"
        title = "年年度报告" if language == "zh" else " annual report"
        year = report.fiscal_year if language == "zh" else f" {report.fiscal_year}"
        yield Draft(
            kind="summary",
            language=language,
            question=question.format(**fields),
            context=f"{report.company}{year}{title}\n{page}\n{sentence}",
            answer=form.parts["answer"].format(**fields),
            template_id=form.template_id(register),
            facts=facts,
            program="; ".join(f"f{i}" for i in range(1, len(facts) + 1)),
        )


def sentence_with(text: str, printed: str) -> str | None:
    """Return the sentence of ``text`` that holds ``printed``; None where none of fit length does.

    >>> sentence_with("第一句。本年收入为12.5亿元，有所增长。第三句。", "12.5")
    '本年收入为12.5亿元，有所增长。'
    """
    at = text.find(printed.strip())
    if at < 0:
        return None
    start = max(text.rfind(mark, 0, at) + len(mark) for mark in ("。", "\n\n", ". ", "；"))
    ends = [text.find(mark, at) + len(mark.rstrip()) for mark in ("。", "\n\n", ". ", "；")]
    ends = [end for end in ends if end > at]
    sentence = " ".join(text[max(start, 0) : min(ends, default=len(text))].split("\n")).strip()
    if not 10 <= len(sentence) <= LONGEST_QUOTE or pack(printed) not in pack(sentence):
        return None
    return sentence


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
