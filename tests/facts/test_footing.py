"""Sums of a statement: which rows prove each other, and which number breaks a sum."""

from collections.abc import Callable

import polars as pl
import pytest

from sft_assets.facts.build import FactsResult

Read = Callable[..., FactsResult]

HEAD = ["项目", "2020年12月31日", "2019年12月31日"]
ASSETS = [
    ["流动资产：", "", ""],
    ["货币资金", "1,000,000.10", "900,000.00"],
    ["应收账款", "2,000,000.20", "800,000.00"],
    ["其他应收款", "300,000.30", "70,000.00"],
    ["其中：应收利息", "100,000.00", "10,000.00"],
    ["示例专用资产", "40,000.05", "6,000.00"],  # a row that no dictionary knows
    ["流动资产合计", "3,340,000.65", "1,776,000.00"],
    ["固定资产", "5,000,000.00", "4,000,000.00"],
    ["非流动资产合计", "5,000,000.00", "4,000,000.00"],
    ["资产总计", "8,340,000.65", "5,776,000.00"],
    ["短期借款", "340,000.65", "776,000.00"],
    ["流动负债合计", "340,000.65", "776,000.00"],
    ["负债合计", "340,000.65", "776,000.00"],
]


def statement(rows: list[list[str]]) -> list[list[object]]:
    return [["合并资产负债表", "单位：元", [HEAD, *rows]]]


def with_cell(label: str, column: int, text: str) -> list[list[str]]:
    return [
        [text if row[0] == label and i == column else cell for i, cell in enumerate(row)]
        for row in ASSETS
    ]


def proofs_of(found: FactsResult, label: str) -> list[list[str]]:
    return found.facts.filter(pl.col("label") == label)["proofs"].to_list()


def test_a_sum_that_comes_out_proves_its_parts(read: Read) -> None:
    found = read(statement(ASSETS))
    for label in ("货币资金", "应收账款", "其他应收款", "流动资产合计"):
        assert [("sum_of_parts" in proofs) for proofs in proofs_of(found, label)] == [True, True]
    assert found.quarantine.height == 0


def test_a_detail_is_not_proved_by_the_sum_that_leaves_it_out(read: Read) -> None:
    assert proofs_of(read(statement(ASSETS)), "其中：应收利息") == [[], []]


@pytest.mark.parametrize("power", [3, 4, 6, 8])
def test_a_number_of_another_scale_is_set_aside_alone(read: Read, power: int) -> None:
    exact = f"{2_000_000 * 10**power + 20 * 10 ** (power - 2):,}"
    found = read(statement(with_cell("应收账款", 1, exact)))
    assert found.quarantine.select("label", "reason").rows() == [
        ("应收账款", "breaks_sum_of_parts")
    ]


def test_another_mistake_takes_the_proof_away_but_accuses_nobody(read: Read) -> None:
    found = read(statement(with_cell("应收账款", 1, "2,000,010.20")))
    assert found.quarantine.height == 0
    assert proofs_of(found, "货币资金") == [[], ["sum_of_parts"]]


def test_chance_sums_of_small_numbers_prove_nothing(read: Read) -> None:
    rows = [["货币资金", "1", ""], ["应收账款", "2", ""], ["流动资产合计", "3", ""]]
    rows += [["固定资产", "7", ""], ["在建工程", "8", ""], ["资产总计", "99", ""]]
    found = read(statement(rows))
    assert found.facts.height == 6
    assert proofs_of(found, "货币资金") == [[]]
