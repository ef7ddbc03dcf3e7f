import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sft_assets.evaluate.latency import latency_figures, nearest_rank
from sft_assets.evaluate.scores import (
    JudgedAnswer,
    compare,
    interval_of_difference,
    interval_of_share,
    summarize_answers,
    verdict,
)


def answers(hits, kind="lookup"):
    return [
        JudgedAnswer(f"p{at}", kind, "zh", "a", "a", hit, bool(hit), 10, 5.0)
        for at, hit in enumerate(hits)
    ]


def test_figures_of_a_model():
    figures = summarize_answers(answers([True, True, False, None]), seed=1)
    assert figures["rows"] == 4
    assert figures["rows_with_numbers"] == 3
    assert figures["number_exact_match"] == pytest.approx(0.6667)
    assert figures["exact_match"] == 0.5
    assert figures["perplexity"] == pytest.approx(1.6487)  # exp(5 / 10)
    assert figures["by_kind"]["lookup"]["rows"] == 4


def test_no_answers_give_zeros_and_not_a_crash():
    assert summarize_answers([], seed=1)["number_exact_match"] == 0.0


def test_comparison_names_both_and_the_rise():
    told = compare(answers([True, False, False, False]), answers([True, True, True, False]), seed=1)
    assert told["number_exact_match"]["baseline"] == 0.25
    assert told["number_exact_match"]["tuned"] == 0.75
    assert told["number_exact_match"]["delta"] == 0.5
    assert told["promoted"] is True


PROMOTED = {"better": (0.2, 0.9, 5), "equal": (0.5, 0.5, 5)}
NOT_PROMOTED = {"worse": (0.5, 0.4, 5), "nothing was compared": (0.0, 0.0, 0)}


@pytest.mark.parametrize(("old", "new", "rows"), PROMOTED.values(), ids=PROMOTED.keys())
def test_promoted(old, new, rows):
    assert verdict(old, new, rows=rows)["promoted"] is True


@pytest.mark.parametrize(("old", "new", "rows"), NOT_PROMOTED.values(), ids=NOT_PROMOTED.keys())
def test_not_promoted_with_a_reason(old, new, rows):
    told = verdict(old, new, rows=rows)
    assert told["promoted"] is False
    assert told["reason"]


REFUSED, STATED = "摘录未披露该数据，无法回答。", "收入为5元。"


def told(*said, reference=REFUSED):
    return [
        JudgedAnswer(
            f"r{at}", "unanswerable", "zh", text, reference, text == reference, False, 9, 1.0
        )
        for at, text in enumerate(said)
    ]


def test_a_model_that_states_what_it_used_to_refuse_is_not_promoted():
    """More exact numbers do not make up for made-up ones: 4 of 11 refusals, then none."""
    before = answers([False] * 20) + told(*[REFUSED] * 4, *[STATED] * 7)
    after = answers([True] * 20) + told(*[STATED] * 11)
    figures = compare(before, after, seed=1)
    assert figures["number_exact_match"]["delta"] > 0
    assert figures["refusals"] == {"baseline": 0.3636, "tuned": 0.0, "rows": 11, "margin": 0.05}
    assert figures["promoted"] is False
    assert "refusals fell" in figures["reason"]


WITHIN = {"more": (3, 4), "as many": (4, 4), "one of forty fewer": (40, 39)}
BEYOND = {"one of four fewer": (4, 3), "three of forty fewer": (40, 37)}


@pytest.mark.parametrize(("before", "after"), WITHIN.values(), ids=WITHIN.keys())
def test_refusals_within_the_margin(before, after):
    rows = max(before, after)
    old, new = ([REFUSED] * n + [STATED] * (rows - n) for n in (before, after))
    figures = compare(answers([True]) + told(*old), answers([True]) + told(*new), seed=1)
    assert figures["refusals"]["rows"] == rows
    assert "refusals fell" not in figures["reason"]


@pytest.mark.parametrize(("before", "after"), BEYOND.values(), ids=BEYOND.keys())
def test_refusals_beyond_the_margin(before, after):
    rows = max(before, after)
    old, new = ([REFUSED] * n + [STATED] * (rows - n) for n in (before, after))
    hits = [False] * 9 + [True]
    figures = compare(answers(hits) + told(*old), answers([True] * 10) + told(*new), seed=1)
    assert figures["promoted"] is False
    assert "refusals fell" in figures["reason"]


def test_a_wider_margin_lets_a_fall_pass():
    assert verdict(0.1, 0.2, rows=9, refusals=(0.5, 0.3), margin=0.05)["promoted"] is False
    assert verdict(0.1, 0.2, rows=9, refusals=(0.5, 0.3), margin=0.25)["promoted"] is True


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_the_interval_holds_the_share(hits):
    low, high = interval_of_share(hits, seed=3)
    assert 0 <= low <= round(sum(hits) / len(hits), 4) <= high <= 1


def test_the_interval_is_by_seed_alone():
    hits = [True, False] * 20
    assert interval_of_share(hits, seed=1) == interval_of_share(hits, seed=1)


def test_rows_are_resampled_in_pairs():
    hits = [True, False] * 20
    assert interval_of_difference(hits, hits, seed=1) == (0.0, 0.0)


def test_unlike_rows_are_not_compared():
    with pytest.raises(ValueError, match="same rows"):
        interval_of_difference([True], [True, False], seed=1)


def test_percentiles_are_measured_values():
    assert nearest_rank([0.1, 0.2, 0.9], 0.95) == 0.9
    assert latency_figures([]) == {"answers": 0}
    assert latency_figures([0.3, 0.1])["mean_seconds"] == "0.200"
