"""Concepts and the labels that name them; an exact match after folding, or none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

from sft_assets.concepts.labels import fold_label, has_cjk, loosen, names_only_a_negative
from sft_assets.errors import SettingsError

STATEMENTS = frozenset(
    {
        "key_data",
        "income_statement",
        "balance_sheet",
        "cash_flow",
        "cash_flow_supplement",
        "equity",
        "research",
        "employees",
        "dividends",
        "customers",
        "suppliers",
        "text",
    }
)
FILES = ("terms.yaml", "terms_financial.yaml", "terms_us_hk.yaml", "terms_statements.yaml")
UNITS = frozenset({"currency", "per_share", "percent", "persons", "shares", "ratio"})
PERIOD_TYPES = frozenset({"duration", "instant"})


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a report states a number for."""

    id: str  # e.g. net_profit_attributable_to_parent
    zh: str  # canonical label
    en: str
    labels: tuple[str, ...]  # other printed labels, any language
    variants: tuple[str, ...]  # labels that running text may be rewritten from
    statements: tuple[str, ...]  # of STATEMENTS
    unit: str  # of UNITS
    period_type: str  # of PERIOD_TYPES
    sign: str  # what a positive number means; "" where obvious
    is_not: tuple[str, ...]  # concept ids that it must never be merged with
    current: str = ""  # concept id of its labels among current items; "" where it is the same
    non_current: str = ""  # concept id of its labels among non-current items

    def label(self, language: str) -> str:
        """Return the canonical label in ``language`` (``en``, or any ``zh...``)."""
        return self.en if language == "en" else self.zh

    def all_labels(self) -> tuple[str, ...]:
        """Return every label that names this concept, the canonical ones first."""
        return (self.zh, self.en, *self.labels, *self.variants)


@dataclass(frozen=True, slots=True)
class Match:
    """A printed label that names exactly one concept."""

    concept: Concept
    folded: str  # the label as the dictionary knows it
    negative_label: bool  # the label names only a loss or outflow: check the printed sign


@dataclass(frozen=True, slots=True)
class Concepts:
    """The dictionary. ``by_id`` keeps the order of ``terms.yaml``."""

    by_id: Mapping[str, Concept]
    ambiguous: frozenset[str]  # folded labels that never match
    _by_label: Mapping[str, tuple[str, ...]] = field(repr=False)  # folded label -> concept ids
    _by_loose: Mapping[str, tuple[str, ...]] = field(repr=False)  # loosened label -> concept ids

    def __getitem__(self, concept_id: str) -> Concept:
        """Return the concept with this id."""
        return self.by_id[concept_id]

    def match_label(
        self, label: str, *, statement: str | None, language: str, heading: str | None = None
    ) -> Match | None:
        """Return the one concept that ``label`` names in ``statement``, else None.

        A label that two concepts share is decided by the statement alone; without one it stays
        undecided. ``heading`` is the row or line that governs a label too short to stand alone
        ("Basic" under "Earnings per share"). In a bilingual report ("zh-Hant+en") both halves of
        a label must agree when both are known.

        >>> concepts = load_concepts()
        >>> found = concepts.match_label("减：營業成本", statement="text", language="zh")
        >>> found.concept.id if found else None
        'cost_of_revenue'
        >>> concepts.match_label("营业总额", statement=None, language="zh") is None
        True
        """
        for text in _readings(label, heading, language):
            found = self._match_one(text, statement)
            if found is not None:
                return found
        if "+" not in language:
            return None
        halves = [
            next((m for text in texts if (m := self._match_one(text, statement))), None)
            for texts in (_readings(half, heading, "en") for half in _split_scripts(label))
        ]
        known = [half for half in halves if half is not None]
        return known[0] if len({half.concept.id for half in known}) == 1 else None

    def _match_one(self, label: str, statement: str | None) -> Match | None:
        folded = fold_label(label)
        if folded in self.ambiguous:
            return None
        ids = self._in_statement(self._by_label.get(folded, ()), statement)
        if not ids and statement is not None:
            ids = self._in_statement(self._by_loose.get(loosen(folded), ()), statement)
        if len(ids) != 1:
            return None
        return Match(self.by_id[ids[0]], folded, names_only_a_negative(label))

    def _in_statement(self, ids: tuple[str, ...], statement: str | None) -> tuple[str, ...]:
        if statement is None:
            return ids
        return tuple(i for i in ids if statement in self.by_id[i].statements)

    def propose(
        self, label: str, *, statement: str | None = None, limit: int = 3
    ) -> list[tuple[str, int]]:
        """Return concept ids that a person might have meant, with a score 0-100, best first.

        A proposal is for people who extend the dictionary. Nothing may be decided by it.
        """
        from rapidfuzz import fuzz

        folded = fold_label(label)
        best: dict[str, int] = {}
        for known, ids in self._by_label.items():
            score = int(fuzz.ratio(folded, known))
            for concept_id in ids:
                if statement is None or statement in self.by_id[concept_id].statements:
                    best[concept_id] = max(score, best.get(concept_id, 0))
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]

    def known_labels(self) -> Iterable[tuple[str, str, bool]]:
        """Yield ``(label as written, concept id, is a variant)`` for every label."""
        for concept in self.by_id.values():
            for label in (concept.zh, concept.en, *concept.labels):
                yield label, concept.id, False
            for label in concept.variants:
                yield label, concept.id, True


def _readings(label: str, heading: str | None, language: str) -> tuple[str, ...]:
    """Return the texts under which ``label`` may be known, the most specific first."""
    if not heading:
        return (label,)
    dash = "-" if language != "en" and has_cjk(heading) else " - "
    item = label.strip().lstrip("-－–—").strip()
    return (f"{heading.strip().rstrip(':：')}{dash}{item}", label)


