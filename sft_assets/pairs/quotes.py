"""Questions that are answered by quoting the sentence in which figures stand."""

import re
from collections.abc import Iterator

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.derived import short_steps, year_before
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource, pack
from sft_assets.pairs.templates import wording
from sft_assets.pairs.wording import pages_text, subject_of
from sft_assets.programs import ProgramRefusedError, rederive

SHORTEST_QUOTE, LONGEST_QUOTE = 10, 160  # characters
WRAPPED = 25  # a line at least so long, without an end mark, goes on in the next one
_END = re.compile(r"[。；！？]|(?<=[a-z0-9)%])\.(?=\s)")


def quotes(source: ReportSource, language: str, settings: ContextSettings) -> Iterator[Draft | str]:
    """Yield one question for each sentence whose every number is a fact or follows from facts."""
    seen: set[tuple[int, str]] = set()
    for fact in source.facts:
        if fact.statement != "text":
            continue
        sentence = sentence_with(source.pages[fact.page_no], fact.operand.value_printed)
        if sentence is None:
            yield "no_sentence"
        elif (fact.page_no, sentence) not in seen:
            seen.add((fact.page_no, sentence))
            yield _quote(source, fact, sentence, language, settings)


def sentences(text: str) -> list[str]:
    r"""Return the sentences of a page; headings and table rows stand alone.

    >>> sentences("一、概况\n收入12.5亿元，有所增长。利润2亿元。")
    ['一、概况', '收入12.5亿元，有所增长。', '利润2亿元。']
    """
    paragraphs: list[str] = []
    wrapped = False
    for line in text.split("\n"):
        if wrapped:
            space = " " if paragraphs[-1][-1:].isascii() and line[:1].isascii() else ""
            paragraphs[-1] += space + line.strip()
        else:
            paragraphs.append(line.strip())
        wrapped = len(line) >= WRAPPED and not line.rstrip().endswith(tuple("。；！？：:."))
    found: list[str] = []
    for paragraph in paragraphs:
        start = 0
        for mark in _END.finditer(paragraph):
            found.append(paragraph[start : mark.end()].strip())
            start = mark.end()
        found.append(paragraph[start:].strip())
    return [sentence for sentence in found if sentence]


def sentence_with(text: str, printed: str) -> str | None:
    """Return the sentence of ``text`` that holds ``printed``; None where none of fit length does.

    >>> sentence_with("第一句。本年收入为12.5亿元，有所增长。第三句。", "12.5")
    '本年收入为12.5亿元，有所增长。'
    """
    for sentence in sentences(text):
        if SHORTEST_QUOTE <= len(sentence) <= LONGEST_QUOTE and printed.strip() in sentence:
            return sentence
    return None


def _quote(
    source: ReportSource, fact: Fact, sentence: str, language: str, settings: ContextSettings
) -> Draft:
    report, form = source.report, wording("quote", language)
    stated = [
        other
        for other in source.facts
        if other.statement == "text"
        and other.page_no == fact.page_no
        and pack(other.operand.value_printed) in pack(sentence)
    ]
    facts, programs = list(stated), [f"f{i}" for i in range(1, len(stated) + 1)]
    derived = False
    for growth in _stated_growth(source, stated, sentence):
        facts += growth
        programs.append(f"growth(f{len(facts) - 1}, f{len(facts)})")
        derived = True
    subject = subject_of(fact, language)
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "subject": subject.text,
        "quote": sentence,
        "pages": pages_text([fact.page_no], language),
    }
    rows = build_context(
        source, facts[len(stated) :], language, distractors=0, max_chars=settings.context_max_chars
    )
    page = f"[第{fact.page_no}页]" if language == "zh" else f"[page {fact.page_no}]"
    register, question = form.pick(fact.fact_id)
    program = "; ".join(programs)
    return Draft(
        kind="summary",
        language=language,
        question=question.format(**fields),
        context=f"{rows}\n{page}\n{sentence}",
        answer=form.parts["answer"].format(**fields),
        template_id=form.template_id(register),
        facts=tuple(facts),
        program=program,
        reasoning=short_steps(program, facts, language) if derived else None,
    )


def _stated_growth(
    source: ReportSource, stated: list[Fact], sentence: str
) -> Iterator[tuple[Fact, Fact]]:
    """Yield figure and year before of each growth rate that the sentence states rightly."""
    for fact in stated:
        exact = source.chosen.get(fact.meaning)
        before = None if exact is None else year_before(source, exact)
        if exact is None or before is None:
            continue
        try:
            rate = rederive("growth(f1, f2)", [exact.operand, before.operand])
        except ProgramRefusedError:
            continue
        if rate in sentence.replace(" ", ""):
            yield exact, before
