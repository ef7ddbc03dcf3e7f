"""What a new report may not change, and copies of held-out rows that must not slip in."""

import random
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import pytest

from sft_assets.schemas.facts import FACTS
from sft_assets.schemas.pairs import GENERAL_PAIRS, PAIRS
from sft_assets.schemas.reports import RAW_REPORTS
from sft_assets.splits.copies import number_runs, overlaps, phrase_runs
from sft_assets.splits.settings import SplitSettings
from sft_assets.splits.steps import split_pairs

NO_GENERAL = pl.DataFrame(schema=GENERAL_PAIRS)
ITEMS = ("营业收入", "净利润", "资产总计", "负债合计", "研发费用", "存货", "应收账款", "销售费用")


def pair(
    number: int, company: str, name: str, draw: random.Random, year: int = 2023
) -> dict[str, Any]:
    item = ITEMS[number % len(ITEMS)]
    values = [f"{draw.randint(10**7, 10**10):,}.{draw.randint(10, 99)}" for _ in range(4)]
    return {
        "pair_id": f"{number:032x}", "report_key": f"{company}_{year}_annual",
        "company_ids": [company], "kind": "lookup", "language": "zh",
        "question": f"请根据{name}{year}年年度报告，说明{year}年{item}。",
        "context": f"{name}{year}年年度报告\n[第5页]\n单位：元\n"
        f"{item}：{year}年 {values[0]}；{year - 1}年 {values[1]}\n"
        f"其他项目合计：{year}年 {values[2]}；{year - 1}年 {values[3]}",
        "answer": f"{year}年{item}为{values[0]}元（第5页）。", "reasoning": None, "program": "f1",
        "result": values[0], "fact_ids": [f"{number:032d}"], "evidence_ids": [], "pages": [5],
        "parent_id": None, "augmentation": None, "template_id": "t", "is_target": True,
        "review_status": "unreviewed",
    }  # fmt: skip


def report(company: str, name: str, year: int = 2023) -> dict[str, Any]:
    return {
        "report_key": f"{company}_{year}_annual", "version_no": 1, "is_current": True,
        "doc_id": "0" * 64, "supersedes": None, "company": name, "company_id": company,
        "code": company, "exchange": "SSE", "fiscal_year": year,
        "period_end": date(year, 12, 31), "kind": "annual", "language": "zh",
        "is_revision": False, "title": "t", "page_count": 9, "size_bytes": 1, "aliases": [],
    }  # fmt: skip


def corpus(companies: int, rows_each: int = 4, years: tuple[int, ...] = (2023,)) -> Any:
    draw = random.Random(5)
    reports, rows = [], []
    for at in range(companies):
        company, name = (
            f"9{at:05d}",
            f"{chr(0x4E00 + 37 * at)}{chr(0x5200 + 11 * at)}制造股份有限公司",
        )
        for year in years:
            reports.append(report(company, name, year))
            for _ in range(rows_each):
                rows.append(pair(len(rows) + 1, company, name, draw, year))
    return reports, rows


def splits_of(reports: Any, rows: Any, **settings: Any) -> dict[str, str]:
    result = run(reports, rows, **settings)
    return dict(result.tables["dataset_splits"].select("pair_id", "split").iter_rows())


def run(reports: Any, rows: Any, general: pl.DataFrame = NO_GENERAL, **settings: Any) -> Any:
    return split_pairs(
        pl.DataFrame(rows, schema=PAIRS),
        general,
        SplitSettings(**settings),
        pl.DataFrame(reports, schema=RAW_REPORTS),
        pl.DataFrame(schema=FACTS),
    )


def test_a_new_company_moves_no_old_row() -> None:
    reports, rows = corpus(24)
    before: dict[str, str] = {}
    for count in range(4, 25):
        own = {r["report_key"] for r in reports[:count]}
        now = splits_of(
            reports[:count],
            [r for r in rows if r["report_key"] in own],
        )
        assert {k: v for k, v in now.items() if k in before} == before
        before = now
    assert set(before.values()) == {"train", "validation", "test"}
    shuffled = list(reversed(rows))
    assert splits_of(reports[::-1], shuffled) == before


def test_two_listings_of_one_issuer_share_a_split() -> None:
    reports, rows = corpus(24)
    before = splits_of(reports, rows)
    held = next(r for r in rows if before[r["pair_id"]] == "test")
    name = next(r["company"] for r in reports if r["report_key"] == held["report_key"])
    draw = random.Random(9)
    twin = pair(999, "00168", name, draw)
    english = pair(998, "harbor", "Harbor Light Inc.", draw)
    after = splits_of(
        [*reports, report("00168", name), report("harbor", "Harbor Light Inc.")],
        [*rows, twin, english],
        same_company=[(held["company_ids"][0], "harbor")],
    )
    assert after[twin["pair_id"]] == "test"
    assert after[english["pair_id"]] == "test"
    assert {k: v for k, v in after.items() if k in before} == before


def test_a_new_name_moves_no_old_row() -> None:
    reports, rows = corpus(24)
    before = splits_of(reports, rows)
    newer = [
        report(f"9{at:05d}", f"{chr(0x6000 + 41 * at)}{chr(0x5400 + 7 * at)}科技股份有限公司", 2024)
        for at in range(24)
    ]
    assert splits_of([*newer, *reports], rows) == before
    draw = random.Random(11)
    twins = [pair(900 + at, f"0{at:05d}", newer[at]["company"], draw, 2024) for at in range(24)]
    listed = [report(f"0{at:05d}", newer[at]["company"], 2024) for at in range(24)]
    after = splits_of([*newer, *listed, *reports], [*rows, *twins])
    assert {k: v for k, v in after.items() if k in before} == before
    split_of = {row["company_ids"][0]: before[row["pair_id"]] for row in rows}
    joined = [after.get(twin["pair_id"]) for twin in twins]
    assert joined == [split_of[f"9{at:05d}"] for at in range(24)]


