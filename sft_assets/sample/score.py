"""Scores extracted facts against the truth file, exactly: right, wrong, missed, unknown."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sft_assets.sample import sample_truth

Row = Mapping[str, Any]
READING = ("metric", "unit", "scale", "fiscal_year", "scope", "basis")  # beside page and value


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of truth rows, and the facts that are not right."""

    right: int
    missed: tuple[Row, ...]  # truth rows that no fact states
    wrong: tuple[Row, ...]  # facts with a value of their page, but another reading of it
    unknown: tuple[Row, ...]  # facts with a value that their page does not print


def load_truth(file_name: str) -> list[Row]:
    """Truth rows of one shipped report."""
    lines = sample_truth().read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return [row for row in rows if row["file"] == file_name]


def _place(row: Row) -> tuple[int, Decimal]:
    return int(row["page_no"]), Decimal(str(row["value"])).normalize()


def _reading(row: Row) -> tuple[Any, ...]:
    return tuple(row[key] for key in READING)


def score_facts(truth: Iterable[Row], facts: Iterable[Row]) -> Score:
    """Compares the facts of one report (columns of ``financial_facts``) with its truth rows.

    Quarantined facts count as not extracted. The same value may stand on a page more than once
    with different readings; a fact is right when it agrees with any of them.
    """
    expected: dict[tuple[int, Decimal], list[Row]] = defaultdict(list)
    for row in truth:
        expected[_place(row)].append(row)
    found: dict[tuple[int, Decimal], set[tuple[Any, ...]]] = defaultdict(set)
    wrong, unknown = [], []
    for fact in facts:
        if fact["status"] == "quarantined":
            continue
        place = _place(fact)
        found[place].add(_reading(fact))
        if place not in expected:
            unknown.append(fact)
        elif _reading(fact) not in {_reading(row) for row in expected[place]}:
            wrong.append(fact)
    rows = [row for rows in expected.values() for row in rows]
    missed = tuple(row for row in rows if _reading(row) not in found[_place(row)])
    return Score(len(rows) - len(missed), missed, tuple(wrong), tuple(unknown))
