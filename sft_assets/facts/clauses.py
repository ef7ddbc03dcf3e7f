"""What a Chinese sentence says of numbers: of which metric, how much, and a change against what.

"2024年，公司实现营业收入35.85亿元，同比增长20.19%；毛利率为3.32%" states three things. A clause is
the words between two numbers or marks; its metric is what is left of them without dates, verbs
and the company. A number behind a word of change alone belongs to the metric before it. Nothing is
decided here about what a metric means: that is the dictionary's work.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from sft_assets.facts.clause_words import (
    AGAINST_ALONE,
    ATTRIBUTIVE,
    CHANGE,
    DATE,
    ENDS,
    FALLS,
    KINDS,
    LAST_YEAR,
    LEADING_VERBS,
    OF,
    SENTENCE_ENDS,
    SHARE,
    THAN,
    TIMES,
    VERBS,
)
from sft_assets.numbers import NumberSpan, find_numbers
from sft_assets.numbers.units import to_ascii_width


@dataclass(frozen=True, slots=True)
class Clause:
    """One number of a text and what it is said to be; offsets are those of ``number``."""

    subject: str  # whose metric it is, as the sentence says; "" where it does not
    metric: str  # as printed, without date, verb and subject
    change: str  # "": a level. year, previous, other: the change of the metric against that
    share: str  # what the metric is a share of; "" where it is no share
    when: str  # the last date before it in its sentence, as printed, or 上年; "" without
    value: Decimal  # signed: a fall is negative; not scaled
    number: NumberSpan

    @property
    def in_base_unit(self) -> Decimal:
        """The value times its scale."""
        return self.value * self.number.scale


def find_clauses(text: str, names: Collection[str] = ()) -> list[Clause]:
    """Return the numbers of ``text`` that a metric is said of, in order.

    A change is in percent or percentage points of ``metric``, or in its unit. Numbers in a list of
    several metrics ("分别为") are left out: which is whose is not said by the words beside them.
    ``names`` are subjects that the text speaks of: a metric does not begin with one.

    >>> [(c.metric, c.change, c.value) for c in find_clauses("实现净利润1.5亿元，同比下降3%。")]
    [('净利润', '', Decimal('1.5')), ('净利润', 'year', Decimal('-3'))]
    """
    found: list[Clause] = []
    last: _Words | None = None
    at = 0
    plain = to_ascii_width(text)
    for number in find_numbers(text):
        if number.kind != "amount" or number.value is None:
            if number.kind == "malformed":
                at, last = number.end, None
            continue
        between = plain[at : number.start]
        if SENTENCE_ENDS.search(between):
            last = None
        words = _without_name(_read_words(plain, at, number.start, last), names)
        if words is not None:
            turned = -abs(number.value) if words.falls else number.value
            found.append(
                Clause(
                    words.subject,
                    words.metric,
                    words.change,
                    words.share,
                    words.when,
                    turned,
                    number,
                )
            )
            last = words if not words.share else last
        at = number.end
    return found


@dataclass(frozen=True, slots=True)
class _Words:
    subject: str
    metric: str
    change: str
    share: str
    when: str
    falls: bool


def _read_words(plain: str, start: int, end: int, last: _Words | None) -> _Words | None:
    """Return what the words before a number say; None where they name no metric."""
    printed = _last_words(plain[start:end])
    when = _date_of(plain[start:end]) or ("" if last is None else last.when)
    clause = _without_date_at_end(_tidy(printed))
    if "分别" in printed:
        return None
    change, share, falls = "", "", False
    part = SHARE.search(clause)
    if part:
        share, clause = part["whole"] or "?", clause[: part.start()]
    turn = None if part else (CHANGE.search(clause) or AGAINST_ALONE.search(clause))
    if turn is not None:
        change = _kind(turn["against"] or "")
        falls = "turn" in turn.re.groupindex and re.fullmatch(FALLS, turn["turn"]) is not None
        clause = clause[: turn.start()]
    elif LAST_YEAR.match(printed.strip()):
        when = printed.strip()[:2]
    clause = _tidy(VERBS.sub("", clause))
    subject, metric = _split(clause)
    if last is None:
        return _Words(subject, metric, change, share, when, falls) if metric else None
    if metric:
        return _Words(subject or last.subject, metric, change, share, when, falls)
    if change or share:
        return _Words(last.subject, last.metric, change, share, when, falls)
    is_series = DATE.match(printed.strip()) and VERBS.search(printed)
    return replace(last, when=when) if is_series else None


def _dates(words: str) -> list[re.Match[str]]:
    """Return the dates of ``words``, but those that a number is compared with."""
    return [m for m in DATE.finditer(words) if not THAN.search(words[: m.start()])]


def _date_of(between: str) -> str:
    dates = _dates(between)
    return dates[-1][0] if dates else ""


def _without_date_at_end(clause: str) -> str:
    dates = [m for m in _dates(clause) if not VERBS.sub("", clause[m.end() :])]
    return clause[: dates[0].start()] if dates and dates[0].start() else clause


def _without_name(words: _Words | None, names: Collection[str]) -> _Words | None:
    if words is None:
        return None
    name = max((n for n in names if words.metric.startswith(n)), key=len, default="")
    rest = _tidy(words.metric[len(name) :])
    return replace(words, subject=name, metric=rest) if name and rest else words


def _last_words(between: str) -> str:
    """Return the last words with a letter: "市净率: -56.99" names its metric before the colon."""
    head, colon, words = re.sub(r"[:：]\s*$", "", between).rpartition(":")
    if colon and DATE.sub("", words).strip() in {"", "为"}:
        return ENDS.split(head)[-1] + words
    return ENDS.split(head + colon + words)[-1]


def _tidy(words: str) -> str:
    """Return ``words`` without blanks, dates, lead words and brackets around asides."""
    text = re.sub(r"\s+", "", words)
    while True:
        shorter = TIMES.sub("", DATE.sub("", text, count=1) if DATE.match(text) else text)
        shorter = _unwrapped(shorter.strip("“”\"'《》-—~[]【】"))
        if shorter == text:
            return text
        text = shorter


def _unwrapped(text: str) -> str:
    """Return ``text`` without brackets whose partner was cut off with a mark between them."""
    if text.count("(") > text.count(")"):
        return text[text.rindex("(") + 1 :] if text.startswith("(") else text
    return text[text.index(")") + 1 :] if text.count(")") > text.count("(") else text


def _kind(against: str) -> str:
    return next((kind for word, kind in KINDS.items() if word in against), _kind_of_year(against))


def _kind_of_year(against: str) -> str:
    return "year" if "同期" in against or re.search(r"(?:上年|去年)$", against) else "other"


def _split(clause: str) -> tuple[str, str]:
    """Return subject and metric of a clause without date at its ends and verb."""
    dates = [m for m in DATE.finditer(clause) if m.end() < len(clause)]
    if dates:
        return _tidy(clause[: dates[-1].start()]), _tidy(clause[dates[-1].end() :])
    verb = re.search(r"(?:累计)?(?:实现|完成|取得|录得)(?:了)?(?=[^\d])", clause)
    if verb and not clause[verb.end() :].startswith("的"):
        return clause[: verb.start()], clause[verb.end() :]
    clause = LEADING_VERBS.sub("", clause)
    for match in reversed(list(OF.finditer(clause))):
        if not ATTRIBUTIVE.search(clause[: match.start()]):
            return _tidy(clause[: match.start()]), _tidy(clause[match.end() :])
    return "", clause
