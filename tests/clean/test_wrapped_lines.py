"""Joining the lines of a paragraph."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.clean.page_lines import PageLine
from sft_assets.clean.wrapped_lines import common_margins, find_wraps
from sft_assets.lineage.text_edits import apply_edits

LEFT, RIGHT = 50.0, 450.0


def lines_of(
    *drawn: tuple[str, float, float], size: float = 10.0, tables: Sequence[int] = ()
) -> list[PageLine]:
    """Lines with a left and a right edge, 16 points apart."""
    made, start = [], 0
    for number, (text, x0, x1) in enumerate(drawn):
        box = (x0, 100 + 16.0 * number, x1, 110 + 16.0 * number)
        made.append(PageLine(text, start, start + len(text), box, size, number in tables))
        start += len(text) + 1
    return made


def joined(lines: Sequence[PageLine]) -> list[str]:
    text = "\n".join(line.text for line in lines)
    return apply_edits(text, find_wraps(lines)).split("\n")


ZH = "本集团报告期内主营业务没有发生重大变化且各项业务有序开展"
EN = "The group sells its goods in many markets and expects demand to"


def test_chinese_paragraph() -> None:
    lines = lines_of(
        (ZH, LEFT + 20, RIGHT), (ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT), ("结束。", LEFT, 90)
    )
    assert joined(lines) == [ZH * 3 + "结束。"]


def test_english_paragraph() -> None:
    lines = lines_of((EN, LEFT, 440), (EN, LEFT, 449), (EN, LEFT, 445), ("rise.", LEFT, 80))
    assert joined(lines) == [f"{EN} {EN} {EN} rise."]


def test_a_hyphen_at_the_end_is_kept_and_joined_without_a_space() -> None:
    first = "The company offers a number of services that are cloud-"
    lines = lines_of((first, LEFT, 450), (EN, LEFT, 449), (EN, LEFT, 450), ("based.", LEFT, 80))
    lines = [lines[1], lines[2], lines[0], lines[3]]
    drawn = [(line.text, LEFT, 450.0) for line in lines[:3]] + [("based now.", LEFT, 90.0)]
    assert joined(lines_of(*drawn)) == [f"{EN} {EN} {first}based now."]


@pytest.mark.parametrize(
    ("second", "x0"),
    [
        pytest.param("二、主营业务分析", LEFT, id="numbered-heading"),
        pytest.param("（一）概述", LEFT, id="bracketed-heading"),
        pytest.param("第三节 公司治理", LEFT, id="section"),
        pytest.param("1、收入", LEFT, id="list"),
        pytest.param("• item", LEFT, id="bullet"),
        pytest.param("Note 4 Leases", LEFT, id="note"),
        pytest.param("单位：元", LEFT, id="unit-line"),
        pytest.param("* 附属公司在其他地区注册", LEFT, id="footnote-with-a-star"),
        pytest.param("注：数据未经审计", LEFT, id="footnote"),
        pytest.param("† 其他说明", LEFT, id="footnote-with-a-dagger"),
        pytest.param("报告期内公司实现营业收入", LEFT + 20, id="indent-begins-a-paragraph"),
    ],
)
def test_what_begins_a_line_stays_apart(second: str, x0: float) -> None:
    lines = lines_of((ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT), (second, x0, x0 + 80))
    assert joined(lines)[-1] == second


@pytest.mark.parametrize("end", ["。", "！", "；", ":", "：", "。”", ".", "?"])
def test_what_ends_a_sentence_ends_the_line(end: str) -> None:
    lines = lines_of(
        (ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT), (ZH + end, LEFT, RIGHT), ("其他", LEFT, 70)
    )
    assert joined(lines)[-1] == "其他"


def test_short_lines_stay_apart() -> None:
    drawn = [
        (ZH, LEFT, RIGHT),
        (ZH, LEFT, RIGHT),
        (ZH, LEFT, RIGHT),
        (ZH[:20], LEFT, 250),
        (ZH, LEFT, RIGHT),
    ]
    assert len(joined(lines_of(*drawn))) == 2


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param("七、公司治理专项行动自查问题整改情况", id="numbered"),
        pytest.param("Critical accounting policies and estimates", id="latin"),
        pytest.param("是否改聘会计师事务所：□ 是 √ 否", id="ticks"),
    ],
)
def test_headings_of_one_length_make_no_margin(heading: str) -> None:
    """Three headings end at one place, but the text under them goes on to the margin."""
    drawn = []
    for _ in range(3):
        drawn += [
            (heading, LEFT, 230.0),
            (ZH, LEFT + 20, RIGHT),
            ("2023年公司保持增长。", LEFT, 200.0),
        ]
    assert joined(lines_of(*drawn)) == [heading, ZH + "2023年公司保持增长。"] * 3


def test_a_list_of_short_names_stays_apart() -> None:
    names = ["First Example Company LLC", "Second Example Company Limited", "Third Example LLC"]
    assert (
        joined(lines_of(*[(name, LEFT, LEFT + 5 * len(name)) for name in names * 3])) == names * 3
    )


def test_rows_of_columns_stay_apart() -> None:
    rows = [replace(line, widest_gap=60.0) for line in lines_of(*[(EN, LEFT, RIGHT)] * 5)]
    assert joined(rows) == [EN] * 5


def test_a_number_with_decimals_begins_no_list() -> None:
    lines = lines_of(
        (ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT), ("745.28亿元。", LEFT, 120)
    )
    assert joined(lines) == [ZH * 3 + "745.28亿元。"]


def test_a_word_in_brackets_begins_no_list() -> None:
    rest = ("(TCJA). It ends.", LEFT, 130.0)
    assert len(joined(lines_of((EN, LEFT, 440), (EN, LEFT, 449), (EN, LEFT, 445), rest))) == 1


def test_lines_under_a_bullet_hang() -> None:
    point = f"• {EN}"
    lines = lines_of(*[(point, LEFT, 450), (EN, LEFT + 14, 449), ("rise.", LEFT + 14, 90)] * 3)
    assert joined(lines) == [f"{point} {EN} rise."] * 3


def test_a_page_with_little_text_takes_the_margin_of_the_report() -> None:
    lines = lines_of((ZH, LEFT, RIGHT), ("结束。", LEFT, 90))
    text = "\n".join(line.text for line in lines)
    assert find_wraps(lines) == []
    common = common_margins([lines_of(*[(ZH, LEFT, RIGHT)] * 5)] * 3)
    assert apply_edits(text, find_wraps(lines, common)) == ZH + "结束。"


def test_other_sizes_stay_apart() -> None:
    lines = lines_of((ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT), (ZH, LEFT, RIGHT))
    heading = PageLine(
        ZH, lines[-1].end + 1, lines[-1].end + 1 + len(ZH), (LEFT, 150, RIGHT, 164), 14.0
    )
    assert joined([*lines, heading])[-1] == ZH


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ZH, EN, "短", "1、项", "Total 1,234", EN + "-", ZH + "。"]),
            st.sampled_from([LEFT, LEFT + 20]),
            st.sampled_from([120.0, 430.0, RIGHT]),
        ),
        max_size=12,
    ),
    st.sets(st.integers(0, 11)),
)
def test_only_line_feeds_change_and_none_in_a_table(
    drawn: list[tuple[str, float, float]], tables: set[int]
) -> None:
    lines = lines_of(*drawn, tables=sorted(tables))
    text = "\n".join(line.text for line in lines)
    edits = find_wraps(lines)
    for edit in edits:
        assert text[edit.start : edit.end] == "\n"
        assert edit.replacement in ("", " ")
        beside = [line for line in lines if edit.start in (line.end, line.start - 1)]
        assert not any(line.in_table for line in beside)
    assert "".join(apply_edits(text, edits).split()) == "".join(text.split())
