"""Questions about what the report says in words, answered by quoting its own sentences.

A sentence that states an amount is not quoted here: its numbers would have to be facts, and then
``quotes`` asks about it. So nothing in these answers needs to be derived; each quoted span stands
verbatim on the page that is cited.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from sft_assets.numbers import find_numbers
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.quotes import sentences
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import ReportSource
from sft_assets.pairs.templates import stable_number, wording
from sft_assets.pairs.wording import pages_text

SHORTEST, LONGEST = {"zh": 18, "en": 50}, {"zh": 150, "en": 420}  # characters of a sentence
MOST_QUOTED = 2  # sentences of one answer
MOST_A_TOPIC = 12  # passages of one topic and language
_ENDS = {"zh": "。！？；", "en": "."}
_HAN = re.compile(r"[㐀-鿿]")
_CONTENTS = re.compile(
    r"[.．·…]{4}|[□√☑■]|适用|適用|建议|建議|recommend"
    r"|[是系]指|\brefers? to|\bis defined as"
)  # no running text, advice, or what a word means


@dataclass(frozen=True, slots=True)
class Topic:
    """Something that management writes about."""

    topic_id: str
    name: str
    words: tuple[str, ...]  # a sentence with one of them is about it


@cache
def topics(language: str) -> tuple[Topic, ...]:
    """Return the topics in the order of ``topics.yaml``."""
    text = (files("sft_assets.pairs") / "topics.yaml").read_text(encoding="utf-8")
    entries: Mapping[str, Mapping[str, Mapping[str, object]]] = yaml.safe_load(text)
    return tuple(
        Topic(topic_id, str(entry[language]["name"]), tuple(_words(entry[language]["words"])))
        for topic_id, entry in entries.items()
    )


def discussions(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield questions about a topic with the sentences of one page that speak of it."""
    counts: dict[str, int] = {}
    for page_no in sorted(source.pages):
        told = [s for s in sentences(source.pages[page_no]) if is_quotable(s, language)]
        for topic in topics(language):
            about = [s for s in told if any(word in s.lower() for word in topic.words)]
            if not about:
                continue
            if counts.get(topic.topic_id, 0) >= MOST_A_TOPIC:
                yield "topic_is_full"
                continue
            counts[topic.topic_id] = counts.get(topic.topic_id, 0) + 1
            yield _discussion(source, page_no, topic, about, told, language, settings)


def is_quotable(sentence: str, language: str) -> bool:
    """Return whether ``sentence`` is running text of ``language`` that states no number.

    >>> is_quotable("公司所处行业竞争加剧，存在市场份额下降的风险。", "zh")
    True
    >>> is_quotable("公司实现营业收入12亿元，市场份额有所提高。", "zh")
    False
    """
    if not SHORTEST[language] <= len(sentence) <= LONGEST[language]:
        return False
    if not sentence.endswith(tuple(_ENDS[language])) or _CONTENTS.search(sentence):
        return False
    han = len(_HAN.findall(sentence))
    if (language == "zh") != (han * 2 > len(sentence)):
        return False
    if "“" in sentence or "”" in sentence:  # would end the quotation early
        return False
    return not any(sign.isdigit() for sign in sentence) and not find_numbers(sentence)


def _discussion(
    source: ReportSource,
    page_no: int,
    topic: Topic,
    about: list[str],
    told: list[str],
    language: str,
    settings: ContextSettings,
) -> Draft:
    report, form = source.report, wording("discussion", language)
    quoted = about[:MOST_QUOTED]
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "topic": topic.name,
        "quote": "".join(f"“{sentence}”" for sentence in quoted),
        "pages": pages_text([page_no], language),
    }
    page = f"[第{page_no}页]" if language == "zh" else f"[page {page_no}]"
    title = (
        f"{report.company}{report.fiscal_year}年年度报告"
        if language == "zh"
        else f"{report.company} {report.fiscal_year} annual report"
    )
    passage = _passage(quoted, told, settings.context_max_chars, (title, page))
    register, question = form.pick(f"{report.doc_id}{page_no}{topic.topic_id}")
    return Draft(
        kind="discussion",
        language=language,
        question=question.format(**fields),
        context="\n".join([title, page, *passage]),
        answer=form.parts["answer"].format(**fields),
        template_id=f"{form.template_id(register)}.{topic.topic_id}",
        cited_pages=(page_no,),
    )


def _passage(
    quoted: list[str], told: list[str], max_chars: int, head: tuple[str, ...]
) -> list[str]:
    """Return the quoted sentences in reading order with others of the page, as far as they fit."""
    kept = set(quoted)
    room = max_chars - sum(len(line) + 1 for line in (*head, *quoted))
    others = sorted(
        (s for s in told if s not in kept), key=lambda s: stable_number("beside", s, *quoted)
    )
    for sentence in others[:2]:
        if len(sentence) < room:
            kept.add(sentence)
            room -= len(sentence) + 1
    return list(dict.fromkeys(s for s in told if s in kept))


def _words(value: object) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else []
