"""The scorer tells right from wrong, missed and unknown."""

from decimal import Decimal

import pytest

from sft_assets.sample.make import CHINESE_FILES
from sft_assets.sample.score import load_truth, score_facts


@pytest.fixture(scope="module")
def truth() -> list[dict]:
    rows = load_truth(CHINESE_FILES["309218", 2024])
    assert len(rows) > 500
    return [dict(row) for row in rows]


def test_the_truth_itself_scores_full(truth: list[dict]) -> None:
    facts = [row | {"status": "proved", "value": Decimal(row["value"])} for row in truth]
    score = score_facts(truth, facts)
    assert (score.right, score.missed, score.wrong, score.unknown) == (len(truth), (), (), ())


@pytest.mark.parametrize(
    "change",
    [
        {"scale": 1000},
        {"fiscal_year": 1999},
        {"scope": "nobody"},
        {"basis": "before"},
        {"metric": "ebitda"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_reading_is_wrong(truth: list[dict], change: dict) -> None:
    first = next(row for row in truth if row["metric"] == "total_assets")
    score = score_facts([first], [first | change | {"status": "accepted"}])
    assert (score.right, len(score.missed), len(score.wrong), len(score.unknown)) == (0, 1, 1, 0)


def test_a_value_that_is_not_printed_is_unknown_and_quarantine_is_silence(
    truth: list[dict],
) -> None:
    first = truth[0]
    made_up = first | {"value": "0.123", "status": "accepted"}
    assert len(score_facts([first], [made_up]).unknown) == 1
    silent = score_facts([first], [made_up | {"status": "quarantined"}])
    assert (len(silent.missed), silent.wrong, silent.unknown) == (1, (), ())
