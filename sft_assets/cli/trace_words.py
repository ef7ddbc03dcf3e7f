"""``trace`` in words: the answer, and under it each number with the place that it was read from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sft_assets.facts.html_page import TITLES

Row = Mapping[str, Any]


def describe_chains(chains: Sequence[Row]) -> str:
    """Return the account of ``chains``, as ``trace_answers`` gives them, for a person to read."""
    told = [_pair(chain) if "pair_id" in chain else _fact(chain["fact"]) for chain in chains]
    return "\n\n".join("\n".join(lines) for lines in told)


def _pair(chain: Row) -> Iterator[str]:
    released = ", ".join(chain["released_in"]) or "not released"
    yield f"pair {chain['pair_id']} ({chain['kind']}; {released})"
    yield f"  asked    {_one_line(chain['question'])}"
    yield f"  answer   {_one_line(chain['answer'])}"
    if chain["program"]:
        yield f"  program  {chain['program']}  ->  {chain['result']}"
    if not chain["facts"]:
        pages = ", ".join(str(page) for page in chain["pages"]) or "none"
        yield f"  no number of a report; report {chain['report_key']}, pages quoted: {pages}"
    for fact in chain["facts"]:
        yield from (f"  {line}" for line in _fact(fact, fact["operand"]))


def _fact(fact: Row, operand: str = "fact") -> Iterator[str]:
    indent = " " * (len(operand) + 2)
    yield f"{operand}  {fact['printed']} ({describe_unit(fact)})  {fact['label']}"
    title = TITLES.get(fact["statement"], fact["statement"])
    yield f"{indent}{title}, {fact['period']}, {fact['scope']}, {fact['basis'].replace('_', ' ')}"
    document = fact["document"]
    names = ", ".join(document["file_names"])
    label = fact["page_label"]
    printed = f" (printed {label})" if label not in (None, str(fact["page_no"])) else ""
    box = " ".join(f"{side:.1f}" for side in fact["box"])
    yield f"{indent}{document['report_key']} ({names}), page {fact['page_no']}{printed}, box {box}"
    why = ", ".join(fact["proofs"]) or fact["reason"] or "read once, without a conflict"
    yield f"{indent}{fact['status']}: {why}; fact {fact['fact_id']}"


def describe_unit(fact: Row) -> str:
    """Return the unit in words: ``CNY, in thousands``; ``CNY a share``; ``percent``."""
    if fact["unit"] == "per_share":
        return f"{fact['currency']} a share"
    scales = {1000: "in thousands", 10**4: "in 10,000", 10**6: "in millions", 10**8: "in 10^8"}
    unit = fact["currency"] if fact["unit"] == "currency" else fact["unit"].replace("_", " ")
    scale = scales.get(fact["scale"], "" if fact["scale"] == 1 else f"times {fact['scale']}")
    return f"{unit}, {scale}" if scale else str(unit)


def _one_line(text: str) -> str:
    return " ".join(text.split())
