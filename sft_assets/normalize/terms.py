"""Spellings of one concept become its canonical term.

Only the dictionary's ``variants`` are rewritten: abbreviations and spellings that cannot mean
anything else. The other labels of a concept match a table row, and stay as they are printed.
"""

import re
from dataclasses import dataclass
from functools import cache

from sft_assets.concepts import Concepts, load_concepts
from sft_assets.concepts.labels import has_cjk
from sft_assets.lineage.text_edits import Edit


@dataclass(frozen=True, slots=True)
class TermRules:
    """What to search for, made once from the dictionary."""

    variants: re.Pattern[str]  # the longest first
    canonical: dict[str, str]  # variant -> canonical term
    containing: dict[str, tuple[tuple[str, int], ...]]  # variant -> (longer term, offset in it)


def build_term_rules(concepts: Concepts) -> TermRules:
    """Return the rules that ``concepts`` imply."""
    terms = {label for label, _, _ in concepts.known_labels()}
    canonical = {
        label: concepts[concept_id].label("zh" if has_cjk(label) else "en")
        for label, concept_id, is_variant in concepts.known_labels()
        if is_variant
    }
    containing = {
        variant: tuple(
            (term, at.start())
            for term in sorted(terms - {variant})
            for at in re.finditer(re.escape(variant), term)
        )
        for variant in canonical
    }
    longest_first = sorted(canonical, key=lambda variant: (-len(variant), variant))
    return TermRules(
        re.compile("|".join(_bounded(variant) for variant in longest_first)), canonical, containing
    )


def _bounded(term: str) -> str:
    r"""Return a pattern for ``term`` that does not begin or end inside a Latin word.

    ``\b`` is no help: between a Chinese character and a letter it finds no boundary.
    """
    before = r"(?<![A-Za-z0-9])" if term[0].isascii() else ""
    after = r"(?![A-Za-z0-9])" if term[-1].isascii() else ""
    return before + re.escape(term) + after


@cache
def bundled_rules() -> TermRules:
    """Return the rules of the bundled dictionary."""
    return build_term_rules(load_concepts())


def find_term_edits(text: str, rules: TermRules) -> list[Edit]:
    """Return the edits that write each variant as its canonical term, in order.

    A variant inside a longer known term belongs to that term and stays.

    >>> [edit.replacement for edit in find_term_edits("归母净利润增长", bundled_rules())]
    ['归属于上市公司股东的净利润']
    >>> find_term_edits("EBITDA与营业收入", bundled_rules())
    []
    """
    return [
        Edit(found.start(), found.end(), rules.canonical[found.group()], "term")
        for found in rules.variants.finditer(text)
        if not any(
            found.start() >= offset and text.startswith(term, found.start() - offset)
            for term, offset in rules.containing[found.group()]
        )
    ]
