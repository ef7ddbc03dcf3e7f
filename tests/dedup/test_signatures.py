"""Signatures, bands and the exact index: laws, and planted twins at scale."""

import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.dedup import make_texts
from sft_assets.dedup.components import connected_components
from sft_assets.dedup.duplicates import find_duplicates
from sft_assets.near_duplicates import (
    ShingleSets,
    band_keys,
    find_candidates,
    find_candidates_among,
    jaccard,
    shingles,
    sign,
)

words = st.text(alphabet="营业收入为多少元1２ 3.a", max_size=24)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=12))
def test_signatures_do_not_depend_on_neighbours(texts: list[str]) -> None:
    together = sign(texts)
    for at, text in enumerate(texts):
        alone = sign([text])
        assert (alone.values[0] == together.values[at]).all()
        assert alone.shingles[0] == together.shingles[at] == len(shingles(text))


@settings(max_examples=60, deadline=None)
@given(words, words)
def test_exact_index_is_that_of_the_sets(one: str, other: str) -> None:
    assert ShingleSets([one, other]).jaccard(0, 1) == jaccard(shingles(one), shingles(other))
    same = (sign([one]).values == sign([other]).values).all()
    assert bool(same) == (shingles(one) == shingles(other))


def test_share_of_equal_values_estimates_the_index() -> None:
    texts, twins = make_texts(600)
    values = sign(texts).values
    errors = [
        float(jaccard(shingles(texts[i]), shingles(texts[j])))
        - float((values[i] == values[j]).mean())
        for i, j in twins
    ]
    assert len(errors) == 200
    assert abs(sum(errors) / len(errors)) < 0.02
    assert max(abs(error) for error in errors) < 0.2  # five standard deviations


def test_blocks_do_not_change_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    texts, _ = make_texts(260)
    whole = sign(texts)
    monkeypatch.setattr("sft_assets.near_duplicates.minhash.BLOCK", 100)
    parts = sign(texts)
    assert (whole.values == parts.values).all()
    assert (whole.shingles == parts.shingles).all()


def test_planted_twins_are_found_and_nothing_else() -> None:
    texts, twins = make_texts(3000)
    sets = ShingleSets(texts)
    candidates = find_candidates(band_keys(sign(texts).values))
    found = {pair for pair in candidates if sets.jaccard(*pair) >= Decimal("0.8")}
    assert len(set(twins) & found) >= 194  # 97 %
    assert all(jaccard(shingles(texts[i]), shingles(texts[j])) >= Decimal("0.8") for i, j in found)


def test_new_rows_meet_the_same_candidates() -> None:
    texts, _ = make_texts(900)
    keys = band_keys(sign(texts).values)
    every = {(i, j) for i, j in find_candidates(keys) if i < 700 <= j}
    new = {(j, i + 700) for i, j in find_candidates_among(keys[700:], keys[:700])}
    assert new == every
    assert len(new) >= 100
    assert find_candidates_among(keys[:0], keys) == []
    assert find_candidates_among(keys[:1], keys[:0]) == []


def test_groups_keep_texts_apart() -> None:
    keys = band_keys(sign(["同一句话说了又说"] * 3).values)
    assert find_candidates(keys) == [(0, 1), (0, 2), (1, 2)]
    assert find_candidates(keys, np.array([0, 1, 0])) == [(0, 2)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))), st.randoms())
def test_components_do_not_depend_on_order(
    edges: list[tuple[int, int]], chance: random.Random
) -> None:
    shuffled = [(b, a) for a, b in edges]
    chance.shuffle(shuffled)
    assert connected_components(shuffled) == connected_components(edges)


def row(number: int, question: str, answer: str, **changes: object) -> dict[str, object]:
    return {
        "pair_id": f"{number:032x}", "report_key": "c1_2023_annual", "company_ids": ["c1"],
        "kind": "lookup", "language": "zh", "question": question, "answer": answer, "program": "f1",
        "result": "1,234.50", "fact_ids": ["f" * 32], "parent_id": None, "augmentation": None,
        "template_id": "lookup.zh.formal", "review_status": "unreviewed",
    } | changes  # fmt: skip


def test_pairs_that_differ_in_what_matters_are_never_merged() -> None:
    draw = random.Random(3)
    question = (
        "请根据{}2023年年度报告，说明{}年末归属于上市公司股东的净资产是多少，并注明所在的页码？"
    )
    answer = "根据{}2023年年度报告（财年基准），{}年末归属于上市公司股东的净资产为{}元（第5页）。"
    rows: list[dict[str, object]] = []
    for number in range(200):
        company, year = f"青禾精密制造{chr(0x4E00 + number)}股份有限公司", 2003 + number % 20
        amount = f"{draw.randint(10**6, 10**9):,}"
        which = number % 3
        other = (
            company if which else f"{company[:-6]}甲股份有限公司",
            year + 1 if which == 1 else year,
            f"{amount}.50" if which == 2 else amount,
        )
        for at, (name, when, value) in enumerate(((company, year, amount), other)):
            rows.append(
                row(
                    2 * number + at,
                    question.format(name, when),
                    answer.format(name, when, value),
                    company_ids=[name],
                    result=value,
                    fact_ids=[f"{name}{when}"],
                )
            )
    assert find_duplicates(rows, {}, {}, threshold=Decimal("0.8")) == []
    texts = [f"{r['question']}\n{r['answer']}" for r in rows]
    near = [
        ShingleSets(texts).jaccard(at, at + 1) >= Decimal("0.75") for at in range(0, len(rows), 2)
    ]
    assert sum(near) >= 120  # their words alone would merge many


def test_the_reason_for_the_twin_is_said() -> None:
    same = "请说明青禾公司二〇二三年营业收入是多少并注明页码"
    rows = [row(1, same, "答"), row(2, same, "答", review_status="accepted"), row(3, same, "答")]
    (one, three) = find_duplicates(rows, {}, {}, threshold=Decimal("0.8"))
    assert (one.twin_id[-1], one.kept_because) == ("2", "reviewed")
    assert (three.twin_id[-1], three.kept_because) == ("2", "reviewed")
    rows[1]["review_status"] = "unreviewed"
    assert {d.kept_because for d in find_duplicates(rows, {}, {}, threshold=Decimal("0.8"))} == {
        "original"
    }
