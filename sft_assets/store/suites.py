"""Expectation suites: what decides whether a table may be published.

One file a table, ``expectations/<table>.json``. The severity of an expectation says what follows
from a failure: ``critical`` blocks the publication, ``warning`` sets the failing rows aside (and
blocks when their share exceeds ``meta.max_quarantine_share``), ``info`` is only noted.
"""

import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sft_assets.errors import SettingsError
from sft_assets.lineage.digests import sha256_of_bytes

Severity = Literal["critical", "warning", "info"]


class Expectation(BaseModel):
    """One expectation of Great Expectations, by its snake_case type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: str
    kwargs: dict[str, Any]
    severity: Severity
    meta: dict[str, str]

    @property
    def rule(self) -> str:
        """Short name, unique in its suite; what quarantined rows carry."""
        return self.meta["rule"]


class SuiteMeta(BaseModel):
    """What the suite says about itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_quarantine_share: Decimal = Field(ge=0, le=1)


class Suite(BaseModel):
    """All expectations on one table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    meta: SuiteMeta
    expectations: tuple[Expectation, ...] = Field(min_length=1)
    sha256: str = ""

    def model_post_init(self, _context: Any) -> None:
        """Refuse a suite whose rules have no name or share one."""
        rules = [expectation.meta.get("rule", "") for expectation in self.expectations]
        if "" in rules or len(set(rules)) != len(rules):
            raise ValueError(f"rules of suite {self.name} are {rules}; expected distinct names")


def suites_folder() -> Path:
    """Return SFT_ASSETS_EXPECTATIONS if set, else ``expectations/`` of the project."""
    configured = os.environ.get("SFT_ASSETS_EXPECTATIONS")
    return Path(configured) if configured else Path(__file__).parents[2] / "expectations"


def load_suite(table: str) -> Suite:
    """Return the suite of ``table``.

    Raises:
        SettingsError: If there is none or it cannot be read: a table without a gate is never
            published.
    """
    path = suites_folder() / f"{table}.json"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(
            f"suite of table {table} is missing; expected {path}. "
            "hint: set SFT_ASSETS_EXPECTATIONS to the project's expectations folder"
        ) from None
    return _parse(content, path.name)


@cache
def _parse(content: bytes, file_name: str) -> Suite:
    try:
        suite = Suite.model_validate_json(content)
    except ValueError as error:
        raise SettingsError(f"suite {file_name} cannot be read: {error}") from error
    return suite.model_copy(update={"sha256": sha256_of_bytes(content)})
