"""Tables of contents, and what only looks like one."""

from collections.abc import Callable, Sequence

import pytest

from sft_assets.clean.contents_lines import find_contents
from sft_assets.clean.page_edits import find_edits
from sft_assets.clean.page_lines import PageText
from sft_assets.lineage.text_edits import apply_edits

MakePage = Callable[..., PageText]
DOTS = "." * 30
CHINESE = [f"第{n}节 公司治理{DOTS}{p}" for n, p in zip("一二三四五六七", [4, 6, 9, 9, 20, 31, 40], strict=True)]  # fmt: skip
ENGLISH = ["PART I", "Item 1. Business 3", "Item 1A. Risk Factors 9", "Item 2. Properties 21", "PART II",
           "Item 7. Discussion of a title that goes on", "in a second line 30", "Item 8. Statements 44"]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["目 录", *CHINESE], id="chinese"),
        pytest.param(CHINESE, id="dots-without-a-title"),
        pytest.param(["TABLE OF CONTENTS", *ENGLISH], id="english"),
        pytest.param(["INDEX", *ENGLISH], id="index"),
        pytest.param(["目錄", "公司資料 2", "主席報告 4", "董事會報告 9", "獨立核數師報告 30"], id="traditional"),
    ],
)  # fmt: skip
def test_contents(page: MakePage, lines: Sequence[str]) -> None:
    assert [line.text for line in find_contents(page(2, lines))] == list(lines)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([f"Net sales {DOTS} {n},234 {n},100" for n in range(1, 9)], id="amounts-with-dots"),
        pytest.param([f"Number of {word} {DOTS} {n}" for word, n in zip("abcdefgh", [9, 3, 8, 1, 7, 2, 6, 1], strict=True)], id="counts-with-dots"),
        pytest.param(ENGLISH, id="numbers-without-title-and-dots"),
        pytest.param(["Contents", "The report has three parts.", "They follow each other."], id="prose"),
        pytest.param(["Table of Contents", "Sales rose by 4 % in 2023", "to 31", "The board met 9 times."], id="running-head"),
        pytest.param(["Table of Contents", "NOTE 7. Details", *[f"Item {word} {n}2 {n}0" for n, word in enumerate("abcdef", 1)]], id="two-columns-under-a-running-head"),
        pytest.param(["Table of Contents", *[f"Item {word} $ {n}2" for n, word in enumerate("abcdef", 1)]], id="money-under-a-running-head"),
        pytest.param(["Index", *[f"Staff {word} {n}" for n, word in zip([9, 3, 30, 7, 2, 1], "abcdef", strict=True)]], id="numbers-that-go-up-and-down"),
        pytest.param([], id="blank"),
    ],
)  # fmt: skip
def test_no_contents(page: MakePage, lines: Sequence[str]) -> None:
    assert find_contents(page(2, lines)) == []


def test_a_heading_above_the_entries_stays(page: MakePage) -> None:
    lines = ["Table of Contents", "Item 8. Statements and data", "Page", *ENGLISH[1:]]
    assert "Item 8. Statements and data" not in [li.text for li in find_contents(page(2, lines))]


def test_they_leave_the_text_under_a_rule_of_their_own(page: MakePage) -> None:
    made = page(2, ["Example report.", "目录", *CHINESE, "释义说明如下。"])
    edits = find_edits([made])[2]
    assert apply_edits(made.text, edits) == "Example report.\n释义说明如下。"
    assert {edit.rule for edit in edits} == {"table_of_contents"}
