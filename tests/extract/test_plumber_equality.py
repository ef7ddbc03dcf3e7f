"""Words, grids and cells' texts are pdfplumber's own, for any characters and lines."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber.table import TableFinder
from pdfplumber.utils.text import WordExtractor

from benchmarks.plain_reading import plain_tables, plain_words
from sft_assets.extract.reading.chars import BLANKS, Chars, chars_of
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.tables.grids import GridSettings, find_grids

PLACES = st.integers(0, 30).map(lambda n: n * 1.5)
LETTERS = st.tuples(
    st.sampled_from("ab1,（ 　\u00a0ﬁ"), PLACES, PLACES, st.sampled_from([2.0, 5.0]),
    st.booleans() | st.just(True),
)  # fmt: skip
GRID = st.integers(0, 8).map(lambda n: n * 10.0)
NUDGE = st.sampled_from([0.0, 0.0, 0.0, 1.25, 2.5, 4.0])


def letter_rows(
    drawn: list[tuple[str, float, float, float, bool]],
) -> list[tuple[str, float, float, float, float, float, bool]]:
    return [(t, x, y, x + size, y + size, size, up) for t, x, y, size, up in drawn]


def plain_chars(chars: Chars) -> list[dict[str, Any]]:
    return [
        {
            "text": chars.text[i], "x0": float(chars.x0[i]), "x1": float(chars.x1[i]),
            "top": float(chars.top[i]), "bottom": float(chars.bottom[i]),
            "doctop": float(chars.top[i]), "upright": bool(chars.upright[i]),
            "height": float(chars.bottom[i] - chars.top[i]), "size": float(chars.size[i]),
        }
        for i in range(len(chars))
    ]  # fmt: skip


class Sheet:
    """What pdfplumber's finder asks of a page."""

    def __init__(self, edges: list[Edge], chars: Chars) -> None:
        self.bbox = (0.0, 0.0, 200.0, 200.0)
        self.chars = plain_chars(chars)
        self.edges = [
            {
                "object_type": "line", "x0": x0, "top": top, "x1": x1, "bottom": bottom,
                "doctop": top, "width": x1 - x0, "height": bottom - top,
                "orientation": "h" if bottom - top <= x1 - x0 else "v",
            }
            for x0, top, x1, bottom in edges
        ]  # fmt: skip


@settings(deadline=None)
@given(st.lists(LETTERS, max_size=40))
def test_words(drawn: list[tuple[str, float, float, float, bool]]) -> None:
    chars = chars_of(letter_rows(drawn))
    expected = [
        (w["text"], w["x0"], w["top"], w["x1"], w["bottom"])
        for w in WordExtractor().extract_words(plain_chars(chars))
    ]
    assert plain_words(chars) == expected


def test_blanks_are_those_of_python() -> None:
    assert [chr(c) for c in BLANKS] == [chr(c) for c in range(0x110000) if chr(c).isspace()]


@st.composite
def lines(draw: st.DrawFn) -> list[Edge]:
    """Lines on a coarse grid, some a little off, some short, some doubled."""
    found: list[Edge] = []
    for _ in range(draw(st.integers(0, 24))):
        at, start = draw(GRID) + draw(NUDGE), draw(GRID) + draw(NUDGE)
        end = start + draw(st.sampled_from([0.5, 2.0, 10.0, 30.0, 80.0]))
        found.append((start, at, end, at) if draw(st.booleans()) else (at, start, at, end))
    return found


@settings(max_examples=150, deadline=None)
@given(lines(), st.lists(LETTERS, max_size=30))
def test_tables(edges: list[Edge], drawn: list[tuple[str, float, float, float, bool]]) -> None:
    chars = chars_of(letter_rows(drawn))
    sheet: Any = Sheet(edges, chars)
    expected = [(t.bbox, [tuple(row) for row in t.extract()]) for t in TableFinder(sheet).tables]
    assert [(t.box, list(t.rows)) for t in plain_tables(edges, chars)] == expected


@settings(deadline=None)
@given(lines())
def test_grids_of_other_settings(edges: list[Edge]) -> None:
    sheet: Any = Sheet(edges, chars_of([]))
    wide = {"snap_tolerance": 4, "join_tolerance": 8, "intersection_tolerance": 5}
    expected = [[row.cells for row in t.rows] for t in TableFinder(sheet, wide).tables]
    found = find_grids(edges, GridSettings(snap=4.0, join=8.0, cross=5.0))
    assert [[list(row) for row in grid.rows] for grid in found] == expected


@pytest.mark.parametrize("step", [9.0, 10.0])
def test_a_full_grid_and_its_texts(step: float) -> None:
    edges = [(0.0, step * i, step * 4, step * i) for i in range(5)]
    edges += [(step * i, 0.0, step * i, step * 4) for i in range(5)]
    letters = [
        (str((i + j) % 10), step * i + 2, step * j + 2, step * i + 6, step * j + 7, 5.0, True)
        for i in range(4)
        for j in range(4)
    ]
    (table,) = plain_tables(edges, chars_of(letters))
    assert table.rows == tuple(tuple(str(i + j) for i in range(4)) for j in range(4))
    assert table.box == (0.0, 0.0, step * 4, step * 4)
