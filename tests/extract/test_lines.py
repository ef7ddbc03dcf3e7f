"""Words and lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.extract.reading.chars import chars_of
from sft_assets.extract.reading.lines import Word, build_lines, text_of


def word(text: str, x0: float, top: float, *, size: float = 10.0, width: float = 5.0) -> Word:
    spans = tuple((x0 + i * width, x0 + (i + 1) * width) for i in range(len(text)))
    return Word(text, x0, top, x0 + len(text) * width, top + size, spans, size)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param([word("b", 50, 10), word("a", 10, 10)], ["a b"], id="left-to-right"),
        pytest.param([word("b", 10, 30), word("a", 10, 10)], ["a", "b"], id="top-to-bottom"),
        pytest.param([word("x", 10, 10), word("2", 16, 8, size=5)], ["x 2"], id="superscript"),
        pytest.param(
            [word("label", 10, 16), word("upper", 60, 10), word("lower", 60, 21)],
            ["upper", "label lower"],
            id="two-lines-beside-one",
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_build_lines(words: list[Word], expected: list[str]) -> None:
    assert [line.text for line in build_lines(words)] == expected


place = st.floats(0, 300, allow_nan=False)
words = st.builds(word, st.text("ab1甲", min_size=1, max_size=6), place, place)


@given(st.lists(words, max_size=12))
def test_no_word_is_lost_and_each_code_point_has_a_place(found: list[Word]) -> None:
    lines = build_lines(found)
    assert sorted(w.text for line in lines for w in line.words) == sorted(w.text for w in found)
    for line in lines:
        assert len(line.spans) == len(line.text)
        assert all(a <= b for a, b in line.spans)


@given(st.lists(words, max_size=12), st.randoms(use_true_random=False))
def test_lines_do_not_depend_on_the_order_of_words(found: list[Word], random: object) -> None:
    shuffled = sorted(found, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert [line.box for line in build_lines(shuffled)] == [line.box for line in build_lines(found)]


def test_characters_belong_to_the_box_of_their_centre() -> None:
    chars = chars_of(
        [(c, 10.0 * i, 0.0, 10.0 * i + 10, 10.0, 10.0, True) for i, c in enumerate("abc")]
    )
    assert text_of(chars.within((4.0, 0.0, 16.0, 10.0))) == "ab"
    assert text_of(chars.within((6.0, 0.0, 14.0, 10.0))) == ""
