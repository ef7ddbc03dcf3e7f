"""What a table is: its name, its columns, the columns that identify a row, and who writes it."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from polars._typing import PolarsDataType


def columns(dtypes: Mapping[str, PolarsDataType]) -> pl.Schema:
    """Return the schema with these columns, in this order."""
    return pl.Schema(dtypes)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that passes between stages."""

    name: str
    schema: pl.Schema
    key: tuple[str, ...]  # identifies a row within one partition
    step: str = ""  # name of the step that writes it; empty: the table's own name
    corpus: bool = False  # one version for the whole corpus; else one a report

    @property
    def made_by(self) -> str:
        """Name of the step that writes the table."""
        return self.step or self.name
