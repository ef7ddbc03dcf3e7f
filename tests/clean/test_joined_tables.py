"""Tables that go on on the next page, and tables that only look so."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.clean.joined_tables import JoinedPart, join_tables
from sft_assets.clean.page_lines import PageText
from sft_assets.clean.steps import joined_tables
from sft_assets.clean.table_parts import read_tables
from sft_assets.schemas.pages import CELLS, EXTRACTED_PAGES, JOINED_TABLES, LINES

MakePage = Callable[..., PageText]
Grid = Sequence[Sequence[str]]
DOC = "ab" * 32
HEAD = ["项目", "期末余额", "期初余额"]


def cells_of(
    page_no: int, table_no: int, grid: Grid, top: float, **known: Any
) -> list[dict[str, Any]]:
    """Cells of a drawn grid: columns of 100 points from ``left`` on, rows of 20 points."""
    left, method = known.get("left", 50.0), known.get("method", "ruled")
    return [
        {"doc_id": DOC, "page_no": page_no, "table_no": table_no, "row_no": i, "col_no": j,
         "text": text, "x0": left + 100 * j, "x1": left + 100 * (j + 1), "top": top + 20 * i,
         "bottom": top + 20 * (i + 1), "method": method, "confidence": None}
        for i, row in enumerate(grid) for j, text in enumerate(row)
    ]  # fmt: skip


@pytest.fixture
def join(page: MakePage) -> Callable[..., list[JoinedPart]]:
    """Join pages given as lists of lines and grids from top to bottom."""

    def joined(*drawn: Sequence[str | Grid], **known: Any) -> list[JoinedPart]:
        pages, cells = [], []
        for page_no, items in enumerate(drawn, start=1):
            top, table_no, lines = 60.0, 0, []
            for item in items:
                if isinstance(item, str):
                    lines.append((item, top))
                    top += 20
                else:
                    left = known.get("lefts", {}).get(page_no, 50.0)
                    method = known.get("method", "ruled")
                    cells += cells_of(page_no, table_no, item, top, left=left, method=method)
                    top += 20 * len(item) + 10
                    table_no += 1
            pages.append(page(page_no, lines))
        return join_tables(pages, read_tables(pl.DataFrame(cells, schema=CELLS)))

    return joined


Join = Callable[..., list[JoinedPart]]


@pytest.mark.parametrize("method", ["ruled", "aligned"])
def test_over_three_pages_without_a_repeated_header(join: Join, method: str) -> None:
    first = ["应收账款", "单位：元", [HEAD, ["甲", "1,000", "900"], ["乙", "2,000", "-"]]]
    parts = join(first, [[["丙", "30", "40"], ["丁", "5", "6"]]], [[["合计", "3,035", "946"], ["x", "1", "2"]], "下文"], method=method)  # fmt: skip
    assert [(p.joined_no, p.part_no, p.repeated_rows) for p in parts] == [(0, 0, 0), (0, 1, 0), (0, 2, 0)]  # fmt: skip
    assert {(p.header_page_no, p.header_rows, p.unit_line, p.unit_page_no) for p in parts} == {
        (1, 1, "单位：元", 1)
    }
    assert {p.caption for p in parts} == {"应收账款"}


def test_a_repeated_header_is_counted(join: Join) -> None:
    parts = join(
        ["存货", "单位：万元", [HEAD, ["甲", "1", "2"]]],
        ["存货（续）", "单位：万元", [HEAD, ["乙", "3", "4"]]],
        ["续表", [HEAD, ["丙", "5", "6"]]],
    )
    assert [(p.part_no, p.repeated_rows) for p in parts] == [(0, 0), (1, 1), (2, 1)]
    assert [p.unit_page_no for p in parts] == [1, 2, 2]


def test_the_unit_line_of_the_page_before(join: Join) -> None:
    (part,) = join(["正文在此。", "存货", "单位：千元"], [[HEAD, ["甲", "1", "2"]]])
    assert (part.unit_line, part.unit_page_no) == ("单位：千元", 1)
    assert (part.caption, part.caption_page_no) == ("存货", 1)


def test_odd_and_even_pages_have_other_margins(join: Join) -> None:
    parts = join([[HEAD, ["甲", "1", "2"]]], [[["乙", "3", "4"]]], lefts={2: 80.0})
    assert [p.part_no for p in parts] == [0, 1]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        pytest.param(["归属于上市公司股东的", "", ""], ["净利润", "1", "2"], id="label-ends-open"),
        pytest.param(["其他权益工具投资（含", "5", "6"], ["公允价值变动）", "", ""], id="open-bracket"),
        pytest.param(["Net cash from operations and", "", ""], ["investing", "1", "2"], id="english"),
    ],
)  # fmt: skip
def test_a_row_over_the_page_break(join: Join, upper: list[str], lower: list[str]) -> None:
    parts = join([[HEAD, ["甲", "1", "2"], upper]], [[lower, ["丁", "3", "4"]]])
    assert [p.continues_row for p in parts] == [False, True]


def test_texts_of_a_row_go_on_in_two_columns(join: Join) -> None:
    head = ["关联方", "关联关系", "期初", "本期", "期末"]
    upper = [head, ["甲", "母公司", "1", "2", "3"], ["某某（集团）", "母公司的控", "7", "8", "9"]]
    parts = join([upper], [[["物流公司", "股子公司", "", "", ""], ["丁", "其他", "3", "4", "5"]]])
    assert [p.continues_row for p in parts] == [False, True]


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        pytest.param(["商誉", "1", "2"], ["无形资产", "3", "4"], id="whole-rows"),
        pytest.param(["流动资产：", "", ""], ["货币资金", "3", "4"], id="heading"),
        pytest.param(["商誉", "", ""], ["长期待摊费用", "", ""], id="blank-rows"),
        pytest.param(["资产总计", "1", "2"], ["流动负债：", "", ""], id="heading-below"),
    ],
)
def test_whole_rows_at_the_page_break(join: Join, upper: list[str], lower: list[str]) -> None:
    parts = join([[HEAD, ["甲", "1", "2"], upper]], [[lower, ["丁", "3", "4"]]])
    assert [(p.part_no, p.continues_row) for p in parts] == [(0, False), (1, False)]


BODY = [["甲", "1", "2"], ["乙", "3", "4"]]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param([[HEAD, *BODY]], [[["项目", "本期发生额", "上期发生额"], *BODY]], id="other-heads"),
        pytest.param([[HEAD, *BODY]], [[["", "二零二五年", "二零二四年"], *BODY]], id="heads-without-a-label"),
        pytest.param([[HEAD, *BODY]], ["（2）账龄分析", [HEAD, *BODY]], id="caption-between"),
        pytest.param([[HEAD, *BODY], "说明文字。"], [BODY], id="text-below"),
        pytest.param([[HEAD, *BODY]], ["本期增加。", BODY], id="text-above"),
        pytest.param([[HEAD, *BODY]], [[row[:2] for row in BODY]], id="fewer-columns"),
        pytest.param([[HEAD, *BODY], [HEAD, *BODY]], [], id="one-page"),
        pytest.param([[HEAD, *BODY]], ["单位：万元", BODY], id="other-unit"),
    ],
)  # fmt: skip
def test_a_new_table(join: Join, first: Sequence[Any], second: Sequence[Any]) -> None:
    parts = join(first, second)
    assert [p.part_no for p in parts] == [0, 0]
    assert [p.joined_no for p in parts] == [0, 1]


def test_a_numbered_heading_taken_for_a_row_begins_a_new_table(join: Join) -> None:
    parts = join([[HEAD, *BODY]], [[["15. 应付账款", "", ""], *BODY]], method="aligned")
    assert [p.part_no for p in parts] == [0, 0]


def test_a_page_between_parts_a_table(join: Join) -> None:
    assert [p.part_no for p in join([[HEAD, *BODY]], [], [BODY])] == [0, 0]


def test_running_heads_do_not_part_a_table(page: MakePage) -> None:
    pages = [page(n, [("Example report", 20.0), (str(n), 770.0)], label=str(n)) for n in (1, 2, 3)]
    cells = cells_of(1, 0, [HEAD, *BODY], 60.0) + cells_of(2, 0, BODY, 60.0)
    page_rows = [
        {**dict.fromkeys(EXTRACTED_PAGES), "doc_id": DOC, "page_no": p.page_no, "text": p.text,
         "height": p.height, "page_label": p.label}
        for p in pages
    ]  # fmt: skip
    line_rows = [
        {**dict.fromkeys(LINES), "doc_id": DOC, "page_no": p.page_no, "line_no": i,
         "start": line.start, "end": line.end, "text": line.text, "x0": line.box[0],
         "top": line.box[1], "x1": line.box[2], "bottom": line.box[3], "font_size": line.size}
        for p in pages for i, line in enumerate(p.lines)
    ]  # fmt: skip
    table = joined_tables(
        pl.DataFrame(page_rows, schema=EXTRACTED_PAGES),
        pl.DataFrame(line_rows, schema=LINES),
        pl.DataFrame(cells, schema=CELLS),
    )
    assert table.schema == JOINED_TABLES
    assert table["part_no"].to_list() == [0, 1]


grids = st.lists(
    st.lists(st.sampled_from(["", "甲", "1,234", "项目", "期末余额", "5"]), min_size=2, max_size=3),
    min_size=1, max_size=4,
)  # fmt: skip


@given(
    st.lists(
        st.lists(st.one_of(grids, st.sampled_from(["单位：元", "正文"])), max_size=3), max_size=4
    )
)
def test_every_table_is_one_part_and_parts_follow_each_other(
    page: MakePage, drawn: list[list[Any]]
) -> None:
    pages, cells, count = [], [], 0
    for page_no, items in enumerate(drawn, start=1):
        lines = [(item, 60.0 + 150 * i) for i, item in enumerate(items) if isinstance(item, str)]
        pages.append(page(page_no, lines))
        for i, item in enumerate(items):
            if not isinstance(item, str):
                cells += cells_of(page_no, i, item, 60.0 + 150 * i)
                count += 1
    parts = join_tables(pages, read_tables(pl.DataFrame(cells, schema=CELLS)))
    assert len(parts) == count == len({(p.page_no, p.table_no) for p in parts})
    for before, part in pairwise(parts):
        step = (part.joined_no - before.joined_no, part.part_no)
        assert step == (1, 0) or (step == (0, before.part_no + 1) and part.page_no == before.page_no + 1)  # fmt: skip
