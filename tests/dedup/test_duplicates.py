"""Near-duplicate pairs: which are found, which stay, and what never counts as the same."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sft_assets.dedup.duplicates import find_duplicates
from sft_assets.dedup.sameness import text_of
from sft_assets.dedup.steps import STEPS, DedupSettings
from sft_assets.near_duplicates import (
    band_keys,
    find_candidates,
    jaccard,
    shingles,
    sign,
    tokens,
)
from sft_assets.schemas.facts import FACTS
from sft_assets.schemas.pairs import PAIRS, SIGNATURES

ANSWER = (
    "根据青禾精密制造股份有限公司2023年年度报告（财年基准），2023年营业收入为1,234.50元（第5页）。"
)
QUESTION = "请根据青禾精密制造股份有限公司年度报告，说明2023年营业收入是多少，并注明所在的页码？"
MEANINGS = {"f" * 32: ("c1", "revenue"), "e" * 32: ("c1", "revenue"), "d" * 32: ("c1", "cost")}


def pair(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "pair_id": f"{number:032x}", "report_key": "c1_2023_annual", "company_ids": ["c1"],
        "kind": "lookup", "language": "zh", "question": QUESTION, "context": "…", "answer": ANSWER,
        "reasoning": None, "program": "f1", "result": "1,234.50", "fact_ids": ["f" * 32],
        "evidence_ids": ["a" * 32], "pages": [5], "parent_id": None, "augmentation": None,
        "template_id": "lookup.zh.formal", "is_target": True, "review_status": "unreviewed",
    }  # fmt: skip
    return row | changes


def drop(*rows: dict[str, Any], threshold: str = "0.8") -> dict[str, str]:
    found = find_duplicates(list(rows), MEANINGS, {}, threshold=Decimal(threshold))
    return {d.pair_id[-1]: d.twin_id[-1] for d in found}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({}, id="same-words"),
        pytest.param({"question": QUESTION.replace("说明", "列明")}, id="one-word-differs"),
        pytest.param({"answer": ANSWER.replace("。", "．")}, id="punctuation"),
        pytest.param({"fact_ids": ["e" * 32]}, id="same-figure-of-another-report"),
        pytest.param({"context": "另一段"}, id="another-context"),
    ],
)
def test_what_is_the_same(change: dict[str, Any]) -> None:
    assert drop(pair(1), pair(2, **change)) == {"2": "1"}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"question": QUESTION.replace("2023", "2022")}, id="year"),
        pytest.param({"result": "1,234.51"}, id="result"),
        pytest.param({"company_ids": ["c2"]}, id="company"),
        pytest.param({"fact_ids": ["d" * 32]}, id="metric"),
        pytest.param(
            {"augmentation": "typo", "parent_id": "1" * 32}, id="a-variant-made-to-differ"
        ),
        pytest.param({"kind": "which_page"}, id="kind"),
        pytest.param({"language": "en"}, id="language"),
        pytest.param({"template_id": "lookup.zh.formal.ebitda"}, id="asked-metric"),
        pytest.param({"question": "多少？", "answer": "营收1,234.50元。"}, id="other-words"),
    ],
)
def test_what_differs(change: dict[str, Any]) -> None:
    assert drop(pair(1), pair(2, **change)) == {}


REFUSAL = {
    "fact_ids": [], "program": None, "result": None, "kind": "unanswerable",
    "question": "青禾精密制造股份有限公司2023年末长期投资是多少？",
    "answer": "所给青禾精密制造股份有限公司2023年年度报告摘录未披露2023年末长期投资，无法回答。",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, {"2": "1"}, id="same"),
        pytest.param(
            {"question": "青禾精密制造股份有限公司母公司2023年末长期投资是多少？"}, {}, id="scope"
        ),
        pytest.param({"report_key": "c1_2022_annual"}, {}, id="report"),
    ],
)
def test_refusals_are_compared_by_their_question(
    change: dict[str, Any], expected: dict[str, str]
) -> None:
    assert drop(pair(1, **REFUSAL), pair(2, **(REFUSAL | change))) == expected


def test_the_reviewed_and_the_original_stay() -> None:
    rows = [pair(1), pair(2, review_status="accepted")]
    assert drop(*rows) == {"1": "2"}
    variants = [
        pair(1, augmentation="typo", parent_id="9" * 32, review_status="unreviewed"),
        pair(2, augmentation="typo", parent_id="8" * 32, review_status="corrected"),
    ]
    assert drop(*variants) == {"1": "2"}


def test_a_chain_keeps_what_resembles_nothing_kept() -> None:
    words = [chr(0x4E00 + i) for i in range(140)]
    questions = ["".join(words[at : at + 120]) for at in (0, 6, 12)]
    rows = [pair(n, question=q, answer="答") for n, q in enumerate(questions, 1)]
    first, middle, last = (shingles(text_of(row)) for row in rows)
    assert jaccard(first, middle) > Decimal("0.85") > jaccard(first, last)
    assert jaccard(middle, last) > Decimal("0.85")
    assert drop(*rows, threshold="0.85") == {"2": "1"}


def test_tokens_keep_numbers_whole() -> None:
    assert tokens("收入1,234.50万元 增12.5%") == ["收", "入", "1,234.50", "万", "元", "增", "12.5%"]
    assert shingles("") == frozenset({""})
    assert shingles("同一句话") & shingles("同一句话。")


def test_lsh_finds_what_it_promises() -> None:
    words = [chr(0x4E00 + i) for i in range(400)]
    found = 0
    for start in range(0, 200, 4):
        a = "".join(words[start : start + 60])
        b = "".join(words[start : start + 55] + words[300:305])
        assert jaccard(shingles(a), shingles(b)) >= Decimal("0.8")
        found += bool(find_candidates(band_keys(sign([a, b]).values)))
    assert found >= 45  # of 50


texts = st.lists(
    st.sampled_from([QUESTION, QUESTION.replace("说明", "列明"), "多少？", "营收？"]), max_size=8
)


@settings(max_examples=25, deadline=None)
@given(texts, st.randoms(use_true_random=False))
def test_order_does_not_matter_and_laws_hold(questions: list[str], random: Any) -> None:
    rows = [pair(n, question=q) for n, q in enumerate(questions, 1)]
    found = find_duplicates(rows, MEANINGS, {}, threshold=Decimal("0.8"))
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert find_duplicates(shuffled, MEANINGS, {}, threshold=Decimal("0.8")) == found
    dropped = {d.pair_id for d in found}
    by_id = {row["pair_id"]: row for row in rows}
    for duplicate in found:
        assert duplicate.twin_id not in dropped
        assert duplicate.jaccard >= Decimal("0.8")
        assert duplicate.jaccard == jaccard(
            shingles(text_of(by_id[duplicate.pair_id])), shingles(text_of(by_id[duplicate.twin_id]))
        )
    kept = [row for row in rows if row["pair_id"] not in dropped]
    assert len(kept) + len(dropped) == len(rows)


class FakeInputs:
    partition = "corpus"

    def __init__(self, **tables: pl.DataFrame) -> None:
        self._tables = tables

    def config(self, of: type) -> Any:
        return of()

    def table(self, name: str) -> pl.DataFrame:
        return self._tables[name]


def test_steps_balance_and_signatures_are_used() -> None:
    pairs = pl.DataFrame([pair(1), pair(2), pair(3, result="9")], schema=PAIRS)
    signatures_step, dedup_step = STEPS
    signed = signatures_step.compute(
        FakeInputs(instruction_pairs=pairs, augmented_pairs=pairs.clear())  # type: ignore[arg-type]
    )
    table = signed.tables["pair_signatures"]
    assert table.schema == SIGNATURES
    assert table["signature"].list.len().to_list() == [128, 128, 128]
    result = dedup_step.compute(
        FakeInputs(  # type: ignore[arg-type]
            reviewed_pairs=pairs, pair_signatures=table, financial_facts=pl.DataFrame(schema=FACTS)
        )
    )
    assert result.tables["deduplicated_pairs"].height == 2
    assert result.tables["dropped_duplicates"]["twin_id"].to_list() == [f"{1:032x}"]
    assert result.ledger.rows_in == 3
    assert result.ledger.kept + sum(result.ledger.dropped.values()) == 3
    assert DedupSettings().threshold == Decimal("0.8")