def _split_scripts(label: str) -> tuple[str, str]:
    """Return the Chinese and the Latin half of a bilingual label."""
    latin = re.sub(r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+", " ", label).strip()
    chinese = re.sub(r"[A-Za-z][A-Za-z'’,.&/()\s-]*", "", label).strip()
    return chinese, latin


@cache
def load_concepts() -> Concepts:
    """Return the bundled dictionary, checked.

    Raises:
        SettingsError: If ``find_contradictions`` finds one; all are named.
    """
    folder = files("sft_assets.concepts")
    return build_concepts(*(folder.joinpath(name).read_text(encoding="utf-8") for name in FILES))


def build_concepts(*texts: str) -> Concepts:
    """Return the dictionary that the YAML ``texts`` describe together.

    Raises:
        SettingsError: If an entry is incomplete or entries contradict each other.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    sources = [yaml.load(text, Loader=loader) for text in texts]  # noqa: S506
    concepts = [_concept(*item) for source in sources for item in source["concepts"].items()]
    labels = [label for source in sources for label in source.get("ambiguous", ())]
    ambiguous = frozenset(fold_label(label) for label in labels)
    problems = find_contradictions(concepts, ambiguous)
    if problems:
        raise SettingsError(
            f"the term dictionary is contradictory in {len(problems)} places; expected none: "
            f"{'; '.join(problems)}\nhint: correct sft_assets/concepts/terms.yaml"
        )
    by_label: dict[str, tuple[str, ...]] = {}
    for concept in concepts:
        for folded in sorted({fold_label(label) for label in concept.all_labels()}):
            by_label[folded] = (*by_label.get(folded, ()), concept.id)
    by_loose: dict[str, tuple[str, ...]] = {}
    never = {loosen(label) for label in ambiguous}
    for folded, ids in by_label.items():
        loose = loosen(folded)
        if loose not in never:
            known = by_loose.get(loose, ())
            by_loose[loose] = (*known, *(i for i in ids if i not in known))
    return Concepts({c.id: c for c in concepts}, ambiguous, by_label, by_loose)


_KEYS = {
    "zh", "en", "labels", "variants", "statements", "unit", "period", "sign", "is_not", "current",
    "non_current",
}  # fmt: skip


def _concept(name: str, entry: Mapping[str, object]) -> Concept:
    unknown = sorted(set(entry) - _KEYS)
    missing = sorted({"zh", "en", "statements", "unit", "period"} - set(entry))
    if unknown or missing:
        raise SettingsError(
            f"{name} has unknown keys {unknown} and lacks {missing}; expected {sorted(_KEYS)}\n"
            "hint: correct sft_assets/concepts/terms.yaml"
        )

    def texts(key: Literal["labels", "variants", "statements", "is_not"]) -> tuple[str, ...]:
        value = entry.get(key, [])
        return tuple(str(item) for item in value) if isinstance(value, list) else ()

    return Concept(
        id=name,
        zh=str(entry["zh"]),
        en=str(entry["en"]),
        labels=texts("labels"),
        variants=texts("variants"),
        statements=texts("statements"),
        unit=str(entry["unit"]),
        period_type=str(entry["period"]),
        sign=str(entry.get("sign", "")),
        is_not=texts("is_not"),
        current=str(entry.get("current", "")),
        non_current=str(entry.get("non_current", "")),
    )


def find_contradictions(concepts: Iterable[Concept], ambiguous: frozenset[str]) -> list[str]:
    """Return what is wrong in the dictionary, a sentence each, in order; empty when it is sound.

    Two concepts may not share a label in one statement; two concepts that ``is_not`` keeps apart
    may not share a variant or a canonical label in any; a label may not be both known and
    ambiguous; every named statement, unit, period type and concept must exist.
    """
    concepts = list(concepts)
    ids = {concept.id for concept in concepts}
    problems: list[str] = []
    owner: dict[tuple[str, str], str] = {}  # (statement, folded label) -> concept id
    rewritten: dict[str, str] = {}  # folded canonical label or variant -> concept id
    for concept in concepts:
        problems += _invalid_words(concept, ids)
        for folded in sorted({fold_label(label) for label in concept.all_labels()}):
            if folded in ambiguous:
                problems.append(f"{folded} of {concept.id} is listed as ambiguous")
            for statement in concept.statements:
                other = owner.setdefault((statement, folded), concept.id)
                if other != concept.id:
                    problems.append(f"{folded} in {statement} is {other} and {concept.id}")
        for folded in sorted({fold_label(x) for x in (concept.zh, *concept.variants)}):
            other = rewritten.setdefault(folded, concept.id)
            if other != concept.id:
                problems.append(f"{folded} is the term of {other} and {concept.id}")
    return problems


def _invalid_words(concept: Concept, ids: set[str]) -> list[str]:
    """Return the words of ``concept`` that are outside their enumeration."""
    problems = [
        f"{concept.id} names {what} {word}"
        for what, words, allowed in (
            ("statement", concept.statements, STATEMENTS),
            ("unit", (concept.unit,), UNITS),
            ("period type", (concept.period_type,), PERIOD_TYPES),
            ("concept", concept.is_not, ids - {concept.id}),
            ("concept", filter(None, (concept.current, concept.non_current)), ids - {concept.id}),
        )
        for word in words
        if word not in allowed
    ]
    return problems if concept.statements else [*problems, f"{concept.id} has no statement"]
