"""What a step of the walk is: a pure function from published tables to tables and files.

The Dagster assets and the command line run the same steps through ``walk.materialize``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict

C = TypeVar("C", bound="StepConfig")


class StepConfig(BaseModel):
    """Settings of a step; subclass it. Part of the identity of every version it makes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Grain(StrEnum):
    """What one version of a step covers."""

    REPORT = "report"  # one annual report; partition key = report_key
    CORPUS = "corpus"  # everything; partition key = "corpus"
    RECIPE = "recipe"  # one training recipe; partition key = its name


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where each row went; published only if in = kept + dropped + quarantined.

    When the step names a ``ledger_input``, ``rows_in`` must also be that table's row count.
    """

    unit: str  # what a row is here: page, cell, candidate pair ...
    rows_in: int
    kept: int
    dropped: Mapping[str, int] = field(default_factory=dict)  # reason -> rows
    quarantined: Mapping[str, int] = field(default_factory=dict)  # rule -> rows


class Inputs(Protocol):
    """What a step may read. Only published versions, each checked against its hash."""

    @property
    def partition(self) -> str:
        """Key of the partition being made: a report_key, "corpus", or a recipe's name."""

    @property
    def root(self) -> str:
        """Root of the data folder (a path or an fsspec URL)."""

    @property
    def work_dir(self) -> Path:
        """An empty scratch folder, removed afterwards."""

    @property
    def kept_dir(self) -> Path:
        """A folder that outlives a killed or failed attempt at this very version.

        The next attempt finds what this one left; publication removes it. What lies in it is the
        step's own to judge: a killed writer may have left half a file.
        """

    def config(self, of: type[C]) -> C:
        """Return the step's settings."""

    def table(self, name: str) -> pl.DataFrame:
        """Return an input table: this partition's, or for a corpus step all partitions' rows.

        A corpus step sees the reports' rows in order of partition key.
        """

    def files(self, name: str) -> Path:
        """Return the local folder with the files of the current version of step ``name``."""

    def blob(self, doc_id: str) -> Path:
        """Return the local path of the PDF whose SHA-256 is ``doc_id``."""

    def report_progress(self, done: int, total: int, what: str) -> None:
        """Tell the person who waits how far it is."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step hands to the audit. ``tables`` holds every table the step declares."""

    tables: Mapping[str, pl.DataFrame]
    ledger: Ledger
    files: Mapping[str, bytes | Path] = field(default_factory=dict)  # relative path -> content
    measured: Mapping[str, bytes | Path] = field(default_factory=dict)
    """Files that hold measurements (seconds, plots of them): published, but not part of the
    version's identity, since they differ from run to run."""
    metadata: Mapping[str, int | str] = field(default_factory=dict)  # shown to people


@dataclass(frozen=True, slots=True)
class Step:
    """One materialisable unit of the walk."""

    name: str  # also the folder in the store; equals the table's name when there is one table
    stage: str  # asset group
    grain: Grain
    tables: tuple[str, ...]  # tables written; names in schemas.TABLES; may be empty (files only)
    inputs: tuple[str, ...]  # tables, or steps without tables, that are read
    code_version: str  # raise it when the same inputs would give other rows
    description: str  # one sentence, shown in the UI
    compute: Callable[[Inputs], StepResult]
    config: type[StepConfig] = StepConfig
    ledger_input: str | None = None  # table whose row count must be ledger.rows_in
    external: Callable[["ExternalView", str], Mapping[str, str]] | None = None
    """Digests of what it reads beside tables (intake records, bundled files): name -> digest."""
    isolated: bool = False  # long, heavy: Dagster runs it in a process of its own through Pipes


class ExternalView(Protocol):
    """What ``Step.external`` may look at."""

    @property
    def root(self) -> str:
        """Root of the data folder (a path or an fsspec URL)."""

    def config(self, of: type[C]) -> C:
        """Return the step's settings."""


def order_steps(steps: Sequence[Step]) -> list[Step]:
    """Return ``steps`` in an order in which every input comes before its reader.

    Raises:
        ValueError: If an input is made by no step, two steps write one table, or there is a cycle.
    """
    maker: dict[str, Step] = {}
    for step in steps:
        for name in step.tables or (step.name,):
            if name in maker:
                raise ValueError(f"{name} is made by {maker[name].name} and {step.name}")
            maker[name] = step
    ordered: list[Step] = []
    state: dict[str, bool] = {}  # step name -> finished; absent = untouched

    def visit(step: Step) -> None:
        if state.get(step.name):
            return
        if step.name in state:
            raise ValueError(f"{step.name} reads what is made from itself")
        state[step.name] = False
        for name in step.inputs:
            if name not in maker:
                raise ValueError(f"{step.name} reads {name}, which no step makes")
            visit(maker[name])
        state[step.name] = True
        ordered.append(step)

    for step in steps:
        visit(step)
    return ordered
