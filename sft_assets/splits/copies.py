"""Rows that were copied from a held-out one, word for word, with other numbers, or reworded."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from sft_assets.near_duplicates import ShingleSets, band_keys, find_candidates_among, sign

RUN = 13  # characters, white space not counted: the overlap that decontamination looks for
FEWEST_DIGITS = 6  # in a run that starts at a number; fewer occur by chance
BOILERPLATE = 3  # companies that use a phrase: then it is nobody's

Row = Mapping[str, object]
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,.]*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|第\d+[页頁]|\bpages? \d+")  # and page numbers
_CLAUSE = re.compile(r"[^，。；：、！？\n,.;:!?“”（）()]{13,}")


def text_of(row: Row) -> str:
    """Return question and context (for general data: question and answer)."""
    return f"{row['question']}\n{row['context'] if 'context' in row else row['answer']}"


def number_runs(text: str) -> set[str]:
    """Return the runs of 13 characters that start at a number and hold six digits or more.

    Years and page numbers say little about where a text comes from and are blanked.

    >>> number_runs("收入 1,234,567.89 元（2023年）增加")
    {'1,234,567.89元'}
    """
    compact = "".join(_YEAR.sub("Y", text).split())
    runs = {compact[m.start() : m.start() + RUN] for m in _NUMBER.finditer(compact)}
    return {
        run for run in runs if len(run) == RUN and sum(c.isdigit() for c in run) >= FEWEST_DIGITS
    }


def phrase_runs(text: str) -> set[str]:
    """Return the first 13 characters of each clause that has no digit."""
    found = (clause.strip()[:RUN] for clause in _CLAUSE.findall(text))
    return {run for run in found if len(run) == RUN and not any(c.isdigit() for c in run)}


def overlaps(rows: Sequence[Row], held_out: Sequence[Row]) -> dict[str, str]:
    """Return pair_id of ``rows`` -> pair_id of a held-out row that shares a run of 13 characters.

    Runs with numbers are compared for all rows, phrases for those that quote running text. A
    phrase that several companies use is boilerplate and proves nothing.
    """
    runs: dict[str, str] = {}
    for row in held_out:
        for run in _runs(row):
            runs.setdefault(run, str(row["pair_id"]))
    users: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    found: dict[str, list[str]] = {}
    for row in rows:
        shared = sorted(run for run in _runs(row) if run in runs)
        if not shared:
            continue
        found[str(row["pair_id"])] = shared
        for run in shared:
            if (run, _company(row)) not in seen:
                seen.add((run, _company(row)))
                users[run] += 1
    copied: dict[str, str] = {}
    for pair_id, shared in sorted(found.items()):
        telling = [run for run in shared if users[run] < BOILERPLATE - 1]
        if telling:
            copied[pair_id] = runs[telling[0]]
    return copied


def renumbered(
    rows: Sequence[Row], held_out: Sequence[Row], names: Sequence[str], threshold: Decimal
) -> dict[str, str]:
    """Return rows that are a held-out row with other numbers: alike once numbers are blanked.

    Only rows that name a held-out company are looked at: rows of two companies about one item are
    alike but for the name, and rightly so.
    """
    near = [row for row in rows if any(name in text_of(row) for name in names)]
    texts = [_blanked(text_of(row)) for row in near]
    held_texts = [_blanked(text_of(row)) for row in held_out]
    if not texts or not held_texts:
        return {}
    sets = ShingleSets([*texts, *held_texts])
    found: dict[str, str] = {}
    for i, j in find_candidates_among(
        band_keys(sign(texts).values), band_keys(sign(held_texts).values)
    ):
        pair_id = str(near[i]["pair_id"])
        if pair_id not in found and sets.jaccard(i, len(texts) + j) >= threshold:
            found[pair_id] = str(held_out[j]["pair_id"])
    return found


def _runs(row: Row) -> set[str]:
    runs = number_runs(text_of(row))
    if row.get("kind") == "discussion":
        runs |= phrase_runs(str(row["context"]))
    return runs


def _blanked(text: str) -> str:
    return _NUMBER.sub("0", text)


def _company(row: Row) -> str:
    companies = row.get("company_ids")
    return "+".join(map(str, companies)) if isinstance(companies, list) else ""
