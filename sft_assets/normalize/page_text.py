"""Normalise one page: width and numerals first, terms on what they leave."""

from collections.abc import Sequence

from sft_assets.lineage.text_edits import Edit, OffsetMap, apply_edits
from sft_assets.normalize.numerals import find_numeral_edits
from sft_assets.normalize.terms import TermRules, find_term_edits
from sft_assets.normalize.width import find_width_edits


def normalize_text(text: str, rules: TermRules) -> list[Edit]:
    """Return the edits that normalise ``text``, in order; normalising the result finds none.

    >>> from sft_assets.normalize.terms import bundled_rules
    >>> source = "二〇二一年归母净利润为１２万元"
    >>> apply_edits(source, normalize_text(source, bundled_rules()))
    '2021年归属于上市公司股东的净利润为12万元'
    """
    edits = sorted(find_width_edits(text) + find_numeral_edits(text))
    edits = _without_overlaps(edits)
    return compose(text, edits, find_term_edits(apply_edits(text, edits), rules))


def _without_overlaps(edits: Sequence[Edit]) -> list[Edit]:
    """Return ``edits`` without those that begin before the one before them ends."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def compose(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Return edits of ``text`` that do what ``first`` and then ``second`` do.

    A second edit that touches replaced text takes the whole replacement with it, so that the
    offset map stays as fine as it can be.

    >>> compose("Ａb", [Edit(0, 1, "A", "width")], [Edit(0, 2, "x", "term")])
    [Edit(start=0, end=2, replacement='x', rule='term')]
    """
    between = apply_edits(text, first)
    offsets = OffsetMap.from_edits(len(text), first)
    composed: list[Edit] = []
    for edit in second:
        start, end = offsets.to_source(edit.start, edit.end)
        if composed and start < composed[-1].end:
            continue  # both would claim one replaced run: the first keeps it
        low, high = offsets.to_result(start, end)
        whole = between[low : edit.start] + edit.replacement + between[edit.end : high]
        composed.append(Edit(start, end, whole, edit.rule))
    untouched = [e for e in first if not any(c.start < e.end and e.start < c.end for c in composed)]
    return sorted(untouched + composed)