def test_by_time_leaves_an_embargo() -> None:
    reports, rows = corpus(5, 2, years=(2019, 2020, 2021, 2022, 2023))
    result = run(reports, rows, by="time", test_from_year=2023, embargo_years=1)
    table = result.tables["dataset_splits"].join(
        pl.DataFrame(rows, schema=PAIRS).select("pair_id", "report_key"), on="pair_id"
    )
    found = {(s, int(k[-11:-7])) for s, k in table.select("split", "report_key").iter_rows()}
    assert found == {("train", 2019), ("train", 2020), ("validation", 2021), ("test", 2023)}
    assert result.ledger.dropped == {"embargo": 10}


def test_time_needs_its_first_test_year() -> None:
    with pytest.raises(ValueError, match="test_from_year is not set"):
        SplitSettings(by="time")


def test_folds_divide_companies_outside_the_test_split() -> None:
    reports, rows = corpus(24)
    table = run(reports, rows, folds=4).tables["dataset_splits"]
    by_group = table.group_by("group").agg(pl.col("fold").n_unique(), pl.col("split").first())
    assert set(by_group["fold"]) == {1}
    assert (
        table.filter(pl.col("split") == "test")["fold"].null_count()
        == table.filter(pl.col("split") == "test").height
    )
    assert set(table.filter(pl.col("split") != "test")["fold"]) == {0, 1, 2, 3}
    assert run(reports, rows).tables["dataset_splits"]["fold"].null_count() == table.height


def renumber(text: str, draw: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return re.sub(r"\d", lambda _: str(draw.randint(1, 9)), match[0])

    return re.sub(r"\d[\d,]*\.\d\d", other, text)


def reword(text: str, _: random.Random) -> str:
    return (
        text.replace("请根据", "劳驾翻翻")
        .replace("年年度报告，说明", "年年报并告诉我")
        .replace("。", "究竟有几何？")
    )


def verbatim(text: str, _: random.Random) -> str:
    return text


@pytest.mark.parametrize(
    ("change", "in_context", "least"),
    [
        pytest.param(verbatim, True, 1.0, id="verbatim"),
        pytest.param(renumber, True, 0.95, id="renumbered"),
        pytest.param(reword, False, 0.8, id="paraphrased"),
    ],
)
def test_planted_copies_of_test_rows_are_found(
    change: Callable[[str, random.Random], str], in_context: bool, least: float
) -> None:
    reports, rows = corpus(24, 10)
    before = splits_of(reports, rows)
    test = [r for r in rows if before[r["pair_id"]] == "test"]
    trained = next(r["company_ids"] for r in rows if before[r["pair_id"]] == "train")
    draw = random.Random(2)
    copies = [
        row
        | {
            "pair_id": f"f{at:031x}",
            "company_ids": trained,
            "fact_ids": [f"f{at:031d}"],
            "question": change(row["question"], draw),
            "context": change(row["context"], draw) if in_context else row["context"],
        }
        for at, row in enumerate(test)
    ]
    after = splits_of(reports, [*rows, *copies])
    assert len(copies) >= 20
    missed = [c for c in copies if c["pair_id"] in after]
    assert len(missed) <= (1 - least) * len(copies)
    assert {k: v for k, v in after.items() if k in before} == before  # and nothing else went


def test_general_data_is_screened_against_held_out_rows() -> None:
    reports, rows = corpus(24, 10)
    before = splits_of(reports, rows)
    test = next(r for r in rows if before[r["pair_id"]] == "test")
    general = pl.DataFrame(
        [
            {"pair_id": "a" * 32, "language": "zh", "question": test["question"],
             "answer": test["context"], "source": "s", "licence": "CC0-1.0"},
            {"pair_id": "b" * 32, "language": "zh", "question": "写一首诗。",
             "answer": "春眠不觉晓。", "source": "s", "licence": "CC0-1.0"},
        ],
        schema=GENERAL_PAIRS,
    )  # fmt: skip
    result = run(reports, rows, general)
    assert result.ledger.dropped["general_resembles_held_out"] == 1
    chosen = result.tables["dataset_splits"].filter(pl.col("origin") == "general")
    assert chosen["pair_id"].to_list() == ["b" * 32]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入 12,345,678.90 元增加", {"12,345,678.90"}),
        ("2021年2022年2023年2024年2025年", set()),
        ("第11页、第12页、第13页、第14页", set()),
        ("123456", set()),
        ("", set()),
    ],
)
def test_number_runs(text: str, expected: set[str]) -> None:
    assert number_runs(text) == expected


def test_phrases_of_several_companies_are_boilerplate() -> None:
    sentence = "公司严格按照有关法律法规的要求规范运作。"
    rows = [
        {"pair_id": f"{n}", "company_ids": [f"c{n}"], "kind": "discussion", "question": "？",
         "context": sentence}
        for n in range(3)
    ]  # fmt: skip
    assert phrase_runs(sentence) == {"公司严格按照有关法律法规的"}
    assert overlaps(rows[1:2], rows[:1]) == {"1": "0"}
    assert overlaps(rows[1:], rows[:1]) == {}
