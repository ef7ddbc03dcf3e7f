"""Running heads and feet, page numbers, watermarks."""

from collections.abc import Callable, Sequence
from dataclasses import replace

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


def body(n: int) -> list[tuple[str, float]]:
    """Lines of a body that differ from page to page, the first of them at one height."""
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return [
        (f"Text {words[n % 10]} {words[n // 10]} of it", 80.0),
        (f"More of {words[n % 7]}", 300.0),
    ]


def test_a_section_keeps_its_head_on_its_first_page(page: MakePage) -> None:
    sections = ["Report of the directors"] * 4 + ["Corporate governance"] * 4 + ["Accounts"] * 4
    pages = [page(n, [(head, TOP), *body(n)]) for n, head in enumerate(sections, start=1)]
    first = {1, 5, 9}
    assert dropped(pages) == [
        [] if n in first else [(head, "running_line")] for n, head in enumerate(sections, start=1)
    ]


def test_numbered_heads_keep_one_title_each(page: MakePage) -> None:
    heads = ["Item 7"] * 4 + ["Item 8"] * 5
    pages = [
        page(n, [(heads[n - 1], TOP) if n < 10 else ("x y", 60.0), *body(n)]) for n in range(1, 15)
    ]
    kept = [n for n, found in enumerate(dropped(pages), start=1) if n < 10 and not found]
    assert kept == [1, 5]


def kept_heads(page: MakePage, heads: Sequence[str], place: float = TOP) -> list[int]:
    """Return the pages that keep their head, of ten pages without one and then ``heads``."""
    pages = [page(n, body(n)) for n in range(1, 11)]
    pages += [
        page(n, sorted([(head, place), *body(n)], key=lambda line: line[1]))
        for n, head in enumerate(heads, start=11)
    ]
    return [n for n, found in enumerate(dropped(pages), start=1) if n > 10 and not found]


@pytest.mark.parametrize(
    "label",
    ["EXHIBIT {n}", "Exhibit 10.{n}", "Exhibit ({n})", "Schedule {n}", "Annex {n}", "附件{n}",
     "附錄 {n}："],
)  # fmt: skip
@pytest.mark.parametrize("place", [TOP, BOTTOM])
def test_a_label_that_changes_is_a_title(page: MakePage, label: str, place: float) -> None:
    each = [label.format(n=n) for n in (21, 23, 24, 31, 32)]
    assert kept_heads(page, each, place) == [11, 12, 13, 14, 15]
    long = [label.format(n=n) for n in (4, 4, 4, 4, 5, 6, 6, 6, 6)]
    assert kept_heads(page, long, place) == [11, 15, 16]


@pytest.mark.parametrize(
    "head",
    ["Page {n}", "Form 10-K {n}", "Exhibit to the report {n}", "See Exhibit {n}",
     "Scheduled {n}", "附件说明 {n}"],
)  # fmt: skip
def test_a_head_that_counts_pages_is_no_label(page: MakePage, head: str) -> None:
    assert kept_heads(page, [head.format(n=n) for n in (21, 22, 23, 24, 25)]) in ([], [11])


def test_labels_on_every_page_of_a_file_of_exhibits(page: MakePage) -> None:
    pages = [page(n, [(f"Exhibit {n // 3}", TOP), *body(n)]) for n in range(3, 15)]
    assert [n for n, found in enumerate(dropped(pages), start=3) if not found] == [3, 6, 9, 12]


def test_a_continued_heading_goes_from_every_page(page: MakePage) -> None:
    pages = [
        page(n, [("3. Leases (continued)", TOP), *body(n)] if 3 <= n <= 6 else body(n))
        for n in range(1, 20)
    ]
    assert [n for n, found in enumerate(dropped(pages), start=1) if found] == [3, 4, 5, 6]


def test_a_long_run_of_pages_needs_no_others_that_repeat(page: MakePage) -> None:
    """Body text stands at that height on the other pages; a table's heads are set apart."""
    pages = [
        page(n, [("Notes to the statements", 80.0), *body(n)[1:]] if 20 <= n < 30 else body(n))
        for n in range(1, 40)
    ]
    assert [n for n, found in enumerate(dropped(pages), start=1) if found] == list(range(21, 30))
    heads = [
        replace(p, lines=(replace(p.lines[0], widest_gap=80.0), *p.lines[1:]))
        if 20 <= p.page_no < 30
        else p
        for p in pages
    ]
    assert not any(dropped(heads))


def test_a_continued_heading_where_text_stands_on_other_pages(page: MakePage) -> None:
    pages = [
        page(n, [("3. Leases (continued)", 80.0), *body(n)[1:]] if 3 <= n <= 6 else body(n))
        for n in range(1, 30)
    ]
    assert [n for n, found in enumerate(dropped(pages), start=1) if found] == [3, 4, 5, 6]


def test_a_line_on_two_pages_stays(page: MakePage) -> None:
    heads = ["Report of the directors"] * 9 + ["By reference"] * 2 + ["Accounts"] * 9
    pages = [page(n, [(head, TOP), *body(n)]) for n, head in enumerate(heads, start=1)]
    assert not any(dropped(pages)[9:11])


