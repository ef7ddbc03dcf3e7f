"""Recall by kind over the two halves of the templates, and look-alikes altered."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from benchmarks.redaction.look_alikes import make_look_alikes, read_look_alikes
from benchmarks.redaction.values import FORMS, MAKERS, in_form
from sft_assets.concepts.labels import has_cjk
from sft_assets.redact.detectors import find_identifiers

HALVES = ("dev", "held_out")
ACCEPTED = {
    "bank_card": {"bank_card", "bank_account"},
    "hong_kong_id": {"id_card"},
    "social_security": {"id_card"},
}
Templates = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Positive:
    """A sentence with one personal value in ``[start, end)``."""

    kind: str
    half: str
    form: str
    text: str = field(repr=False)
    start: int
    end: int


@dataclass(slots=True)
class Tally:
    """Counts of one kind."""

    made: Counter[str] = field(default_factory=Counter)  # by half
    found: Counter[str] = field(default_factory=Counter)
    spilled: int = 0  # a word or number outside the value was masked too

    def recall(self, half: str) -> float:
        """Return the share found of a half."""
        return self.found[half] / self.made[half]


def read_templates() -> Templates:
    """Return kind -> half -> sentences with {} where the value stands."""
    path = Path(__file__).with_name("templates.yaml")
    templates: Templates = yaml.safe_load(path.read_text("utf-8"))
    return templates


def make_positives(templates: Templates, each: int) -> Iterator[Positive]:
    """Yield ``each`` values in every form for every template, the same on every run."""
    for kind, halves in templates.items():
        for half in HALVES:
            for template in halves[half]:
                rng = random.Random(f"{kind} {template}")
                chinese = has_cjk(template)
                before, after = template.split("{}")
                for form in FORMS * each:
                    value = in_form(kind, MAKERS[kind](rng, chinese), form, rng, template)
                    text = before + value + after
                    yield Positive(kind, half, form, text, len(before), len(before) + len(value))


def is_found(positive: Positive) -> tuple[bool, bool]:
    """Return whether the value is masked whole and by its kind, and whether more was masked."""
    accepted = ACCEPTED.get(positive.kind, {positive.kind})
    masked: set[int] = set()
    for found in find_identifiers(positive.text):
        if found.kind in accepted:
            masked.update(range(found.start, found.end))
    value = range(positive.start, positive.end)
    missing = [at for at in value if at not in masked and positive.text[at].isalnum()]
    spilled = [at for at in masked if at not in value and positive.text[at].isalnum()]
    return not missing, bool(spilled)


def score_positives(templates: Templates, each: int) -> dict[str, Tally]:
    """Return the tally of every kind."""
    tallies: dict[str, Tally] = {kind: Tally() for kind in templates}
    for positive in make_positives(templates, each):
        tally = tallies[positive.kind]
        whole, spilled = is_found(positive)
        tally.made[positive.half] += 1
        tally.found[positive.half] += whole
        tally.spilled += spilled
    return tallies


def score_look_alikes(each: int) -> dict[str, tuple[int, int]]:
    """Return context -> (made, altered)."""
    made: Counter[str] = Counter()
    altered: Counter[str] = Counter()
    for context, text in make_look_alikes(read_look_alikes(), each):
        made[context] += 1
        altered[context] += bool(find_identifiers(text))
    return {context: (made[context], altered[context]) for context in made}
