"""How exactly the reader of sentences reads: metric, value and unit of third-party answers.

    make facts-sentences CORPUS=DIR

``qa/fineval_index_extraction.csv`` gives a text and the facts that people took from it, each a
sentence ("日期，主体的指标为数值"). Counted are the answers with exactly one number behind a verb
of being. One is exact when a clause of the text has its value, its unit and its metric, word for
word but for brackets and 的; a change ("同比增长率") must be read as one of that metric, with its
sign. The answers are worded anew by their writers, so that the rest is told by kind.
"""

import argparse
import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sft_assets.facts.clauses import Clause, find_clauses
from sft_assets.numbers import NumberSpan, find_amounts

Key = tuple[Decimal | None, str | None]  # in the base unit, unit

_DATE = re.compile(r"^(?:截[至止]到?)?(?:(?:19|20)\d\d(?:年|财年|-))[^，,的]{0,14}?[，,]")
_BEING = re.compile(r"(?P<phrase>.+?)(?:约为|为|是|达到|达|超过)")
_CHANGE = re.compile(
    r"(?P<of>.*?)(?:同比|环比|较上年同期|较上期)?(?:累计)?"
    r"(?:增长率|增速|增幅|增长|增加|上升|(?P<falls>下降率?|下降幅度|降幅|跌幅)|变动率?|涨幅)"
)
_NAME_BEFORE = re.compile(r"[^，。：；\s]{2,30}?(?=单位净值|属于)")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that gives one metric one number."""

    row: str
    text: str
    phrase: str  # subject and metric
    number: NumberSpan

    @property
    def key(self) -> Key:
        """Value and unit."""
        return self.number.in_base_unit, self.number.unit


@dataclass(frozen=True, slots=True)
class Given:
    """A text and what is asked of it."""

    clauses: Mapping[Key, Sequence[Clause]]
    numbers: Collection[Key]
    subjects: Collection[str]  # folded


def fold(text: str) -> str:
    """Return ``text`` without brackets, quotation marks, blanks and 的."""
    return re.sub(r"[\s“”\"'《》的]", "", re.sub(r"[(（][^()（）]*[)）]", "", text))


def read_answers(row: str, cell: str, others: Counter[str]) -> Iterator[Answer]:
    """Yield the answers of one metric; ``others`` counts the rest by kind."""
    for answer in json.loads(cell):
        body = _DATE.sub("", answer)
        numbers = find_amounts(body)
        if len(numbers) != 1 or numbers[0].value is None:
            others["several numbers or none"] += 1
            continue
        being = _BEING.fullmatch(body[: numbers[0].start])
        if being is None or body[numbers[0].end :].strip("。” "):
            others["free wording"] += 1
            continue
        yield Answer(row, answer, being["phrase"], numbers[0])


def read_given(text: str, answers: Sequence[str]) -> Given:
    """Return the clauses of ``text``; its subjects are read from it and from the answers."""
    names = {clause.subject for clause in find_clauses(text)} - {""}
    clauses: dict[Key, list[Clause]] = defaultdict(list)
    for clause in find_clauses(text, names):
        clauses[clause.in_base_unit, clause.number.unit].append(clause)
    heads = {_DATE.sub("", a).rsplit("的", 1)[0] for a in answers if "的" in a}
    numbers = {(n.in_base_unit, n.unit) for n in find_amounts(text) if n.value is not None}
    subjects = {fold(n) for n in (*names, *heads, *_NAME_BEFORE.findall(text))} - {""}
    return Given(clauses, numbers, subjects)


def judge(answer: Answer, given: Given) -> str:
    """Return ``exact``, or what is missing."""
    found = given.clauses.get(answer.key, [])
    whole = fold(answer.phrase)
    parts = answer.phrase.split("的")
    metrics = {fold("的".join(parts[i:])) for i in range(len(parts))}
    metrics |= {whole[len(name) :] for name in given.subjects if whole.startswith(name)}
    levels = [clause for clause in found if not clause.change and not clause.share]
    if any(fold(c.metric) in metrics or fold(c.subject + c.metric) == whole for c in levels):
        return "exact"
    if _is_change(answer, metrics, given) or any(
        c.share and fold(c.metric) + "占" in whole for c in found
    ):
        return "exact"
    if any(whole.endswith(fold(c.metric)) and fold(c.metric) for c in found):
        return "shorter metric"
    if found:
        return "another metric"
    return "number without metric" if answer.key in given.numbers else "no such number"


def _is_change(answer: Answer, metrics: Collection[str], given: Given) -> bool:
    change = _CHANGE.fullmatch(answer.phrase.rsplit("的", 1)[-1])
    if change is None:
        return False
    cut = len(fold(change[0])) - len(fold(change["of"]))
    bases = {metric[: len(metric) - cut] for metric in metrics}
    value, unit = answer.key
    assert value is not None
    keys = [(-abs(value) if change["falls"] else value, unit)]
    return any(
        clause.change and fold(clause.metric) in bases
        for key in keys
        for clause in given.clauses.get(key, ())
    )


def main() -> None:
    """Print the exact rate and the rest by kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print this many that are not exact")
    args = parser.parse_args()
    csv.field_size_limit(10**7)
    others: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    with (args.folder / "qa/fineval_index_extraction.csv").open(
        encoding="utf-8-sig", newline=""
    ) as stream:
        for row in csv.DictReader(stream):
            given = read_given(row["基座大模型query"], json.loads(row["参考答案"]))
            for answer in read_answers(row["序号"], row["参考答案"], others):
                outcome = judge(answer, given)
                outcomes[outcome] += 1
                if outcome != "exact" and args.show:
                    args.show -= 1
                    print(f"{outcome}: {answer.row} {answer.text}")
    asked, exact = sum(outcomes.values()), outcomes["exact"]
    print(f"sentences: {exact} of {asked} exact = {exact / asked:.2%} {dict(outcomes)}")
    alike = asked - outcomes["number without metric"] - outcomes["no such number"]
    print(f"value and unit right, with some metric: {alike} of {asked} = {alike / asked:.2%}")
    print(f"answers of another form: {dict(others)}")


if __name__ == "__main__":
    main()
