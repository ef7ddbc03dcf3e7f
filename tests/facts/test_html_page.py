"""The page for the eye: every reading with its box, every sum with its difference, no script."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from sft_assets.facts.build import ReportReading
from sft_assets.facts.html_page import build_page, pages_shown
from sft_assets.facts.pictures import PNG, Picture, draw_pages

Judge = Callable[..., ReportReading]

ROWS = [
    ["项目", "2020年12月31日", "2019年12月31日"],
    ["货币资金", "1,000,000.10", "900,000.00"],
    ["<b>专用</b>资产", "40,000.05", "6,000.00"],
    ["流动资产合计", "1,040,000.15", "906,000.00"],
    ["固定资产", "99,000,000.00", "5.00"],
    ["资产总计", "7.00", "8.00"],
    ["负债合计", "1.00", "1.00"],
]


@pytest.fixture
def page(judge: Judge) -> str:
    read = judge([["合并资产负债表", "单位：元", ROWS]])
    assert pages_shown(read) == {1}
    return build_page("示例 <2020>", read, {1: Picture(600.0, 800.0, PNG)})


def test_each_number_links_to_its_box(page: str) -> None:
    links = re.findall(r'href="#(b\d+)"', page)
    assert len(links) == len(set(links)) == 10
    assert all(f'id="{link}"' in page for link in links)


INCOME = [
    ["", "2020年", "2019年"],
    ["基本每股收益（元／股）", "1.25", "1.10"],
    ["营业收入", "5,000", "4,000"],
    ["营业成本", "3,000", "2,500"],
    ["净利润", "2,000", "1,500"],
]


def test_a_column_is_headed_by_the_unit_of_most_and_others_show_their_own(judge: Judge) -> None:
    read = judge([["合并利润表", "单位：千元 币种：人民币", INCOME]])
    page = build_page("示例", read, {1: Picture(600.0, 800.0, PNG)})
    assert re.findall(r"<th>([^<]*20[^<]*)</th>", page) == ["2020 k CNY", "2019 k CNY"]
    cells = re.findall(r'class="n (?:proved|accepted)"[^>]*><a[^>]*>(.*?)</a>', page)
    assert cells[:2] == [f"{eps} <small>CNY a share</small>" for eps in ("1.25", "1.10")]
    assert cells[2:] == ["5,000", "4,000", "3,000", "2,500", "2,000", "1,500"]


def test_what_is_set_aside_is_red_and_named(page: str) -> None:
    assert 'class="n quarantined"' in page
    assert "implausible_change" in page
    assert "99,000,000.00 (implausible_change)" in page


def test_unknown_rows_are_shown_and_escaped(page: str) -> None:
    assert "&lt;b&gt;专用&lt;/b&gt;资产" in page
    assert "<b>" not in page
    assert "示例 &lt;2020&gt;" in page


def test_sums_are_listed_with_their_differences(page: str) -> None:
    assert "sum of parts" in page
    assert "difference 0.00" in page


def test_it_needs_nothing_from_elsewhere(page: str) -> None:
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)


def test_pages_are_drawn_in_a_child(tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    canvas = Canvas(str(pdf), pagesize=(300, 400))
    canvas.drawString(50, 200, "Total assets 1,000")
    canvas.showPage()
    canvas.save()
    found = draw_pages(pdf, [1, 7])
    assert list(found) == [1]
    assert (found[1].width, found[1].height) == (300.0, 400.0)
    assert found[1].png.startswith(PNG)
