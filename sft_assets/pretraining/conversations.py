"""Practice conversations: the walk's own question makers, asked about invented reports.

What the base learns is therefore the very form of the data set: find the row among others, pick
the column, copy the number, cite the page, write the calculation, refuse what is not there. One
conversation in eight is of the free practice text instead, so that it is not bound to one form.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from sft_assets.pairs.augment import augmented
from sft_assets.pairs.comparisons import comparisons
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.settings import (
    KIND_SHARES,
    AugmentationSettings,
    ComparisonSettings,
    ContextSettings,
)
from sft_assets.pairs.source import ReportSource
from sft_assets.pairs.steps import MAKERS
from sft_assets.pretraining.invented_companies import invent_company
from sft_assets.pretraining.invented_reports import invent_report
from sft_assets.release.rows import conversation_of
from sft_assets.release.settings import ReleaseSettings
from sft_assets.train.practice_text import DRILL, HARD, Message, make_conversation

A_REPORT: Final = 60  # questions about one report, by the shares that the walk's own pairs have
AUGMENTATION: Final = AugmentationSettings(negative=11, confirmed=4, wider_context=12, cot=14)
FREE_TEXT: Final = 0.12  # share of conversations that are of the free practice text
SEVERAL_TURNS: Final = 0.6  # share of conversations in which more is asked about the passage
MOST_TURNS: Final = 5
PAGE_MARKS: Final = ("[第{}页]", "[page {}]")
COMPARED: Final = ComparisonSettings().metrics


@dataclass(frozen=True, slots=True)
class Practice:
    """A conversation and what kind of question it asks."""

    kind: str
    messages: list[Message]


def practice(seed: str) -> Iterator[Practice]:
    """Yield conversations for ever; the same ones for the same ``seed``."""
    random = Random(seed)  # noqa: S311 - practice text, no secret
    while True:
        drafts = _drafts(random)
        random.shuffle(drafts)
        for draft in drafts:
            if random.random() < FREE_TEXT:
                level = random.choice((HARD, HARD, DRILL))
                yield Practice("free", make_conversation(random, level))
            yield Practice(draft.kind, _messages(random, _with_others(random, draft, drafts)))


def _with_others(random: Random, draft: Draft, drafts: Sequence[Draft]) -> list[Draft]:
    """Return a draft and, at times, further questions that its passage answers too.

    A passage costs more tokens than an answer, and only answers carry loss.
    """
    asked = [draft]
    if random.random() < SEVERAL_TURNS:
        others = [
            other
            for other in random.sample(drafts, min(len(drafts), 60))
            if other is not draft and other.augmentation is None and _stands_in(other, draft)
        ]
        for other in others:
            told = {fact.fact_id for turn in asked for fact in turn.facts}
            if len(asked) <= MOST_TURNS and other.facts[0].fact_id not in told:
                asked.append(other)  # an answer that only repeats an earlier one teaches nothing
    return asked


def _stands_in(other: Draft, draft: Draft) -> bool:
    """Tell whether all rows that a draft is made from stand in the passage of another one."""
    return bool(other.facts) and all(
        fact.operand.value_printed in draft.context
        and any(line.startswith(fact.label) for line in draft.context.split("\n"))
        and any(mark.format(fact.page_no) in draft.context for mark in PAGE_MARKS)
        and (fact.operand.scope == "parent") == ("母公司" in draft.context)
        for fact in other.facts
    )


def _drafts(random: Random) -> list[Draft]:
    """Return the questions about one or a few invented reports."""
    company, year = invent_company(random), random.randint(1995, 2035)
    if random.random() < 0.45:
        return _of_several(random)
    return _of_one(random, invent_report(random, company, year))


def _of_one(random: Random, source: ReportSource) -> list[Draft]:
    by_kind: dict[str, list[Draft]] = defaultdict(list)
    for make in MAKERS:
        settings = ContextSettings()
        if random.random() < 0.4:
            settings = ContextSettings(
                context_max_chars=random.randint(100, 700), distractors=random.randint(0, 8)
            )
        for draft in make(source, source.report.language, settings):
            if isinstance(draft, Draft):
                by_kind[draft.kind].append(draft)
    drafts: list[Draft] = []
    for kind, made in sorted(by_kind.items()):
        wanted = -(-A_REPORT * KIND_SHARES.get(kind, 1) // sum(KIND_SHARES.values()))
        drafts += random.sample(made, min(len(made), wanted))
    by_id = {draft.pair_id: draft for draft in drafts}
    variants = augmented(list(by_id.values()), source, AUGMENTATION)
    return drafts + [draft for draft in variants if isinstance(draft, Draft)]


def _of_several(random: Random) -> list[Draft]:
    """Return trends of one company and comparisons of several."""
    metric, year = random.choice(COMPARED), random.randint(1995, 2035)
    sources = []
    for _ in range(random.choice((1, 2, 2, 3))):
        company = invent_company(random)
        sources += [
            invent_report(random, company, year - back, (metric,))
            for back in range(random.choice((1, 2, 2, 3)))
        ]
    made = comparisons(sources, ComparisonSettings(metrics=(metric,)))
    drafts = [draft for draft in made if isinstance(draft, Draft) and len(draft.context) < 1500]
    return drafts + [draft for draft in _of_one(random, sources[0]) if random.random() < 0.3]


def _messages(random: Random, drafts: Sequence[Draft]) -> list[Message]:
    """Return the drafts as the turns of one conversation; the first brings the passage."""
    settings, draft = ReleaseSettings(), drafts[0]
    system = settings.system_prompt_zh if draft.language == "zh" else settings.system_prompt_en
    if random.random() < 0.1:
        system = ""
    messages: list[Message] = [{"role": "system", "content": system}] if system else []
    for turn, asked in enumerate(drafts):
        pair = {
            "context": "" if turn else asked.context,
            "question": asked.question,
            "answer": asked.answer,
            "reasoning": asked.reasoning,
        }
        said = conversation_of(pair, system, "always")
        messages.append({"role": "user", "content": said.user})
        messages.append({"role": "assistant", "content": said.answer})
    return messages
