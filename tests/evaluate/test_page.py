import re
from html.parser import HTMLParser

import pytest

from sft_assets.evaluate.page import render_page, spread
from sft_assets.evaluate.scores import JudgedAnswer, compare

LATENCY = {
    name: {"answers": 3, "mean_seconds": "0.100", "p50_seconds": "0.100", "p95_seconds": "0.200"}
    for name in ("base", "tuned")
}


def judged(hit, answer="2020年为5元"):
    return [JudgedAnswer("pair0001", "lookup", "zh", answer, "为5元", hit, hit, 3, 1.0)]


def rows_of(answers):
    return [
        {
            "pair_id": a.pair_id,
            "kind": a.kind,
            "answer": a.answer,
            "reference": a.reference,
            "numbers_exact": a.numbers_exact,
            "pages": [12],
            "prompt": "多少？",
        }
        for a in answers
    ]


def page(before, after, losses=(3.0, 2.0, 1.0), shares=(0.0, 0.0, 0.0)):
    figures = {"recipe": "lora", **compare(before, after, seed=1)}
    steps = [{"loss": a, "general_share": b} for a, b in zip(losses, shares, strict=False)]
    return render_page(figures, rows_of(before), rows_of(after), LATENCY, steps)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []
        self.addresses = []

    def handle_starttag(self, tag, attributes):
        self.seen.append(tag)
        self.addresses += [value for name, value in attributes if name in {"src", "href"}]


def test_the_page_needs_no_file_and_no_script():
    tags = Tags()
    tags.feed(page(judged(False), judged(True)))
    assert tags.seen.count("svg") == 3
    assert "script" not in tags.seen
    assert tags.addresses == []


def test_it_shows_verdict_example_and_page():
    text = page(judged(False), judged(True))
    assert "Promoted" in text
    assert "report page 12" in text
    assert "Right now, wrong before" in text


def test_a_worse_model_is_not_promoted():
    text = page(judged(True), judged(False))
    assert "Not promoted" in text
    assert "number_exact_match fell" in text


def test_markup_from_a_model_is_text():
    text = page(judged(False), judged(True, answer="<script>alert(1)</script>5元"))
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_without_a_training_log_there_is_no_curve():
    assert page(judged(False), judged(True), losses=()).count("<svg") == 2


@pytest.mark.parametrize(("most", "chosen"), [(0, []), (2, ["a", "b"]), (9, ["a", "b", "a"])])
def test_examples_take_kinds_in_turn(most, chosen):
    rows = [{"kind": "a"}, {"kind": "a"}, {"kind": "b"}]
    assert [row["kind"] for row in spread(rows, most)] == chosen


def test_steps_of_general_rows_are_dots_apart_with_a_word():
    plain = page(judged(False), judged(True))
    assert "general rows" not in plain
    assert plain.count('r="3"') == 0
    text = page(judged(False), judged(True), shares=(0.0, 0.5, 0.09))
    assert text.count('r="3"') == 1
    assert "steps with over 10% of general rows" in text
    assert "no setback of the training" in text
    each, mean = re.findall(r'<polyline points="([^"]*)"', text)
    assert each == "40.0,8.0 430.0,82.7"  # the first and the third of three steps
    assert mean.split()[0] == "40.0,8.0"


def many(hits):
    return [JudgedAnswer(f"pair{at:04}", "lookup", "zh", "5", "5", h, h, 1, 1.0) for at, h in hits]


NOISE = [
    ("nothing moved", 0, "no worse than the base; a rise is not shown", "it holds zero"),
    ("two of eighty", 2, "no worse than the base; a rise is not shown", "it holds zero"),
    ("forty of eighty", 40, "", ""),
]


@pytest.mark.parametrize(("rise", "verdict", "interval"), [n[1:] for n in NOISE])
def test_a_promotion_within_noise_says_so(rise, verdict, interval):
    before = many(enumerate([False] * 80))
    after = many(enumerate([True] * rise + [False] * (80 - rise)))
    text = page(before, after)
    assert "Promoted" in text
    assert "95 % interval" in text
    assert ("a rise is not shown" in text) == bool(verdict)
    assert verdict in text
    assert interval in text
    assert ("a difference within noise" in text) == bool(verdict)
