"""Templates and formulas, read from the YAML files beside this module."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Wording:
    """The templates of one kind in one language."""

    kind: str
    language: str
    questions: Mapping[str, str]  # register -> template
    parts: Mapping[str, str]  # everything else: answer, term, joint ...

    def pick(self, seed: str, unfit: Collection[str] = ()) -> tuple[str, str]:
        """Return one register and its template, the same for the same ``seed``.

        ``unfit`` are registers that ask for what this answer does not give.
        """
        registers = sorted(set(self.questions) - set(unfit))
        register = registers[stable_number(self.kind, self.language, seed) % len(registers)]
        return register, self.questions[register]

    def template_id(self, register: str) -> str:
        """Return the id under which the lineage names a template, e.g. ``growth.zh.plain``."""
        return f"{self.kind}.{self.language}.{register}"


@dataclass(frozen=True, slots=True)
class Formula:
    """A ratio that analysts ask for."""

    formula_id: str
    names: Mapping[str, str]  # language -> name
    operands: tuple[tuple[str, ...], ...]  # for each operand: concept ids, first choice first
    program: str
    deducted: str | None = None  # the program where a cost is printed below zero; None for none


@cache
def wording(kind: str, language: str) -> Wording:
    """Return the templates of ``kind`` in ``language``."""
    entry = _read("templates.yaml")[kind][language]
    parts = {key: str(value) for key, value in entry.items() if key != "questions"}
    return Wording(kind, language, entry.get("questions", {}), parts)


@cache
def formulas() -> tuple[Formula, ...]:
    """Return the formulas in the order of the file."""
    return tuple(
        Formula(
            formula_id,
            {"zh": entry["zh"], "en": entry["en"]},
            tuple(tuple(choices) for choices in entry["operands"]),
            entry["program"],
            entry.get("deducted"),
        )
        for formula_id, entry in _read("formulas.yaml").items()
    )


@cache
def phrases() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """Return the rewriting tables of the augmentations."""
    tables: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = _read("phrases.yaml")
    return tables


def stable_number(*parts: object) -> int:
    """Return a number that depends on ``parts`` alone, the same on every machine."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def _read(name: str) -> Any:
    """Return the content of a bundled YAML file; its shape is stated at the top of the file."""
    text = (files("sft_assets.pairs") / name).read_text(encoding="utf-8")
    return yaml.safe_load(text)
