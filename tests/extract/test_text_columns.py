"""Text in two columns is read one column after the other; rows of figures are not."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.extract.child import extract_chunk
from sft_assets.extract.reading.lines import Line, Word, build_lines
from sft_assets.extract.reading.text_columns import in_reading_order

LEFT, RIGHT = 50.0, 320.0
EN = ("The group sells its goods in many", "markets and expects demand to rise", "in the year.")
ZH = (
    "本集團於多個市場銷售貨品並預期需求於來年上升",
    "董事會感謝全體股東及員工於本年度之支持與貢獻",
    "謝謝。",
)


def words_of(text: str, x0: float, top: float, size: float = 10.0) -> list[Word]:
    """Words of ``text`` from ``x0`` on; a Chinese character is twice as wide as a Latin one."""
    found, at = [], x0
    for word in text.split(" "):
        spans = []
        for char in word:
            width = size if char >= "\u2e80" else size * 0.5
            spans.append((at, at + width))
            at += width
        found.append(Word(word, spans[0][0], top, at, top + size, tuple(spans), size))
        at += 0.3 * size
    return found


Placed = tuple[str, float, float]


def lines_of(drawn: Sequence[Placed]) -> list[Line]:
    return build_lines([word for text, x0, top in drawn for word in words_of(text, x0, top)])


def read(drawn: Sequence[Placed], tables: Sequence[Any] = ()) -> list[str]:
    return [line.text for line in in_reading_order(lines_of(drawn), tables)]


def side_by_side(left: Sequence[str], right: Sequence[str], top: float = 100.0) -> list[Placed]:
    drawn = [(text, LEFT, top + 14 * i) for i, text in enumerate(left)]
    return drawn + [(text, RIGHT, top + 14 * i) for i, text in enumerate(right)]


def test_two_languages() -> None:
    assert read(side_by_side(EN, ZH)) == [*EN, *ZH]


def test_a_heading_over_both_columns_comes_first() -> None:
    heading = "Discussion and analysis of the results of the group for the whole year"
    drawn = [(heading, LEFT, 60.0), *side_by_side(EN, ZH), *side_by_side(EN, ZH, 200.0)]
    assert read(drawn) == [heading, *EN, *ZH, *EN, *ZH]


def test_two_columns_of_one_language() -> None:
    left = [
        "The group sells its goods in many markets and it",
        *["expects the demand for them to rise in the years"] * 4,
    ]
    right = [
        "The board would like to thank all of its members",
        *["for what they have done and will go on to do now"] * 4,
    ]
    assert read(side_by_side(left, right)) == [*left, *right]  # fmt: skip


def test_columns_of_unlike_length() -> None:
    assert read(side_by_side(EN * 2, ZH)) == [*EN * 2, *ZH]


def test_a_table_between_stays_in_rows() -> None:
    rows = [("Revenue", LEFT, 150.0 + 14 * i) for i in range(3)]
    rows += [("收益", RIGHT, 150.0 + 14 * i) for i in range(3)]
    drawn = [*side_by_side(EN, ZH), *rows, *side_by_side(EN, ZH, 220.0)]
    table = (LEFT, 148.0, 500.0, 190.0)
    assert read(drawn, [table]) == [*EN, *ZH, *["Revenue 收益"] * 3, *EN, *ZH]


@pytest.mark.parametrize(
    "drawn",
    [
        pytest.param(
            [(f"Item {'abcdef'[i]}", LEFT, 100.0 + 14 * i) for i in range(6)]
            + [(f"{i},234,567", RIGHT, 100.0 + 14 * i) for i in range(6)],
            id="labels-and-amounts",
        ),
        pytest.param(
            [
                (term, LEFT, 100.0 + 14 * i)
                for i, term in enumerate(["公司", "集團", "報告期", "元"])
            ]
            + [(ZH[0], RIGHT, 100.0 + 14 * i) for i in range(4)],
            id="terms-and-meanings",
        ),
        pytest.param(
            [(f"{EN[0]} {EN[1]} {EN[0]}", LEFT, 100.0 + 14 * i) for i in range(6)],
            id="one-column",
        ),
        pytest.param(side_by_side(EN[:1], ZH[:1]), id="one-line"),
        pytest.param([], id="blank"),
    ],
)
def test_what_is_no_column_stays_in_rows(drawn: list[Placed]) -> None:
    assert read(drawn) == [line.text for line in lines_of(drawn)]


places = st.tuples(
    st.sampled_from([*EN, *ZH, "Total", "1,234", "甲"]),
    st.sampled_from([LEFT, 120.0, RIGHT, 400.0]),
    st.sampled_from([100.0 + 14 * i for i in range(6)]),
)


@given(st.lists(places, max_size=16))
def test_no_word_is_lost(drawn: list[Placed]) -> None:
    lines = lines_of(drawn)
    once = in_reading_order(lines, [])
    assert sorted(word.box for line in once for word in line.words) == sorted(
        word.box for line in lines for word in line.words
    )


def test_a_page_in_two_languages(make_pdf: Callable[..., Path], chinese_font: str) -> None:
    def draw(canvas: Any) -> None:
        for i, (en, zh) in enumerate(zip(EN, ZH, strict=True)):
            canvas.setFont("Helvetica", 8)
            canvas.drawString(30, 440 - 12 * i, en)
            canvas.setFont(chinese_font, 8)
            canvas.drawString(200, 440 - 12 * i, zh)

    payload = {"doc_id": "ab" * 32, "min_readability": 0.5, "characters": "pdfium"}
    found = extract_chunk({**payload, "pdf": str(make_pdf(draw)), "first_page": 1, "last_page": 1})
    assert found["extracted_pages"]["text"].to_list() == ["\n".join([*EN, *ZH])]  # type: ignore[index]
    lines = found["extracted_lines"]
    assert lines["line_no"].to_list() == list(range(6))  # type: ignore[index]
    (text,) = found["extracted_pages"]["text"]  # type: ignore[index]
    spans = lines.select("start", "end", "text").iter_rows()  # type: ignore[attr-defined]
    assert all(text[start:end] == line for start, end, line in spans)