def test_a_head_at_another_height_on_some_pages(page: MakePage) -> None:
    pages = [page(n, [("Example report", TOP if n % 5 else 48.0), *body(n)]) for n in range(1, 11)]
    assert all(found == [("Example report", "running_line")] for found in dropped(pages))


def test_a_head_beside_text_that_runs_up_the_margin(page: MakePage) -> None:
    names = ["Board", "Strategy", "Markets", "People", "Risk"]
    pages = [
        page(n, [(name, 10.0), ("Example report", TOP), *body(n)])
        for n, name in enumerate(names, start=1)
    ]
    turned = [
        replace(p, lines=(replace(p.lines[0], box=(5.0, 10.0, 15.0, 400.0)), *p.lines[1:]))
        for p in pages
    ]
    assert all(not found for found in dropped(pages))
    assert all(found == [("Example report", "running_line")] for found in dropped(turned))


def test_a_landscape_page_has_its_foot_nearer_to_the_top(page: MakePage) -> None:
    pages = [page(n, [*body(n), ("Example Holdings 2023", BOTTOM)]) for n in range(1, 9)]
    wide = page(9, [*body(9), ("Example Holdings 2023", 570.0)])
    pages.append(replace(wide, height=600.0))
    assert all(found == [("Example Holdings 2023", "running_line")] for found in dropped(pages))


@pytest.mark.parametrize(
    "printed",
    ["{n}", "- {n} -", "Page {n} of 12", "{n} / 12", "第 {n} 页 共 12 页", "第{n}页，共12页", "F-{n}",
     "{n} | Page", "~ {n} ~", "第{n}頁"],
)  # fmt: skip
def test_page_numbers(page: MakePage, printed: str) -> None:
    pages = [page(n, [*body(n), (printed.format(n=n + 4), BOTTOM)]) for n in range(1, 7)]
    assert dropped(pages) == [[(printed.format(n=n + 4), "page_number")] for n in range(1, 7)]


def test_roman_page_numbers(page: MakePage) -> None:
    roman = ["i", "ii", "iii", "iv", "v", "vi"]
    pages = [page(n, [*body(n), (roman[n - 1], BOTTOM)]) for n in range(1, 7)]
    assert dropped(pages) == [[(number, "page_number")] for number in roman]


def test_a_head_that_ends_in_a_roman_number(page: MakePage) -> None:
    roman = ["i", "ii", "iii", "iv", "v", "vi"]
    pages = [page(n, [(f"Annual report {roman[n - 1]}", TOP), *body(n)]) for n in range(1, 7)]
    assert all(rule == "running_line" for ((_, rule),) in dropped(pages))


def test_a_number_of_the_body_that_ends_pages_is_no_page_number(page: MakePage) -> None:
    pages = [
        page(n, [*body(n), (str(number), 500.0)])
        for n, number in enumerate([2023, 7, 2021, 40, 12], 1)
    ]
    assert not any(dropped(pages))


@pytest.mark.parametrize(
    "line",
    ["□适用 √不适用", "单位：元 币种：人民币", "(In millions, except per share data)", "其他说明：",
     "Total 1,234.5", "项目 期末余额 期初余额"],
)  # fmt: skip
def test_what_often_opens_a_page_below_the_head_stays(page: MakePage, line: str) -> None:
    """One page in four begins with it, below the running head, where other text begins too."""
    opening = {n: [(line, 80.0)] if n % 4 == 0 else body(n)[:1] for n in range(1, 41)}
    pages = [page(n, [("Example report", TOP), *opening[n], *body(n)[1:]]) for n in range(1, 41)]
    assert all(found == [("Example report", "running_line")] for found in dropped(pages))


def test_a_head_below_the_line_that_names_the_unit(page: MakePage) -> None:
    """The unit stays for the tables of its page; what stands below it is looked at all the same."""
    unit = "(Amounts expressed in thousands of dollars)"
    notes = [(unit, TOP), ("3. Leases (continued)", 45.0)]
    pages = [page(n, [*(notes if 5 <= n < 16 else []), *body(n)]) for n in range(1, 21)]
    expected = [("3. Leases (continued)", "running_line")]
    assert dropped(pages) == [expected if 5 <= n < 16 else [] for n in range(1, 21)]


def test_a_table_below_the_line_that_names_the_unit_keeps_its_header(page: MakePage) -> None:
    opening = [("单位：元", TOP), ("Item 2023 2022", 45.0)]
    pages = [
        page(n, [*opening, *body(n)] if n > 4 else body(n), tables=[1] if n > 4 else [])
        for n in range(1, 21)
    ]
    assert not any(dropped(pages))


def test_a_stamp_stays_where_few_pages_have_it(page: MakePage) -> None:
    pages = [page(n, [*body(n), *([("Audited", 400.0)] if n < 4 else [])]) for n in range(1, 12)]
    assert not any(dropped(pages))


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
