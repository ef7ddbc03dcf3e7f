"""The bars of the redaction bench, over fewer values; ``make bench-redact`` prints the whole table."""

import pytest

from benchmarks.redaction.look_alikes import make_look_alikes, read_look_alikes
from benchmarks.redaction.score import (
    HALVES,
    Tally,
    make_positives,
    read_templates,
    score_look_alikes,
    score_positives,
)

BARS = {
    "id_card": 0.995,
    "mobile": 0.995,
    "email": 0.995,
    "bank_card": 0.995,
    "landline": 0.95,
    "passport": 0.95,
    "address": 0.95,
    "hong_kong_id": 0.95,
    "social_security": 0.95,
    "credit_code": 0.95,
}
STRICT = ("id_card", "mobile", "email", "bank_card", "landline", "passport", "address")


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    return score_positives(read_templates(), each=4)


@pytest.mark.parametrize("kind", BARS)
def test_recall_in_both_halves_of_the_templates(kind: str, tallies: dict[str, Tally]) -> None:
    tally = tallies[kind]
    assert min(tally.made[half] for half in HALVES) >= (360 if kind in STRICT else 120)
    assert {half: tally.recall(half) >= BARS[kind] for half in HALVES} == dict.fromkeys(
        HALVES, True
    )
    assert tally.spilled == 0


def test_thirty_templates_a_kind_and_none_in_both_halves() -> None:
    templates = read_templates()
    for kind in STRICT:
        dev, held_out = (set(templates[kind][half]) for half in HALVES)
        assert (len(dev), len(held_out), dev & held_out) == (15, 15, set())


def test_look_alikes_leave_as_they_came() -> None:
    contexts = score_look_alikes(each=60)
    assert len(contexts) >= 10
    assert set(contexts.values()) == {(60, 0)}


def test_the_bench_is_the_same_on_every_run() -> None:
    contexts = read_look_alikes()
    assert list(make_look_alikes(contexts, 3)) == list(make_look_alikes(contexts, 3))
    first, second = (list(make_positives(read_templates(), 1)) for _ in range(2))
    assert first == second
