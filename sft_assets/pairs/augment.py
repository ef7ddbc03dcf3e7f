"""Variants of a report's pairs: other words, typos, wider passages, steps, judgements."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sft_assets.pairs import endpoint
from sft_assets.pairs.derived import formula_line, full_steps
from sft_assets.pairs.drafts import WITHOUT_CONTEXT, Draft
from sft_assets.pairs.mistakes import plant_error
from sft_assets.pairs.settings import AugmentationSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.templates import phrases, stable_number
from sft_assets.pairs.wording import subject_of
from sft_assets.programs import rederive

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

SPEAK_OF_THE_PASSAGE = ("wrong_unit", "forward_looking")


def drafts_of(
    rows: Sequence[Mapping[str, object]], source: ReportSource
) -> tuple[list[Draft], int]:
    """Return published pairs as drafts again, and how many cite a fact that is no longer usable."""
    by_id = {fact.fact_id: fact for fact in source.facts}
    drafts, lost = [], 0
    for row in rows:
        fact_ids = _strings(row["fact_ids"])
        if any(fact_id not in by_id for fact_id in fact_ids):
            lost += 1
            continue
        facts = tuple(by_id[fact_id] for fact_id in fact_ids)
        language, question = str(row["language"]), str(row["question"])
        drafts.append(
            Draft(
                kind=str(row["kind"]),
                language=language,
                question=question,
                context=str(row["context"]),
                answer=str(row["answer"]),
                template_id=str(row["template_id"]),
                facts=facts,
                program=None if row["program"] is None else str(row["program"]),
                reasoning=None if row["reasoning"] is None else str(row["reasoning"]),
                report_key=source.report.report_key,
                cited_pages=tuple(int(page) for page in _strings(row["pages"])),
                company_ids=tuple(_strings(row["company_ids"])),
                years=tuple(int(year) for year in _YEAR.findall(question)) if not facts else (),
            )
        )
    return drafts, lost


def augmented(
    originals: Sequence[Draft], source: ReportSource, settings: AugmentationSettings
) -> Iterator[Draft | str]:
    """Yield the variants of ``originals`` (drafts of published pairs), each kind by its share."""
    by_id = sorted(originals, key=lambda d: d.pair_id)
    plain: list[Draft | str] = []
    for name, make, share in (
        ("paraphrase", paraphrase, settings.paraphrase),
        ("typo", typo, settings.typo),
        ("cot", _step_by_step, settings.cot),
        (WITHOUT_CONTEXT, without_context, settings.without_context),
    ):
        drawn = _draw(by_id, name, share)
        plain += [_child(draft, make(draft), name) for draft in drawn]
    for draft in _draw(by_id, "wider_context", settings.wider_context):
        wider = widen(draft, source, settings.wider_max_chars)
        plain.append(_child(draft, wider, "wider_context"))
    if settings.endpoint is not None:
        plain += endpoint.paraphrases(
            _draw(by_id, "endpoint", settings.endpoint.share), source, settings.endpoint
        )
    yield from plain
    judged = settings.negative + settings.confirmed
    total = (len(by_id) + sum(isinstance(d, Draft) for d in plain)) * 100 // max(1, 100 - judged)
    answered = [draft for draft in by_id if draft.program]
    wrong = _first(answered, "negative", total * settings.negative // 100)
    yield from (judgement_of_wrong(draft) for draft in wrong)
    taken = {draft.pair_id for draft in wrong}
    rest = [draft for draft in answered if draft.pair_id not in taken]
    for draft in _first(rest, "confirmed", total * settings.confirmed // 100):
        yield _judgement(draft, draft.answer, "right", "confirmed", is_target=True)


def paraphrase(draft: Draft) -> Draft | None:
    """Return ``draft`` with its question in other words; None where no phrase is known."""
    question = _rewrite(draft, "paraphrase")
    return None if question is None else replace(draft, question=question)


def typo(draft: Draft) -> Draft | None:
    """Return ``draft`` with a slip of the pen in its question, never in a number or a name."""
    question = _rewrite(draft, "typo")
    return None if question is None else replace(draft, question=question)


def without_context(draft: Draft) -> Draft | None:
    """Return ``draft`` with the name of the report in place of the passage.

    None for a reply that speaks of the passage: without one it says nothing.
    """
    if not draft.facts or draft.kind in SPEAK_OF_THE_PASSAGE:
        return None
    return replace(draft, context=draft.context.partition("\n")[0])


def widen(draft: Draft, source: ReportSource, max_chars: int) -> Draft | None:
    """Return ``draft`` with running text of the cited page around its rows, up to ``max_chars``."""
    if not draft.facts:
        return None
    fact = draft.facts[0]
    room = max_chars - len(draft.context)
    passage = passage_around(source.pages[fact.page_no], fact, room - 20)
    if passage is None:
        return None
    page = f"[第{fact.page_no}页]" if draft.language == "zh" else f"[page {fact.page_no}]"
    parts = [draft.context, f"{page}\n{passage}"]
    if stable_number("side", draft.pair_id) % 2:
        parts.reverse()
    return replace(draft, context="\n".join(parts))


def passage_around(text: str, fact: Fact, room: int) -> str | None:
    """Return whole lines of ``text`` around the print of ``fact``, at most ``room`` characters."""
    lines = [line for line in text.split("\n") if line.strip()]
    at = next((i for i, line in enumerate(lines) if fact.operand.value_printed.strip() in line), 0)
    low, high = at, at + 1
    if not lines or len(lines[at]) > room:
        return None
    while True:
        size = sum(len(line) + 1 for line in lines[low:high])
        if high < len(lines) and size + len(lines[high]) < room:
            high += 1
        elif low > 0 and size + len(lines[low - 1]) < room:
            low -= 1
        else:
            break
    return "\n".join(lines[low:high]) if high - low > 1 else None


def judgement_of_wrong(draft: Draft) -> Draft | str:
    """Return a pair that shows a wrong answer in its question and corrects it.

    The target holds the right answer and never repeats the wrong number.
    """
    result = rederive(draft.program or "", [fact.operand for fact in draft.facts])
    name = subject_of(draft.facts[0], draft.language).name if draft.facts else ""
    planted = plant_error(draft.answer, result, draft.language, draft.pair_id, name)
    if planted is None:
        return "no_error_fits"
    given, error = planted
    return _judgement(draft, given, "wrong", f"negative_{error}", error=error, is_target=False)


def _judgement(
    draft: Draft,
    given: str,
    verdict: str,
    augmentation: str,
    *,
    error: str = "digit",
    is_target: bool,
) -> Draft:
    words = phrases()["critique"][draft.language]
    said = phrases()["error"][draft.language][error][0]
    return replace(
        draft,
        kind="critique",
        question=words["question"][0].format(question=draft.question, given=given),
        answer=words[verdict][0].format(error=said, answer=draft.answer),
        parent_id=draft.pair_id,
        augmentation=augmentation,
        rejected=None if is_target else given,
        is_target=is_target,
    )


def _step_by_step(draft: Draft) -> Draft | None:
    if draft.kind not in {"growth", "difference", "ratio"} or draft.program is None:
        return None
    leads = phrases()["cot"][draft.language]["lead"]
    lead = leads[stable_number("lead", draft.pair_id) % len(leads)]
    first = formula_line(draft.template_id, draft.program, draft.facts, draft.language)
    steps = full_steps(draft.program, draft.facts, draft.language, first)
    return replace(draft, question=f"{lead}{draft.question}", reasoning=steps)


def _child(parent: Draft, variant: Draft | None, augmentation: str) -> Draft | str:
    if variant is None:
        return f"no_{augmentation}"
    return replace(variant, parent_id=parent.pair_id, augmentation=augmentation)


def _rewrite(draft: Draft, table: str) -> str | None:
    """Return the question with one known phrase replaced; digits must survive untouched."""
    known = phrases()[table][draft.language]
    fitting = [phrase for phrase in known if phrase in draft.question]
    if not fitting:
        return None
    if table == "paraphrase":
        phrase = fitting[0]  # the table lists the most telling phrase first
    else:
        phrase = fitting[stable_number(table, draft.pair_id) % len(fitting)]
    others = known[phrase]
    other = others[stable_number(table, "other", draft.pair_id) % len(others)]
    at = draft.question.rfind(phrase)
    return draft.question[:at] + other + draft.question[at + len(phrase) :]


def _draw(drafts: Sequence[Draft], name: str, share: int) -> list[Draft]:
    fitting = drafts
    if name == "cot":
        fitting = [d for d in drafts if d.kind in {"growth", "difference", "ratio"}]
    if name == "wider_context":
        fitting = [d for d in drafts if d.facts]
    return _first(fitting, name, len(drafts) * share // 100)


def _first(drafts: Sequence[Draft], name: str, count: int) -> list[Draft]:
    """Return ``count`` drafts that chance picks, always the same ones."""
    ranked = sorted(drafts, key=lambda d: stable_number(name, d.pair_id))
    return sorted(ranked[:count], key=lambda d: d.pair_id)


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
