"""Running heads and feet, page numbers, watermarks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.clean.page_lines import PageLine, PageText
from sft_assets.clean.running_lines import find_running_lines, masked

MakePage = Callable[..., PageText]
TOP, BOTTOM = 30.0, 770.0


def dropped(pages: Sequence[PageText]) -> list[list[tuple[str, str]]]:
    found = find_running_lines(pages)
    return [[(d.line.text, d.rule) for d in found[page.page_no]] for page in pages]


def test_head_with_a_changing_number(page: MakePage) -> None:
    pages = [
        page(n, [(f"Example report 2023 | {n}", TOP), f"Body {n} a", "b"]) for n in range(1, 5)
    ]
    assert dropped(pages) == [[(f"Example report 2023 | {n}", "running_line")] for n in range(1, 5)]


def test_odd_and_even_pages_have_heads_of_their_own(page: MakePage) -> None:
    heads = ["Example Holdings", "Annual report"]
    pages = [page(n, [(heads[n % 2], TOP), f"Body of {n} x{n}"]) for n in range(1, 9)]
    assert dropped(pages) == [[(heads[n % 2], "running_line")] for n in range(1, 9)]


def test_two_lines_of_a_head_and_the_page_number_below(page: MakePage) -> None:
    pages = [
        page(n, [("PART II", TOP), ("Item 7", 45.0), f"Body {n} x", (str(n), BOTTOM)], label=str(n))
        for n in range(1, 5)
    ]
    for n, found in enumerate(dropped(pages), start=1):
        assert found == [
            ("PART II", "running_line"),
            ("Item 7", "running_line"),
            (str(n), "page_number"),
        ]


def test_page_number_in_the_middle_of_a_short_page(page: MakePage) -> None:
    pages = [
        page(n, [f"Text {n} of it", (str(n + 2), 300.0)], label=str(n + 2)) for n in range(1, 5)
    ]
    assert dropped(pages) == [[(str(n + 2), "page_number")] for n in range(1, 5)]


def test_watermark_in_the_middle(page: MakePage) -> None:
    pages = [page(n, [f"Body {n} x", ("Draft copy", 400.0), f"More {n} y"]) for n in range(1, 6)]
    assert dropped(pages) == [[("Draft copy", "watermark")]] * 5


def _same(page: MakePage, lines: Sequence[Any], count: int = 6, **known: Any) -> list[PageText]:
    return [page(n, [(f"w{n}", 200.0), *lines], **known) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param(lambda page: [page(1, [("Head", TOP)]), page(2, [("Head", TOP)])], id="two-pages"),
        pytest.param(
            lambda page: [page(n, [("Head line", 200.0 + 9 * n)]) for n in range(1, 9)],
            id="body-line-that-wanders",
        ),
        pytest.param(
            lambda page: [page(n, [("1,234 5,678", TOP), f"Body {n}"]) for n in range(1, 7)],
            id="figures",
        ),
        pytest.param(
            lambda page: [page(n, [(f"Section {'abcdef'[n]} begins", TOP)]) for n in range(5)],
            id="different-headings",
        ),
        pytest.param(
            lambda page: [
                page(n, [("Item 2023 2022", TOP), "x 1 2"] if n in (3, 4, 5) else [f"Body {n}."],
                     tables=[0, 1] if n in (3, 4, 5) else [])
                for n in range(1, 21)
            ],
            id="header-of-a-table-over-three-pages",
        ),
        pytest.param(lambda page: [page(1, []), page(2, [])], id="blank"),
        pytest.param(
            lambda page: [page(n, [f"Body {n} x", (str(90 - 7 * n), BOTTOM)]) for n in range(1, 6)],
            id="a-number-that-is-no-label",
        ),
    ],
)  # fmt: skip
def test_content_stays(page: MakePage, pages: Callable[[MakePage], list[PageText]]) -> None:
    assert all(not found for found in dropped(pages(page)))


def without(page: PageText, gone: Sequence[PageLine]) -> PageText:
    return replace(page, lines=tuple(line for line in page.lines if line not in gone))


heights = st.sampled_from([20.0, 30.0, 31.0, 60.0, 300.0, 750.0, 770.0])
texts = st.sampled_from(
    ["Head", "Head 1", "Head 2", "PART II", "5", "6", "甲公司", "1,234", "body"]
)
some_lines = st.lists(st.tuples(texts, heights), max_size=5)


@given(st.lists(st.tuples(some_lines, st.sampled_from(["5", "6", None])), max_size=7))
def test_dropping_twice_is_dropping_once(
    page: MakePage, drawn: list[tuple[list[tuple[str, float]], str | None]]
) -> None:
    pages = [
        page(n, sorted(lines, key=lambda line: line[1]), label=label)
        for n, (lines, label) in enumerate(drawn, start=1)
    ]
    once = find_running_lines(pages)
    cleaned = [without(p, [d.line for d in once[p.page_no]]) for p in pages]
    assert not any(find_running_lines(cleaned).values())


@pytest.mark.parametrize(
    ("text", "key"),
    [("Example 2023", "Example#"), ("第 5 页", "第#页"), ("- 5 -", ""), ("1,234", ""), ("", "")],
)
def test_masked(text: str, key: str) -> None:
    assert masked(text) == key
