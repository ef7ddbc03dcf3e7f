"""Revenue by segment: break-downs that come out, that cannot be right, and that leave it open."""

from collections.abc import Callable

import pytest

from sft_assets.facts.build import FactsResult, ReportReading
from sft_assets.facts.segments import add_up_segments

Read = Callable[..., FactsResult]
Judge = Callable[..., ReportReading]
Row = list[str | None]

HEADS: list[Row] = [
    ["", "2020年", None, "2019年", None, "同比增减"],
    [None, "金额", "占营业收入比重", "金额", "占营业收入比重", None],
]
TOTAL: Row = ["营业收入合计", "5,000.00", "100%", "4,000.00", "100%", "25.00%"]


def part(name: str, now: str, before: str) -> Row:
    return [name, now, "1%", before, "1%", "1%"]


INDUSTRIES = [
    ["分行业"],
    part("甲行业", "3,000.00", "2,500.00"),
    part("乙行业", "2,100.00", "1,600.00"),
    part("内部抵销", "-100.00", "-100.00"),
]
REGIONS = [["分地区"], part("国内", "4,999.00", "3,000.00"), part("国外", "1.00", "1,000.00")]


def pages(*blocks: list[Row], total: Row = TOTAL) -> list[list[object]]:
    rows = [*HEADS, total, *(row for block in blocks for row in block)]
    return [["（1）营业收入构成", "单位：元", rows]]


def of_total(found: FactsResult) -> list[tuple[str, str, list[str]]]:
    return [(r["value_printed"], r["period"], r["proofs"]) for r in found.facts.to_dicts()]


def set_aside(found: FactsResult) -> list[tuple[str, str, str]]:
    return sorted(
        (r["label"], r["value_printed"], r["reason"]) for r in found.quarantine.to_dicts()
    )


def test_break_downs_that_come_out_prove_the_total(read: Read) -> None:
    found = read(pages(INDUSTRIES, REGIONS))
    proofs = ["change_recomputed", "segments_sum_to_total"]
    assert of_total(found) == [("5,000.00", "2020", proofs), ("4,000.00", "2019", proofs)]
    assert set(found.facts["statement"]) == {"management_discussion"}
    assert set_aside(found) == []


def test_what_is_taken_off_may_be_printed_without_its_sign(read: Read) -> None:
    less = [*INDUSTRIES[:-1], part("减：内部抵销", "100.00", "100.00")]
    assert all("segments_sum_to_total" in proofs for *_, proofs in of_total(read(pages(less))))


def test_a_sum_that_fails_in_one_year_alone_is_set_aside(read: Read) -> None:
    broken = [INDUSTRIES[0], part("甲行业", "3,300.00", "2,500.00"), *INDUSTRIES[2:]]
    found = read(pages(broken, total=["营业收入合计", "5,000.00", "100%", "4,000.00", "100%", ""]))
    assert set_aside(found) == [
        ("乙行业", "2,100.00", "breaks_segments_sum"),
        ("内部抵销", "-100.00", "breaks_segments_sum"),
        ("甲行业", "3,300.00", "breaks_segments_sum"),
        ("营业收入合计", "5,000.00", "breaks_segments_sum"),
    ]
    assert of_total(found) == [("4,000.00", "2019", ["segments_sum_to_total"])]
    assert found.cells_quarantined == {"breaks_segments_sum": 4}


def test_a_total_that_something_else_proves_stays(read: Read) -> None:
    broken = [INDUSTRIES[0], part("甲行业", "3,300.00", "2,500.00"), *INDUSTRIES[2:]]
    found = read(pages(broken, REGIONS))
    assert [label for label, *_ in set_aside(found)] == ["乙行业", "内部抵销", "甲行业"]
    assert len(of_total(found)) == 2


@pytest.mark.parametrize(
    "block",
    [
        [["分行业"], part("甲行业", "3,000.00", "2,500.00")],  # only the largest
        [["分行业"], part("甲行业", "5,000.00", "4,000.00")],  # one part proves nothing
        [["分行业"], part("甲行业", "5,000.00", "4,000.00"), part("其中：丙", "1.00", "1.00")],
    ],
)
def test_break_downs_that_leave_it_open(read: Read, block: list[Row]) -> None:
    found = read(pages(block))
    assert set_aside(found) == []
    assert [proofs for *_, proofs in of_total(found)] == [["change_recomputed"]] * 2


@pytest.mark.parametrize(
    "page",
    [
        ["单位：元", [*HEADS, TOTAL]],  # no break-down
        ["单位：元", [*HEADS, *INDUSTRIES]],  # no total
        [[*HEADS, TOTAL, *INDUSTRIES]],  # no unit
    ],
)
def test_tables_that_are_no_break_down_of_revenue(read: Read, page: list[object]) -> None:
    found = read([page])
    assert found.facts.height == 0


def test_a_table_over_two_pages(judge: Judge) -> None:
    first = ["单位：元", [*HEADS, TOTAL, *INDUSTRIES]]
    second = [[[None, None, None, "示例股份有限公司2020年年度报告全文"], *REGIONS]]
    read = judge([first, second])
    sums = add_up_segments(read.chosen)
    assert [(s.by, s.total.column[0], s.difference) for s in sums] == [
        ("分行业", "2019 2019", 0),
        ("分行业", "2020 2020", 0),
        ("分地区", "2019 2019", 0),
        ("分地区", "2020 2020", 0),
    ]
