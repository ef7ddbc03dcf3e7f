"""Drill in looking up: many cells of one short passage are asked for in one question.

A model of this size finds the row of a table at once and takes its columns for equal; only when
nearly every answer hangs on the column does it learn to tell one year's figure from another's.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from sft_assets.pairs.contexts import Row, RowKey, heading, print_rows, report_rows, rows_with
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.wording import amount_text, subject_of
from sft_assets.pretraining.invented_companies import invent_company
from sft_assets.pretraining.invented_reports import invent_report
from sft_assets.train.practice_text import Message

MOST_ROWS = 5
MOST_CELLS = 8  # that are asked for at once
PASSAGES_A_REPORT = 6
ASKS = {
    "zh": ("请逐项回答：", "请照抄以下各项：", "下列各项分别是多少？", ""),
    "en": ("State each of these: ", "Quote the following: ", "How much was each? ", ""),
}


def lookup_drill(seed: str) -> Iterator[list[Message]]:
    """Yield conversations for ever; the same ones for the same ``seed``."""
    random = Random(seed)  # noqa: S311 - practice text, no secret
    while True:
        company, year = invent_company(random), random.randint(1995, 2035)
        source = invent_report(random, company, year)
        for _ in range(PASSAGES_A_REPORT):
            told = _drill(random, source)
            if told is not None:
                yield told


def _drill(random: Random, source: ReportSource) -> list[Message] | None:
    language = source.report.language
    keys = list(report_rows(source, language))
    if not keys:
        return None
    page_no = random.choice(keys)[0]
    near = [key for key in keys if key[0] == page_no]
    shown = set(random.sample(near, min(len(near), random.randint(1, MOST_ROWS))))
    facts = [fact for fact in source.facts if fact.row in shown]
    rows = rows_with(source, facts, language)
    asked = _cells(random, facts, rows, language)
    if not asked:
        return None
    passage = print_rows(source.report, rows.values(), language)
    between, verb = ("；", "为") if language == "zh" else ("; ", " was ")
    question = random.choice(ASKS[language]) + between.join(asked)
    answer = between.join(f"{subject}{verb}{amount}" for subject, amount in asked.items())
    return [
        {"role": "user", "content": f"{passage}\n\n{question}"},
        {"role": "assistant", "content": answer + ("。" if language == "zh" else ".")},
    ]


def _cells(
    random: Random, facts: Sequence[Fact], rows: Mapping[RowKey, Row], language: str
) -> dict[str, str]:
    """Return amounts by subject, in random order; a subject of two amounts is left out."""
    amounts: dict[str, set[str]] = {}
    for fact in facts:
        row = rows[fact.row]
        printed = dict(zip(row.columns, row.cells, strict=True))
        if printed.get(heading(fact, language)) == fact.operand.value_printed.strip():
            subject = subject_of(fact, language).text
            amounts.setdefault(subject, set()).add(amount_text(fact.operand, language))
    clear = {subject: min(found) for subject, found in amounts.items() if len(found) == 1}
    picked = random.sample(list(clear), min(len(clear), random.randint(1, MOST_CELLS)))
    return {subject: clear[subject] for subject in picked}
