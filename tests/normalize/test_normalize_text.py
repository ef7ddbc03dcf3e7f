"""Normalising page text: what changes, what must not, and the laws that hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.concepts import load_concepts
from sft_assets.lineage.text_edits import Edit, OffsetMap, apply_edits
from sft_assets.normalize.page_text import compose, normalize_text
from sft_assets.normalize.terms import bundled_rules

CHANGES = [
    pytest.param("２０２１年", "2021年", id="digits"),
    pytest.param("共１，２３４，５６７．８９元", "共1,234,567.89元", id="number"),
    pytest.param("占比５．２％", "占比5.2%", id="percent"),
    pytest.param("占比12.5％，", "占比12.5%，", id="percent-after-ascii"),
    pytest.param("为－１２元", "为-12元", id="minus"),
    pytest.param("ＡＢＣ有限公司", "ABC有限公司", id="letters"),
    pytest.param("Ａ＆Ｂ公司", "A&B公司", id="letters-joined"),
    pytest.param("二〇二一年度", "2021年度", id="year"),
    pytest.param("二零二五年三月三十一日", "2025年3月31日", id="date"),
    pytest.param("－二〇二一年", "－2021年", id="year-after-a-dash"),
    pytest.param("一九九九年十月十日", "1999年10月10日", id="last-century"),
    pytest.param("归母净利润增长", "归属于上市公司股东的净利润增长", id="term"),
    pytest.param("加权平均ＲＯＥ为", "加权平均净资产收益率为", id="term-in-full-width"),
    pytest.param("息税折旧及摊销前利润", "息税折旧摊销前利润", id="term-ebitda-in-words"),
    pytest.param(
        "扣非归母净利润", "归属于上市公司股东的扣除非经常性损益的净利润", id="longest-term-first"
    ),
]

UNCHANGED = [
    pytest.param("2019，2020（含）", id="list-of-years"),
    pytest.param("100，200和300", id="list-of-numbers"),
    pytest.param("收入，成本；利润。", id="chinese-punctuation"),
    pytest.param("（1,234.50）", id="brackets-of-a-negative"),
    pytest.param("1,234,567.89", id="printed-number"),
    pytest.param("2019－2020", id="range"),
    pytest.param("－2021年", id="dash-of-a-list"),
    pytest.param("EBITDA为1,000元，营业收入为2,000元", id="ebitda-is-not-revenue"),
    pytest.param("EBITDA", id="ebitda"),
    pytest.param("营业总收入", id="total-revenue-is-not-revenue"),
    pytest.param("净利润", id="net-profit-is-not-attributable"),
    pytest.param("研发投入与研发费用", id="rd-investment-is-not-rd-expense"),
    pytest.param("加权平均ROEX", id="latin-word-goes-on"),
    pytest.param("營業收入及淨利潤", id="traditional-stays"),
    pytest.param("叁仟万元", id="amount-in-words"),
    pytest.param("十年来二十名员工", id="counts"),
    pytest.param("第十二届董事会", id="ordinal"),
    pytest.param("二一年", id="two-digit-year"),
    pytest.param("三〇二一年", id="impossible-year"),
    pytest.param("", id="blank-page"),
]


def normalized(text: str) -> str:
    return apply_edits(text, normalize_text(text, bundled_rules()))


@pytest.mark.parametrize(("source", "expected"), CHANGES)
def test_changed(source: str, expected: str) -> None:
    assert normalized(source) == expected


@pytest.mark.parametrize("source", UNCHANGED)
def test_must_not_change(source: str) -> None:
    assert normalize_text(source, bundled_rules()) == []


WORDS = sorted({label for label, _, _ in load_concepts().known_labels()})
VARIANTS = [label for label, _, variant in load_concepts().known_labels() if variant]
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(VARIANTS),
    st.text("０１２９，．％－ＲＯＥ归母扣非后的净利润率二〇一九年十月日三－ \n1,2.%-A", max_size=6),
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


@given(TEXTS)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalized(text)
    assert normalized(once) == once


@given(TEXTS)
def test_every_unchanged_character_leads_back_to_itself(text: str) -> None:
    edits = normalize_text(text, bundled_rules())
    result = apply_edits(text, edits)
    offsets = OffsetMap.from_edits(len(text), edits)
    for at in range(len(result)):
        start, end = offsets.to_source(at, at + 1)
        inside_edit = any(edit.start <= start < edit.end for edit in edits)
        assert inside_edit or text[start:end] == result[at]


@given(TEXTS)
def test_no_digit_is_gained_or_lost(text: str) -> None:
    """Numeral edits apart, the digits of a page are the digits that were printed."""
    import unicodedata

    edits = [e for e in normalize_text(text, bundled_rules()) if e.rule != "numeral"]

    def digits(of: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKC", of) if c in "0123456789")

    assert digits(apply_edits(text, edits)) == digits(text)


@given(TEXTS)
def test_composed_edits_do_what_both_do(text: str) -> None:
    first = [Edit(i, i + 1, "xx", "a") for i in range(0, len(text), 3)]
    between = apply_edits(text, first)
    second = [Edit(i, i + 2, "y", "b") for i in range(1, len(between) - 2, 4)]
    composed = compose(text, first, second)
    assert apply_edits(text, composed) == apply_edits(between, second)


def test_no_variant_is_rewritten_to_a_term_it_is_not() -> None:
    concepts = load_concepts()
    assert len(VARIANTS) > 15
    for label, concept_id, is_variant in concepts.known_labels():
        if is_variant:
            found = normalized(label)
            assert found in {concepts[concept_id].zh, concepts[concept_id].en}, label
