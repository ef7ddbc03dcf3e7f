"""General instruction data, so that a model that learns reports does not forget the rest."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sft_assets.errors import SettingsError
from sft_assets.lineage.digests import digest_of
from sft_assets.splits.general_tasks import make_tasks

SOURCE = "sft_assets"
LICENCE = "CC0-1.0"


class GeneralPair(BaseModel):
    """One line of a file of general pairs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str = Field(pattern="^(zh|en)$")
    question: str = Field(min_length=2)
    answer: str = Field(min_length=1)
    source: str = SOURCE
    licence: str = LICENCE


def bundled_text() -> str:
    """Return the bundled file: written for this project, given to the public domain (CC0)."""
    return (files("sft_assets.splits") / "general_pairs.jsonl").read_text(encoding="utf-8")


def parse_lines(text: str, name: str) -> Iterator[GeneralPair]:
    """Yield the pairs of a JSONL text.

    Raises:
        SettingsError: Naming every line that is no pair.
    """
    wrong: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield GeneralPair.model_validate(json.loads(line))
        except (ValidationError, json.JSONDecodeError):
            wrong.append(str(number))
    if wrong:
        raise SettingsError(
            f"{name} has {len(wrong)} lines that are no general pair ({', '.join(wrong[:10])}); "
            "expected language, question, answer and optionally source, licence\n"
            "hint: one JSON object a line, language zh or en"
        )


def general_rows(own_file: Path | None, made: int) -> list[dict[str, str]]:
    """Return the rows of ``general_pairs`` in order of id: bundled, made and the user's own."""
    pairs = list(parse_lines(bundled_text(), "general_pairs.jsonl"))
    pairs += [
        GeneralPair(language=language, question=question, answer=answer)
        for language, question, answer in make_tasks(made)
    ]
    if own_file is not None:
        pairs += parse_lines(read_own(own_file), own_file.name)
    rows = {}
    for pair in pairs:
        pair_id = digest_of("general_pair", pair.question, pair.answer)
        rows[pair_id] = {"pair_id": pair_id, **pair.model_dump()}
    return [rows[pair_id] for pair_id in sorted(rows)]


def read_own(path: Path) -> str:
    """Return the text of the user's own file.

    Raises:
        SettingsError: If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"general data file {path.name} cannot be read; expected UTF-8 JSONL\n"
            "hint: check the setting general_file"
        ) from error
